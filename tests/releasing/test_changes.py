"""The files of ``changes`` can become a section of the changelog."""

from __future__ import annotations

from pathlib import Path

import pytest

from docs.making.changes import faults, fragments, kinds

ROOT = Path(__file__).parent.parent.parent


def test_each_change_is_well_formed() -> None:
    """Name, kind, and one paragraph."""
    assert [] == faults(ROOT)


def test_each_kind_of_change_is_explained() -> None:
    """What towncrier takes is what ``changes/README.md`` has a row for."""
    page = (ROOT / "changes" / "README.md").read_text(encoding="utf-8")

    assert [] == [kind for kind in kinds(ROOT) if f"| `{kind}` |" not in page]


def test_the_changelog_has_a_place_for_the_next_section() -> None:
    """The next section is written behind this line, and above the newest release."""
    lines = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").splitlines()

    marks = [number for number, line in enumerate(lines) if line == "<!-- towncrier release notes start -->"]
    sections = [number for number, line in enumerate(lines) if line.startswith("## ")]
    assert (1, True) == (len(marks), marks[0] < sections[0])


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project without changes."""
    (tmp_path / "changes").mkdir()
    (tmp_path / "changes" / "README.md").write_text("How to write one.\n", encoding="utf-8")
    (tmp_path / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    return tmp_path


@pytest.mark.parametrize(
    ("name", "text", "fault"),
    [
        ("spring.md", "It is there.", "call it +short-words.KIND.md, or NUMBER.KIND.md after the issue"),
        ("+Lobby.added.md", "It is there.", "call it +short-words.KIND.md, or NUMBER.KIND.md after the issue"),
        (
            "+lobby.new.md",
            "It is there.",
            "'new' is not a kind of change: write contract, removed, security, changed, fixed, added",
        ),
        ("+lobby.added.md", " \n", "it is empty: write what users notice"),
        (
            "+lobby.added.md",
            "- It is there.",
            "write one paragraph without a bullet or heading: it becomes one line of the list",
        ),
        (
            "+lobby.added.md",
            "It is there.\n\nSo is that.",
            "write one paragraph without a bullet or heading: it becomes one line of the list",
        ),
        ("+lobby.added.md", "It is there", "end the last sentence with a full stop"),
        (
            "+lobby.contract.md",
            "It answers 204.",
            "say what the changed answer rests on: captured, logged, documented, seen in clients, inferred, assumed",
        ),
    ],
)
def test_what_is_wrong_with_a_change_is_said(name: str, text: str, fault: str, root: Path) -> None:
    """And what to write instead."""
    (root / "changes" / name).write_text(text, encoding="utf-8")

    assert [f"changes/{name}: {fault}"] == faults(root)


@pytest.mark.parametrize("name", ["+lobby-2.added.md", "20.fixed.md", "20.fixed.1.md"])
def test_good_names(name: str, root: Path) -> None:
    """Words, the number of an issue, and a second change of the same issue."""
    path = root / "changes" / name
    path.write_text("It is there.\n", encoding="utf-8")

    assert ([], [path]) == (faults(root), fragments(root))
