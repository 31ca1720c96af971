"""StrictFields: a mapping of a cassette, read field by field, with every mistake named where it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from handlesfake.files.placed import Map, Misread, Place, Seq
from handlesfake.mpsd.http.message import Headers


@dataclass(frozen=True, slots=True)
class StrictFields:
    """``node`` stands under ``name`` in the file."""

    node: Map
    name: str

    @classmethod
    def of(cls, node: Any, name: str, place: Place | None = None) -> StrictFields:
        """``node`` as a mapping.

        :raises Misread: it is none.
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
            raise self.misread(f"{key} holds a lone surrogate, which is no character", key) from None

    def headers(self, key: str) -> Headers:
        """The header lines under ``key``: name to one text or a list of texts.

        :raises Misread: it is something else, or missing.
        """
        lines = self.below(key)
        return Headers((name, value) for name in lines.node for value in lines.header(name))

    def header(self, name: str) -> list[str]:
        """The values of the header called ``name``.

        :raises Misread: name or value cannot stand in a header.
        """
        value = self.node[name]
        values = [one.decode("latin-1") if isinstance(one, bytes) else one for one in _listed(value)]
        if not _is_token(name) or not all(isinstance(one, str) and _is_line(one) for one in values):
            raise self.misread(f"the header {name[:60]!r} must be a list of single lines of text", name)
        return values


def _listed(value: Any) -> list[Any]:
    # null is how a plain, empty value reads; vcrpy quotes its own
    return ["" if one is None else one for one in (value if isinstance(value, list) else [value])]


def _is_token(name: str) -> bool:
    return bool(name) and name.isascii() and all(char.isalnum() or char in "!#$%&'*+-.^_`|~" for char in name)


def _is_line(value: str) -> bool:
    return all(char == "\t" or (" " <= char <= "\xff" and char != "\x7f") for char in value)
