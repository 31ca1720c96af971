"""Evolving: a changed copy of a wide record, at half the price of ``dataclasses.replace``."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from operator import attrgetter
from typing import Any, TypeVar

from handlesfake.values.values import fields_of

_R = TypeVar("_R")


def copy_with(record: _R, **changes: Any) -> _R:
    """What ``dataclasses.replace`` gives, for records of many fields that every request changes.

    :param record: a dataclass whose fields are all arguments, in their order, of its constructor.
    """
    kind: Any = type(record)
    read, places = _plan(kind)
    values = list(read(record))
    for name, value in changes.items():
        values[places[name]] = value
    changed: _R = kind(*values)
    return changed


@cache
def _plan(kind: Any) -> tuple[Callable[[Any], tuple[Any, ...]], dict[str, int]]:
    """What reads all fields at once, and where each stands."""
    names = [*fields_of(kind)]
    return attrgetter(*names), {name: place for place, name in enumerate(names)}
