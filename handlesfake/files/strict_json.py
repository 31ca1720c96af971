"""JSON read strictly, with the place of everything: what ``json.dumps`` and similar functions have written."""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections.abc import Callable
from functools import cached_property
from json.decoder import JSONDecodeError, scanstring  # type: ignore[attr-defined]  # documented nowhere, C where it can be
from typing import Any

from handlesfake.files.placed import Map, Misread, Place, Seq
from handlesfake.files.strict_yaml import ParsedText
from handlesfake.files.yaml_builder import DocumentLimits

_SPACE = re.compile(r"[ \t\r\n]*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")
_WORD = re.compile(r"true|false|null|NaN|-?Infinity")
_WORDS = {"true": True, "false": False, "null": None}
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_LONGEST_NUMBER = 1000


class NotJson(Misread):
    """A text that is not JSON at all; a plain Misread of this module is JSON that is not read.

    :param at_end: whether all that there is could be the beginning of JSON.
    """

    def __init__(self, problem: str, place: Place, *, at_end: bool) -> None:
        super().__init__(problem, place)
        self.at_end = at_end


def as_number(text: str) -> int | float:
    """The number that ``text``, a JSON number, says.

    :raises ValueError: it is beyond what a number can be here.
    """
    if len(text) > _LONGEST_NUMBER:
        raise ValueError(f"a number of more than {_LONGEST_NUMBER} characters")
    try:
        return int(text)
    except ValueError:
        found = float(text)
    if not math.isfinite(found):
        raise ValueError(f"the number {text:.40} is larger than any that is read")
    return found


def read_json_text(
    text: str, limits: DocumentLimits, number: Callable[[str], int | float | str] = as_number
) -> ParsedText:
    """The JSON value in ``text``: mappings, lists and texts that know their places.

    :param number: makes a value of a number; may raise ValueError.
    :raises NotJson: the text is not JSON.
    :raises Misread: it names a key twice, says ``NaN`` or a lone surrogate, or is more than the limits allow.
    """
    reader = _Reader(text, limits, number)
    root, end = reader.value(reader.skipped(0), 0)
    end = reader.skipped(end)
    if end != len(text):
        raise reader.no_json("the text goes on behind its end", end)
    return ParsedText(root, ended=True)


class _Reader:
    def __init__(self, text: str, limits: DocumentLimits, number: Callable[[str], int | float | str]) -> None:
        self.text = text
        self.limits = limits
        self.number = number
        self.nodes = 0

    @cached_property
    def lines(self) -> list[int]:
        """Where each line begins."""
        return [0, *(found.end() for found in re.finditer("\n", self.text))]

    def place(self, at: int) -> Place:
        line = bisect_right(self.lines, at)
        return line, at - self.lines[line - 1] + 1

    def misread(self, problem: str, at: int) -> Misread:
        return Misread(problem, self.place(at))

    def no_json(self, problem: str, at: int) -> NotJson:
        return NotJson(problem, self.place(at), at_end=self.skipped(at) == len(self.text))

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
        return self.word(at)

    def word(self, at: int) -> tuple[Any, int]:
        """The number at ``at``, or true, false, null."""
        found = _NUMBER.match(self.text, at)
        if found is not None:
            try:
                return self.number(found[0]), found.end()
            except ValueError as error:
                raise self.misread(str(error), at) from None
        found = _WORD.match(self.text, at)
        if found is None:
            raise self.no_json("a JSON value is missing here; the file may be cut short", at)
        if found[0] not in _WORDS:
            raise self.misread(f"JSON has no {found[0]}: write a number, null, or a text in quotes", at)
        return _WORDS[found[0]], found.end()

    def string(self, at: int) -> tuple[str, int]:
        try:
            text, end = scanstring(self.text, at + 1, True)  # noqa: FBT003 - it takes no keywords
        except JSONDecodeError as error:
            raise self.no_json(f"{error.msg[0].lower()}{error.msg[1:]}", error.pos) from None
        if not text.isascii() and _SURROGATE.search(text):
            raise self.misread("a lone surrogate is not a character", at)
        return str(text), int(end)

    def mapping(self, at: int, depth: int) -> tuple[Map, int]:
        found = Map(self.place(at))
        at = self.skipped(at + 1)
        while self.text[at : at + 1] != "}":
            if found.places:
                at = self.expected(",", at)
            if self.text[at : at + 1] != '"':
                raise self.no_json("a key must be a text in double quotes", at)
            key_place = self.place(at)
            key, end = self.string(at)
            if key in found:
                first = found.places[key][0][0]
                raise Misread(
                    f"the key {key!r} is here a second time; it is already in line {first} already", key_place
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
        """The position after ``sign``, which must be at ``at``, and after the spaces that follow it."""
        if self.text[at : at + 1] != sign:
            raise self.no_json(f"{sign!r} is missing here; the file may be cut short", at)
        return self.skipped(at + 1)
