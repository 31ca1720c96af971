"""Rules: the stage that lets the first rule decide that fits a request."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress

from handlesfake.errors import Unanswered
from handlesfake.exchange.outcome import Call, NoAnswer, Outcome, Proceed
from handlesfake.patterns import OutOfTime
from handlesfake.rules.active_rule import ActiveRule
from handlesfake.rules.index import RuleIndex
from handlesfake.rules.question import Question, Scene
from handlesfake.rules.rule import Rule
from handlesfake.values.values import frozen

START = "start"
"""The state in which every scenario begins."""


@frozen
class RulesState:
    """The rules at one moment."""

    counts: Sequence[tuple[Rule, int, int]]
    """Each rule, how often it matched, and how often it has acted."""

    scenarios: Mapping[str, str]
    """The states of the scenarios that have left ``start``."""


class Rules:
    """The rules of one double, in the order in which they were given: the first that fits decides, alone.

    A rule with ``nth`` counts the requests that fit it and that no rule before it has decided.
    """

    def __init__(self, scene: Scene, rules: Iterable[Rule] = ()) -> None:
        self.scene = scene
        """Whose requests they are asked about."""

        self._lock = threading.Lock()
        self._scenarios: dict[str, str] = {}
        self._put([])
        self.add(*rules)

    def add(self, *rules: Rule) -> None:
        """Let ``rules`` count from now on, after the existing ones."""
        with self._lock:
            for rule in rules:
                self._take(ActiveRule(rule, len(self._all)))

    def _put(self, lives: Iterable[ActiveRule]) -> None:
        self._all: list[ActiveRule] = []
        self._index = RuleIndex()
        self._awake: set[ActiveRule] = set()
        self._unconnecting = 0
        self._of_scenario: dict[str, list[ActiveRule]] = {}
        for live in lives:
            self._take(live)

    def _take(self, live: ActiveRule) -> None:
        self._all.append(live)
        self._unconnecting += live.rule.fails_to_connect
        for scenario, _ in live.rule.when.states:
            self._of_scenario.setdefault(scenario, []).append(live)
        self._wake(live)

    def _wake(self, live: ActiveRule) -> None:
        """Keep a rule in the index just while it may act: not once it is spent, nor in another state."""
        awake = not live.spent() and self._in_states(live.rule)
        if awake and live not in self._awake:
            self._awake.add(live)
            self._index.add(live)
        elif not awake and live in self._awake:
            self._awake.remove(live)
            self._index.drop(live)

    def _in_states(self, rule: Rule) -> bool:
        return all(self._scenarios.get(scenario, START) in states for scenario, states in rule.when.states)

    def __call__(self, call: Call, proceed: Proceed) -> Outcome:
        """Let a rule decide, or pass the call on."""
        if not self._awake:
            return proceed(call)
        question = Question(call, self.scene)
        try:
            with self._lock:
                rule = self._decisive(question)
        except Unanswered as error:
            return NoAnswer(error)
        return proceed(call) if rule is None else rule.then(question, proceed, rule.title)

    def _decisive(self, question: Question) -> Rule | None:
        """The rule that decides, counted as met.

        :raises Unanswered: a pattern of a rule takes too long; nothing is counted then.
        """
        met: list[ActiveRule] = []
        decisive = None
        for live in self._index.find(question):
            if _fits(live.rule, question):
                met.append(live)
                if live.would_act():
                    decisive = live.rule
                    break
        for live in met:
            live.meet()
        for live in met:  # only now: what was found are the index's own lists
            self._wake(live)
        self._become(decisive.becomes if decisive else ())
        return decisive

    def _become(self, states: Iterable[tuple[str, str]]) -> None:
        for scenario, state in states:
            self._scenarios[scenario] = state
            for live in self._of_scenario.get(scenario, ()):
                self._wake(live)

    @property
    def may_fail_to_connect(self) -> bool:
        """Whether any rule lets a client fail as it connects."""
        return self._unconnecting > 0

    def fails_to_connect(self, call: Call) -> bool:
        """Whether the rule that will decide on ``call`` lets its client fail as it connects; nothing is counted."""
        question = Question(call, self.scene)
        with self._lock, suppress(Unanswered):  # it is told once the request is decided on
            for live in self._index.find(question):
                if _fits(live.rule, question) and live.would_act():
                    return live.rule.fails_to_connect
        return False

    def counts(self) -> list[tuple[Rule, int, int]]:
        """Each rule, how often it matched, and how often it has acted."""
        if not self._all:
            return []
        with self._lock:
            return [(live.rule, live.met, live.acted) for live in self._all]

    def unfired(self) -> list[Rule]:
        """The rules that have never acted, in order."""
        return [rule for rule, _, acted in self.counts() if not acted]

    def keep(self, wanted: Callable[[Rule], bool]) -> None:
        """Let only those rules count on that are ``wanted``."""
        counts = [one for one in self.counts() if wanted(one[0])]
        self.restore(RulesState(counts, self._scenarios))

    def state(self) -> RulesState:
        """What :meth:`restore` puts back."""
        return RulesState(self.counts(), dict(self._scenarios))

    def restore(self, held: RulesState) -> None:
        """Put back an earlier state."""
        with self._lock:
            self._scenarios = dict(held.scenarios)
            self._put(ActiveRule(rule, place, met, acted) for place, (rule, met, acted) in enumerate(held.counts))


def _fits(rule: Rule, question: Question) -> bool:
    """Whether the request is like the rule wants it.

    :raises Unanswered: a pattern takes too long to tell, and so nothing may decide; rule and pattern are named.
    """
    try:
        return rule.when.fits(question)
    except OutOfTime as error:
        at = f" at {rule.place}" if rule.place and rule.place not in rule.title else ""
        request = question.call.request
        raise Unanswered(
            f"{request.method} {request.target} cannot be decided on: {rule.title}{at}: {error}.\n"
            "  write it so that a text can match in one way only: no repeats inside of repeats"
        ) from None
