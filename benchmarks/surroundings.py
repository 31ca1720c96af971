"""What is the same for every process that is measured: its environment, and that nothing is compiled in it."""

from __future__ import annotations

import compileall
import os
import platform
import sys
import sysconfig
import tempfile
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

VARIABLES = 36
"""requests walks through the environment twice a call, so that the number of variables decides what a call costs."""

SAID = f"{VARIABLES} variables in the environment, all bytecode written beforehand"
_SETTLED = "HANDLESFAKE_MEASURED"

ROOT = Path(__file__).resolve().parent.parent


def environment(home: Path, **more: str) -> Mapping[str, str]:
    """The same number of variables everywhere, none of which is the machine's own but ``PATH``.

    Bytecode is written, and no plugin of pytest is loaded but those that a command names.
    """
    made = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "PYTHONHASHSEED": "0",
        "PYTHONPATH": str(ROOT),
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "MPSD_PSEUDONYM_KEY": "a key for measuring only",
        **more,
    }
    return made | {f"FILLER_{number}": "x" * 20 for number in range(VARIABLES - len(made))}


def settle() -> None:
    """Begin this script again in the surroundings that all have, unless it is in them; its children inherit them."""
    if _SETTLED in os.environ:
        return
    compile_all()
    print(f"measured with {SAID}", file=sys.stderr, flush=True)
    os.execve(sys.executable, sys.orig_argv, environment(Path(tempfile.gettempdir()), **{_SETTLED: "1"}))


def compile_all() -> None:
    """Write the bytecode of all that is imported, where that can be written."""
    folders = {ROOT / "handlesfake", ROOT / "benchmarks", *map(Path, map(sysconfig.get_path, ("purelib", "platlib")))}
    for folder in folders:
        compileall.compile_dir(folder, quiet=2)


def versions(*names: str) -> str:
    """``Python 3.11.7, 2 cores, requests 2.34.2``."""
    found = (f"{name} {version(name)}" for name in names)
    return ", ".join((f"Python {platform.python_version()}", f"{os.cpu_count()} cores", *found))
