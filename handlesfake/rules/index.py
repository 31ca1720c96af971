"""Index: which rules a request may fit, without asking them all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeAlias

from handlesfake.rules.rule import Path, Question, Rule


@dataclass(slots=True, eq=False)
class Live:
    """A rule and how often it has been met and has acted."""

    rule: Rule
    place: int
    met: int = 0
    acted: int = 0

    def spent(self) -> bool:
        """Whether the rule can never act again."""
        last = self.rule.when.nth[1] if self.rule.when.nth else None
        return (self.rule.times is not None and self.acted >= self.rule.times) or (
            last is not None and self.met >= last
        )

    def meet(self) -> bool:
        """Count one more request that fits; whether the rule acts on it."""
        self.met += 1
        nth = self.rule.when.nth
        if nth is not None and (self.met < nth[0] or (nth[1] is not None and self.met > nth[1])):
            return False
        self.acted += 1
        return True


Facet: TypeAlias = "str | Path"
"""What rules are told apart by: a field of the body, or one of ``_FACETS``."""

Scalar: TypeAlias = "str | float | None"
_SCALARS = (str, int, float, type(None))
"""What a dict tells apart nearly as JSON does: that 1 is not true is for the rule itself to see."""

_FACETS: Mapping[str, Callable[[Question], Sequence[str]]] = MappingProxyType(
    {
        "invitee": lambda question: question.invitees,
        "session": lambda question: (question.session,),
        "type": lambda question: (question.call.type,),
        "caller": lambda question: question.callers,
    }
)
"""What a request says of itself, the cheapest to ask first; the names are those of ``When``."""


@dataclass(slots=True)
class _Shelf:
    """The rules for one operation: by the first value that each wants, and those that want none."""

    by_value: dict[tuple[Facet, Scalar], list[Live]] = field(default_factory=dict)
    facets: list[Facet] = field(default_factory=list)
    others: list[Live] = field(default_factory=list)

    def add(self, live: Live) -> None:
        key = _key(live.rule)
        if key is None:
            self.others.append(live)
            return
        self.by_value.setdefault(key, []).append(live)
        if key[0] not in self.facets:
            self.facets.append(key[0])

    def find(self, question: Question) -> Sequence[Live]:
        found = [self.others] if self.others else []
        for facet in self.facets:
            found += [rules for value in _values(question, facet) if (rules := self.by_value.get((facet, value)))]
        if len(found) < 2:
            return found[0] if found else ()
        return sorted({live.place: live for rules in found for live in rules}.values(), key=lambda live: live.place)


def _values(question: Question, facet: Facet) -> Sequence[Scalar]:
    if isinstance(facet, str):
        return _FACETS[facet](question)
    value = question.value(facet)
    return (value,) if isinstance(value, _SCALARS) else ()


class Index:
    """The rules in force, in their order."""

    def __init__(self, rules: Iterable[Live]) -> None:
        rules = [live for live in rules if not live.spent()]
        named = {live.rule.when.operation for live in rules} - {None}
        self._shelves: dict[str | None, _Shelf] = {operation: _Shelf() for operation in (*named, None)}
        for live in rules:
            operation = live.rule.when.operation
            shelves = self._shelves.values() if operation is None else (self._shelves[operation],)
            for shelf in shelves:
                shelf.add(live)

    def find(self, question: Question) -> Sequence[Live]:
        """The rules that may fit, in their order; those that are left out do not."""
        shelf = self._shelves.get(question.call.operation) or self._shelves[None]
        return shelf.find(question)


def _key(rule: Rule) -> tuple[Facet, Scalar] | None:
    for path, wanted in rule.when.fields:
        if isinstance(wanted, _SCALARS):
            return path, wanted
    for facet in _FACETS:
        wanted = getattr(rule.when, facet)
        if wanted is not None:
            return facet, wanted
    return None
