"""Links from citations, ``contract 8.6`` and ``U62``, to the two pages that have the sections and questions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

DOCS = Path(__file__).parents[1]
CONTRACT = "contract.md"
QUESTIONS = "open-questions.md"

SECTIONS = re.compile(r"\b[Cc]ontract (\d{1,2}(?![\d/])(?:\.\d+)?(?:(?:, | and )\d{1,2}(?![\d/])(?:\.\d+)?)*)")
"""Sections after the word: ``contract 2.2, 8.6`` has two. ``contract 107`` is a version of the interface."""

LETTERS = "UMS"
"""What the numbers of questions begin with: U for MPSD, M for Multiplayer Activity, S for sign-in."""

QUESTION = re.compile(rf"\b[{LETTERS}]\d{{1,2}}[a-c]?\b")
_SECTION = re.compile(r"\d+(?:\.\d+)?")
_ANCHOR = re.compile(r'<a id="([^"]+)"></a>')


def cited(text: str) -> Iterator[str]:
    """Each section and each question that ``text`` names: ``8.6``, ``U62``."""
    for found in SECTIONS.finditer(text):
        yield from _SECTION.findall(found[1])
    yield from QUESTION.findall(text)


def linked(text: str, folder: str = "") -> str:
    """Return ``text`` with a link at each number; ``folder``, like ``docs/``, leads from its page to the docs."""
    text = SECTIONS.sub(lambda found: _section_links(found[0], folder), text)
    return QUESTION.sub(lambda found: f"[{found[0]}]({folder}{QUESTIONS}#{found[0]})", text)


def _section_links(citation: str, folder: str) -> str:
    return _SECTION.sub(lambda found: f"[{found[0]}]({folder}{CONTRACT}#{found[0]})", citation)


def anchors(page: str) -> list[str]:
    """The anchors of a page of the docs, in order: numbers of sections, or of questions."""
    return _ANCHOR.findall((DOCS / page).read_text(encoding="utf-8"))
