"""JSON read strictly, with the place of everything: cassettes that vcrpy has written as JSON."""

from __future__ import annotations

import re
from bisect import bisect_right
from json.decoder import JSONDecodeError, scanstring  # type: ignore[attr-defined]  # documented nowhere, C where it can be
from typing import Any

from handlesfake.files.placed import Map, Misread, Place, Seq
from handlesfake.files.strict_yaml import ParsedText
from handlesfake.files.yaml_builder import DocumentLimits

_SPACE = re.compile(r"[ \t\r\n]*")
_WORD = re.compile(r"-?(?:0|[1-9][0-9]{0,30})(?:\.[0-9]{1,30})?(?:[eE][-+]?[0-9]{1,2})?|true|false|null")


def read_json_text(text: str, limits: DocumentLimits) -> ParsedText:
    """The JSON value in ``text``: mappings, lists and texts that know their places; a number is its text.

    :raises Misread: the text is no JSON, names a key twice, or is more than the limits allow.
    """
    reader = _Reader(text, limits)
    root, end = reader.value(reader.skipped(0), 0)
    end = reader.skipped(end)
    if end != len(text):
        raise reader.misread("the text goes on behind its end", end)
    return ParsedText(root, ended=True)


class _Reader:
    def __init__(self, text: str, limits: DocumentLimits) -> None:
        self.text = text
        self.limits = limits
        self.nodes = 0
        self.lines = [0, *(found.end() for found in re.finditer("\n", text))]

    def place(self, at: int) -> Place:
        line = bisect_right(self.lines, at)
        return line, at - self.lines[line - 1] + 1

    def misread(self, problem: str, at: int) -> Misread:
        return Misread(problem, self.place(at))

    def skipped(self, at: int) -> int:
        """Behind the spaces at ``at``."""
        found = _SPACE.match(self.text, at)
        return found.end() if found else at

    def value(self, at: int, depth: int) -> tuple[Any, int]:
        """The value at ``at``, and where it ends."""
        self.nodes += 1
        if self.nodes > self.limits.nodes:
            raise self.misread(f"more than {self.limits.nodes} values", at)
        first = self.text[at : at + 1]
        if first == '"':
            return self.string(at)
        if first in ("{", "[") and first:
            if depth >= self.limits.depth:
                raise self.misread(f"nested deeper than {self.limits.depth} levels", at)
            return self.mapping(at, depth + 1) if first == "{" else self.list(at, depth + 1)
        found = _WORD.match(self.text, at)
        if found is None:
            raise self.misread("a JSON value is missing here; the file may be cut short", at)
        word = found[0]
        return {"true": True, "false": False, "null": None}.get(word, word), found.end()

    def string(self, at: int) -> tuple[str, int]:
        try:
            text, end = scanstring(self.text, at + 1, True)  # noqa: FBT003 - it takes no keywords
        except JSONDecodeError as error:
            raise self.misread(f"{error.msg[0].lower()}{error.msg[1:]}", error.pos) from None
        return str(text), int(end)

    def mapping(self, at: int, depth: int) -> tuple[Map, int]:
        found = Map(self.place(at))
        at = self.skipped(at + 1)
        while self.text[at : at + 1] != "}":
            if found.places:
                at = self.expected(",", at)
            if self.text[at : at + 1] != '"':
                raise self.misread("a key must be a text in double quotes", at)
            key_place = self.place(at)
            key, end = self.string(at)
            if key in found:
                first = found.places[key][0][0]
                raise Misread(
                    f"the key {key!r} stands here a second time; it stands in line {first} already", key_place
                )
            at = self.expected(":", self.skipped(end))
            value_place = self.place(at)
            found[key], at = self.value(at, depth)
            found.places[key] = (key_place, value_place)
            at = self.skipped(at)
        return found, at + 1

    def list(self, at: int, depth: int) -> tuple[Seq, int]:
        found = Seq(self.place(at))
        at = self.skipped(at + 1)
        while self.text[at : at + 1] != "]":
            if found.places:
                at = self.expected(",", at)
            found.places.append(self.place(at))
            value, at = self.value(at, depth)
            found.append(value)
            at = self.skipped(at)
        return found, at + 1

    def expected(self, sign: str, at: int) -> int:
        """Behind ``sign``, which must stand at ``at``, and behind the spaces after it."""
        if self.text[at : at + 1] != sign:
            raise self.misread(f"{sign!r} is missing here; the file may be cut short", at)
        return self.skipped(at + 1)
