"""StrictFields: a mapping of a cassette, read field by field, with every mistake named where it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from handlesfake.cassettes.format.object_bodies import bytes_sent
from handlesfake.files.placed import Map, Misread, Place, Seq
from handlesfake.mpsd.http.message import Headers
from handlesfake.values.values import frozen


@frozen
class StrictFields:
    """``node`` is the value of ``name`` in the file."""

    node: Map
    name: str

    @classmethod
    def of(cls, node: Any, name: str, place: Place | None = None) -> StrictFields:
        """``node`` as a mapping.

        :raises Misread: it is not one.
        """
        if not isinstance(node, Map):
            raise Misread(f"{name} must be a mapping", getattr(node, "place", place))
        return cls(node, name)

    def misread(self, problem: str, key: str | None = None) -> Misread:
        """The error to raise for ``problem`` with the value under ``key``, or with the whole."""
        place = self.node.places[key][1] if key in self.node.places else self.node.place
        return Misread(problem, place)

    def _get(self, key: str) -> Any:
        if key not in self.node:
            raise self.misread(f"{self.name} has no {key}; the file may be cut short")
        return self.node[key]

    def below(self, key: str) -> StrictFields:
        """The mapping under ``key``.

        :raises Misread: there is none.
        """
        value = self._get(key)
        return StrictFields.of(value, key, self.node.places[key][1])

    def text(self, key: str) -> str:
        """The text under ``key``, not empty.

        :raises Misread: there is none.
        """
        value = self._get(key)
        if not isinstance(value, str) or not value:
            raise self.misread(f"{key} must be a text", key)
        return value

    def items(self, key: str) -> Iterator[tuple[Any, Place]]:
        """The items of the list under ``key``, each with its place.

        :raises Misread: there is none.
        """
        value = self._get(key)
        if not isinstance(value, Seq):
            raise self.misread(f"{key} must be a list", key)
        return zip(value, value.places, strict=True)

    def body(self, key: str, encode: Callable[[str], bytes] = str.encode) -> bytes:
        """The body under ``key``: text, bytes, or nothing.

        :raises Misread: it is something else, or missing.
        """
        value = self._get(key)
        if value is None:
            return b""
        if isinstance(value, bytes):
            return value
        if not isinstance(value, str):
            raise self.misread(f"{key} must be a text or !!binary", key)
        try:
            return encode(value)
        except UnicodeEncodeError:
            raise self.misread(f"{key} holds a lone surrogate, which is not a character", key) from None

    def object_body(self, key: str, content_type: str) -> tuple[bytes, bytes | None]:
        """The body under ``key``, an object that aiohttp was given; see :func:`bytes_sent`.

        :raises Misread: no client sends that.
        """
        try:
            return bytes_sent(self._get(key), content_type)
        except ValueError:
            raise self.misread(f"{key} must be a text, !!binary, or what JSON or a form can say", key) from None

    def headers(self, key: str) -> Headers:
        """The header lines under ``key``: name to one text or a list of texts; null for none.

        :raises Misread: it is something else, or missing.
        """
        if self._get(key) is None:
            return Headers()
        lines = self.below(key)
        return Headers((name, value) for name in lines.node for value in lines.header(name))

    def header(self, name: str) -> list[str]:
        """The values of the header called ``name``.

        :raises Misread: name or value cannot be part of a header.
        """
        value = self.node[name]
        values = [_as_on_the_wire(one) for one in _listed(value)]
        if not _is_token(name) or not all(isinstance(one, str) and is_line(one) for one in values):
            raise self.misread(f"the header {name[:60]!r} must be a list of single lines of text", name)
        return values


def _listed(value: Any) -> list[Any]:
    # null is how a plain, empty value reads; vcrpy quotes its own
    return ["" if one is None else one for one in (value if isinstance(value, list) else [value])]


def _as_on_the_wire(value: Any) -> Any:
    """``value`` with each byte as one character; what vcrpy read from aiohttp as UTF-8 is UTF-8 again."""
    if isinstance(value, bytes):
        return value.decode("latin-1")
    if isinstance(value, str) and not value.isascii() and max(value) > "\xff":
        return value.encode("utf-8", "replace").decode("latin-1")
    return value


def _is_token(name: str) -> bool:
    return bool(name) and name.isascii() and all(char.isalnum() or char in "!#$%&'*+-.^_`|~" for char in name)


def is_line(value: str) -> bool:
    """Whether ``value`` can be part of the head of a message."""
    return all(char == "\t" or (" " <= char <= "\xff" and char != "\x7f") for char in value)
