"""IndexBucket: rules that are told apart by what they ask of one thing that a request says."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Any, TypeAlias

from handlesfake.json_diff import MISSING
from handlesfake.patterns import LONGEST, OutOfTime, Pattern
from handlesfake.rules.active_rule import ActiveRule
from handlesfake.rules.matchers import All, Between, Equals, Matches, OneOf, meets
from handlesfake.values.values import replace

Scalar: TypeAlias = "str | float | None"
_SCALARS = (str, int, float, type(None))
"""What a dict tells apart nearly as JSON does: that 1 is not true is for the rule itself to see."""

EXACT, PATTERN, RANGE, THERE, ANY = range(5)
"""How well rules can be told apart by what one of them asks, the best first."""

_by_place = attrgetter("place")
_NUMBER = (int, float)


class IndexBucket:
    """The rules that ask something of one thing; those that are not found for a value cannot fit it."""

    def __init__(self) -> None:
        self._exact: dict[Scalar, list[ActiveRule]] = {}
        self._patterns: dict[tuple[bool, bool], _Patterns] = {}
        self._ranges: list[tuple[float, float, ActiveRule]] = []
        self._there: list[ActiveRule] = []
        self._count = 0

    def __bool__(self) -> bool:
        return self._count > 0

    def candidates_for(self, wanted: Any) -> int:
        """How many rules would have to be asked together with one that asks for ``wanted``."""
        rank = rank_of(wanted)
        if rank == EXACT:
            return max(len(self._exact.get(value, ())) for value in _values(wanted))
        return len(self._there) if rank == THERE else 0

    def add(self, live: ActiveRule, wanted: Any) -> None:
        """One more that asks for ``wanted``."""
        self._count += 1
        rank = rank_of(wanted)
        if rank == EXACT:
            for value in dict.fromkeys(_values(wanted)):
                insort(self._exact.setdefault(value, []), live, key=_by_place)
        elif rank == PATTERN:
            pattern = _part(wanted, Matches).pattern
            self._patterns.setdefault(_flags(pattern), _Patterns()).add(live, pattern)
        elif rank == RANGE:
            asked = _part(wanted, Between)
            least = float("-inf") if asked.at_least is None else asked.at_least
            most = float("inf") if asked.at_most is None else asked.at_most
            self._ranges.append((least, most, live))
        else:
            insort(self._there, live, key=_by_place)

    def drop(self, live: ActiveRule, wanted: Any) -> None:
        """One less."""
        self._count -= 1
        rank = rank_of(wanted)
        if rank == EXACT:
            for value in dict.fromkeys(_values(wanted)):
                self._exact[value].remove(live)
        elif rank == PATTERN:
            self._patterns[_flags(_part(wanted, Matches).pattern)].drop(live)
        elif rank == RANGE:
            self._ranges = [one for one in self._ranges if one[2] is not live]
        else:
            self._there.remove(live)

    def find(self, values: Iterable[Any], found: list[Sequence[ActiveRule]]) -> None:
        """Add to ``found`` the rules that one of ``values`` may fit, in lists that are each in order."""
        for value in values:
            if self._exact and isinstance(value, _SCALARS) and (rules := self._exact.get(value)):
                found.append(rules)
            found.extend(patterns.rules for patterns in self._patterns.values() if patterns.may_fit(value))
            if self._ranges and isinstance(value, _NUMBER):
                found.extend([live] for least, most, live in self._ranges if least <= value <= most)
            if self._there and value is not MISSING:
                found.append(self._there)


class _Patterns:
    """Rules with patterns of the same flags: one expression tells whether any of them may fit."""

    def __init__(self) -> None:
        self.rules: list[ActiveRule] = []
        self._patterns: list[Pattern] = []
        self._any: Pattern | None = None

    def add(self, live: ActiveRule, pattern: Pattern) -> None:
        insort(self.rules, live, key=_by_place)
        self._patterns.append(pattern)
        self._any = None

    def drop(self, live: ActiveRule) -> None:
        self.rules.remove(live)  # its pattern stays: what is told is only that one may fit

    def may_fit(self, value: Any) -> bool:
        if not (self.rules and isinstance(value, str)):
            return False
        if self._any is None:
            texts = dict.fromkeys(pattern.expression for pattern in self._patterns)
            joined = "|".join(f"(?:{text})" for text in texts)
            self._any = self._patterns[0] if len(texts) == 1 else replace(self._patterns[0], expression=joined)
        try:
            return self._any.fits(value, LONGEST / 10)
        except OutOfTime:
            return True  # each rule is asked by itself, and the one that takes too long is named


def rank_of(wanted: Any) -> int:
    """How well rules can be told apart by ``wanted``; ``ANY`` where what is missing may be so, too."""
    if all(isinstance(one, _SCALARS) for one in _values(wanted)):
        return EXACT
    pattern = _part(wanted, Matches)
    if pattern is not None and pattern.pattern.can_be_joined:
        return PATTERN
    if _part(wanted, Between) is not None:
        return RANGE
    return ANY if meets(wanted, MISSING) else THERE


def _values(wanted: Any) -> Sequence[Any]:
    """The values of which one is wanted; a dict cannot distinguish demands of another kind."""
    if isinstance(wanted, OneOf):
        return wanted.values
    return (wanted.value if isinstance(wanted, Equals) else wanted,)


def _part(wanted: Any, kind: type[Any]) -> Any:
    """What is demanded of that ``kind``, alone or among others; None for nothing."""
    parts = wanted.demands if isinstance(wanted, All) else (wanted,)
    return next((part for part in parts if isinstance(part, kind)), None)


def _flags(pattern: Pattern) -> tuple[bool, bool]:
    """Patterns of equal ones may be part of one expression."""
    return pattern.is_glob, pattern.any_case
