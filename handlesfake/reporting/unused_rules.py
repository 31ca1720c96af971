"""What to say of a rule of the test that never acted: its conditions, and the request that came nearest."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from handlesfake.exchange.entry import Entry
from handlesfake.exchange.outcome import Call
from handlesfake.exchange.request_fields import snake
from handlesfake.json_diff import MISSING, Difference, short_json, table
from handlesfake.patterns import OutOfTime
from handlesfake.reporting.timeline import called, outcome
from handlesfake.rules.matchers import Equals, Matches, OneOf
from handlesfake.rules.question import TEXTS, Question, Scene
from handlesfake.rules.rule import Rule, When
from handlesfake.rules.when.conditions import WORDS
from handlesfake.services.table import SERVICES, service_of, service_of_operation
from handlesfake.values.values import frozen, replace
from handlesfake.vocabulary import spoken

_IN_ORDER = tuple(word for word in WORDS if word in TEXTS)
"""The words of ``when`` for one text, as the docs have them."""


@frozen
class _Condition:
    name: str
    wanted: Any
    alone: When
    """The same condition and no other."""

    def sent(self, question: Question) -> Any:
        """What the request says there."""
        if self.name == "operation":
            return question.call.operation
        if self.name == "service":
            return service_of(question.call.request).name
        if self.name in TEXTS:
            return next(iter(TEXTS[self.name](question)), MISSING)
        return question.value(self.alone.fields[0][0]) if self.alone.fields else MISSING

    def holds(self, question: Question) -> bool:
        """Whether the request is so."""
        operations = self.alone.operations
        try:
            return self.alone.fits(question) and (not operations or question.call.operation in operations)
        except OutOfTime:
            return False


def never_acted(rule: Rule, entries: Sequence[Entry], scene: Scene, services: Collection[str] = ()) -> str:
    """Which rule it is, what it wanted, and what of ``entries`` came nearest.

    :param services: the services that the double plays beside the first of the table, by name.
    """
    conditions = list(_conditions(rule.when))
    wanted = ", ".join(f"{one.name}={_written(one.wanted)}" for one in conditions)
    lines = [f"{rule.title} never acted: no request fitted it. Made in {rule.place}"]
    lines += [f"  it waits for {wanted}"] if wanted else []
    lines += _not_played(rule, services)
    asked = [(entry, Question(Call(entry.request, entry.ticks), scene)) for entry in entries]
    if not asked:
        return "\n".join([*lines, "  nothing was sent to MPSD: was the code under test called?"])
    entry, question = min(asked, key=lambda one: (_misses(conditions, one[1]), -one[0].number))
    unlike = [
        Difference(one.name, _Plain(_written(one.wanted)), one.sent(question))
        for one in conditions
        if not one.holds(question)
    ]
    lines.append(f"  nearest: #{entry.number} {called(entry)} {outcome(entry)}   {entry.source}".rstrip())
    if unlike:
        lines += [*table(unlike), "  correct its words, or take the rule out"]
    else:
        lines += [f"  that one fitted: {_why_not(rule)}"]
    return "\n".join(lines)


def _not_played(rule: Rule, services: Collection[str]) -> list[str]:
    """How the double would play the services of the rule's operations, where it plays none of them."""
    wanted = {service_of_operation(one).name for one in rule.when.operations} or {*rule.when.services}
    if wanted & {next(iter(SERVICES)), *services}:
        return []
    return [
        f"  this double does not play {SERVICES[name].label}; begin it with "
        + spoken().either(f"services=[{name!r}].", f"handlesfake serve --service {name}.")
        for name in sorted(wanted)
    ]


def _misses(conditions: Sequence[_Condition], question: Question) -> int:
    return sum(not one.holds(question) for one in conditions)


def _why_not(rule: Rule) -> str:
    if rule.when.nth is not None:
        first, last = rule.when.nth
        turn = str(first) if first == last else f"{first}..{last or ''}"
        return f"it is to act on nth={turn}, which never came"
    return "a rule before this one decided, or it was made too late; the first rule that fits decides alone"


def _conditions(when: When) -> Iterator[_Condition]:
    if when.operations:
        wanted = when.operations[0] if len(when.operations) == 1 else when.operations
        yield _Condition("operation", wanted, When(operations=when.operations))
    if when.services and not when.operations:
        one = when.services[0] if len(when.services) == 1 else OneOf(when.services)
        yield _Condition("service", one, When(services=when.services))
    for word in _IN_ORDER:
        wanted = getattr(when, word)
        if wanted is not None:
            yield _Condition(word, wanted, replace(When(), **{word: wanted}))
    for name, header in when.headers:
        yield _Condition(f"header {name}", header, When(headers=((name, header),)))
    for path, value in when.fields:
        yield _Condition(".".join(map(snake, path)), value, When(fields=((path, value),)))


class _Plain(str):
    """A text that is shown as it is."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def _written(wanted: Any) -> str:
    if isinstance(wanted, Matches):
        return wanted.pattern.written
    if isinstance(wanted, OneOf):
        return " or ".join(short_json(one) for one in wanted.values)
    return short_json(wanted.value) if isinstance(wanted, Equals) else re.sub(r"\s+", " ", short_json(wanted))
