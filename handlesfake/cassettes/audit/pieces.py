"""Pieces: large texts a piece at a time, so that a scan takes twice as long for twice the text.

The recorder looks at a text as a whole, and at each encoding of it once more: a page of a megabyte takes half a
minute. A scan writes nothing: it looks at JSON in a text by its values, and at the rest in pieces that end where no
name and no value does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from handlesfake.cassettes.scrubbing.carriers.documents import documents_in
from handlesfake.cassettes.scrubbing.known_values import KnownTexts

LARGE = 4096
"""Characters of a text that is looked at in pieces."""

_PIECE = 1500
_LONGEST = 16_384
_ENDS = re.compile(r"[\n;>}]|(?<=[^\\]),|(?<=[.!?]) ")


class KnownInPieces(KnownTexts):
    """As :class:`KnownTexts`, for scans."""

    def __call__(self, text: str, depth: int = 0, name: str = "") -> str:
        """See :meth:`KnownTexts.__call__`."""
        if len(text) <= LARGE:
            return super().__call__(text, depth, name)
        done, written = 0, []
        for document in documents_in(text):
            written += [
                super(KnownInPieces, self).__call__(one, depth, name) for one in pieces_of(text, done, document.start)
            ]
            written.append(self._document(depth, document.value, text[document.start : document.stop]))
            done = document.stop
        written += [super(KnownInPieces, self).__call__(one, depth, name) for one in pieces_of(text, done, len(text))]
        return "".join(written)


def pieces_of(text: str, start: int, stop: int) -> Iterator[str]:
    """``text`` from ``start`` to ``stop``, cut where something ends; a run only beyond the length of secrets."""
    while start < stop:
        end = _ENDS.search(text, start + _PIECE, min(stop, start + _LONGEST))
        cut = end.end() if end is not None else min(stop, start + _LONGEST)
        yield text[start:cut]
        start = cut
