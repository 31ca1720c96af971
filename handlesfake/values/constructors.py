"""Constructors that are compiled when they are needed: most classes of a process have no instance, or one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from handlesfake.values.fields import MISSING, Field, fields_of, owner_of


def first_new(kind: Any, /, *args: Any, **words: Any) -> Any:
    """The ``__new__`` of a frozen class until its second instance is made."""
    owner: Any = owner_of(kind)
    if "__value_met__" not in owner.__dict__:
        owner.__value_met__ = True
        made = _only(owner, kind, args, words)
        if made is not None:
            return made
    owner.__new__ = compiled(owner)
    return owner.__new__(kind, *args, **words)


def _only(owner: Any, kind: Any, args: tuple[Any, ...], words: dict[str, Any]) -> Any:
    """An instance made field by field, as half of the classes have one alone; None where the words are not right."""
    given = dict(zip(owner.__match_args__, args, strict=False))
    if len(given) < len(args) or not given.keys().isdisjoint(words):
        return None
    given |= words
    made: Any = object.__new__(owner.__mro__[1])
    for one in fields_of(owner).values():
        if one.init and one.name in given:
            setattr(made, one.name, given.pop(one.name))
        elif one.has_default:
            setattr(made, one.name, one.default_factory() if one.default_factory else one.default)
        elif one.init:
            return None
    if given:
        return None
    made.__class__ = kind
    if hasattr(owner, "__post_init__"):
        made.__post_init__()
    return made


def first_init(self: Any, /, *args: Any, **words: Any) -> None:
    """The ``__init__`` of a mutable class until its first instance is made."""
    owner: Any = owner_of(type(self))
    owner.__init__ = compiled(owner)
    owner.__init__(self, *args, **words)


def compiled(owner: Any) -> Callable[..., Any]:
    """The constructor of the class: ``__new__`` where it is frozen, else ``__init__``."""
    fields = fields_of(owner).values()
    is_frozen = owner.__dict__.get("__init__") is None
    names: dict[str, Any] = {"_MISSING": MISSING, "_blank": blank(owner)}
    names |= {f"_make_{one.name}": one.default_factory for one in fields if one.default_factory}
    names |= {f"_default_{one.name}": one.default for one in fields if one.default is not MISSING}
    body = [f"self.{one.name} = {_value(one)}" for one in fields if one.init or one.has_default]
    after = ["self.__post_init__()"] if hasattr(owner, "__post_init__") else []
    if is_frozen:
        name, first = "__new__", "_kind"
        body = ["self = _blank()", *body, "self.__class__ = _kind", *after, "return self"]
    else:
        name, first = "__init__", "self"
        body = [*body, *after]
    head = f"def {name}({', '.join([first, *_parameters(fields)])}):"
    exec("\n ".join([head, *body]), names)  # noqa: S102 - of nothing but the names of the fields
    made: Callable[..., Any] = names[name]
    made.__qualname__, made.__module__ = owner.__qualname__, owner.__module__  # for messages: Choices() got an ...
    return made


def blank(owner: Any) -> Callable[[], Any]:
    """What makes an instance of a frozen class that is still empty, and open."""
    unlocked: Any = owner.__mro__[1]
    # calling the class is the shortest way, except for one that extends a value, and has its constructor
    return unlocked if unlocked.__new__ is object.__new__ else partial(object.__new__, unlocked)


def _parameters(fields: Iterable[Field]) -> Iterable[str]:
    taken = [one for one in fields if one.init]
    named = [_parameter(one) for one in taken if one.kw_only]
    return [*(_parameter(one) for one in taken if not one.kw_only), *(["*", *named] if named else [])]


def _parameter(one: Field) -> str:
    if one.default_factory:
        return f"{one.name}=_MISSING"
    return one.name if one.default is MISSING else f"{one.name}=_default_{one.name}"


def _value(one: Field) -> str:
    if not one.init:
        return f"_make_{one.name}()" if one.default_factory else f"_default_{one.name}"
    if one.default_factory:
        return f"_make_{one.name}() if {one.name} is _MISSING else {one.name}"
    return one.name
