"""Pieces: large texts a piece at a time, so that a scan takes twice as long for twice the text.

The recorder looks at a text as a whole, and then at each encoding of it: a page of a megabyte takes half a minute. A
scan writes nothing. It looks at JSON in a text by its values. It looks at the rest in pieces that do not cut a name
or a value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from handlesfake.cassettes.scrubbing.carriers.documents import documents_in
from handlesfake.cassettes.scrubbing.carriers.field import Field
from handlesfake.cassettes.scrubbing.known_values import KnownTexts
from handlesfake.cassettes.scrubbing.randomness import looks_opaque

LARGE = 4096
"""Characters of a text that is looked at in pieces."""

_PIECE = 1500
_LONGEST = 16_384
_SHORTEST = 8
_CODE = re.compile(r"[;{}()]")
_NO_SECRET = re.compile(r"[;{}() ]|://")
_DENSE = 20
"""Characters of a script one of which, at least, is a sign of its grammar."""

_ENDS = re.compile(r"[\n;>}]|(?<=[^\\]),|(?<=[.!?]) ")


class KnownInPieces(KnownTexts):
    """As :class:`KnownTexts`, for scans."""

    _is_in_code = False

    def __call__(self, text: str, depth: int = 0, name: str = "") -> str:
        """See :meth:`KnownTexts.__call__`."""
        if len(text) <= LARGE:
            return super().__call__(text, depth, name)
        done, written = 0, []
        for document in documents_in(text):
            written += [self._piece(one, depth, name) for one in pieces_of(text, done, document.start)]
            written.append(self._document(depth, document.value, text[document.start : document.stop]))
            done = document.stop
        return "".join([*written, *(self._piece(one, depth, name) for one in pieces_of(text, done, len(text)))])

    def _piece(self, text: str, depth: int, name: str) -> str:
        outer, self._is_in_code = self._is_in_code, len(_CODE.findall(text)) * _DENSE > len(text)
        try:
            # that nothing is in so large a text is rare: it is not asked first
            return self._less_known(self._stand_ins.learned.replaced(text), depth, name)
        finally:
            self._is_in_code = outer

    def _field(self, depth: int, field: Field, value: str, whole: str) -> str:
        # a sentence that says the name may quote anything; scripts call their own things tokens, users and secrets
        if (whole == value or self._is_in_code) and not _is_telling(value):
            return value
        return super()._field(depth, field, value, whole)


def _is_telling(value: str) -> bool:
    """Whether ``value`` is more than a word of a program."""
    if looks_opaque(value):
        return True
    has_both = any(map(str.isdigit, value)) and any(map(str.isalpha, value))
    return has_both and len(value) >= _SHORTEST and not _NO_SECRET.search(value)


def pieces_of(text: str, start: int, stop: int) -> Iterator[str]:
    """``text`` from ``start`` to ``stop``, cut where something ends; a run only beyond the length of secrets."""
    while start < stop:
        end = _ENDS.search(text, start + _PIECE, min(stop, start + _LONGEST))
        cut = end.end() if end is not None else min(stop, start + _LONGEST)
        yield text[start:cut]
        start = cut
