"""Tnetstrings, the notation of mitmproxy's flow files: ``SIZE:DATA`` and a sign for the type."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from handlesfake.captures.exchange import Unreadable
from handlesfake.captures.limits import LIMITS, Limits

_SIZE = re.compile(rb"(0|[1-9][0-9]{0,11}):")
_INTEGER = re.compile(rb"-?[0-9]{1,30}")
_FLOAT = re.compile(rb"-?[0-9]{1,400}(?:\.[0-9]{0,400})?(?:e[-+]?[0-9]{1,4})?")


def read_tnetstrings(raw: bytes, limits: Limits = LIMITS) -> Iterator[Any]:
    """The values in ``raw``: dicts, lists, texts, bytes, numbers, booleans, None.

    :raises Unreadable: there is something else, or more than ``limits`` allow; the byte is named.
    """
    reader, at = _Reader(raw, limits), 0
    while at < len(raw):
        value, at = reader.value(at, len(raw), 0)
        yield value


class _Reader:
    def __init__(self, raw: bytes, limits: Limits) -> None:
        self._raw = raw
        self._limits = limits
        self._values = 0

    def value(self, at: int, end: int, depth: int) -> tuple[Any, int]:
        """The value at ``at``, which must end before ``end``, and where it ends."""
        self._values += 1
        if self._values > self._limits.values:
            raise Unreadable(f"it holds more than {self._limits.values} values")
        if depth > self._limits.depth:
            raise Unreadable(f"it is nested deeper than {self._limits.depth} levels")
        size = _SIZE.match(self._raw, at, end)
        if size is None:
            raise self._bad(at, "a size is missing")
        start, stop = size.end(), size.end() + int(size[1])
        if stop >= end:
            raise self._bad(at, f"{size[1].decode()} bytes are announced, and {max(end - start - 1, 0)} are there")
        return self._typed(self._raw[stop : stop + 1], start, stop, depth), stop + 1

    def _typed(self, sign: bytes, start: int, stop: int, depth: int) -> Any:
        if sign == b"}":
            return self._mapping(start, stop, depth)
        if sign == b"]":
            return list(self._items(start, stop, depth))
        data = self._raw[start:stop]
        if sign == b",":
            return data
        if sign == b";":
            return self._text(data, start)
        return self._simple(sign, data, start)

    def _text(self, data: bytes, start: int) -> str:
        try:
            return data.decode()
        except UnicodeDecodeError:
            raise self._bad(start, "a text is not UTF-8") from None

    def _simple(self, sign: bytes, data: bytes, start: int) -> Any:
        if sign == b"#" and _INTEGER.fullmatch(data):
            return int(data)
        if sign == b"^" and _FLOAT.fullmatch(data):
            return float(data)
        if sign == b"!" and data in (b"true", b"false"):
            return data == b"true"
        if sign == b"~" and not data:
            return None
        raise self._bad(start, f"a value of the type {sign.decode('latin-1')!a} cannot be read")

    def _items(self, at: int, stop: int, depth: int) -> Iterator[Any]:
        while at < stop:
            value, at = self.value(at, stop, depth + 1)
            yield value

    def _mapping(self, at: int, stop: int, depth: int) -> dict[Any, Any]:
        items = list(self._items(at, stop, depth))
        if len(items) % 2:
            raise self._bad(at, "a key has no value")
        keys = items[::2]
        if not all(isinstance(key, (str, bytes)) for key in keys) or len(set(keys)) < len(keys):
            raise self._bad(at, "a key is not text, or appears twice")
        return dict(zip(keys, items[1::2], strict=True))

    def _bad(self, at: int, problem: str) -> Unreadable:
        return Unreadable(f"it cannot be read from byte {at} on: {problem}; it may be cut short")
