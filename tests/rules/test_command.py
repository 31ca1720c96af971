"""``handlesfake rules check``: what it says of files, and how it ends."""

from __future__ import annotations

from pathlib import Path

import pytest

from handlesfake.cli import main


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one rule file, in which the command is called."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "busy.yaml").write_text("rules: [{then: {refuse: throttled}}]\n")
    return tmp_path / "rules"


def test_good_files_are_counted(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 0; a folder stands for its files, and ready scenarios can be named."""
    status = main(["rules", "check", folder.name, "ready/owner_inactive"])

    assert (0, "rules/busy.yaml: 1 rule\nready/owner_inactive: 2 rules\n") == (status, capsys.readouterr().out)


def test_a_wrong_file_is_found(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 1; the others are read all the same."""
    (folder / "also.yaml").write_text("rules: [{then: {refuse: throttled}, tims: 1}]\n")
    status = main(["rules", "check", "rules"])

    assert 1 == status
    assert [
        "rules/also.yaml, line 1, column 37: a rule has no 'tims'; did you mean 'times'?",
        "  known: name, when, then, times, probability, seed",
        "rules/busy.yaml: 1 rule",
    ] == capsys.readouterr().out.splitlines()


def test_a_file_that_is_not_there_ends_in_two(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 2: it could not look; those that are there are named."""
    status = main(["rules", "check", "rules/bussy.yaml"])

    assert 2 == status
    assert [
        "the rule file rules/bussy.yaml cannot be read: No such file or directory",
        f"  there are: {folder.name}/busy.yaml",
    ] == capsys.readouterr().out.splitlines()
