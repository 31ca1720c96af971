"""Lines: where in a file something stands."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from json import dumps

_WORD = re.compile(r"\w+")
_UNLIKE_OTHERS = 8
"""Characters of a text that is looked for in the whole file: a shorter one also appears in innocent places."""


class Lines:
    """Those of ``text``, counted from 1."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._starts = [0, *(found.end() for found in re.finditer("\n", text))]

    def at(self, index: int) -> int:
        """The line of the character at ``index``."""
        return bisect_right(self._starts, index)

    def of(self, value: str, start: int, end: int, behind: int) -> int:
        """Where ``value`` is between ``start`` and ``end``: the next behind ``behind``, else the first; -1: nowhere.

        It may be spelled otherwise in the file; then its beginning is looked for.
        """
        first = value.strip().split("\n", 1)[0]
        for needle in dict.fromkeys((first, dumps(first)[1:-1], first[:40], first[:12])):
            for begin in (behind, start) if needle else ():
                found = self.text.find(needle, begin, end)
                if found >= 0:
                    return found
        return -1

    def elsewhere(self, values: Iterable[str]) -> Iterator[tuple[str, int]]:
        """Each of ``values`` that is unlike others, with each line on which it stands, in one pass."""
        starts: dict[str, list[tuple[str, int]]] = {}
        for value in values:
            word = _WORD.search(value) if len(value) >= _UNLIKE_OTHERS else None
            if word is not None:
                starts.setdefault(word[0], []).append((value, word.start()))
        for word in _WORD.finditer(self.text) if starts else ():
            for value, before in starts.get(word[0], ()):
                if self.text.startswith(value, word.start() - before):
                    yield value, self.at(word.start() - before)
