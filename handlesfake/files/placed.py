"""Mappings and lists with their places in a file, and what to raise where they cannot be read."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from handlesfake.errors import SettingsError

Place = tuple[int, int]
"""Line and column, both counted from 1."""


class Misread(ValueError):
    """A text that is not read: what is wrong, and where."""

    def __init__(self, problem: str, place: Place | None = None) -> None:
        super().__init__(problem)
        self.problem = problem
        self.place = place


class Map(dict[str, Any]):
    """A mapping that knows where it stands: ``places[key]`` is the place of the key and that of its value."""

    def __init__(self, place: Place) -> None:
        super().__init__()
        self.place = place
        self.places: dict[str, tuple[Place, Place]] = {}


class Seq(list[Any]):
    """A list that knows where it and its items stand."""

    def __init__(self, place: Place) -> None:
        super().__init__()
        self.place = place
        self.places: list[Place] = []


def without_places(value: Any, depth: int = 0) -> Any:
    """The JSON ``value`` less the places, copied through and through, so that it may be kept.

    :raises SettingsError: JSON has no such value: bytes, a set, a date; or it is nested beyond any use, as one that
        holds itself.
    """
    if depth > _DEEPEST:
        raise SettingsError(f"a value is nested deeper than {_DEEPEST} levels: does it hold itself?")
    if isinstance(value, Mapping):
        return {_key(key): without_places(one, depth + 1) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [without_places(one, depth + 1) for one in value]
    if value is None or isinstance(value, (str, int)) or (isinstance(value, float) and math.isfinite(value)):
        return value
    raise SettingsError(
        f"{_cut(value)} of type {type(value).__name__} is nothing that JSON can say; write a text, "
        "a number, true or false, null, a list or a mapping"
    )


def _key(key: Any) -> str:
    if isinstance(key, str):
        return key
    raise SettingsError(f"the key {_cut(key)} of type {type(key).__name__} must be a text, as in JSON")


def _cut(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}..."


_DEEPEST, _SHOWN = 200, 60
