"""What is cited by number, ``contract 8.6`` and ``U62``, is in the contract and in the open questions."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields
from functools import cache
from pathlib import Path

import pytest

from docs.making.contract import CONTRACT, DOCS, LETTERS, QUESTION, QUESTIONS, SECTIONS, anchors, cited, linked
from handlesfake.mpsd.choices import Choices
from handlesfake.mpsd.evidence import Evidence
from tests.contract.sections import STRONGEST, section_texts, strongest_mark
from tests.mpsd.test_choices import docstrings

ROOT = DOCS.parent
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
KNOWN = {*anchors(CONTRACT), *anchors(QUESTIONS)}
SOURCES = sorted(
    path
    for folder in (DOCS, ROOT / "handlesfake", ROOT / "tests", ROOT / "benchmarks", ROOT / "findings")
    for path in folder.rglob("*")
    if path.suffix in {".md", ".py", ".yaml", ".txt"} and path != Path(__file__)
)

_FENCED = re.compile(r"^```.*?^```$|^<!--.*?-->$", re.M | re.S)
_CODE = re.compile(r"`[^`\n]*`")
_LINK = re.compile(r"\[([^][]*)\]\(([^()\s]+)\)")
_ID = re.compile(r'<a (?:id|name)="([^"]+)">')


# ---- numbers


def test_no_number_is_dead() -> None:
    """Every section and every question that docs, code, cases and tests name exists."""
    dead = [
        f"{path.relative_to(ROOT)}: {number}"
        for path in (*ROOT.glob("*.md"), *SOURCES)
        for number in cited(path.read_text(encoding="utf-8"))
        if number not in KNOWN
    ]

    assert [] == dead


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("contract 2.2, 8.6; U5, U75b", ["2.2", "8.6", "U5", "U75b"]),
        ("Contract 5.3: a filter", ["5.3"]),
        ("contract 17, the small template", ["17"]),
        ("under contract 107, or contract 104/105", []),
        ("U+2028, CU12 and U2028", []),
    ],
)
def test_what_counts_as_a_citation(text: str, numbers: list[str]) -> None:
    """Sections after the word contract, questions by their letter; no version of the interface, no character."""
    assert numbers == list(cited(text))


def test_a_citation_becomes_a_link() -> None:
    """Each number leads to its own row, from wherever the page is."""
    assert (
        "contract [2.2](docs/contract.md#2.2), [8.6](docs/contract.md#8.6); [U5](docs/open-questions.md#U5)"
        == linked("contract 2.2, 8.6; U5", "docs/")
    )


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_a_page_links_what_it_cites(page: Path) -> None:
    """A reader of the docs gets from each number to what it says, by one click."""
    text = _prose(page)
    wrong = [
        f"[{words}]({target})"
        for words, target in _LINK.findall(text)
        if (QUESTION.fullmatch(words) or re.fullmatch(r"\d{1,2}\.\d", words)) and target.partition("#")[2] != words
    ]
    bare = [found[0] for kind in (SECTIONS, QUESTION) for found in kind.finditer(_LINK.sub("", text))]

    assert ([], []) == (bare, wrong)


def _prose(page: Path) -> str:
    """The text of a page without code, headings' anchors, and the first cell of a question's own row."""
    text = _CODE.sub("", _FENCED.sub("", page.read_text(encoding="utf-8")))
    return re.sub(rf"<a id=\"({QUESTION.pattern})\"></a>\1", "", text)


# ---- anchors


def test_the_contract_has_each_section_once_and_each_question_once() -> None:
    """An anchor that occurs twice leads to the first one only."""
    found = set(anchors(QUESTIONS))
    numbers = {letter: len({name.rstrip("abc") for name in found if name[0] == letter}) for letter in LETTERS}
    counted = {f"{letter}{number}" for letter, last in numbers.items() for number in range(1, last + 1)}

    assert [] == [
        name for page in (CONTRACT, QUESTIONS) for name, times in Counter(anchors(page)).items() if times > 1
    ]
    assert {"U75a", "U75b", "U75c"} | counted == found
    assert 96 == numbers["U"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_no_link_of_a_page_is_dead(page: Path) -> None:
    """Each relative link leads to a file that exists, and to a heading or anchor in it."""
    dead = []
    for _, target in _LINK.findall(_FENCED.sub("", page.read_text(encoding="utf-8"))):
        name, _, anchor = target.partition("#")
        if re.match(r"\w+:", name):
            continue
        path = (page.parent / name).resolve() if name else page
        if not path.exists() or (anchor and anchor not in _targets(path)):
            dead.append(target)

    assert [] == dead


@cache
def _targets(page: Path) -> set[str]:
    """The anchors of a page: those it states, and those that its headings get."""
    text = _FENCED.sub("", page.read_text(encoding="utf-8"))
    headings = re.findall(r"^#+ (.+)$", text, re.M)
    return {*_ID.findall(text), *(_slug(heading) for heading in headings)}


def _slug(heading: str) -> str:
    words = re.sub(r"<[^>]+>|[^\w\s-]", "", _LINK.sub(r"\1", heading)).strip().lower()
    return re.sub(r"\s", "-", words)


# ---- questions and choices


def rows() -> Iterator[tuple[str, str]]:
    """Each question with the last cell of its row."""
    for line in (DOCS / QUESTIONS).read_text(encoding="utf-8").splitlines():
        if found := re.match(rf'\| <a id="({QUESTION.pattern})">', line):
            yield found[1], line.rstrip(" |").rpartition(" | ")[2]


@pytest.mark.parametrize(("question", "cell"), list(rows()), ids=[question for question, _ in rows()])
def test_a_question_names_its_choice_or_says_why_there_is_none(question: str, cell: str) -> None:
    """The row has the choices whose description names the question, or a reason."""
    choices = [name for name, text in docstrings().items() if question in QUESTION.findall(text)]
    named = re.findall(r"\[`(\w+)`\]\(choices\.md#\1\)", cell)

    assert sorted(choices) == sorted(named)
    assert bool(named) != bool(re.fullmatch(r"none: \S.+", cell))


def test_each_choice_can_be_linked() -> None:
    """The page of the choices has an anchor for each."""
    assert {field.name for field in fields(Choices)} <= set(anchors("choices.md"))


# ---- evidence


@pytest.mark.parametrize(("number", "strongest"), list(STRONGEST.items()), ids=STRONGEST)
def test_the_strongest_mark_of_a_section_is_what_the_cases_go_by(number: str, strongest: Evidence) -> None:
    """The page and the list that the cases are held against agree; neither raises a level alone."""
    assert strongest is strongest_mark(section_texts()[number])
