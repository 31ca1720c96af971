"""Drafts that are put in place, where files that are open stay, and where there are no hard links."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from handlesfake.files import placing
from handlesfake.files.placing import place_new, replace_file
from handlesfake.files.whole_file import write_whole
from tests.systems.open_files import Windows


def draft_of(folder: Path, text: str) -> Path:
    """A draft in ``folder``."""
    path = folder / "draft"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_that_is_open_elsewhere_is_replaced_once_it_is_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process reads it for a moment."""
    path = tmp_path / "report.html"
    windows = Windows(monkeypatch, refusals=2)
    write_whole(path, "after")

    assert ("after", 3, [path]) == (path.read_text(encoding="utf-8"), windows.asked, list(tmp_path.iterdir()))


def test_a_read_only_report_that_stays_open_leaves_no_draft(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows waits for a bounded time; the draft has the mode of the report, and is still removed."""
    path = tmp_path / "report.html"
    path.write_text("before", encoding="utf-8")
    path.chmod(0o444)
    windows = Windows(monkeypatch, refusals=1000)
    with pytest.raises(PermissionError):
        write_whole(path, "after")

    assert ("before", 2, [path]) == (path.read_text(encoding="utf-8"), windows.slept, list(tmp_path.iterdir()))


def test_elsewhere_nothing_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A refusal of POSIX does not end by itself."""
    windows = Windows(monkeypatch, refusals=1)
    monkeypatch.setattr(placing, "IS_WINDOWS", False)
    with pytest.raises(PermissionError):
        replace_file(draft_of(tmp_path, "x"), tmp_path / "report.html")

    assert (1, 0) == (windows.asked, windows.slept)


def rename_of_windows(draft: Path, path: Path) -> None:
    """What ``os.rename`` does there: it replaces nothing."""
    if os.path.exists(path):
        raise FileExistsError(errno.EEXIST, "Cannot create a file when that file already exists")
    os.replace(draft, path)


def no_links(_draft: Path, _path: Path) -> None:
    """What ``os.link`` does on FAT."""
    raise OSError(errno.EPERM, "Operation not permitted")


@pytest.mark.parametrize("system", ["with links", "without links", "Windows"])
def test_a_new_file_is_placed_once(system: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first process places it, the second one keeps it, and no draft stays."""
    if system == "without links":
        monkeypatch.setattr(placing.os, "link", no_links)
    if system == "Windows":
        monkeypatch.setattr(placing, "IS_WINDOWS", True)
        monkeypatch.setattr(placing.os, "rename", rename_of_windows)
    path = tmp_path / "ca.key"
    for text in ("first", "second"):
        place_new(draft_of(tmp_path, text), path)

    assert ("first", [path]) == (path.read_text(encoding="utf-8"), list(tmp_path.iterdir()))


def test_a_key_keeps_its_mode_where_there_are_no_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is for its user alone from the first byte on."""
    monkeypatch.setattr(placing.os, "link", no_links)
    draft = draft_of(tmp_path, "secret")
    draft.chmod(0o600)
    place_new(draft, tmp_path / "ca.key")

    assert os.name != "posix" or 0o600 == (tmp_path / "ca.key").stat().st_mode & 0o777
