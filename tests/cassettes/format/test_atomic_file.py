"""A cassette file is replaced whole or not at all, also where other processes have it open."""

from __future__ import annotations

from pathlib import Path

import pytest

from handlesfake.cassettes.format.atomic_file import keep
from handlesfake.errors import CassetteError
from handlesfake.files import placing
from tests.systems.open_files import Windows


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
    monkeypatch.setattr(placing, "IS_WINDOWS", False)
    with pytest.raises(CassetteError):
        keep("after\n", tmp_path / "lobby.yaml")

    assert (1, 0) == (windows.asked, windows.slept)
