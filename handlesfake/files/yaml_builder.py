"""Builds values from the events of a YAML parser, within limits, each with its place."""

from __future__ import annotations

import binascii
from base64 import b64decode
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import yaml

from handlesfake.files.placed import Map, Misread, Place, Seq
from handlesfake.values.values import field, frozen, mutable


@frozen
class DocumentLimits:
    """How much of a text is read at most."""

    depth: int = 60
    nodes: int = 2_000_000
    """Texts, lists and mappings, those that aliases repeat counted again."""

    aliases: int = 1000


def _binary(value: Any) -> bytes:
    try:
        return b64decode("".join(value.split()), validate=True)
    except (AttributeError, binascii.Error, ValueError):
        raise ValueError("!!binary is not base64") from None


def _a(kind: type) -> Callable[[Any], Any]:
    def check(value: Any) -> Any:
        if not isinstance(value, kind):
            raise ValueError("the tag does not fit its value")
        return value

    return check


_CORE = "tag:yaml.org,2002:"
_TAGS: Mapping[str, Callable[[Any], Any]] = MappingProxyType(
    {
        "!": _a(str),
        f"{_CORE}str": _a(str),
        f"{_CORE}seq": _a(list),
        f"{_CORE}map": _a(dict),
    }
)

BINARY: Mapping[str, Callable[[Any], Any]] = MappingProxyType({f"{_CORE}binary": _binary})
"""The tag ``!!binary``, for files that hold bodies; other files are JSON in another spelling, which has no bytes."""


@mutable
class _Open:
    """A list or mapping under way."""

    value: Map | Seq
    tag: str | None
    anchor: str | None
    key: str | None = None
    key_place: Place = (1, 1)
    weight: int = 1


@mutable
class Builder:
    """Takes one event after the other; ``root`` is the value once all are taken."""

    plain: Callable[[str], Any]
    tags: Mapping[str, Callable[[Any], Any]]
    limits: DocumentLimits
    open: list[_Open] = field(default_factory=list)
    anchors: dict[str, tuple[Any, int]] = field(default_factory=dict)
    aliases: int = 0
    nodes: int = 0
    root: Any = None

    def take(self, event: Any) -> None:
        """Go on with ``event``.

        :raises Misread: it says what is not read here.
        """
        kind = type(event)  # compared by identity: a cassette has a hundred thousand of them
        if kind is yaml.ScalarEvent:
            self._scalar(event)
        elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
            self._begin(event)
        elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            self._end()
        elif kind is yaml.AliasEvent:
            self._alias(event)
        elif (
            event is None
        ):  # the parser is at its end, and its last event was unknown: it would repeat it without end
            raise Misread(
                "this process has a second copy of the module yaml, but its parser in C still uses the first one. "
                "Import yaml before pytester does, at the top of the test module or of conftest.py"
            )

    def _scalar(self, event: Any) -> None:
        top = self.open[-1] if self.open else None
        if top is not None and top.key is None and isinstance(top.value, Map):
            self._key(top, event)
            return
        value = event.value
        if event.tag is not None:
            value = self._tagged(event.tag, value, place_of(event))
        elif event.implicit[0]:
            value = self.plain(value)
        if event.anchor is not None:
            self.anchors[event.anchor] = (value, 1)
        self._put(value, place_of(event), 1)

    def _key(self, top: _Open, event: Any) -> None:
        place, text = place_of(event), event.value
        if text == "<<" and event.implicit[0]:
            raise Misread("merge keys (<<) are not read: write the keys out", place)
        if text in top.value:
            first = top.value.places[text][0][0]
            raise Misread(f"the key {text!r} is here a second time; it is already in line {first} already", place)
        if event.anchor is not None:
            self.anchors[event.anchor] = (text, 1)
        top.key, top.key_place = text, place

    def _begin(self, event: Any) -> None:
        place = place_of(event)
        if len(self.open) >= self.limits.depth:
            raise Misread(f"nested deeper than {self.limits.depth} levels", place)
        self._value_wanted(place)
        value = Map(place) if isinstance(event, yaml.MappingStartEvent) else Seq(place)
        self.open.append(_Open(value, event.tag, event.anchor))

    def _end(self) -> None:
        done = self.open.pop()
        value: Any = done.value
        if done.tag is not None:
            value = self._tagged(done.tag, value, done.value.place)
        if done.anchor is not None:
            self.anchors[done.anchor] = (value, done.weight)
        self._put(value, done.value.place, done.weight)

    def _alias(self, event: Any) -> None:
        place = place_of(event)
        self._value_wanted(place)
        self.aliases += 1
        if self.aliases > self.limits.aliases:
            raise Misread(f"more than {self.limits.aliases} aliases", place)
        if event.anchor not in self.anchors:
            raise Misread(f"the alias *{event.anchor} has no anchor before it", place)
        value, weight = self.anchors[event.anchor]
        self._put(value, place, weight)

    def _value_wanted(self, place: Place) -> None:
        if self.open and isinstance(self.open[-1].value, Map) and self.open[-1].key is None:
            raise Misread("a key must be a text", place)

    def _put(self, value: Any, place: Place, weight: int) -> None:
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

    def _tagged(self, tag: str, value: Any, place: Place) -> Any:
        make = self.tags.get(tag) or _TAGS.get(tag)
        if make is None:
            raise Misread(f"the tag {tag.replace(_CORE, '!!')} is not read", place)
        try:
            return make(value)
        except ValueError as error:
            raise Misread(str(error), place) from None


def place_of(event: Any) -> Place:
    """Where ``event`` begins."""
    mark = event.start_mark
    return mark.line + 1, mark.column + 1
