"""Order: whether each rule of a file can ever have its turn."""

from __future__ import annotations

from collections.abc import Sequence

from handlesfake.errors import RuleError
from handlesfake.patterns import OutOfTime
from handlesfake.rules.matchers import Absent, All, Between, Equals, Matches, OneOf, Wanted, meets
from handlesfake.rules.question import TEXTS
from handlesfake.rules.rule import Rule, When
from handlesfake.rules.stage import START
from handlesfake.suggestions import nearest


def check_order(rules: Sequence[Rule]) -> None:
    """Refuse rules that can never fire, and names that two rules have.

    :raises RuleError: a rule waits for a state that no rule sets, or comes after one that matches everything that it
        matches.
    """
    _check_names(rules)
    _check_states(rules)
    deciding: dict[object, list[Rule]] = {}  # by their paths: the files of a recorder have thousands
    for rule in rules:
        for earlier in (*deciding.get(None, ()), *(deciding.get(rule.when.path, ()) if rule.when.path else ())):
            if _asks_no_more(earlier.when, rule.when):
                raise RuleError(
                    f"{rule.place}: this rule can never fire: {_called(earlier)} comes before it and matches "
                    f"everything that it matches.\n  Put it before that one, or give that one times, nth or another "
                    f"condition."
                )
        if _always_decides(rule):
            deciding.setdefault(rule.when.path if isinstance(rule.when.path, str) else None, []).append(rule)


def _check_names(rules: Sequence[Rule]) -> None:
    seen: dict[str, Rule] = {}
    for rule in rules:
        if rule.name and rule.name in seen:
            raise RuleError(f"{rule.place}: another rule is called {rule.name!r} already, at {seen[rule.name].place}")
        seen[rule.name] = rule


def _check_states(rules: Sequence[Rule]) -> None:
    brought = {(START, scenario) for rule in rules for scenario, _ in rule.when.states}
    brought |= {(state, scenario) for rule in rules for scenario, state in rule.becomes}
    for rule in rules:
        for scenario, states in rule.when.states:
            if not any((state, scenario) in brought for state in states):
                known = sorted(state for state, of in brought if of == scenario)
                raise RuleError(
                    f"{rule.place}: this rule can never fire: no rule brings {scenario} into the state"
                    f" {' or '.join(states)}{nearest(states[0], known)}\n  known: {', '.join(known)}"
                )


def _called(rule: Rule) -> str:
    return f"{rule.title} at {rule.place}" if rule.name else f"the {rule.title}"


def _always_decides(rule: Rule) -> bool:
    return rule.times is None and rule.probability is None and rule.when.nth is None


def _asks_no_more(earlier: When, later: When) -> bool:
    """Whether whatever is as ``later`` wants is as ``earlier`` wants, too, as far as the conditions tell."""
    return (
        (not earlier.operations or (bool(later.operations) and {*later.operations} <= {*earlier.operations}))
        and (not earlier.services or (bool(later.services) and {*later.services} <= {*earlier.services}))
        and all(_facet_covers(getattr(earlier, facet), getattr(later, facet)) for facet in TEXTS)
        and all(
            any(path == other and _covers(one, two) for other, two in later.fields) for path, one in earlier.fields
        )
        and all(
            any(name.lower() == other.lower() and _covers(one, two) for other, two in later.headers)
            for name, one in earlier.headers
        )
        and all(
            any(scenario == other and {*some} <= {*states} for other, some in later.states)
            for scenario, states in earlier.states
        )
    )


def _facet_covers(earlier: Wanted | None, later: Wanted | None) -> bool:
    return earlier is None or (later is not None and _covers(earlier, later))


def _covers(earlier: object, later: object) -> bool:
    """Whether each value that is as ``later`` wants is as ``earlier`` wants; None means that null is wanted."""
    if isinstance(later, OneOf):
        return all(_meets(earlier, one) for one in later.values)
    if isinstance(later, (Matches, Between, Absent, All)):
        # by what they say, too: for Python 1 is True
        return earlier == later and repr(earlier) == repr(later)
    return _meets(earlier, later.value if isinstance(later, Equals) else later)


def _meets(earlier: object, value: object) -> bool:
    try:
        return meets(earlier, value)
    except OutOfTime:  # then it is not known: the rule that asks so is named by the first request
        return False
