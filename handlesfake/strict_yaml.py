"""YAML read strictly, with the place of everything: what rule files and cassettes are read with.

Only texts, lists and mappings come out, or what the caller's own functions make of a plain scalar or a tag: nothing
is ever looked up by name, let alone called. Read from the parser's events, so that depth, size and aliases are
limited before anything is built.
"""

from __future__ import annotations

import binascii
import re
from base64 import b64decode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import yaml

from handlesfake.placed import Map, Misread, Place, Seq

_Parser: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a text is read at most."""

    depth: int = 60
    nodes: int = 2_000_000
    """Texts, lists and mappings, those that aliases repeat counted again."""

    aliases: int = 1000


_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,30})")
_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,30})(\.[0-9]{1,30})?([eE][-+]?[0-9]{1,2})?")


def as_json(text: str) -> Any:
    """A plain scalar as JSON would have it: ``NO``, ``012``, ``1:30`` and ``2026-01-06`` are texts."""
    if text in _NULL:
        return None
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _NUMBER.fullmatch(text) else text


def as_text(text: str) -> str | None:
    """A plain scalar as a text, whatever it looks like; None for nothing."""
    return None if text in _NULL else text


def _binary(value: Any) -> bytes:
    try:
        return b64decode("".join(value.split()), validate=True)
    except (AttributeError, binascii.Error, ValueError):
        raise ValueError("!!binary is not base64") from None


def _a(kind: type) -> Callable[[Any], Any]:
    def check(value: Any) -> Any:
        if not isinstance(value, kind):
            raise ValueError("the tag does not fit what it stands on")
        return value

    return check


_CORE = "tag:yaml.org,2002:"
_TAGS: Mapping[str, Callable[[Any], Any]] = MappingProxyType(
    {
        "!": _a(str),
        f"{_CORE}str": _a(str),
        f"{_CORE}seq": _a(list),
        f"{_CORE}map": _a(dict),
        f"{_CORE}binary": _binary,
    }
)
_NO_TAGS: Mapping[str, Callable[[Any], Any]] = MappingProxyType({})


@dataclass(slots=True)
class _Open:
    """A list or mapping under way."""

    value: Map | Seq
    tag: str | None
    anchor: str | None
    key: str | None = None
    key_place: Place = (1, 1)
    weight: int = 1


@dataclass(slots=True)
class _Builder:
    plain: Callable[[str], Any]
    tags: Mapping[str, Callable[[Any], Any]]
    limits: Limits
    open: list[_Open] = field(default_factory=list)
    anchors: dict[str, tuple[Any, int]] = field(default_factory=dict)
    aliases: int = 0
    nodes: int = 0
    root: Any = None

    def take(self, event: Any) -> None:
        if isinstance(event, yaml.ScalarEvent):
            self.scalar(event)
        elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            self.begin(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            self.end()
        elif isinstance(event, yaml.AliasEvent):
            self.alias(event)

    def scalar(self, event: Any) -> None:
        top = self.open[-1] if self.open else None
        if top is not None and top.key is None and isinstance(top.value, Map):
            self.key(top, event)
            return
        value = event.value
        if event.tag is not None:
            value = self.tagged(event.tag, value, _place(event))
        elif event.implicit[0]:
            value = self.plain(value)
        if event.anchor is not None:
            self.anchors[event.anchor] = (value, 1)
        self.put(value, _place(event), 1)

    def key(self, top: _Open, event: Any) -> None:
        place, text = _place(event), event.value
        if text == "<<" and event.implicit[0]:
            raise Misread("merge keys (<<) are not read: write the keys out", place)
        if text in top.value:
            first = top.value.places[text][0][0]
            raise Misread(f"the key {text!r} stands here a second time; it stands in line {first} already", place)
        if event.anchor is not None:
            self.anchors[event.anchor] = (text, 1)
        top.key, top.key_place = text, place

    def begin(self, event: Any) -> None:
        place = _place(event)
        if len(self.open) >= self.limits.depth:
            raise Misread(f"nested deeper than {self.limits.depth} levels", place)
        self.value_wanted(place)
        value = Map(place) if isinstance(event, yaml.MappingStartEvent) else Seq(place)
        self.open.append(_Open(value, event.tag, event.anchor))

    def end(self) -> None:
        done = self.open.pop()
        value: Any = done.value
        if done.tag is not None:
            value = self.tagged(done.tag, value, done.value.place)
        if done.anchor is not None:
            self.anchors[done.anchor] = (value, done.weight)
        self.put(value, done.value.place, done.weight)

    def alias(self, event: Any) -> None:
        place = _place(event)
        self.value_wanted(place)
        self.aliases += 1
        if self.aliases > self.limits.aliases:
            raise Misread(f"more than {self.limits.aliases} aliases", place)
        if event.anchor not in self.anchors:
            raise Misread(f"the alias *{event.anchor} has no anchor before it", place)
        value, weight = self.anchors[event.anchor]
        self.put(value, place, weight)

    def value_wanted(self, place: Place) -> None:
        if self.open and isinstance(self.open[-1].value, Map) and self.open[-1].key is None:
            raise Misread("a key must be a text", place)

    def put(self, value: Any, place: Place, weight: int) -> None:
        if not self.open:
            self.root = value
            return
        top = self.open[-1]
        top.weight += weight
        if top.weight > self.limits.nodes:
            raise Misread(f"more than {self.limits.nodes} values", place)
        if isinstance(top.value, Map):
            key, top.key = top.key or "", None
            top.value[key] = value
            top.value.places[key] = (top.key_place, place)
        else:
            top.value.append(value)
            top.value.places.append(place)

    def tagged(self, tag: str, value: Any, place: Place) -> Any:
        make = self.tags.get(tag) or _TAGS.get(tag)
        if make is None:
            raise Misread(f"the tag {tag.replace(_CORE, '!!')} is not read", place)
        try:
            return make(value)
        except ValueError as error:
            raise Misread(str(error), place) from None


@dataclass(frozen=True, slots=True)
class Text:
    """What a YAML text says, and whether it says that it is complete."""

    root: Any
    ended: bool
    """The text ends with the line ``...``: what is cut short does not."""


def read(
    text: str,
    plain: Callable[[str], Any] = as_json,
    tags: Mapping[str, Callable[[Any], Any]] = _NO_TAGS,
    limits: Limits = Limits(),
) -> Text:
    """The one document in ``text``: :class:`Map`, :class:`Seq` and scalars.

    :param plain: makes a value of an unquoted scalar.
    :param tags: full tag to what makes a value of the text, list or mapping beneath it; may raise ValueError.
    :raises Misread: the text is no YAML, or says what is not read here.
    """
    builder, documents, ended = _Builder(plain, tags, limits), 0, False
    try:
        parser = _Parser(text)
        try:
            while parser.check_event():
                event = parser.get_event()
                if isinstance(event, yaml.DocumentStartEvent):
                    documents += 1
                    if documents > 1:
                        raise Misread("a second document begins here; one is read", _place(event))
                elif isinstance(event, yaml.DocumentEndEvent):
                    ended = bool(event.explicit)
                else:
                    builder.take(event)
        finally:
            parser.dispose()
    except yaml.YAMLError as error:
        raise _misread(error, text) from None
    except UnicodeEncodeError as error:
        raise Misread("a lone surrogate is no character", _place_of(text, error.start)) from None
    return Text(builder.root, ended)


def decode(raw: bytes) -> str:
    """``raw`` as UTF-8.

    :raises Misread: it is not.
    """
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        good = raw[: error.start].decode("utf-8", "replace")
        raise Misread(f"byte {error.start} is not UTF-8", _place_of(good, len(good))) from None


def _place(event: Any) -> Place:
    mark = event.start_mark
    return mark.line + 1, mark.column + 1


def _place_of(text: str, offset: int) -> Place:
    before = text[:offset]
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


def _misread(error: yaml.YAMLError, text: str) -> Misread:
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
        problem = error.problem or error.context or "this is no YAML"
        return Misread(problem, (error.problem_mark.line + 1, error.problem_mark.column + 1))
    position = getattr(error, "position", None)
    place = _place_of(text, position) if isinstance(position, int) else None
    return Misread(getattr(error, "reason", None) or "this is no YAML", place)
