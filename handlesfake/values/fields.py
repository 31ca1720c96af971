"""Field: what a value's class declares, and how its constructor takes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar, cast, overload

_T = TypeVar("_T")

MISSING: Any = object()
FIELDS = "__value_fields__"
"""The attribute of a class that has its fields."""


class Field:
    """One field of a value: its name, its default, and what it takes part in."""

    __slots__ = ("annotation", "compare", "default", "default_factory", "in_repr", "init", "kw_only", "name")

    def __init__(
        self,
        *,
        default: Any = MISSING,
        default_factory: Callable[[], Any] | None = None,
        init: bool = True,
        repr: bool = True,  # noqa: A002 - as dataclasses.field calls it, and type checkers know it
        compare: bool = True,
    ) -> None:
        self.name = self.annotation = ""
        self.default = default
        self.default_factory = default_factory
        self.init = init
        self.in_repr = repr
        self.compare = compare
        self.kw_only = False

    @property
    def has_default(self) -> bool:
        """Whether an instance can be made without it."""
        return self.default is not MISSING or self.default_factory is not None


@overload
def field(*, default: _T, init: bool = ..., repr: bool = ..., compare: bool = ...) -> _T: ...


@overload
def field(*, default_factory: Callable[[], _T], init: bool = ..., repr: bool = ..., compare: bool = ...) -> _T: ...


@overload
def field(*, init: bool = ..., repr: bool = ..., compare: bool = ...) -> Any: ...


def field(**words: Any) -> Any:
    """What ``dataclasses.field`` is: a default that is made for each instance, or a field that stands apart."""
    return Field(**words)


def fields_of(kind: type) -> Mapping[str, Field]:
    """The fields of a value's class by name, those that it inherits first."""
    return cast("Mapping[str, Field]", getattr(kind, FIELDS))


def owner_of(kind: type) -> type:
    """The class that declares the fields of ``kind``: itself, or the one that it extends without declaring any."""
    return next(each for each in kind.__mro__ if FIELDS in each.__dict__)


def declared_by(kind: type, *, kw_only: bool) -> dict[str, Field]:
    """The fields of the class itself, in their order.

    :param kw_only: the constructor takes them by name alone.
    """
    found: dict[str, Field] = {}
    for name, annotation in kind.__annotations__.items():
        if str(annotation).startswith("ClassVar"):
            continue
        default = kind.__dict__.get(name, MISSING)
        one = default if isinstance(default, Field) else Field(default=default)
        one.name, one.annotation, one.kw_only = name, annotation, kw_only
        found[name] = one
    return found
