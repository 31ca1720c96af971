"""Wanted: what a rule asks of one value, where equality does not say it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol, TypeAlias, runtime_checkable

from handlesfake.json_diff import MISSING, differences
from handlesfake.patterns import Pattern
from handlesfake.values.values import frozen


@runtime_checkable
class Demand(Protocol):
    """What is asked of one value."""

    def holds(self, value: Any) -> bool:
        """Whether ``value`` is so; ``MISSING`` when the request has none."""
        ...


Wanted: TypeAlias = str | Demand
"""What is asked of a text: that it equals another, or something else."""


@frozen
class Equals:
    """The same JSON, whatever words it has: ``{equals: {like: 3}}``."""

    value: Any

    def holds(self, value: Any) -> bool:
        """Whether it is the same."""
        return same(self.value, value)


@frozen
class OneOf:
    """One of several values: ``[activity, invite]`` or ``{one_of: [1, 2]}``."""

    values: tuple[Any, ...]

    def holds(self, value: Any) -> bool:
        """Whether it is among them."""
        return any(same(one, value) for one in self.values)


@frozen
class Matches:
    """A text of a certain form: ``{like: "lobby-*"}`` or ``{matches: "lobby-[0-9]+"}``; all of it, not a part."""

    pattern: Pattern

    def holds(self, value: Any) -> bool:
        """Whether it is a text of that form.

        :raises OutOfTime: it takes too long to tell.
        """
        return isinstance(value, str) and self.pattern.fits(value)


@frozen
class Between:
    """A number within bounds, which belong to it: ``{at_least: 1, at_most: 5}``."""

    at_least: float | None = None
    at_most: float | None = None

    def holds(self, value: Any) -> bool:
        """Whether it is a number within them."""
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            return False
        return (self.at_least is None or value >= self.at_least) and (self.at_most is None or value <= self.at_most)


@frozen
class Absent:
    """``{absent: true}``: it is missing; ``{absent: false}``: it is present, with any value."""

    absent: bool

    def holds(self, value: Any) -> bool:
        """Whether it is there, or not, as is wanted."""
        return (value is MISSING) is self.absent


@frozen
class All:
    """Several demands at once."""

    demands: tuple[Demand, ...]

    def holds(self, value: Any) -> bool:
        """Whether each holds."""
        return all(demand.holds(value) for demand in self.demands)


def same(wanted: Any, sent: Any) -> bool:
    """Whether two values of a field are the same JSON."""
    if isinstance(wanted, str) or isinstance(sent, str):  # by far the most frequent, and a text equals nothing else
        return bool(wanted == sent)
    return not differences(wanted, sent)


def meets(wanted: Any, sent: Any) -> bool:
    """Whether ``sent`` is what is ``wanted``: a value that it must equal, or a demand."""
    if isinstance(wanted, _DEMANDS):
        return wanted.holds(sent)
    return same(wanted, sent)


def among(wanted: Wanted, names: Iterable[str]) -> bool:
    """Whether one of ``names``, all of one thing, is what is ``wanted``; without any, that thing is missing."""
    if isinstance(wanted, str):
        return wanted in names
    return any(wanted.holds(name) for name in list(names) or (MISSING,))


_DEMANDS = (Equals, OneOf, Matches, Between, Absent, All)
