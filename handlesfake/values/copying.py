"""``replace``: what ``dataclasses.replace`` gives, at a third of what it costs for the classes that change often."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias, TypeVar

from handlesfake.values.constructors import blank
from handlesfake.values.fields import fields_of, owner_of

_T = TypeVar("_T")
_Way: TypeAlias = Callable[[Any, Mapping[str, Any]], Any]


def replace(one: _T, /, **changes: Any) -> _T:
    """What ``dataclasses.replace`` gives: another with ``changes``."""
    made: _T = _ways.get(type(one), _first)(one, changes)
    return made


_ways: dict[type, _Way] = {}
"""How an instance of a class is copied: by a function of its own once it was copied before."""


def _first(one: Any, changes: Mapping[str, Any]) -> Any:
    """Of most classes one copy is made in a process, or none: that is not worth a function."""
    kind: Any = type(one)
    _ways[kind] = _second if _is_plain(kind) else _constructed
    return _constructed(one, changes)


def _second(one: Any, changes: Mapping[str, Any]) -> Any:
    kind: Any = type(one)
    _ways[kind] = way = _compiled(kind)
    return way(one, changes)


def _constructed(one: Any, changes: Mapping[str, Any]) -> Any:
    kind: Any = type(one)
    kept = {name: getattr(one, name) for name, each in fields_of(kind).items() if each.init}
    return kind(**{**kept, **changes})


def _is_plain(kind: Any) -> bool:
    """Whether the constructor does no more than to fill the fields of an instance that is locked then."""
    owner: Any = owner_of(kind)
    return (
        "__init__" not in owner.__dict__
        and kind.__new__ is owner.__new__
        and not hasattr(kind, "__post_init__")
        and all(each.init for each in fields_of(kind).values())
    )


def _compiled(kind: Any) -> _Way:
    """What copies an instance: field by field, and the changes over them."""
    fields = fields_of(kind)
    names: dict[str, Any] = {"_blank": blank(owner_of(kind)), "_fields": fields.keys(), "_constructed": _constructed}
    lines = [
        "def copied(one, changes):",
        "if not changes.keys() <= _fields: return _constructed(one, changes)  # which tells what is wrong",
        "self = _blank()",
        *(f"self.{name} = one.{name}" for name in fields),
        "for name, value in changes.items(): setattr(self, name, value)",
        "self.__class__ = one.__class__",
        "return self",
    ]
    exec("\n ".join(lines), names)  # noqa: S102 - of nothing but the names of the fields
    way: _Way = names["copied"]
    return way
