"""What the fields of a request can never be: one set of checks, for conditions of rules and claims of tests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from handlesfake.json_diff import short_json
from handlesfake.mpsd.http.body import is_title_id
from handlesfake.mpsd.state.identity import is_xuid
from handlesfake.suggestions import nearest

Path: TypeAlias = tuple[str, ...]
"""A field of the body by wire names: ``("inviteAttributes", "titleId")``."""

HANDLE_TYPES = ("activity", "invite", "search", "transfer")
"""The types of handles that requests name."""

_XUIDS = ("invitedXuid", "xuid", "ownerXuid", "monikerXuid", "sender")
XUID_LISTS = (("xuids",), ("users",), ("invitedUsers",))
"""Fields that hold several xuids."""

_REFS = ("sessionRef", "originSessionRef")
_OBJECTS = (
    *_REFS,
    *("inviteAttributes", "searchAttributes", "constants", "properties", "members", "servers", "roleTypes"),
)
_TEXTS = (
    *((ref, name) for ref in _REFS for name in ("scid", "templateName", "name")),
    *(("inviteAttributes", name) for name in ("context", "contextString", "senderString")),
)
_FREE = ("custom",)
"""Objects whose names the title chooses: their content may be anything."""


def is_xuid_field(path: Path) -> bool:
    """Whether the field at ``path`` holds a xuid, or xuids in a list."""
    return (path[-1] in _XUIDS or path in XUID_LISTS) and not any(part in _FREE for part in path)


def value_problem(path: Path, value: Any, spelled: str) -> str | None:
    """Why a request that MPSD accepts never has ``value`` in the field at ``path``; None where it may.

    :param spelled: how messages write the field.
    """
    if value is None:
        return None
    if is_xuid_field(path):
        return _xuid_problem(value, spelled)
    if path == ("type",):
        return _type_problem(value)
    if len(path) == 1 and path[0] in _OBJECTS and not isinstance(value, Mapping):
        instead = ": write session=" if path[0] == "sessionRef" else ""
        return f"{spelled} is an object on the wire, and is {short_json(value)} here{instead}"
    if path in _TEXTS and not isinstance(value, str):
        return f"{spelled} is a text on the wire, and is {short_json(value)} here"
    if path == ("inviteAttributes", "titleId") and (isinstance(value, bool) or not is_title_id(str(value))):
        return f"{spelled}: a title id is a decimal number below 4294967296, and is {short_json(value)} here"
    return None


def _xuid_problem(value: Any, spelled: str) -> str | None:
    if isinstance(value, (list, tuple)):
        return next((told for one in value if (told := _xuid_problem(one, spelled))), None)
    if isinstance(value, int) and not isinstance(value, bool):
        return f'{spelled}: xuids are texts on the wire; write "{value}", in quotes'
    if isinstance(value, str) and is_xuid(value):
        return None
    return f"{spelled}: a xuid is a decimal text, and is {short_json(value)} here"


def _type_problem(value: Any) -> str | None:
    if isinstance(value, str) and value in HANDLE_TYPES:
        return None
    hint = nearest(str(value), HANDLE_TYPES)
    return f"type {short_json(value)} is not known{hint}\n  known: {', '.join(HANDLE_TYPES)}"
