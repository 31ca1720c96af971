"""JSON as it may be written: each text by its name, each name, each number that is somebody's."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from handlesfake.cassettes.cassette import REMOVED
from handlesfake.cassettes.scrubbing.field_names import has_personal_keys, is_count, is_secret, kind_of
from handlesfake.cassettes.scrubbing.replacements import StandIns
from handlesfake.cassettes.scrubbing.tables import names_of_columns

DEEPEST = 60

Leaf = Callable[[str, str, str, str, int], str]
"""From a text, its place, its name, what it stands below and how deep, to what is to stand there."""

_NAME = re.compile(r"[\w.:$@/\[\] -]{1,64}")
_NAMED = ("xuid", "id", "phone number")
_TRANSPARENT = frozenset(
    {
        "stringValue", "intValue", "S", "N", "string", "#text", "_text", "$t", "$value", "__text",
        "value", "data", "val",
    }
)  # fmt: skip
"""Names that only say that a value follows, or of what type it is: OpenTelemetry, DynamoDB, XML that became JSON."""


class TooDeep(Exception):
    """Nobody nests that deep who has nothing to hide."""


class JsonValues:
    """The values of one message.

    :param key: from a place and a name of an object to the name as it may be written.
    :param known: from a number's digits to what is to stand there.
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
        if _is_pair(value):
            return [self._key(place, value[0]), self.of(value[1], f"{place}.{value[0]}", value[0], name, depth + 1)]
        return [self.of(one, place, name, parent, depth + 1) for one in value]

    def _members(self, value: dict[str, Any], place: str, name: str, depth: int) -> dict[str, Any]:
        members: dict[str, Any] = {}
        titles, below_secret, below_ids = _titles(value), is_secret(name), has_personal_keys(name)
        columns = names_of_columns(value) if len(value) > 1 else []
        for key, one in value.items():
            written = self._stand_ins.person("id", key) if below_ids else self._key(place, key)
            # below the name of a secret everything is one, whatever it is called
            called = key
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
        if is_secret(name) and not is_count(name, str(value)):
            self._stand_ins.removed(name, str(value) if value else REMOVED)
            return 0
        digits = str(value)
        if value < 0 or len(digits) < 10:
            return value
        kind = kind_of(name, parent)
        scrubbed = self._stand_ins.person(kind, digits) if kind in _NAMED else self._known(digits)
        return int(scrubbed) if scrubbed.isdigit() else 0


def _is_pair(value: list[Any]) -> bool:
    """Whether it is ``["password", "..."]``."""
    if len(value) != 2 or not isinstance(value[0], str) or not isinstance(value[1], str):
        return False
    if _NAME.fullmatch(value[0]) is None:
        return False
    return is_secret(value[0]) or bool(kind_of(value[0]))


def _titles(members: dict[str, Any]) -> dict[str, str]:
    """What members are called by others: ``{"id": "Gamertag", "value": ...}``, the ``name`` of a session."""
    for held in ("value", "Value", "content", "val"):
        if held in members:
            for key in (
                "id",
                "name",
                "key",
                "Name",
                "Key",
                "field",
                "header",
                "property",
                "title",
                "label",
                "type",
                "path",
            ):
                title = members.get(key)
                if not isinstance(title, str):
                    continue
                title = title.rpartition("/")[2]  # of a JSON Patch: its last part
                if kind_of(title) or is_secret(title):
                    return {held: title}
    return {"name": "sessionName"} if "templateName" in members and "scid" in members else {}


dumped: Callable[[Any], str] = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode
"""A document as JSON without spaces."""
