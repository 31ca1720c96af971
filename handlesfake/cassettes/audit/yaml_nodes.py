"""YAML as nodes, whatever it says: several documents, any tag, a key twice. Nothing is ever called."""

from __future__ import annotations

import base64
import binascii
import re
from contextlib import suppress
from typing import Any

import yaml

from handlesfake.cassettes.audit.nodes import Builder, Document, Leaf

_Parser: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_BINARY = "tag:yaml.org,2002:binary"
_DEEPEST = 200
_SAYS_SOMETHING = re.compile(r"[^\s:,?\[\]{}|>'\"+.&*!-]")


def yaml_nodes(text: str) -> Document:
    """What ``text`` says, up to where it is not YAML; the rest of it is a gap."""
    reader = _Reader(text)
    with suppress(yaml.YAMLError, UnicodeError, ValueError):
        reader.read()
    return reader.finished()


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._builder = Builder()
        self._done = 0

    def read(self) -> None:
        """Read on.

        :raises YAMLError: what comes now is not YAML.
        """
        parser = _Parser(self._text)
        try:
            while type(event := parser.get_event()) is not yaml.StreamEndEvent:
                self._take(event)
        finally:
            parser.dispose()

    def finished(self) -> Document:
        """All that was read; what was not is a gap."""
        self._gap(len(self._text))
        return self._builder.finished(len(self._text))

    def _take(self, event: Any) -> None:
        kind, start, end = type(event), event.start_mark.index, event.end_mark.index
        if kind is yaml.ScalarEvent:
            self._gap(start)
            self._builder.leaf(Leaf(_value(event), start, end))
            self._done = end
        elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
            if self._builder.depth >= _DEEPEST:
                raise ValueError("no real file nests that deep")
            self._builder.begin(start, is_list=kind is yaml.SequenceStartEvent)
        elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            self._builder.end(end)
        elif kind is yaml.AliasEvent:
            self._builder.missing()  # it stands where its anchor is

    def _gap(self, end: int) -> None:
        if _SAYS_SOMETHING.search(self._text, self._done, end):
            self._builder.document.gaps.append((self._done, end))


def _value(event: Any) -> str | bytes:
    if event.tag == _BINARY:
        with suppress(binascii.Error, ValueError):
            return base64.b64decode("".join(event.value.split()), validate=True)
    return str(event.value)
