"""A cassette file is replaced whole or not at all, also where other processes have it open."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from handlesfake.cassettes.format import atomic_file
from handlesfake.cassettes.format.atomic_file import keep
from handlesfake.errors import CassetteError

IN_USE = PermissionError(13, "The process cannot access the file because it is being used by another process")


class Windows:
    """Replaces a file only once it was asked so often: another process has it open."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, refusals: int) -> None:
        self.asked = self.slept = 0
        self._refusals = refusals
        self._replace = os.replace
        monkeypatch.setattr(atomic_file, "_IS_WINDOWS", True)
        monkeypatch.setattr(atomic_file.os, "replace", self.replace)
        monkeypatch.setattr(atomic_file.time, "monotonic", lambda: float(self.slept))
        monkeypatch.setattr(atomic_file.time, "sleep", self.sleep)

    def replace(self, draft: Path, path: Path) -> None:
        """What ``os.replace`` does there."""
        self.asked += 1
        if self.asked <= self._refusals:
            raise IN_USE
        self._replace(draft, path)

    def sleep(self, _: float) -> None:
        """A second goes by at once."""
        self.slept += 1


def test_a_file_that_is_open_elsewhere_is_replaced_once_it_is_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on Windows, where another worker that reads the cassette keeps it from being replaced."""
    path = tmp_path / "lobby.yaml"
    path.write_text("before\n")
    windows = Windows(monkeypatch, refusals=2)

    assert keep("after\n", path)
    assert ("after\n", 3) == (path.read_text(), windows.asked)
    assert [path] == list(tmp_path.iterdir())


def test_a_file_that_stays_open_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a bounded time; the file is as it was, and no draft is left, although it was read-only."""
    path = tmp_path / "lobby.yaml"
    path.write_text("before\n")
    path.chmod(0o444)
    windows = Windows(monkeypatch, refusals=1000)
    with pytest.raises(CassetteError, match="the cassette cannot be written: The process cannot access the file"):
        keep("after\n", path)

    assert (2, "before\n") == (windows.slept, path.read_text())
    assert [path] == list(tmp_path.iterdir())


def test_elsewhere_nothing_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What POSIX refuses it refuses for good."""
    windows = Windows(monkeypatch, refusals=1)
    monkeypatch.setattr(atomic_file, "_IS_WINDOWS", False)
    with pytest.raises(CassetteError):
        keep("after\n", tmp_path / "lobby.yaml")

    assert (1, 0) == (windows.asked, windows.slept)
