"""The text of a filter as it is read: the position in it, the text there, and how to say what is wrong there."""

from __future__ import annotations

import re

from handlesfake.mpsd.http.body import short
from handlesfake.mpsd.refusals.catalogue import Refusal, refuse

_SPACE = re.compile(r"\s*")
WORD = re.compile(r"[^\W\d_]\w*")
"""Keywords, variables, and the first part of a field."""


def misfit(text: str, at: int, problem: str, field: str = "filter") -> Refusal:
    """The refusal of ``text``, the value of ``field``, for the text at ``at``."""
    near = text[at : at + 20].strip()
    return refuse(
        "invalid_filter", field=field, at=at + 1, near=f", near {short(near)}" if near else "", problem=problem
    )


class Scanner:
    """A place in ``text``, the value of ``field``, that moves on as words and symbols are taken."""

    def __init__(self, text: str, field: str) -> None:
        self._text = text
        self._field = field
        self._at = 0

    def here(self) -> int:
        """Where the next thing starts, spaces passed over."""
        found = _SPACE.match(self._text, self._at)
        self._at = found.end() if found else self._at
        return self._at

    def end(self, expected: str) -> None:
        """Nothing may follow; ``expected`` is what could have.

        :raises Refusal: something does.
        """
        if self.here() < len(self._text):
            raise self.misfit(f"expected {expected}")

    def word(self) -> str:
        """The word that stands here, in lower case; empty when there is none."""
        found = WORD.match(self._text, self.here())
        return found[0].lower() if found else ""

    def took_word(self, word: str) -> bool:
        """Step over ``word``, whatever its case; False when something else stands here."""
        if self.word() != word:
            return False
        self._at += len(word)
        return True

    def took(self, symbol: str) -> bool:
        """Step over ``symbol``; False when something else stands here."""
        if not self._text.startswith(symbol, self.here()):
            return False
        self._at += len(symbol)
        return True

    def need(self, symbol: str, name: str) -> None:
        """Step over ``symbol``, which messages call ``name``.

        :raises Refusal: something else stands here.
        """
        if not self.took(symbol):
            raise self.misfit(f"expected {name}")

    def match(self, pattern: re.Pattern[str]) -> str | None:
        """Step over what ``pattern`` matches here, and return it; None when it does not match."""
        found = pattern.match(self._text, self.here())
        if found is None:
            return None
        self._at = found.end()
        return found[0]

    def misfit(self, problem: str, at: int | None = None) -> Refusal:
        """The refusal for the text at ``at``, or here."""
        return misfit(self._text, self.here() if at is None else at, problem, self._field)
