"""A command beside a server on Windows, where a process group hears no signal."""

from __future__ import annotations

import os
import subprocess
import sys
from types import SimpleNamespace

import pytest

from handlesfake.server.command import groups
from handlesfake.server.command import process as module
from handlesfake.server.command.not_started import not_started
from handlesfake.server.command.process import TIMED_OUT, Command
from tests.patience import PATIENCE


def test_a_command_whose_time_is_over_ends_with_its_children(monkeypatch: pytest.MonkeyPatch) -> None:
    """``npm`` is a script there: its shell alone would end, and Node would keep the CI step open."""
    asked: list[list[str]] = []
    run, windows = subprocess.run, {**vars(os), "name": "nt"}

    def taskkill(command: list[str], **_: object) -> object:
        asked.append(command)
        return run([sys.executable, "-c", ""], check=False)

    monkeypatch.setattr(module, "os", SimpleNamespace(**windows))
    monkeypatch.setattr(module, "shutil", SimpleNamespace(which=lambda name: rf"C:\Windows\System32\{name}.exe"))
    monkeypatch.setattr(module.subprocess, "run", taskkill)
    command = Command([sys.executable, "-c", f"import time; time.sleep({PATIENCE})"], timeout=0.01)
    ending = command.run(os.environ)
    assert command._process is not None

    number = str(command._process.pid)
    assert [[r"C:\Windows\System32\taskkill.exe", "/F", "/T", "/PID", number]] == asked
    assert (TIMED_OUT, True) == (ending.status, ending.timed_out)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(8, "%1 is not a valid Win32 application"), "it is not a program: name what runs it, -- python FILE"),
        (PermissionError(13, "Access is denied"), "Access is denied"),
    ],
)
def test_what_windows_does_not_start(error: OSError, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A script names nothing in its first line there, and has no mode that makes it a program."""
    from handlesfake.server.command import not_started as its_module

    monkeypatch.setattr(its_module, "os", SimpleNamespace(**{**vars(os), "name": "nt"}))

    assert (126, words) == not_started(["bot.py"], error)


@pytest.mark.parametrize("error", [ProcessLookupError(), PermissionError()])
def test_a_group_that_has_just_ended(error: OSError, monkeypatch: pytest.MonkeyPatch) -> None:
    """Linux does not find its processes, and macOS denies access to them."""

    def killpg(group: int, number: int) -> None:
        raise error

    monkeypatch.setattr(groups.os, "killpg", killpg, raising=False)
    groups.signal_group(4711, 15)

    assert not groups.is_there(4711)


def test_a_system_without_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is asked of it."""
    monkeypatch.setattr(groups, "sys", SimpleNamespace(platform="win32"))
    groups.signal_group(4711, 15)

    assert (False, False) == (groups.is_there(4711), groups.at_terminal())
