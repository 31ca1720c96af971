"""Ready: the scenarios that ship with the package."""

from __future__ import annotations

from os.path import isfile
from pathlib import Path

FOLDER = "ready"
"""The folder in which they seem to lie: ``rules=["ready/throttled_burst"]``."""

HERE = Path(__file__).parent / "scenarios"
NAMES = tuple(sorted(path.stem for path in HERE.glob("*.yaml")))
"""What they are called."""


def found(path: Path) -> Path:
    """``path``, or the ready scenario that it names where there is no such file; ``.yaml`` may be left out."""
    if isfile(path) or not path.name:  # Path.is_file() raises what no system can look up, a name that is too long
        return path
    written = path if path.suffix in (".yaml", ".yml") else path.with_name(f"{path.name}.yaml")
    if not isfile(written) and path.parent.name == FOLDER and written.stem in NAMES:
        return HERE / written.name
    return written if isfile(written) else path
