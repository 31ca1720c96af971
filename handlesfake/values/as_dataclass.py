"""A value's class as the standard library would have made it, for code that reads its fields or its signature."""

from __future__ import annotations

import dataclasses
import inspect
from functools import cache
from typing import Any

from handlesfake.values.constructors import compiled
from handlesfake.values.fields import MISSING, Field, fields_of, owner_of


@cache
def as_dataclass(kind: type, *, is_frozen: bool) -> type:
    """A dataclass with the same fields, whose own attributes :mod:`dataclasses` looks for."""
    fields = [(one.name, one.annotation, _field(one)) for one in fields_of(kind).values()]
    return dataclasses.make_dataclass(kind.__name__, fields, frozen=is_frozen, eq=False)


def signature(kind: type) -> inspect.Signature:
    """How the class is called."""
    found = inspect.signature(compiled(owner_of(kind)))
    return found.replace(parameters=[*found.parameters.values()][1:])


def _field(one: Field) -> Any:
    words: dict[str, Any] = {"init": one.init, "repr": one.in_repr, "compare": one.compare, "kw_only": one.kw_only}
    if one.default_factory:
        words["default_factory"] = one.default_factory
    elif one.default is not MISSING:
        words["default"] = one.default
    return dataclasses.field(**words)
