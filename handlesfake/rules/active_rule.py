"""ActiveRule: a rule in force, and how often it has matched and acted."""

from __future__ import annotations

from handlesfake.rules.rule import Rule
from handlesfake.values.values import mutable


@mutable(eq=False)
class ActiveRule:
    """A rule and how often it has matched and acted."""

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

    def would_act(self) -> bool:
        """Whether the rule acts on the next request that fits; nothing is counted."""
        rule, number = self.rule, self.met + 1
        nth = rule.when.nth
        if nth is not None and (number < nth[0] or (nth[1] is not None and number > nth[1])):
            return False
        if rule.probability is None:
            return True
        from random import Random  # a rule in a thousand is left to chance

        # drawn for each number, and not one after the other: so a checkpoint does not have to keep a generator
        drawn = Random(f"{rule.seed} {number}").random()  # noqa: S311 - chance on a bad day is no secret
        return drawn < rule.probability

    def meet(self) -> bool:
        """Count one more request that fits; whether the rule acts on it."""
        acts = self.would_act()
        self.met += 1
        self.acted += acts
        return acts
