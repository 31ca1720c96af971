"""Pages, help, messages, docstrings and comments are plain English: CONTRIBUTING.md has the rule."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.plain_english.findings import Finding, findings, findings_of, sources
from tests.plain_english.sentences import sentences
from tests.plain_english.texts import ROOT, Paragraph, paragraphs

NOT_YET = {
    name: int(count)
    for count, name in (
        line.split() for line in Path(__file__).with_name("not_yet.txt").read_text(encoding="utf-8").splitlines()
    )
}
"""Files that are not plain yet, each with the number of its findings, which may only fall."""


def _room(path: Path) -> str:
    parts = path.relative_to(ROOT).parts
    return "/".join(parts[: max(1, min(2, len(parts) - 1))])


ROOMS = sorted({_room(path) for path in sources()})


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_is_plain_english(room: str) -> None:
    """No file has a turn of the list, or a sentence of more than 25 words; those of the list have no more than then."""
    unplain = [finding for path in sources() if _room(path) == room for finding in _new_findings(path)]

    assert not unplain, "Write it plainer, as CONTRIBUTING.md says:\n" + "\n".join(map(str, unplain))


def _new_findings(path: Path) -> Iterator[Finding]:
    found = list(findings(path))
    if len(found) > NOT_YET.get(path.relative_to(ROOT).as_posix(), 0):
        yield from found


def test_the_list_names_files_that_exist() -> None:
    """A file that is renamed takes its line along."""
    assert [] == [name for name in NOT_YET if not (ROOT / name).exists()]


def page(text: str) -> list[str]:
    """What is found in a page with ``text``."""
    return [finding.what for finding in findings_of(Paragraph("page.md", 1, "page", text))]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The client that nobody told.", ["'nobody'"]),
        ("A lock in the\n  place of another.", ["'in the place of'"]),
        ("This is no session.", ["'is no '"]),
        ("This is no longer a session, and there is no other.", []),
        ("The code `nobody` is a name.", []),
        (" ".join(["word"] * 25) + ".", []),
        (" ".join(["word"] * 26) + ".", [f"26 words: {' '.join(['word'] * 26)}."]),
        (" ".join(["word"] * 20) + ". " + " ".join(["Word"] * 20) + ".", []),
        (f"`{' '.join(['word'] * 30)}` is [one](http://a/b) (contract 8.6, U62).", []),
    ],
)
def test_what_is_found(text: str, found: list[str]) -> None:
    """A turn over the end of a line, too; no code, no link, no source counts."""
    assert found == page(text)


def test_a_finding_says_where_and_what_to_write_instead() -> None:
    """File, line, the turn, and the plainer one."""
    [finding] = findings_of(Paragraph("docs/rules.md", 7, "page", "A rule that\nnobody needs."))

    assert "docs/rules.md:8 (page): 'nobody'  ->  name the actor: 'no client', 'no user', 'no test'" == str(finding)


def test_sentences_end_where_a_reader_stops() -> None:
    """At a full stop before a capital, and not within a number, a name or an abbreviation."""
    text = "See e.g. `a.b`. Version 1.5 is older. What now?"

    assert ["See e.g. `a.b`.", "Version 1.5 is older.", "What now?"] == [text for _, text, _ in sentences(text)]


def test_what_of_a_module_is_read() -> None:
    """Docstrings without their code, messages, comments; each with its line."""
    module = ROOT / "tests" / "plain_english" / "example.txt"
    read = [(found.line, found.kind, found.text) for found in paragraphs(module, ".py")]

    assert [
        (7, "comment", "A comment\nof two lines."),
        (10, "comment", "beside the code"),
        (1, "docstring", "The first paragraph:"),
        (5, "docstring", "The last."),
        (14, "private docstring", "Private."),
        (15, "message", "{} is not a word of handlesfake"),
    ] == read
