"""Index: which rules a request may fit, without asking them all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, TypeAlias

from handlesfake.rules.live import Live
from handlesfake.rules.question import Path, Question
from handlesfake.rules.rule import Rule
from handlesfake.rules.wanted import OneOf

Facet: TypeAlias = "str | Path"
"""What rules are told apart by: a field of the body, or one of ``_FACETS``."""

Scalar: TypeAlias = "str | float | None"
_SCALARS = (str, int, float, type(None))
"""What a dict tells apart nearly as JSON does: that 1 is not true is for the rule itself to see."""

_FACETS: Mapping[str, Callable[[Question], Sequence[str]]] = MappingProxyType(
    {
        "invitee": lambda question: question.invitees,
        "session": lambda question: question.sessions,
        "type": lambda question: (question.call.type,),
        "caller": lambda question: question.callers,
        "method": lambda question: question.methods,
        "path": lambda question: question.paths,
        "query": lambda question: question.queries,
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
        keys = _keys(live.rule)
        if not keys:
            self.others.append(live)
            return
        for key in keys:
            self.by_value.setdefault(key, []).append(live)
        if keys[0][0] not in self.facets:
            self.facets.append(keys[0][0])

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
        named = {operation for live in rules for operation in live.rule.when.operations}
        self._shelves: dict[str | None, _Shelf] = {operation: _Shelf() for operation in (*named, None)}
        for live in rules:
            for operation in set(live.rule.when.operations) or self._shelves:
                self._shelves[operation].add(live)

    def find(self, question: Question) -> Sequence[Live]:
        """The rules that may fit, in their order; those that are left out do not."""
        shelf = self._shelves.get(question.call.operation) or self._shelves[None]
        return shelf.find(question)


def _keys(rule: Rule) -> list[tuple[Facet, Scalar]]:
    """The first facet of which ``rule`` wants certain values, with each of them; empty when it wants none."""
    wanted: tuple[tuple[Facet, Any], ...] = (
        *rule.when.fields,
        *((facet, getattr(rule.when, facet)) for facet in _FACETS),
    )
    for facet, value in wanted:
        values = value.values if isinstance(value, OneOf) else (value,)
        if (value is not None or not isinstance(facet, str)) and all(isinstance(one, _SCALARS) for one in values):
            return list(dict.fromkeys((facet, one) for one in values))
    return []
