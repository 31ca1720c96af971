"""Documents: JSON inside a text: a line of NDJSON, an event of a stream, a variable of a script."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

_BEGIN = re.compile(r"\{\s*\"|\[\s*[\[{\"]")
_DECODER = json.JSONDecoder()
_MOST_FAILURES = 64
"""How many beginnings may not be JSON before a text counts as something else: each is read to its end."""


_EVENT = re.compile(r"(?:^|\n)event: ?([\w.-]+)\r?\n(?:(?:id|retry):[^\r\n]*\r?\n)*data: ?$")
_BEFORE = 200


class Document(NamedTuple):
    """JSON in a text, and where it stands."""

    value: Any
    start: int
    stop: int
    name: str
    """What it is called where it stands: the event whose data it is; empty for most."""


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
        yield Document(value, found.start(), stop, _name(text, found.start()))
        position = stop


def _name(text: str, start: int) -> str:
    if not text.endswith("data:", 0, start) and not text.endswith("data: ", 0, start):
        return ""
    event = _EVENT.search(text, max(0, start - _BEFORE), start)
    return event[1] if event is not None else ""
