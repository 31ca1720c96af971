"""Mappings and lists that know where they stand in a file, and what to raise where they cannot be read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

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


def without_places(value: Any) -> Any:
    """``value`` less the places, copied through and through: what may be kept, and is nobody else's."""
    if isinstance(value, Mapping):
        return {key: without_places(one) for key, one in value.items()}
    return [without_places(one) for one in value] if isinstance(value, (list, tuple)) else value
