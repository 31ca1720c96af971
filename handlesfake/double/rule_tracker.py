"""RuleTracker: which rules a test has made in Python, and which of them never acted."""

from __future__ import annotations

from collections.abc import Sequence

from handlesfake.exchange.entry import Entry
from handlesfake.rules.rule import Rule
from handlesfake.rules.stage import Rules


class RuleTracker:
    """The rules of one double, and which of those that its test made never acted: a typo, or nothing was sent.

    :param rules: the stage of the double, whose rules decide on requests.
    :param services: the services that the double plays beside the first of the table, by name.
    """

    def __init__(self, rules: Rules, services: Sequence[str] = ()) -> None:
        self._rules = rules
        self._services = services
        self._beside: tuple[Rules, ...] = ()
        self._told: list[Rule] = []
        self._shared: list[Rule] = []

    def add_beside(self, rule: Rule) -> Rules:
        """A stage for one rule that watches requests and decides nothing about them. It is also expected to act."""
        stage = self.alone(rule)
        self._beside = (*self._beside, stage)
        return stage

    def alone(self, rule: Rule) -> Rules:
        """A stage for one rule of which nothing is told when it never acts."""
        return Rules(self._rules.scene, [rule])

    def unfired(self) -> list[Rule]:
        """The rules that the test made in Python and that never acted."""
        return [rule for rules in (self._rules, *self._beside) for rule in rules.unfired() if not rule.from_file]

    def forget_unfired(self) -> None:
        """Tell nothing of the rules that have not acted by now: the test may not have reached them."""
        self._told += self.unfired()

    def share(self) -> list[Rule]:
        """The rules that have not acted by now; a checkpoint begins, and they are for more than what is inside it."""
        unfired = self.unfired()
        self._shared += [rule for rule in unfired if not _is_among(rule, self._shared)]
        return unfired

    def note_acted(self, rules: Sequence[Rule]) -> None:
        """Those of ``rules`` that have acted by now did, although a checkpoint will take it back."""
        unfired = self.unfired()
        self._told += [rule for rule in rules if not _is_among(rule, unfired) and not _is_among(rule, self._told)]

    def never_acted_at_all(self, entries: Sequence[Entry]) -> list[str]:
        """What to say as the double ends: rules that tests share need not have had theirs among them."""
        return self.never_acted(entries, self._shared)

    def never_acted(self, entries: Sequence[Entry], besides: Sequence[Rule] = ()) -> list[str]:
        """What to say of the unfired rules, each once, and what came nearest among ``entries``.

        :param besides: rules that are not this test's own.
        """
        new = [rule for rule in self.unfired() if not _is_among(rule, self._told) and not _is_among(rule, besides)]
        if not new:
            return []
        from handlesfake.reporting.unused_rules import never_acted  # lazily: few tests fail so

        self._told += new
        return [never_acted(rule, entries, self._rules.scene, self._services) for rule in new]

    def state(self) -> tuple[Rules, ...]:
        """What :meth:`restore` puts back: the stages beside requests."""
        return self._beside

    def restore(self, beside: tuple[Rules, ...]) -> None:
        """Go back to an earlier state."""
        self._beside = beside


def _is_among(rule: Rule, others: Sequence[Rule]) -> bool:
    """Whether it is one of them itself: two equal rules are two."""
    return any(rule is other for other in others)
