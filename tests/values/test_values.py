"""``@frozen`` and ``@mutable`` give what the dataclasses of the standard library give."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import pickle
from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeVar

import pytest

from handlesfake.values.values import field, fields_of, frozen, mutable, replace

_T = TypeVar("_T")


@frozen
class Point:
    """Two numbers and what is said of them."""

    x: int
    y: int = 2
    notes: Mapping[str, str] = field(default_factory=dict)


@frozen(kw_only=True)
class Named(Point):
    """A point with a name, and with what is worked out of it once."""

    name: str
    _length: int = field(default=0, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_length", len(self.name))

    @property
    def length(self) -> int:
        """How long the name is."""
        return self._length


@mutable
class Count:
    """A number that grows."""

    number: int
    seen: list[int] = field(default_factory=list)


@mutable(eq=False)
class Thing:
    """Something that is itself alone."""

    number: int = 1


@frozen(slots=False)
class Open:
    """A value that others may hang something on."""

    x: int = 1


@frozen
class Box(Generic[_T]):
    """A value of any type."""

    held: _T


MADE: list[tuple[Callable[..., object], dict[str, Any]]] = [
    (Point, {"x": 1}),
    (Point, {"x": 1, "y": 3, "notes": {"a": "b"}}),
    (Named, {"x": 1, "name": "one"}),
    (Count, {"number": 1}),
    (Thing, {}),
    (Open, {"x": 5}),
    (Box, {"held": "a"}),
]


def twin(kind: Any) -> Any:
    """What the standard library makes of the same fields."""
    known = {
        each.name: (each.name, each.annotation, dataclasses.field(**_words(each)))
        for each in fields_of(kind).values()
    }
    return dataclasses.make_dataclass(kind.__qualname__, known.values())


def _words(each: Any) -> dict[str, Any]:
    words: dict[str, Any] = {name: getattr(each, name) for name in ("init", "compare", "kw_only")}
    words["repr"] = each.in_repr
    if each.default_factory:
        return words | {"default_factory": each.default_factory}
    return words | ({"default": each.default} if each.has_default else {})


@pytest.mark.parametrize(("kind", "words"), MADE)
def test_it_shows_itself_as_a_dataclass_does(kind: Any, words: dict[str, Any]) -> None:
    """The text of a value is its class and its fields."""
    assert repr(twin(kind)(**words)) == repr(kind(**words))


@pytest.mark.parametrize(("kind", "words"), MADE)
def test_it_is_called_as_a_dataclass_is(kind: Any, words: dict[str, Any]) -> None:
    """Parameters, their order, their defaults and who takes part by name alone are those of a dataclass."""
    expected = [(one.name, one.kind) for one in inspect.signature(twin(kind)).parameters.values()]

    assert expected == [(one.name, one.kind) for one in inspect.signature(kind).parameters.values()]
    kind(**words)
    assert expected == [(one.name, one.kind) for one in inspect.signature(kind).parameters.values()]


@pytest.mark.parametrize(("kind", "words"), MADE)
def test_the_standard_library_takes_it_for_a_dataclass(kind: Any, words: dict[str, Any]) -> None:
    """``is_dataclass``, ``fields`` and ``asdict`` answer as for one."""
    value = kind(**words)

    assert dataclasses.is_dataclass(kind)
    assert [*fields_of(kind)] == [one.name for one in dataclasses.fields(kind)]
    assert {name: getattr(value, name) for name in fields_of(kind)} == dataclasses.asdict(value)


@pytest.mark.parametrize("change", [replace, dataclasses.replace])
def test_a_changed_copy_is_a_new_value(change: Callable[..., Named]) -> None:
    """What is not named stays, what follows from it is computed again, and the first one is as it was."""
    one = Named(1, name="one")

    assert Named(1, name="eleven") == change(one, name="eleven")
    assert 6 == change(one, name="eleven").length
    assert "one" == one.name


@pytest.mark.parametrize("change", [replace, dataclasses.replace])
def test_an_unknown_field_is_an_error(change: Callable[..., Point]) -> None:
    """A slip is told."""
    with pytest.raises(TypeError, match="got an unexpected keyword argument 'z'"):
        change(Point(1), z=7)


def test_the_first_and_the_third_copy_are_alike() -> None:
    """A class whose instances are copied again and again gets a separate function for it."""

    @frozen
    class Copied:
        """A value of this test alone."""

        x: int
        y: int = field(default=2, repr=False)
        seen: list[int] = field(default_factory=list)

    class Extended(Copied):
        """The same under another name."""

        __slots__ = ()

    for kind in (Copied, Extended):
        one = kind(1, seen=[3])
        copies = [replace(one, x=4) for _ in range(3)]
        made: Any = replace

        assert [(kind, 4, 2, [3])] * 3 == [(type(each), each.x, each.y, each.seen) for each in copies]
        assert (1, copies[2]) == (one.x, replace(copies[2]))
        with pytest.raises(TypeError, match="got an unexpected keyword argument 'z'"):
            made(one, z=7)
        with pytest.raises(dataclasses.FrozenInstanceError):
            copies[2].x = 5  # type: ignore[misc]


def test_values_are_equal_where_their_fields_are() -> None:
    """Only with one of the same class, and less the fields that do not compare."""
    assert Point(1) == Point(1, 2, {})
    assert Point(1) != Point(2)
    assert Box(1) != Box(2)
    assert Named(1, name="a") != Point(1)
    assert Count(1) == Count(1)
    assert Thing() != Thing()


def test_a_frozen_value_has_the_hash_of_its_fields() -> None:
    """One that can change has none, unless it is itself alone."""
    assert hash(Box("a")) == hash(Box("a"))
    assert 1 == len({Open(1), Open(1)})
    assert 2 == len({Thing(), Thing()})
    with pytest.raises(TypeError, match="unhashable"):
        hash(Count(1))


@pytest.mark.parametrize("value", [Point(1), Named(1, name="a"), Open(), Box(1)])
def test_nothing_of_a_frozen_value_can_be_assigned_or_deleted(value: Any) -> None:
    """Also not what is not a field of it."""
    name = next(iter(fields_of(type(value))))
    with pytest.raises(dataclasses.FrozenInstanceError, match=f"cannot assign to field '{name}'"):
        setattr(value, name, 3)
    with pytest.raises(dataclasses.FrozenInstanceError, match="cannot assign to field 'other'"):
        value.other = 3
    with pytest.raises(dataclasses.FrozenInstanceError, match=f"cannot delete field '{name}'"):
        delattr(value, name)


def test_a_mutable_value_can_be_assigned() -> None:
    """Its fields, and nothing else."""
    count: Any = Count(1)
    count.number += 1

    assert 2 == count.number
    with pytest.raises(AttributeError):
        count.other = 1


def test_each_value_has_a_default_of_its_own() -> None:
    """What is made for one is not the other's."""
    first, second = Count(1), Count(1)
    first.seen.append(3)

    assert [] == second.seen


@pytest.mark.parametrize("value", [Point(1, 2, {"a": "b"}), Named(1, name="one"), Count(1, [2]), Open(3), Box("a")])
def test_a_value_is_copied_and_pickled(value: Any) -> None:
    """Shallow, deep, and by way of another process."""
    for made in (copy.copy(value), copy.deepcopy(value), pickle.loads(pickle.dumps(value))):
        assert value == made
        assert type(value) is type(made)
    assert 3 == copy.deepcopy(Named(1, name="one")).length


def test_a_slotted_value_has_no_dict() -> None:
    """One without slots has."""
    assert not hasattr(Point(1), "__dict__")
    assert {"x": 1} == Open().__dict__


def test_a_pattern_takes_a_value_apart() -> None:
    """By place, in the order of the fields."""
    match Point(1, 5):
        case Point(x, y):
            assert (1, 5) == (x, y)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({}, r"Point\(\) missing 1 required positional argument: 'x'"),
        ({"x": 1, "z": 2}, r"Point\(\) got an unexpected keyword argument 'z'"),
    ],
)
def test_a_wrong_word_is_told_as_python_tells_it(words: dict[str, Any], message: str) -> None:
    """The message names the class."""
    make: Any = Point
    with pytest.raises(TypeError, match=message):
        make(**words)


@pytest.mark.parametrize(
    ("args", "words", "message"),
    [
        ((), {}, r"Once\(\) missing 2 required positional arguments: 'x' and 'y'"),
        ((1,), {"y": 2, "z": 3}, r"Once\(\) got an unexpected keyword argument 'z'"),
        ((1, 2), {"x": 1}, r"Once\(\) got multiple values for argument 'x'"),
        ((1, 2, [], 4), {}, r"Once\(\) takes from 3 to 4 positional arguments but 5 were given"),
    ],
)
def test_the_first_instance_is_made_as_all_others(args: tuple[Any, ...], words: dict[str, Any], message: str) -> None:
    """It is made another way, and takes the same."""

    @frozen
    class Once:
        """A value of which there is one."""

        x: int
        y: int
        seen: list[int] = field(default_factory=list)

    Once.__qualname__ = "Once"
    make: Any = Once
    with pytest.raises(TypeError, match=message):
        make(*args, **words)
    assert [Once(1, y=2), Once(y=2, x=1)] == [Once(1, 2, []), Once(1, 2)]


def test_a_method_reaches_that_of_the_class_it_extends() -> None:
    """By ``super()`` without arguments, which remembers the class that the decorator was given."""

    @frozen
    class First:
        """A value with a name."""

        def name(self) -> str:
            """What it is called."""
            return "first"

    @frozen
    class Second(First):
        """One that adds to it."""

        def name(self) -> str:
            """What it is called."""
            return f"{super().name()} and second"

    assert "first and second" == Second().name()


def test_the_first_and_the_second_instance_are_alike() -> None:
    """Fields, defaults and what is worked out of them."""

    @frozen(kw_only=True)
    class Fresh(Point):
        """A value of this test alone."""

        name: str = "fresh"
        _length: int = field(init=False, repr=False)

        def __post_init__(self) -> None:
            object.__setattr__(self, "_length", len(self.name))

    made = [Fresh(1, name="a") for _ in range(3)]

    assert made[0] == made[1] == made[2] != Fresh(1)
    assert [1, 1, 1] == [one._length for one in made]
    assert made[0].notes is not made[1].notes


def test_a_class_that_extends_a_value_and_adds_nothing() -> None:
    """It is made by the constructor that it inherits, also where it is the first to be made."""

    @frozen
    class First:
        """A value."""

        x: int

    class Second(First):
        """The same under another name."""

        __slots__ = ()

    second = Second(3)

    assert (Second, 3) == (type(second), second.x)
    assert First(3) != second
    assert Second(4) == replace(second, x=4)
