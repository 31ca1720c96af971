"""``@frozen`` and ``@mutable``: dataclasses whose methods are not compiled as they are imported.

A process with one double declares eighty of them. The decorator of the standard library compiles up to six methods
for each, which takes a millisecond a class, and it imports ``inspect``. Here the constructor alone is compiled, when
a second instance is made. To type checkers, and to ``dataclasses.replace``, ``fields`` and ``asdict``, they are
dataclasses.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar, dataclass_transform, overload

from handlesfake.values.constructors import first_init, first_new
from handlesfake.values.fields import FIELDS, MISSING, declared_by, field, fields_of, owner_of

__all__ = ["field", "fields_of", "frozen", "mutable", "replace"]

_T = TypeVar("_T")


@overload
def frozen(kind: type[_T], /) -> type[_T]: ...


@overload
def frozen(*, slots: bool = ..., kw_only: bool = ...) -> Callable[[type[_T]], type[_T]]: ...


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(kind: type[_T] | None = None, /, *, slots: bool = True, kw_only: bool = False) -> Any:
    """Make the class below what ``@dataclass(frozen=True, slots=True)`` makes it.

    :param slots: it has no ``__dict__``.
    :param kw_only: the constructor takes its fields by name alone; not those of the class that it extends.
    """

    def made(kind: type) -> type:
        inside, layout = _inside(kind, slots=slots, kw_only=kw_only)
        _compare(inside, is_frozen=True)
        # The constructor fills an instance of a class without the lock, and then turns it into one with it. Going
        # around the lock for each field, as dataclasses do, takes twice as long as all the rest.
        unlocked = {**layout, **_UNLOCKED}
        if "__orig_bases__" in inside:
            unlocked["__orig_bases__"] = inside["__orig_bases__"]
        base = type(kind)(f"_Open{kind.__name__}", kind.__bases__, unlocked)
        inside |= {"__slots__": (), "__new__": first_new, "__reduce__": _reduce, **_LOCKED}
        return _in_place_of(kind, type(kind)(kind.__name__, (base,), inside))

    return made if kind is None else made(kind)


@overload
def mutable(kind: type[_T], /) -> type[_T]: ...


@overload
def mutable(*, eq: bool = ..., slots: bool = ...) -> Callable[[type[_T]], type[_T]]: ...


@dataclass_transform(field_specifiers=(field,))
def mutable(kind: type[_T] | None = None, /, *, eq: bool = True, slots: bool = True) -> Any:
    """Make the class below what ``@dataclass(slots=True)`` makes it.

    :param eq: it is equal to another of its class with the same fields; else to itself alone.
    :param slots: it has no ``__dict__``.
    """

    def made(kind: type) -> type:
        inside, layout = _inside(kind, slots=slots, kw_only=False)
        if eq:
            _compare(inside, is_frozen=False)
        inside |= {**layout, "__init__": first_init}
        return _in_place_of(kind, type(kind)(kind.__name__, kind.__bases__, inside))

    return made if kind is None else made(kind)


if TYPE_CHECKING:
    from dataclasses import replace  # whose changes a type checker knows field by field
else:
    from handlesfake.values.copying import replace


def _reader(names: Sequence[str]) -> Callable[[Any], tuple[Any, ...]]:
    if len(names) > 1:
        return attrgetter(*names)
    return lambda one: tuple([getattr(one, name) for name in names])


def _inside(kind: type, *, slots: bool, kw_only: bool) -> tuple[dict[str, Any], dict[str, Any]]:
    """The content of the new class, and its layout."""
    own = declared_by(kind, kw_only=kw_only)
    inherited = getattr(kind, FIELDS, {})
    fields = {**inherited, **own}
    inside = {name: value for name, value in kind.__dict__.items() if name not in ("__dict__", "__weakref__")}
    for name, one in own.items():
        if slots or one.default is MISSING:
            inside.pop(name, None)
    inside |= {
        FIELDS: fields,
        "__qualname__": kind.__qualname__,
        "__match_args__": tuple(one.name for one in fields.values() if one.init and not one.kw_only),
        "__dataclass_fields__": _LikeDataclass("__dataclass_fields__"),
        "__dataclass_params__": _LikeDataclass("__dataclass_params__"),
        "__signature__": _Signature(),
        "__replace__": replace,
    }
    inside.setdefault("__repr__", _repr)
    return inside, {"__slots__": tuple(name for name in own if name not in inherited)} if slots else {}


def _in_place_of(kind: type, made: type) -> type:
    """``made``, to which ``super()`` in the methods leads that were written in ``kind``."""
    for method in kind.__dict__.values():
        for cell in getattr(method, "__closure__", None) or ():
            if cell.cell_contents is kind:
                cell.cell_contents = made
    return made


def _repr(self: Any) -> str:
    shown = (f"{one.name}={getattr(self, one.name)!r}" for one in fields_of(type(self)).values() if one.in_repr)
    return f"{type(self).__qualname__}({', '.join(shown)})"


def _compare(inside: dict[str, Any], *, is_frozen: bool) -> None:
    read = _reader([one.name for one in inside[FIELDS].values() if one.compare])

    def equals(self: Any, other: object) -> Any:
        if other.__class__ is not self.__class__:
            return NotImplemented
        return self is other or read(self) == read(other)

    def hashed(self: Any) -> int:
        return hash(read(self))

    inside.setdefault("__eq__", equals)
    if inside.get("__hash__") is None:
        inside["__hash__"] = hashed if is_frozen else None


def _set(_self: object, name: str, _value: object) -> NoReturn:
    from dataclasses import FrozenInstanceError  # here, where the call is wrong anyway: it imports inspect

    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _delete(_self: object, name: str) -> NoReturn:
    from dataclasses import FrozenInstanceError  # as above

    raise FrozenInstanceError(f"cannot delete field {name!r}")


_LOCKED: Mapping[str, Any] = {"__setattr__": _set, "__delattr__": _delete}
_UNLOCKED: Mapping[str, Any] = {"__setattr__": object.__setattr__, "__delattr__": object.__delattr__}


def _reduce(self: Any) -> Any:
    return _revived, (type(self), {name: getattr(self, name) for name in fields_of(type(self))})


def _revived(kind: Any, values: Mapping[str, Any]) -> Any:
    """One that was copied or pickled, without the constructor: its fields are what that has made of its arguments."""
    made: Any = object.__new__(owner_of(kind).__mro__[1])
    for name, one in values.items():
        setattr(made, name, one)
    made.__class__ = kind
    return made


class _LikeDataclass:
    """An attribute that :mod:`dataclasses` looks for."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __get__(self, one: object, owner: Any) -> Any:
        from handlesfake.values.as_dataclass import as_dataclass  # only on demand: it imports inspect

        return getattr(as_dataclass(owner, is_frozen=owner.__setattr__ is _set), self._name)


class _Signature:
    """What :func:`inspect.signature` shows, and editors with it."""

    def __get__(self, one: object, owner: Any) -> Any:
        from handlesfake.values.as_dataclass import signature  # as above

        return signature(owner)
