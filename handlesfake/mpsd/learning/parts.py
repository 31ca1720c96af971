"""Parts of a document that may be anything, and are taken for what they should be or for nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlesfake.mpsd.state.session import Document
from handlesfake.mpsd.ticks import from_wire_time


def part(document: Mapping[str, Any], name: str) -> Document:
    """The object under ``name``; an empty one where there is none."""
    found = document.get(name)
    return found if isinstance(found, dict) else {}


def system_and_custom(document: Mapping[str, Any]) -> Document:
    """``{"system": ..., "custom": ...}`` of constants or properties."""
    return {name: dict(part(document, name)) for name in ("system", "custom")}


def less(document: Mapping[str, Any], *names: str) -> Document:
    """``document`` without the keys ``names``."""
    return {name: value for name, value in document.items() if name not in names}


def number_or(value: Any, otherwise: int) -> int:
    """``value``, where it is an integer."""
    return value if type(value) is int else otherwise


def ticks(value: Any, otherwise: int) -> int:
    """``value``, where it is a time of the wire, in 100 ns ticks since 1970-01-01 UTC."""
    found = from_wire_time(value) if isinstance(value, str) else None
    return otherwise if found is None else found
