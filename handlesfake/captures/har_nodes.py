"""Node: an object of a HAR, read field by field."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from handlesfake.captures.exchange import Unusable


class Node:
    """An object of the JSON called ``name``.

    :raises Unusable: ``value`` is not an object.
    """

    def __init__(self, value: Any, name: str) -> None:
        if not isinstance(value, dict):
            raise Unusable(f"{name} is not an object")
        self._value = value
        self._name = name

    def get(self, key: str, default: Any = None) -> Any:
        """The value under ``key``, whatever it is."""
        return self._value.get(key, default)

    def below(self, key: str) -> Node:
        """The object under ``key``.

        :raises Unusable: there is none.
        """
        return Node(self._value.get(key), key)

    def optional(self, key: str) -> Node | None:
        """The object under ``key``; None where there is none, or null.

        :raises Unusable: it is something else.
        """
        return None if self._value.get(key) is None else self.below(key)

    def text(self, key: str) -> str:
        """The text under ``key``.

        :raises Unusable: there is none.
        """
        found = self._value.get(key)
        if not isinstance(found, str):
            raise Unusable(f"{self._name} has no text {key}")
        return found

    def any_text(self, key: str) -> str | None:
        """The text under ``key``; None where there is none, or null.

        :raises Unusable: it is something else.
        """
        return None if self._value.get(key) is None else self.text(key)

    def number(self, key: str) -> int:
        """The whole number under ``key``.

        :raises Unusable: there is none.
        """
        found = self._value.get(key)
        if type(found) is not int:
            raise Unusable(f"{self._name} has no number {key}")
        return found

    def pairs(self, key: str, *, are_utf8: bool = False) -> Iterator[tuple[str, str]]:
        """Names and values of the header lines under ``key``, as Latin-1 texts of the bytes.

        :param are_utf8: the writer has decoded them so; browsers decode them as Latin-1.
        :raises Unusable: it is not a list of them.
        """
        lines = self._value.get(key)
        if not isinstance(lines, list):
            raise Unusable(f"{self._name} has no list {key}")
        for line in lines:
            node = Node(line, "a header")
            value = node.get("value")
            # Polly writes the number that the client has set
            yield node.text("name"), _on_the_wire(str(value) if type(value) is int else node.text("value"), are_utf8)


def _on_the_wire(value: str, is_utf8: bool) -> str:  # noqa: FBT001 - one call
    """``value`` as Latin-1; characters beyond that were UTF-8, from every writer."""
    if value.isascii() or (not is_utf8 and all(char <= "\xff" for char in value)):
        return value
    try:
        return value.encode("utf-8", "surrogateescape").decode("latin-1")
    except UnicodeEncodeError:
        raise Unusable("a header has lone surrogates, which no bytes give") from None
