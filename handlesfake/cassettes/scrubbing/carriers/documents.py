"""Documents: JSON that stands in a text: a line of NDJSON, an event of a stream, a variable of a script."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

_BEGIN = re.compile(r"\{\s*\"|\[\s*[\[{\"]")
_DECODER = json.JSONDecoder()
_MOST_FAILURES = 64
"""Beginnings that are no JSON, after which a text is taken for something else: each is read to its end."""


class Document(NamedTuple):
    """JSON in a text, and where it stands."""

    value: Any
    start: int
    stop: int


def documents_in(text: str) -> Iterator[Document]:
    """The objects and lists in ``text`` that are JSON; what stands inside one is part of it."""
    position, failures = 0, 0
    while failures < _MOST_FAILURES and (found := _BEGIN.search(text, position)) is not None:
        try:
            value, stop = _DECODER.raw_decode(text, found.start())
        except (ValueError, RecursionError):
            failures += 1
            position = found.start() + 1
            continue
        yield Document(value, found.start(), stop)
        position = stop
