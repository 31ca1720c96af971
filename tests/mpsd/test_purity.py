"""Each service is pure: it can be run anywhere, and gives the same answer everywhere."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import handlesfake.mpsd
from handlesfake.services.table import SERVICES

PACKAGE = Path(handlesfake.__file__).parent
MODULES = sorted(path for name in SERVICES for path in (PACKAGE / name).rglob("*.py"))
FORBIDDEN = {
    "aiohttp",
    "asyncio",
    "http.client",
    "httpx",
    "httpx2",
    "io",
    "os",
    "pathlib",
    "random",
    "requests",
    "secrets",
    "select",
    "selectors",
    "socket",
    "ssl",
    "subprocess",
    "threading",
    "time",
    "trio",
    "urllib.request",
    "urllib3",
    "uuid",
    "vcr",
    "yaml",
}


def imports(path: Path) -> set[str]:
    """The modules that ``path`` imports, wherever in it, and the names that it takes from them."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {str(node.module)} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_no_module_reaches_outside(path: Path) -> None:
    """No clock, no chance, no network, no files: only values come in, and only values go out."""
    assert set() == imports(path) & FORBIDDEN


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_no_module_knows_who_uses_it(path: Path) -> None:
    """Arrows point inwards: the service imports itself, the standard library, and what replaces a part of that."""
    ours = {name for name in imports(path) if name.startswith("handlesfake")}
    others = {name.partition(".")[0] for name in imports(path) - ours} - set(sys.stdlib_module_names)

    room = f"handlesfake.{path.relative_to(PACKAGE).parts[0]}"
    assert {name for name in ours if not name.startswith(("handlesfake.mpsd", "handlesfake.values", room))} == set()
    assert set() == others


def test_nothing_asks_for_the_present_time() -> None:
    """No module calls ``now()``, ``today()`` or ``utcnow()``."""
    calls = [
        (path.stem, node.func.attr)
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    ]

    assert [] == [call for call in calls if call[1] in ("now", "today", "utcnow", "getrandbits")]


def test_importing_the_service_imports_no_client() -> None:
    """A fresh interpreter that imports the service has no HTTP client and no YAML afterwards."""
    heavy = ["requests", "urllib3", "httpx", "httpx2", "aiohttp", "trio", "yaml", "vcr", "pytest", "h11"]
    program = f"import sys, handlesfake.mpsd.service as _; print([name for name in {heavy} if name in sys.modules])"
    # the package's own door imports the double; the service alone is asked for here
    stub = "import sys, types; door = types.ModuleType('handlesfake'); door.__path__ = [sys.argv[1]]; "
    program = f"{stub}sys.modules['handlesfake'] = door; {program}"
    folder = str(Path(handlesfake.mpsd.__file__).parent.parent)
    done = subprocess.run([sys.executable, "-c", program, folder], capture_output=True, text=True, check=True)

    assert "[]" == done.stdout.strip()
