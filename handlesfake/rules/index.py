"""RuleIndex: which rules a request may fit, without asking them all."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterator, Mapping, Sequence
from operator import attrgetter
from types import MappingProxyType
from typing import Any

from handlesfake.rules.active_rule import ActiveRule
from handlesfake.rules.index_bucket import ANY, IndexBucket, rank_of
from handlesfake.rules.question import TEXTS, Path, Question
from handlesfake.rules.rule import When

_by_place = attrgetter("place")


class RuleIndex:
    """Rules by what each asks for; it is kept while they come and go."""

    def __init__(self) -> None:
        self._shelves: dict[str, _Shelf] = {}

    def add(self, live: ActiveRule) -> None:
        """One more rule, at its place in the order."""
        for operation in live.rule.when.operations or ("",):
            self._shelves.setdefault(operation, _Shelf()).add(live)

    def drop(self, live: ActiveRule) -> None:
        """One less."""
        for operation in live.rule.when.operations or ("",):
            self._shelves[operation].drop(live)

    def find(self, question: Question) -> Sequence[ActiveRule]:
        """The rules that may fit, in their order; those that are left out do not."""
        found: list[Sequence[ActiveRule]] = []
        for operation in (question.call.operation, ""):
            shelf = self._shelves.get(operation)
            if shelf is not None:
                shelf.find(question, found)
        if len(found) < 2:
            return found[0] if found else ()
        return sorted({live.place: live for rules in found for live in rules}.values(), key=_by_place)


class _Shelf:
    """The rules for one operation, or for every one: each in the drawer of the best of its conditions."""

    def __init__(self) -> None:
        self._words: dict[str, IndexBucket] = {}
        self._fields: dict[str, dict[Path, IndexBucket]] = {}
        """By the first part of their paths: a request says few of all the fields that rules may ask for."""

        self._headers: dict[str, IndexBucket] = {}
        self._others: list[ActiveRule] = []
        self._homes: dict[ActiveRule, tuple[IndexBucket, Any]] = {}
        """Where each rule lies, and what it asks for there; those of ``_others`` apart."""

    def add(self, live: ActiveRule) -> None:
        # the one that is least like the others, and of equal ones the one that is told apart best
        asked = [
            (drawer.candidates_for(wanted), rank_of(wanted), number, drawer, wanted)
            for number, (drawer, wanted) in enumerate(self._drawers(live.rule.when))
            if rank_of(wanted) != ANY
        ]
        if not asked:
            insort(self._others, live, key=_by_place)
            return
        *_, drawer, wanted = min(asked)
        self._homes[live] = (drawer, wanted)
        drawer.add(live, wanted)

    def drop(self, live: ActiveRule) -> None:
        drawer, wanted = self._homes.pop(live, (None, None))
        if drawer is None:
            self._others.remove(live)
        else:
            drawer.drop(live, wanted)

    def _drawers(self, when: When) -> Iterator[tuple[IndexBucket, Any]]:
        """Each condition of ``when``, and the drawer for it."""
        for path, wanted in when.fields:
            yield self._fields.setdefault(path[0], {}).setdefault(path, IndexBucket()), wanted
        for word in TEXTS:
            text = getattr(when, word)
            if text is not None:
                yield self._words.setdefault(word, IndexBucket()), text
        for name, line in when.headers:
            yield self._headers.setdefault(name.lower(), IndexBucket()), line

    def find(self, question: Question, found: list[Sequence[ActiveRule]]) -> None:
        if self._others:
            found.append(self._others)
        for word, drawer in self._words.items():
            if drawer:
                drawer.find(TEXTS[word](question), found)
        for name in self._fields if len(self._fields) <= _FEW else question.fields:
            for path, drawer in self._fields.get(name, _NONE).items():
                if drawer:
                    drawer.find((question.value(path),), found)
        for name in self._headers if len(self._headers) <= _FEW else question.headers:
            asked = self._headers.get(name)
            if asked:
                asked.find(question.header(name), found)


_FEW = 3
"""As few names are looked up in the request; with more names, those of the request are looked up here."""

_NONE: Mapping[Path, IndexBucket] = MappingProxyType({})
