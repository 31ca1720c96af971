"""Index: which rules a request may fit, without asking them all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from handlesfake.rules.rule import Path, Question, Rule, as_mpsd_reads

_TYPE: Path = ("type",)


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


_Key: TypeAlias = tuple[Path, Any]


@dataclass(slots=True)
class _Shelf:
    """The rules for one operation: by the first field that each wants, and those that want none."""

    by_field: dict[_Key, list[Live]] = field(default_factory=dict)
    paths: list[Path] = field(default_factory=list)
    others: list[Live] = field(default_factory=list)

    def add(self, live: Live) -> None:
        key = _key(live.rule)
        if key is None:
            self.others.append(live)
            return
        self.by_field.setdefault(key, []).append(live)
        if key[0] not in self.paths:
            self.paths.append(key[0])

    def find(self, question: Question) -> Sequence[Live]:
        found = [self.others] if self.others else []
        for path in self.paths:
            sent = question.value(path)
            # what cannot be a key (an object, an array) is no scalar that a rule wants either
            if isinstance(sent, str) and (rules := self.by_field.get((path, sent))):
                found.append(rules)
        if len(found) == 1:
            return found[0]
        return sorted((live for rules in found for live in rules), key=lambda live: live.place)


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


def _key(rule: Rule) -> _Key | None:
    for path, wanted in rule.when.fields:
        if isinstance(wanted, str):
            return path, as_mpsd_reads(path[-1], wanted)
    return (_TYPE, rule.when.type) if rule.when.type is not None else None
