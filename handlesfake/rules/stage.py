"""Rules: the stage that lets the first rule decide that fits a request."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from handlesfake.outcome import Call, Outcome, Proceed
from handlesfake.rules.index import Index
from handlesfake.rules.live import Live
from handlesfake.rules.question import Question, Scene
from handlesfake.rules.rule import Rule

START = "start"
"""The state in which every scenario begins."""


@dataclass(frozen=True, slots=True)
class Held:
    """The rules at one moment."""

    counts: Sequence[tuple[Rule, int, int]]
    """Each rule, how often it was met, and how often it has acted."""

    scenarios: Mapping[str, str]
    """The states of the scenarios that have left ``start``."""


class Rules:
    """The rules of one double, in the order in which they were given: the first that fits decides, alone.

    A rule with ``nth`` counts the requests that fit it and that no rule before it has decided.
    """

    def __init__(self, scene: Scene, rules: Iterable[Rule] = ()) -> None:
        self._scene = scene
        self._lock = threading.Lock()
        self._all: list[Live] = []
        self._scenarios: dict[str, str] = {}
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
            if self._fits(live, question) and live.meet():
                if live.spent():
                    self._index = Index(self._all)
                self._scenarios.update(live.rule.becomes)
                return live.rule
        return None

    def _fits(self, live: Live, question: Question) -> bool:
        return not live.spent() and self._in_states(live.rule) and live.rule.when.fits(question)

    def _in_states(self, rule: Rule) -> bool:
        return all(self._scenarios.get(scenario, START) in states for scenario, states in rule.when.states)

    @property
    def may_fail_to_connect(self) -> bool:
        """Whether any rule lets a client fail as it connects."""
        return any(live.rule.fails_to_connect for live in self._all)

    def fails_to_connect(self, call: Call) -> bool:
        """Whether the rule that will decide on ``call`` lets its client fail as it connects; nothing is counted."""
        question = Question(call, self._scene)
        with self._lock:
            for live in self._index.find(question):
                if self._fits(live, question) and live.would_act():
                    return live.rule.fails_to_connect
        return False

    def counts(self) -> list[tuple[Rule, int, int]]:
        """Each rule, how often it was met, and how often it has acted."""
        with self._lock:
            return [(live.rule, live.met, live.acted) for live in self._all]

    def unfired(self) -> list[Rule]:
        """The rules that have never acted, in order."""
        return [rule for rule, _, acted in self.counts() if not acted]

    def keep(self, wanted: Callable[[Rule], bool]) -> None:
        """Let only those rules count on that are ``wanted``."""
        counts = [one for one in self.counts() if wanted(one[0])]
        self.restore(Held(counts, self._scenarios))

    def state(self) -> Held:
        """What :meth:`restore` puts back."""
        return Held(self.counts(), dict(self._scenarios))

    def restore(self, held: Held) -> None:
        """Put back an earlier state."""
        with self._lock:
            self._all = [Live(rule, place, met, acted) for place, (rule, met, acted) in enumerate(held.counts)]
            self._scenarios = dict(held.scenarios)
            self._index = Index(self._all)
