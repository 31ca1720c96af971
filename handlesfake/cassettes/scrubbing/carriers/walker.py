"""The one walker for all carriers: each name with its value in a text, and what is written for it.

JSON, NDJSON, streams of events, forms, queries, multipart, XML, HTML, tables, ``name: value`` lines, command lines.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from handlesfake.cassettes.scrubbing.carriers.documents import documents_in
from handlesfake.cassettes.scrubbing.carriers.field import Field
from handlesfake.cassettes.scrubbing.carriers.markup import values_in
from handlesfake.cassettes.scrubbing.carriers.pairs import pairs_in
from handlesfake.cassettes.scrubbing.carriers.parts import parts_in
from handlesfake.cassettes.scrubbing.carriers.rows import cells_in, events_in, inserted_in, listed_in
from handlesfake.cassettes.scrubbing.carriers.sentences import said_in, told_in

_INSERTS = re.compile(r"\bVALUES\s*\(", re.I)
_DISPOSITION = re.compile(r"content-disposition:", re.I)

Change = Callable[[Field, str, str], str]
"""From a field, its value as it reads, and how both are written there, to the new value."""

ChangeDocument = Callable[[Any, str, str], str]
"""From JSON, how it is written and what it is called, to the new text."""


def fields_in(text: str) -> list[Field]:
    """The fields in ``text``, in the order of their places; none stands inside another.

    Of JSON only what is cut off is here: what is whole is a document, see :func:`rewritten`.
    """
    found: list[Field] = []
    if "\n" in text and _DISPOSITION.search(text):
        found = list(parts_in(text))
    if "<" in text and ">" in text:
        found = _together(found, values_in(text))
    if "(" in text and _INSERTS.search(text):
        found = _together(found, inserted_in(text))
    if "\n" in text and "value:" in text:
        found = _together(found, listed_in(text))
    if "=" in text or ":" in text or "--" in text:
        found = _together(found, pairs_in(text))
    if "\n" in text:
        found = _together(found, cells_in(text))
    if "event:" in text:
        found = _together(found, events_in(text))
    if " is " in text or " was " in text:
        found = _together(found, said_in(text))
    if "'" in text or '"' in text or "`" in text:
        found = _together(found, told_in(text))
    return found


def _together(first: list[Field], second: Iterable[Field]) -> list[Field]:
    """Both, less those of ``second`` that begin or end inside one of ``first``."""
    if not first:
        return sorted(second, key=lambda field: field.start)
    starts = [field.start for field in first]
    kept = []
    for field in second:
        place = bisect_left(
            starts, field.stop
        )  # those of `first` lie apart: only the last that begins before can meet it
        if not place or first[place - 1].stop <= field.start:
            kept.append(field)
    return sorted([*first, *kept], key=lambda field: field.start)


def has_fields(text: str) -> bool:
    """Whether ``text`` has a field, or JSON in it."""
    return any(document is not None or fields_in(piece) for piece, document in _pieces(text))


def rewritten(text: str, change: Change, change_document: ChangeDocument) -> str:
    """``text`` with what ``change`` makes of each field, and ``change_document`` of each JSON document in it."""
    parts = []
    for piece, document in _pieces(text):
        parts.append(_changed(piece, change))
        if document is not None:
            parts.append(change_document(*document))
    return "".join(parts)


def _pieces(text: str) -> Iterator[tuple[str, tuple[Any, str, str] | None]]:
    """The text before each document, and the document; at the end the text behind all of them."""
    done = 0
    if '"' in text and ("{" in text or "[" in text):
        for document in documents_in(text):
            written = text[document.start : document.stop]
            yield text[done : document.start], (document.value, written, document.name)
            done = document.stop
    yield text[done:], None


def _changed(text: str, change: Change) -> str:
    parts, done = [], 0
    for field in fields_in(text):
        value = field.spelling.read(text[field.start : field.stop])
        written = change(field, value, text[field.begin : field.stop])
        if written != value and field.start >= done:
            parts += [text[done : field.start], field.spelling.write(written)]
            done = field.stop
    return "".join([*parts, text[done:]])
