"""Ready: the scenarios that ship with the package."""

from __future__ import annotations

from pathlib import Path

FOLDER = "ready"
"""The folder in which they seem to lie: ``rules=["ready/throttled_burst"]``."""

HERE = Path(__file__).parent / "scenarios"
NAMES = tuple(sorted(path.stem for path in HERE.glob("*.yaml")))
"""What they are called."""


def found(path: Path) -> Path:
    """``path``, or the ready scenario that it names where there is no such file; ``.yaml`` may be left out."""
    if path.is_file() or not path.name:
        return path
    written = path if path.suffix in (".yaml", ".yml") else path.with_name(f"{path.name}.yaml")
    if not written.is_file() and path.parent.name == FOLDER and written.stem in NAMES:
        return HERE / written.name
    return written if written.is_file() else path
