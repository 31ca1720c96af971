"""Locks of recordings on Windows: whose folder they are in, and files that keep their names."""

from __future__ import annotations

import getpass
import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from handlesfake.cassettes.recording import locking
from handlesfake.cassettes.recording.locking import Lock


@pytest.mark.parametrize("error", [OSError("no entry"), KeyError("uid 4711"), ModuleNotFoundError("pwd")])
def test_a_user_whom_the_system_does_not_name(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows has no module that would know it, where no variable says it."""

    def getuser() -> str:
        raise error

    monkeypatch.setattr(getpass, "getuser", getuser)

    assert "handlesfake-nobody" == locking.folder().name


def test_an_open_file_keeps_its_name_on_windows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not every release of Python there gives one file one number: the lock does not ask for it, and is taken once."""
    windows = {**vars(os), "name": "nt", "fstat": None}
    monkeypatch.setattr(locking, "os", SimpleNamespace(**windows))
    first, second = Lock(tmp_path / "a.lock"), Lock(tmp_path / "a.lock")
    taken = (first.take(), second.take())
    first.release()

    assert ((True, False), []) == (taken, list(tmp_path.iterdir()))
