"""Programs in other languages, which know a server by their environment only; skipped where the machine has none."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from handlesfake.server.run.fixture import Server
from tests.patience import PATIENCE

DOCS = Path(__file__).parents[2] / "docs"
EXAMPLES = DOCS / "examples"

JUNIT = Path(os.environ.get("JUNIT5", "/usr/share/java"))
"""Where the jars of JUnit 5 are; that of Debian's package junit5 unless told otherwise."""

_JARS = ("junit-jupiter-api", "junit-jupiter-engine", "junit-platform-console", "junit-platform-launcher")


def needs(*programs: str) -> pytest.MarkDecorator:
    """Skip where one of ``programs`` is missing, and say which."""
    missing = [program for program in programs if shutil.which(program) is None]
    return pytest.mark.skipif(bool(missing), reason=f"there is no {' and no '.join(missing)} here")


def needs_junit() -> pytest.MarkDecorator:
    """Skip where there is no JUnit 5, and say where it is looked for."""
    missing = [name for name in _JARS if not list(JUNIT.glob(f"{name}*.jar"))]
    reason = f"there is no JUnit 5 in {JUNIT}: install junit5, or say by JUNIT5 which folder has its jars"
    return pytest.mark.skipif(bool(missing), reason=reason)


def run(
    server: Server, *command: str, cwd: Path | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run a program that knows the server's environment only."""
    full = {**os.environ, **server.env, **environment}
    return subprocess.run(command, env=full, cwd=cwd, check=False, capture_output=True, text=True, timeout=PATIENCE)
