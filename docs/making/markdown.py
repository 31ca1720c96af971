"""Tables and sentences of Markdown, and what docstrings say in one sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table of Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(_cell(cell) for cell in line)} |" for line in lines)


def code(text: object) -> str:
    """``text`` as code."""
    return f"`{text}`"


def codes(words: Iterable[object]) -> str:
    """``words`` as code, with commas between them."""
    return ", ".join(map(code, words))


def sentence(docstring: str | None) -> str:
    """The first sentence of ``docstring``, as Markdown has it and without its full stop."""
    text = " ".join(plain(docstring or "").split("\n\n")[0].split())
    # a full stop within code, or one of "...", ends no sentence
    return re.split(r"(?<!\.)\.(?=\s[A-Z`]|$)", text, maxsplit=1)[0]


def plain(docstring: str) -> str:
    """``docstring`` without the marks that only other tools read."""
    text = re.sub(r":(?:meth|func|class):`(?:[\w.]*\.)?(\w+)`", r"`\1`", docstring)
    return text.replace("``", "`")


def _cell(text: object) -> str:
    return str(text).replace("|", "\\|").replace("\n", " ")
