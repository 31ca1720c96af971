"""Tables in JSON: lists of names beside lists of values."""

from __future__ import annotations

from typing import Any

from handlesfake.cassettes.scrubbing.field_names import meaning


def names_of_columns(members: dict[str, Any]) -> list[str]:
    """The names in a list of ``members`` that is beside another list; empty where no name says something.

    ``{"keys": ["region", "password"], "values": [...]}``, ``{"columns": [{"name": "email"}], "rows": [[...]]}``.
    """
    lists = [one for one in members.values() if isinstance(one, list) and one]
    if len(lists) < 2:
        return []
    for one in lists:
        names = [_name(item) for item in one]
        if all(names) and any(_says(name) for name in names):
            return names
    return []


def _name(item: Any) -> str:
    found = item.get("name") if isinstance(item, dict) else item
    return found if isinstance(found, str) else ""


def _says(name: str) -> bool:
    means = meaning(name)
    return means.is_secret or bool(means.kind)
