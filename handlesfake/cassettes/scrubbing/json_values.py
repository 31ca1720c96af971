"""JSON as it may be written: each text by its name, each name, each number of a person."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from typing import Any

from handlesfake.cassettes.cassette import REMOVED
from handlesfake.cassettes.scrubbing.field_names import (
    describes,
    has_names,
    has_personal_keys,
    is_count,
    is_secret,
    is_thing,
    kind_of,
    meaning,
    normalized_name,
)
from handlesfake.cassettes.scrubbing.replacements import StandIns
from handlesfake.cassettes.scrubbing.tables import names_of_columns

DEEPEST = 60

Leaf = Callable[[str, str, str, str, int], str]
"""From a text, its place, its name, the name above it and its depth, to the new text."""

_HOLDERS = frozenset({"value", "Value", "content", "val"})
_TITLES = (
    "id", "name", "key", "Name", "Key", "field", "header", "property", "title", "label", "type", "path", "typ", "n",
    "k",
)  # fmt: skip
"""Who names a value beside it, and what holds that."""

_TOLD_HOLDERS = frozenset(
    {
        "value", "Value", "v", "claimValue", "ClaimValue", "current", "data", "input", "oldValue", "newValue",
        "rejectedValue", "attemptedValue", "AttemptedValue", "actual", "defaultValue",
    }
)  # fmt: skip
_TOLD_TITLES = (
    "name", "key", "field", "n", "k", "param", "parameter", "propertyName", "PropertyName", "property", "setting",
    "variable", "attribute", "claimType", "ClaimType", "instancePath", "pointer", "loc",
)  # fmt: skip
"""The same where validators, settings and histories hold a value; they hold too much to be known by less."""

_NAME = re.compile(r"[\w.:$@/\[\] -]{1,64}")
_OPTION = re.compile(r"--?[A-Za-z][\w.-]{1,60}")
_SHORTEST_PIN = 10
"""Less than that is a place in an enumeration, and no secret."""

_NAMED = ("xuid", "id", "phone number")
_TRANSPARENT = frozenset(
    {
        "stringValue", "intValue", "S", "N", "string", "#text", "_text", "$t", "$value", "__text",
        "eq", "ne", "like", "contains", "startsWith", "$eq", "$ne", "equals",
        "value", "Value", "data", "val", "current", "previous", "old", "new", "before", "after", "from", "to", "raw",
    }
)  # fmt: skip
"""Names that only say that a value follows, how it is compared, or of what type it is: OpenTelemetry, DynamoDB,
filters, XML that became JSON."""


class TooDeep(Exception):
    """No honest sender nests that deep."""


class JsonValues:
    """The values of one message.

    :param key: from a place and a name of an object to the name as it may be written.
    :param known: from a number's digits to the new text.
    """

    def __init__(
        self, stand_ins: StandIns, leaf: Leaf, key: Callable[[str, str], str], known: Callable[[str], str]
    ) -> None:
        self._stand_ins = stand_ins
        self._leaf = leaf
        self._key = key
        self._known = known

    def of(self, value: Any, place: str, name: str, parent: str = "", depth: int = 0) -> Any:
        """``value`` as it may be written.

        :raises TooDeep: it nests deeper than :data:`DEEPEST`.
        """
        if depth > DEEPEST:
            raise TooDeep
        if isinstance(value, dict):
            return self._members(value, place, name, depth)
        if isinstance(value, list):
            return self._items(value, place, name, parent, depth)
        if isinstance(value, str):
            return self._leaf(value, place, name, parent, depth)
        return self._number(value, name, parent) if type(value) is int else value

    def _items(self, value: list[Any], place: str, name: str, parent: str, depth: int) -> list[Any]:
        if any(isinstance(one, str) for one in value) and (called := _names_of(value, name)):
            return [
                self.of(one, f"{place}.{called[at]}", called[at], name, depth + 1)
                if called[at]
                else self.of(one, place, "" if at + 1 < len(value) and called[at + 1] else name, parent, depth + 1)
                for at, one in enumerate(value)
            ]
        return [self.of(one, place, name, parent, depth + 1) for one in value]

    def _members(self, value: dict[str, Any], place: str, name: str, depth: int) -> dict[str, Any]:
        members: dict[str, Any] = {}
        titles, below_secret, below_ids = _titles(value), is_secret(name), has_personal_keys(name)
        if is_thing(value):
            titles = {**titles, **{key: "itemName" for key in value if normalized_name(key) == "displayname"}}
        columns = names_of_columns(value) if len(value) > 1 else []
        for key, one in value.items():
            written = self._stand_ins.person("id", key) if below_ids else self._key(place, key)
            # below the name of a secret everything is one, whatever it is called
            called = key
            if below_secret and describes(key) and not isinstance(one, (dict, list)):
                members[written] = self.of(one, f"{place}.{key}", key, "", depth + 1)
                continue
            if (below_secret or key in _TRANSPARENT) and isinstance(one, (str, int, list)) and not kind_of(key):
                called = name
            if columns and isinstance(one, list):
                members[written] = self._rows(one, columns, f"{place}.{key}", depth + 1)
                continue
            members[written] = self.of(one, f"{place}.{key}", titles.get(key, called), name, depth + 1)
        return members

    def _rows(self, rows: list[Any], columns: list[str], place: str, depth: int) -> list[Any]:
        """Rows of a table whose head has the names ``columns``, or one of them."""
        if len(rows) == len(columns) and not any(isinstance(row, (list, dict)) for row in rows):
            pairs = zip(columns, rows, strict=True)
            return [self.of(one, f"{place}.{name}", "" if one == name else name, "", depth) for name, one in pairs]
        if rows and all(isinstance(row, list) and len(row) == len(columns) for row in rows):
            return [self._rows(row, columns, place, depth + 1) for row in rows]
        return [self.of(one, place, "", "", depth) for one in rows]

    def _number(self, value: int, name: str, parent: str) -> int:
        if is_secret(name) and not is_count(name, str(value)) and not 0 < value < _SHORTEST_PIN:
            self._stand_ins.removed(name, str(value) if value else REMOVED)
            return 0
        digits = str(value)
        if value < 0 or len(digits) < 10:
            return value
        kind = kind_of(name, parent)
        scrubbed = self._stand_ins.person(kind, digits) if kind in _NAMED else self._known(digits)
        return int(scrubbed) if scrubbed.isdigit() else 0


def _names_of(value: list[Any], name: str) -> list[str]:
    """The name that each item has from the one before it; empty where there is none.

    ``["password", "..."]``, names and values in turn, the arguments of a command.
    """
    if len(value) < 2:
        return []
    is_in_turn = (
        len(value) % 2 == 0
        and not has_names(name)
        and all(isinstance(one, str) and _NAME.fullmatch(one) for one in value[::2])
    )
    names = [""] * len(value)
    for at, (one, other) in enumerate(itertools.pairwise(value), 1):
        if not isinstance(one, str) or not isinstance(other, str):
            continue
        is_option = _OPTION.fullmatch(one) is not None and not other.startswith("-")
        called = one.lstrip("-")
        if (is_option or (is_in_turn and at % 2)) and (is_secret(called) or kind_of(called)):
            names[at] = called
    return names if any(names) else []


def _titles(members: dict[str, Any]) -> dict[str, str]:
    """What members are called by others: ``{"id": "Gamertag", "value": ...}``, the ``name`` of a session."""
    held = [key for key in members if key in _HOLDERS]
    if held and (title := _title(members, _TITLES)):
        return dict.fromkeys(held, title)
    held = [key for key in members if key in _TOLD_HOLDERS]
    if held and (title := _title(members, _TOLD_TITLES)):
        return dict.fromkeys(held, title)
    if len(members) == 2 and all(len(key) == 1 for key in members) and (title := _title(members, ("n", "k"))):
        return {key: title for key in members if key not in ("n", "k")}  # {"n": "email", "u": ...}
    return {"name": "sessionName"} if "templateName" in members and "scid" in members else {}


def _title(members: dict[str, Any], keys: tuple[str, ...]) -> str:
    """The first name among the values at ``keys`` that says something of another value; empty for none."""
    for key in keys:
        title = members.get(key)
        if isinstance(title, list) and title:  # where in a document: ["body", "email"]
            title = title[-1]
        if not isinstance(title, str):
            continue
        title = title.rpartition("/")[2]  # of a JSON Patch, of a claim: its last part
        means = meaning(title)
        if means.kind or means.is_secret:
            return title
    return ""
