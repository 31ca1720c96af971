"""Source: where a rule is read from, and how its values are asked for, with every mistake named where it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from handlesfake.errors import HandlesfakeError, RuleError, SettingsError
from handlesfake.files.placed import Map, Place
from handlesfake.json_diff import short_json
from handlesfake.suggestions import nearest


class Source:
    """Where a rule is read from: the head of every message."""

    error: type[HandlesfakeError] = RuleError
    """What is raised: files other than rule files have their own errors."""

    def __init__(self, name: str, *, is_file: bool = False, not_a_player: Callable[[str], str] | None = None) -> None:
        self.name = name
        """``rules/busy.yaml``, or the call ``mpsd.rule(...)``."""

        self.is_file = is_file
        self.not_a_player = not_a_player
        """What is wrong with a text that names a player, or empty; None where users are not known before the test."""

    def spelled(self, field: str) -> str:
        """``field``, in snake case, as this source writes it: a file as the wire does, Python as Python does."""
        if not self.is_file:
            return field
        first, *rest = field.split("_")
        return first + "".join(part.capitalize() for part in rest)

    def place(self, node: object, key: str | None = None, *, of_value: bool = False) -> str:
        """``rules/busy.yaml, line 3``: where ``node`` (or the place itself), its ``key`` or its value stands."""
        found: Place | None = node if isinstance(node, tuple) else None
        if isinstance(node, Map):
            found = node.places[key][of_value] if key in node.places else node.place
        return f"{self.name}, line {found[0]}, column {found[1]}" if found else self.name

    def wrong(self, problem: str, node: object, key: str | None = None, *, of_value: bool = True) -> HandlesfakeError:
        """The error to raise for ``problem`` with ``node``, its ``key`` or the value of that."""
        return self.error(f"{self.place(node, key, of_value=of_value)}: {problem}")

    def check_keys(self, node: Mapping[str, Any], known: Iterable[str], what: str) -> None:
        """Refuse keys of ``node`` that are not ``known``.

        :raises RuleError: the first unknown one, with the nearest and all known ones.
        """
        for key in node:
            if key not in known:
                listed = ", ".join(known)
                raise self.wrong(
                    f"{what} has no {key!r}{nearest(str(key), known)}\n  known: {listed}", node, key, of_value=False
                )

    def one_of(self, node: Mapping[str, Any], key: str, known: Iterable[str]) -> str:
        """The value under ``key``, which must be one of ``known``."""
        value = node[key]
        if isinstance(value, str) and value in known:
            return value
        raise self.unknown(value, known, node, key)

    def some_of(self, node: Mapping[str, Any], key: str, known: Iterable[str]) -> tuple[str, ...]:
        """The value under ``key``, or those of the list there, which must be among ``known``."""
        if not isinstance(node[key], (list, tuple)):
            return (self.one_of(node, key, known),)
        for value in self.texts(node, key):
            if value not in known:
                raise self.unknown(value, known, node, key)
        return tuple(node[key])

    def unknown(self, value: Any, known: Iterable[str], node: Mapping[str, Any], key: str) -> HandlesfakeError:
        """The error to raise for ``value`` under ``key``, which is not ``known``."""
        listed = f"\n  known: {', '.join(known)}"
        if value is None:
            return self.wrong(f"{key} has no value{listed}", node, key)
        return self.wrong(f"{key} {short_json(value)} is not known{nearest(str(value), known)}{listed}", node, key)

    def text(self, node: Mapping[str, Any], key: str) -> str:
        """The text under ``key``; a number is named as the text that it should be."""
        value = node[key]
        if isinstance(value, str) and value:
            return value
        if isinstance(value, int) and not isinstance(value, bool):
            raise self.wrong(f'{key} must be a text: write "{value}", in quotes', node, key)
        raise self.wrong(f"{key} must be a text, and is {short_json(value)}", node, key)

    def whole(self, node: Mapping[str, Any], key: str, least: int) -> int:
        """The whole number under ``key``."""
        value = node[key]
        if isinstance(value, int) and not isinstance(value, bool) and value >= least:
            return value
        raise self.wrong(f"{key} must be a whole number from {least}, and is {short_json(value)}", node, key)

    def number(self, node: Mapping[str, Any], key: str) -> float:
        """The number under ``key``."""
        value = node[key]
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return value
        raise self.wrong(f"{key} must be a number, and is {short_json(value)}", node, key)

    def texts(self, node: Mapping[str, Any], key: str) -> tuple[str, ...]:
        """The text under ``key``, or those of the list there."""
        value = node[key]
        if not isinstance(value, (list, tuple)):
            return (self.text(node, key),)
        for one in value:
            if not isinstance(one, str) or not one:
                hint = f': write "{one}", in quotes' if isinstance(one, int) and not isinstance(one, bool) else ""
                raise self.wrong(f"{key} must be a list of texts, and holds {short_json(one)}{hint}", node, key)
        if not value:
            raise self.wrong(f"{key} is a list with nothing in it: this can never be", node, key)
        return tuple(value)

    def mapping(self, node: Mapping[str, Any], key: str, like: str = "") -> Mapping[str, Any]:
        """The mapping under ``key``.

        :param like: an example for the message, where it must not be empty.
        """
        value = node[key]
        if isinstance(value, Mapping) and all(isinstance(name, str) for name in value) and (value or not like):
            return value
        wanted = f"a mapping such as {like}" if like else "a mapping"
        raise self.wrong(f"{key} must be {wanted}, and is {short_json(value) if value != {} else 'empty'}", node, key)


class SettingsSource(Source):
    """Where a template, a state or a call that arranges is read from: the head of every message."""

    error = SettingsError
