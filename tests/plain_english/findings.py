"""What is not plain in a file: a turn of the list, or a sentence that is too long."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.plain_english.kept import KEPT
from tests.plain_english.sentences import LIMIT, masked, sentences
from tests.plain_english.texts import ROOT, Paragraph, paragraphs
from tests.plain_english.turns import TURNS

_FOLDERS = ("changes", "docs", "handlesfake", "tests", "benchmarks")
_KINDS = {".md", ".py", ".yaml"}


@dataclass(frozen=True)
class Finding:
    """One place that is not plain, and what to write instead."""

    path: str
    line: int
    kind: str
    what: str
    instead: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line} ({self.kind}): {self.what}  ->  {self.instead}"


@cache
def sources() -> tuple[Path, ...]:
    """Every file with English of ours."""
    found = [*ROOT.glob("*.md"), *(path for name in _FOLDERS for path in sorted((ROOT / name).rglob("*")))]
    return tuple(path for path in found if path.suffix in _KINDS and not _is_skipped(path))


def _is_skipped(path: Path) -> bool:
    name = path.relative_to(ROOT).as_posix()
    return "__pycache__" in name or name.startswith("tests/plain_english/")


def findings(path: Path) -> Iterator[Finding]:
    """What is not plain in a file."""
    for paragraph in paragraphs(path):
        if paragraph.kind == "message" and paragraph.path.startswith("tests/"):
            continue  # what a test sends, or a message of ours, which is read where it is written
        yield from findings_of(paragraph)


def findings_of(paragraph: Paragraph) -> Iterator[Finding]:
    """Each turn of the list and each sentence of more than ``LIMIT`` words."""
    text = masked(paragraph.text)
    for turn in TURNS:
        for found in turn.found.finditer(text):
            if _flat(found[0]).strip().lower() in KEPT.get(paragraph.path, ()):
                continue
            yield Finding(*_place(paragraph, found.start()), f"'{_flat(found[0])}'", turn.instead)
    for start, sentence, count in sentences(paragraph.text):
        if count > LIMIT:
            yield Finding(*_place(paragraph, start), f"{count} words: {_flat(sentence)}", "split it")


def _place(paragraph: Paragraph, position: int) -> tuple[str, int, str]:
    return paragraph.path, paragraph.line_of(position), paragraph.kind


def _flat(text: str) -> str:
    return re.sub(r"\s+", " ", text)
