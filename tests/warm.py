"""Processes that start warm: each is forked from one that has imported already what nearly all of them need.

A fresh ``python -m pytest`` takes a second to import the same modules as the last one; a fork of a process that
has them takes none. What the child does, it does in a separate process, with its own folder and environment, and
ends as any process does. What is to be shown of a *fresh* process (that it imports nothing heavy, that an
installation is found) uses :mod:`subprocess`.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import runpy
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from pkgutil import walk_packages
from typing import Any

import pytest

from handlesfake.intercept.inheritance import VARIABLE

ROOT = Path(__file__).parent.parent
CLIENTS = ("requests", "httpx", "aiohttp", "trio", "yaml", "uvicorn", "hypothesis", "anyio._backends._asyncio")
HANG = 300
"""Seconds after which a child is believed to hang, and killed: no child takes a tenth of it."""


def run(*arguments: str, cwd: Path | None = None, without: str = "") -> subprocess.CompletedProcess[str]:
    """``python`` with ``arguments``: a script, or ``-m`` and a module, in the present environment.

    :param without: a variable of the environment that the process is not to have.
    """
    if not hasattr(os, "fork"):
        command = [sys.executable, *arguments]
        return subprocess.run(command, cwd=cwd, check=False, capture_output=True, text=True, timeout=HANG)
    server = _server()
    assert server.stdin is not None
    assert server.stdout is not None
    with tempfile.TemporaryDirectory() as folder:
        out, err = Path(folder, "out"), Path(folder, "err")
        asked = {
            "arguments": arguments,
            "cwd": str(cwd or Path.cwd()),
            "environ": {name: value for name, value in os.environ.items() if name != without},
            "path": [entry for entry in sys.path if entry],
            "files": [str(out), str(err)],
        }
        server.stdin.write(json.dumps(asked) + "\n")
        server.stdin.flush()
        code = int(server.stdout.readline())
        return subprocess.CompletedProcess(arguments, code, out.read_text("utf-8"), err.read_text("utf-8"))


def runpytest(pytester: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    """As ``pytester.runpytest_subprocess``: a session in a separate process, in the folder of ``pytester``."""
    basetemp = f"--basetemp={tempfile.mkdtemp(prefix='runpytest-', dir=pytester.path)}"
    # handlesfake is imported before the session, which has nothing to do with its assertions
    quiet = ("-W", "ignore:Module already imported:pytest.PytestAssertRewriteWarning")
    done = run("-m", "pytest", basetemp, *arguments, *quiet, cwd=pytester.path, without=VARIABLE)
    return pytest.RunResult(done.returncode, done.stdout.splitlines(), done.stderr.splitlines(), 0.0)


@cache
def _server() -> subprocess.Popen[str]:
    """The process that is forked, started when it is first asked for."""
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.warm"],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if name != VARIABLE},  # no child of a test that runs
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    atexit.register(server.communicate)  # it ends when there is nothing more to read
    return server


# ---- in the process that is forked


def _serve() -> dict[str, Any] | None:
    """Fork for each line that is read; what was asked, in the child, and None at the end."""
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            asked: dict[str, Any] = json.loads(line)
            return asked
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
    return None


def _become(asked: dict[str, Any]) -> None:
    """Be the process that was asked for, up to its first line."""
    signal.alarm(HANG)
    os.environ.clear()
    os.environ.update(asked["environ"])
    os.chdir(asked["cwd"])
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for number, path in enumerate(asked["files"], 1):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), number)
    named = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    sys.path[:] = [asked["cwd"], *(entry for entry in named if entry), *asked["path"]]


def _do(arguments: Sequence[str]) -> None:
    """Run the module or the script."""
    if arguments[0] == "-m":
        sys.argv = list(arguments[1:])
        runpy.run_module(arguments[1], run_name="__main__", alter_sys=True)
    else:
        sys.argv = list(arguments)
        runpy.run_path(arguments[0], run_name="__main__")


def _import() -> None:
    """Import what nearly every child needs."""
    import handlesfake

    for plugin in entry_points(group="pytest11"):
        plugin.load()
    for name in CLIENTS:
        with suppress(ImportError):
            import_module(name)
    for found in walk_packages(handlesfake.__path__, "handlesfake."):
        if not {"__main__", "demo"} & {*found.name.split(".")}:
            import_module(found.name)
    gc.freeze()  # else each child looks through all of it, and copies it


if __name__ == "__main__":
    _import()
    if wanted := _serve():
        _become(wanted)
        _do(wanted["arguments"])
