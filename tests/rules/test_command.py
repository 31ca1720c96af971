"""``handlesfake rules check``: what it says of files, and how it ends."""

from __future__ import annotations

import json
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
    """Exit 0; a folder means its files, and ready scenarios can be named."""
    status = main(["rules", "check", folder.name, "ready/owner_inactive"])

    assert (0, "rules/busy.yaml: 1 rule\nready/owner_inactive: 2 rules\n") == (status, capsys.readouterr().out)


def test_a_wrong_file_is_found(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 1; the others are still read."""
    (folder / "also.yaml").write_text("rules: [{then: {refuse: throttled}, tims: 1}]\n")
    status = main(["rules", "check", "rules"])

    assert 1 == status
    assert [
        "rules/also.yaml, line 1, column 37: a rule has no 'tims'; did you mean 'times'?",
        "  known: name, when, then, times, probability, seed",
        "rules/busy.yaml: 1 rule",
    ] == capsys.readouterr().out.splitlines()


def test_a_file_that_is_not_there_ends_in_two(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 2: it could not look; the existing ones are named."""
    status = main(["rules", "check", "rules/bussy.yaml"])

    assert 2 == status
    assert [
        "the rule file rules/bussy.yaml cannot be read: No such file or directory; did you mean 'busy'?",
        f"  looked in: {folder}",
        f"  there are: {folder.name}/busy.yaml",
    ] == capsys.readouterr().out.splitlines()


def test_a_folder_without_rules_is_nothing_to_look_at(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 2, and not a silent 0: a misspelt folder would else always look well."""
    (folder / "busy.yaml").unlink()
    status = main(["rules", "check", "rules"])

    assert (2, "there is no rule file (.yaml, .yml) in rules\n") == (status, capsys.readouterr().out)


def test_files_can_be_looked_at_together(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each alone is well; a test that names both has a rule that can never fire."""
    (folder / "late.yaml").write_text("rules: [{when: {type: invite}, then: {refuse: unavailable}}]\n")
    alone = main(["rules", "check", "rules"])
    capsys.readouterr()
    together = main(["rules", "check", "--together", "rules"])

    assert (0, 1) == (alone, together)
    assert [
        "rules/late.yaml, line 1, column 9: this rule can never fire: the rule at rules/busy.yaml, line 1, column 9"
        " comes before it and matches everything that it matches.",
        "  Put it before that one, or give that one times, nth or another condition.",
    ] == capsys.readouterr().out.splitlines()


def test_other_programs_read_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One object for each file; the exit status is the same."""
    (folder / "also.yaml").write_text("rules: []\n")
    status = main(["rules", "check", "--json", "rules", "none.yaml"])
    found = json.loads(capsys.readouterr().out)

    assert 2 == status
    assert [("rules/also.yaml", None, 1), ("rules/busy.yaml", 1, 0), ("none.yaml", None, 2)] == [
        (one["path"], one["rules"], one["status"]) for one in found
    ]
    assert "" == found[1]["problem"]
    assert found[0]["problem"].startswith("rules/also.yaml, line 1, column ")
