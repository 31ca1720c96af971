"""Files that are written whole or not at all."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from handlesfake.files.whole_file import check_writable, write_whole
from tests.systems.needed import system_has


def test_a_file_is_replaced_whole_and_keeps_its_mode(tmp_path: Path) -> None:
    """Folders are made; nothing else is left beside it."""
    path = tmp_path / "reports" / "run.html"
    check_writable(path)
    before = path.exists()
    write_whole(path, "one")
    path.chmod(0o640)
    write_whole(path, "two \ud800")

    assert (False, "two \\ud800") == (before, path.read_text())
    assert ["run.html"] == os.listdir(path.parent)
    assert sys.platform == "win32" or 0o640 == path.stat().st_mode & 0o777


@system_has("links")
def test_what_cannot_be_replaced_is_written_to(tmp_path: Path) -> None:
    """A link stays a link; what it leads to has the text."""
    path, target = tmp_path / "link.html", tmp_path / "target.html"
    target.write_text("old")
    path.symlink_to(target)
    write_whole(path, "new")

    assert (True, "new") == (path.is_symlink(), target.read_text())


def test_a_failure_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And no draft beside it."""
    path = tmp_path / "run.html"
    path.write_text("old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        write_whole(path, "new")

    assert ("old", ["run.html"]) == (path.read_text(), os.listdir(tmp_path))


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    """It is said before anything is written."""
    with pytest.raises(OSError, match="directory"):
        check_writable(tmp_path)
