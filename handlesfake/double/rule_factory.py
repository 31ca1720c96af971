"""MadeRules: how a call of the test becomes a rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from handlesfake.callsite.call_site import calling_line
from handlesfake.exchange.entry import Entry
from handlesfake.files.source import Source
from handlesfake.rules.rule import Action, Rule, When
from handlesfake.rules.stage import Rules
from handlesfake.users import User
from handlesfake.world.seeded_session import SeededSession


class MadeRules:
    """The rules of one double, and those that its test has made."""

    _rules: Rules
    _beside: list[Rules]
    """Stages of one rule each, whose rule stands beside a request and decides nothing of it."""

    _told_rules: list[Rule]
    """Those of which nothing is to be told any more, though they never acted."""

    def _make(
        self, call: str, subject: str | None, rule: dict[str, Any], times: int | None, when: Mapping[str, Any]
    ) -> None:
        from handlesfake.rules.reading import read_rule  # lazily: most tests upset nothing

        title = title_of(call, subject, times)
        given = _given(when)
        rule = {**rule, "when": given} if given else rule
        rule = rule if times is None else {**rule, "times": times}
        made = read_rule(rule, Source(f"mpsd.{title}"), place=calling_line(3))
        self._rules.add(Rule(made.when, made.then, title, made.times, place=made.place))

    def _rule_for(
        self, call: str, subject: object, action: Action, times: int | None, when: Mapping[str, Any]
    ) -> Rule:
        """A rule for an action that no rule file can name."""
        from handlesfake.rules.conditions import read_when  # lazily, as above

        title = title_of(call, subject, times)
        source = Source(f"mpsd.{title}")
        given = _given(when)
        if times is not None:
            source.whole({"times": times}, "times", 1)
        return Rule(read_when(given, source) if given else When(), action, title, times, place=calling_line(3))

    def _unfired_rules(self) -> list[Rule]:
        """The rules that the test made in Python and that never acted: a typo, or nothing was sent."""
        return [rule for rules in (self._rules, *self._beside) for rule in rules.unfired() if not rule.from_file]

    def _never_acted(self, entries: Sequence[Entry], besides: Sequence[Rule] = ()) -> list[str]:
        """What to say of those rules, each once, and what came nearest among ``entries``; not of ``besides``."""
        known = (*self._told_rules, *besides)
        new = [rule for rule in self._unfired_rules() if not any(rule is other for other in known)]
        if not new:
            return []
        from handlesfake.reporting.unused_rules import never_acted  # lazily: few tests fail so

        self._told_rules += new
        return [never_acted(rule, entries, self._rules.scene) for rule in new]


def _given(when: Mapping[str, Any]) -> dict[str, Any]:
    given: dict[str, Any] = plain(when)
    session = given.get("session")
    if isinstance(session, dict) and "name" in session:  # a reference; anything else is a condition
        given["session"] = session["name"]
    return given


def title_of(call: str, subject: object, times: int | None) -> str:
    """``refuse('throttled', times=2)``."""
    parts = [] if subject is None else [repr(subject)]
    parts += [] if times is None else [f"times={times!r}"]
    return f"{call}({', '.join(parts)})"


def plain(value: Any) -> Any:
    """``value`` with each user as the xuid and each session as its name."""
    if isinstance(value, User):
        return value.xuid
    if isinstance(value, SeededSession):
        return value.name
    if isinstance(value, Mapping):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    return value
