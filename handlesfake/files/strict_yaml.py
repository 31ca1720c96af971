"""YAML read strictly, with the place of everything: what rule files and cassettes are read with.

The results are only texts, lists and mappings, or what the caller's own functions make of a plain scalar or a tag.
Nothing is looked up by name or called. The module reads the parser's events, so that depth, size and aliases are
limited before anything is built.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import yaml

from handlesfake.files.placed import Misread, Place
from handlesfake.files.yaml_builder import Builder, DocumentLimits, place_of
from handlesfake.values.values import frozen

_Parser: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,4299})")
"""Of as many digits as Python turns into a number."""

_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,4299})(\.[0-9]{1,4299})?([eE][-+]?[0-9]{1,3})?")


def as_json_scalar(text: str) -> Any:
    """A plain scalar as JSON would have it: ``NO``, ``012``, ``1:30`` and ``2026-01-06`` are texts."""
    if text in _NULL:
        return None
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    number = float(text) if _NUMBER.fullmatch(text) else math.inf
    return number if math.isfinite(number) else text


class PlainScalar(str):
    """A text that stands without quotes: a number or a boolean, where what has written it wrote values."""

    __slots__ = ()


def as_text(text: str) -> PlainScalar | None:
    """A plain scalar as a text, whatever it looks like; None for nothing."""
    return None if text in _NULL else PlainScalar(text)


_LIMITS = DocumentLimits()
NO_TAGS: Mapping[str, Callable[[Any], Any]] = MappingProxyType({})
"""For files that are JSON in another spelling."""


@frozen
class ParsedText:
    """What a YAML text says, and whether it says that it is complete."""

    root: Any
    ended: bool
    """The text ends with the line ``...``: what is cut short does not."""

    aliases: int = 0
    """How many there are."""


def read_yaml(
    text: str,
    plain: Callable[[str], Any] = as_json_scalar,
    tags: Mapping[str, Callable[[Any], Any]] = NO_TAGS,
    limits: DocumentLimits = _LIMITS,
) -> ParsedText:
    """The one document in ``text``: ``Map`` and ``Seq`` of :mod:`handlesfake.files.placed`, and scalars.

    :param plain: makes a value of an unquoted scalar.
    :param tags: full tag to what makes a value of the text, list or mapping beneath it; may raise ValueError.
    :raises Misread: the text is not YAML, or has something that is not read here.
    """
    builder, documents, ended = Builder(plain, tags, limits), 0, False
    try:
        parser = _Parser(text)
        try:
            take, next_event = builder.take, parser.get_event
            while (kind := type(event := next_event())) is not yaml.StreamEndEvent:
                if kind is yaml.DocumentStartEvent:
                    documents += 1
                    if documents > 1:
                        raise Misread("a second document begins here; one is read", place_of(event))
                elif kind is yaml.DocumentEndEvent:
                    ended = bool(event.explicit)
                else:
                    take(event)
        finally:
            parser.dispose()
    except yaml.YAMLError as error:
        raise _misread(error, text) from None
    except UnicodeEncodeError as error:
        raise Misread("a lone surrogate is not a character", _place_of(text, error.start)) from None
    return ParsedText(builder.root, ended, builder.aliases)


def decode(raw: bytes) -> str:
    """``raw`` as UTF-8.

    :raises Misread: it is not.
    """
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        good = raw[: error.start].decode("utf-8", "replace")
        raise Misread(f"byte {error.start} is not UTF-8", _place_of(good, len(good))) from None


def _place_of(text: str, offset: int) -> Place:
    before = text[:offset]
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


def _misread(error: yaml.YAMLError, text: str) -> Misread:
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
        return _misread_at(error, error.problem_mark, text)
    position = getattr(error, "position", None)
    place = _place_of(text, position) if isinstance(position, int) else None
    return Misread(getattr(error, "reason", None) or "this is not YAML", place)


_PAIR = re.compile(r"\\u[dD][89a-fA-F]")


def _misread_at(error: yaml.MarkedYAMLError, mark: yaml.Mark, text: str) -> Misread:
    lines = text.split("\n")  # as the parser counts them
    line = lines[mark.line] if mark.line < len(lines) else ""
    problem = error.problem or error.context or "this is not YAML"
    if _PAIR.match(line, mark.column - 2):
        problem = "YAML has no pairs of surrogates: write the character itself, or the whole file as JSON"
    elif line[: mark.column + 1].endswith("\t") and "token" in problem:
        problem = "a tab stands here; YAML is indented by spaces"
    elif error.context_mark is not None and error.context and error.context_mark.line != mark.line:
        began = error.context_mark
        problem = f"{problem} {error.context}, which began in line {began.line + 1}, column {began.column + 1}"
    return Misread(problem, (mark.line + 1, mark.column + 1))
