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


_NAMING = frozenset({"attribute", "field", "key", "name", "option", "parameter", "property", "setting", "variable"})
_HOLDING = frozenset({"content", "current value", "data", "value"})
_ROW = re.compile(r"(?i)\b(?:INSERT|REPLACE)\s+(?:INTO\s+)?[\w.\"`\[\]]+\s*\(([^()]{1,2000})\)\s*VALUES\s*(?=\()")
_PARENTHESIS = re.compile(r"\s*,?\s*\(")
_SQL_VALUE = re.compile(r"\s*(?:N?'((?:[^']|'')*)'|((?:[^,'()]|\([^()]*\))*))\s*([,)])")
_LISTED = re.compile(
    r"(?m)^[ \t]*(?:-[ \t]*)?(?:name|key):[ \t]*([\"']?)([A-Za-z_][\w.-]{0,63})\1[ \t]*\r?\n"
    r"[ \t]*value:[ \t]*(?:([\"'])(.*?)\3[ \t]*$|([^\s\"'#][^\r\n]*))"
)


def listed_in(text: str) -> Iterator[Field]:
    """The items of a list of YAML that has name and value on two lines, as the environment of a container."""
    for found in _LISTED.finditer(text):
        means, group = meaning(found[2]), 4 if found[3] else 5
        if means.is_any and found[group]:
            yield Field(found[2], found.start(group), found.end(group), PLAIN, means, found.start(2))


def inserted_in(text: str) -> Iterator[Field]:
    """The values of a row that a statement of SQL inserts below the names of its columns."""
    for found in _ROW.finditer(text):
        names = [name.strip(' "`[]') for name in found[1].split(",")]
        position = found.end()
        while (row := _PARENTHESIS.match(text, position)) is not None:
            position = row.end()
            for name in names:
                value = _SQL_VALUE.match(text, position)
                if value is None:
                    return
                means = meaning(name)
                if means.is_any and value[1]:
                    yield Field(name, value.start(1), value.end(1), PLAIN, means, value.start(1))
                position = value.end()
                if value[3] == ")":
                    break


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
    # a head without spaces is not a sentence with commas: the mark before a cell is then part of the evidence
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


def _column_of_values(names: list[str]) -> int:
    """The column with the values of the settings in the first column; -1 where it is not a table of settings."""
    if not names or names[0].lower() not in _NAMING:
        return -1
    return next((at for at, name in enumerate(names) if at and name.lower() in _HOLDING), -1)


def _of_markdown(text: str) -> Iterator[Field]:
    """The cells of a table between bars, with a line below its head: ``| id | password |``."""
    start, names, at = 0, [""], -1
    for number, line in enumerate(text[_remarks(text) :].splitlines(keepends=True)):
        if not line.startswith("|"):
            break
        cells = list(_CELL.finditer(line)) if number > 1 else []
        called = cells[0][1].strip(" *`") if at > 0 and cells else ""
        for column, (name, cell) in enumerate(zip(names, cells, strict=False)):
            name = called if column == at else name  # noqa: PLW2901 - a row may say it of its value
            means = meaning(name)
            if means.is_any and cell[1].strip():
                begin = _remarks(text) + start + cell.start(1)
                yield Field(name, begin, begin + len(cell[1].rstrip()), PLAIN, means, begin - 1)
        if not number:
            names = [cell[1].strip(" *`") for cell in _CELL.finditer(line)]
            at = _column_of_values(names)
        start += len(line)
