"""Rules: the stage that lets the first rule decide that fits a request."""

from __future__ import annotations

import threading
from collections.abc import Iterable

from handlesfake.outcome import Call, Outcome, Proceed
from handlesfake.rules.index import Index, Live
from handlesfake.rules.rule import Question, Rule, Scene


class Rules:
    """The rules of one double, in the order in which they were given: the first that fits decides, alone.

    A rule with ``nth`` counts the requests that fit it and that no rule before it has decided.
    """

    def __init__(self, scene: Scene, rules: Iterable[Rule] = ()) -> None:
        self._scene = scene
        self._lock = threading.Lock()
        self._all: list[Live] = []
        self._index = Index(())
        self.add(*rules)

    def add(self, *rules: Rule) -> None:
        """Let ``rules`` count from now on, behind those that are there."""
        if not rules:
            return
        with self._lock:
            self._all += [Live(rule, len(self._all) + number) for number, rule in enumerate(rules)]
            self._index = Index(self._all)

    def __call__(self, call: Call, proceed: Proceed) -> Outcome:
        """Let a rule decide, or pass the call on."""
        if not self._all:
            return proceed(call)
        question = Question(call, self._scene)
        with self._lock:
            rule = self._decisive(question)
        return proceed(call) if rule is None else rule.then(question, proceed, rule.title)

    def _decisive(self, question: Question) -> Rule | None:
        for live in self._index.find(question):
            if not live.spent() and live.rule.when.fits(question) and live.meet():
                if live.spent():
                    self._index = Index(self._all)
                return live.rule
        return None

    def unfired(self) -> list[Rule]:
        """The rules that have never acted, in order."""
        return [live.rule for live in self._all if not live.acted]

    def state(self) -> list[tuple[Rule, int, int]]:
        """What :meth:`restore` puts back: each rule, how often it was met, how often it acted."""
        with self._lock:
            return [(live.rule, live.met, live.acted) for live in self._all]

    def restore(self, state: list[tuple[Rule, int, int]]) -> None:
        """Put back an earlier state."""
        with self._lock:
            self._all = [Live(rule, place, met, acted) for place, (rule, met, acted) in enumerate(state)]
            self._index = Index(self._all)
