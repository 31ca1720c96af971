"""Rows: tables with a head of names: CSV, also with semicolons, bars or tabulators."""

from __future__ import annotations

import re
from collections.abc import Iterator

from handlesfake.cassettes.scrubbing.carriers.field import PLAIN, Field
from handlesfake.cassettes.scrubbing.field_names import meaning

_EVENT = re.compile(r"(?m)^event: ?([\w.-]+)\r?\n(?:(?:id|retry):[^\r\n]*\r?\n)*data: ?([^\s{\[][^\r\n]*)")
_REMARKS = re.compile(r"(?:#[^\n]*\n)+")
_CELL = re.compile(r"\|[ \t]*([^|\r\n]+)(?=\|)")
_HEAD = re.compile(r"\"?[A-Za-z_][\w .-]{0,40}\"?(?:([,;|\t])\"?[A-Za-z_][\w .-]{0,40}\"?)+")


def events_in(text: str) -> Iterator[Field]:
    """The data of events in ``text`` that are called as secrets or people are."""
    for event in _EVENT.finditer(text):
        means = meaning(event[1])
        if means.is_any:
            yield Field(event[1], event.start(2), event.end(2), PLAIN, means, event.start())


def cells_in(text: str) -> Iterator[Field]:
    """The cells of a table in ``text`` below a name that says something of them."""
    head, _, rows = text[_remarks(text) :].lstrip("\ufeff").partition("\n")
    if head.startswith("|"):
        yield from _of_markdown(text)
        return
    found = _HEAD.fullmatch(head.rstrip("\r"))
    if found is None or not rows:
        return
    names = [name.strip().strip('"') for name in head.rstrip("\r").split(found[1])]
    meanings = [meaning(name) for name in names]
    if not any(one.is_any for one in meanings):
        return
    # a head without spaces is no sentence with commas: the mark before a cell is then a part of what says so
    before = int(" " not in head)
    cell = re.compile(rf"\"((?:[^\"]|\"\")*)\"|([^{re.escape(found[1])}\r\n]*)")
    start = len(text) - len(rows)
    for line in rows.splitlines(keepends=True):
        position = start
        for name, means in zip(names, meanings, strict=True):
            value = cell.match(text, position)
            if value is None or position >= start + len(line):
                break
            group = 1 if value[1] is not None else 2
            if means.is_any and value[group]:
                yield Field(name, value.start(group), value.end(group), PLAIN, means, value.start() - before)
            position = value.end() + 1
        start += len(line)


def _remarks(text: str) -> int:
    """Where the table begins: behind lines that begin with ``#``."""
    found = _REMARKS.match(text)
    return found.end() if found is not None else 0


def _of_markdown(text: str) -> Iterator[Field]:
    """The cells of a table between bars, with a line below its head: ``| id | password |``."""
    start, names = 0, [""]
    for number, line in enumerate(text[_remarks(text) :].splitlines(keepends=True)):
        if not line.startswith("|"):
            break
        for name, cell in zip(names if number > 1 else (), _CELL.finditer(line), strict=False):
            means = meaning(name)
            if means.is_any and cell[1].strip():
                begin = _remarks(text) + start + cell.start(1)
                yield Field(name, begin, begin + len(cell[1].rstrip()), PLAIN, means, begin - 1)
        if not number:
            names = [cell[1].strip(" *`") for cell in _CELL.finditer(line)]
        start += len(line)
