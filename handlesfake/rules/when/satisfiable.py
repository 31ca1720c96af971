"""Possible: whether a request can ever be as a rule wants it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from handlesfake.exchange.request_fields import known_fields, snake
from handlesfake.files.source import Source
from handlesfake.json_diff import short_json
from handlesfake.patterns import OutOfTime
from handlesfake.rules.matchers import Absent, All, Between, Demand, Equals, OneOf, Wanted, among
from handlesfake.rules.rule import When
from handlesfake.services.table import SERVICES, operations_called, service_of_operation
from handlesfake.values.values import replace


def check_possible(when: When, node: Mapping[str, Any], source: Source) -> None:
    """Refuse conditions that contradict each other.

    :raises RuleError: no request can be so, and why.
    """
    for word, needed in _NEEDED.items():
        wanted = getattr(when, word)
        if wanted is None or not when.operations or (isinstance(wanted, Absent) and wanted.absent):
            continue
        if not any(name in known_fields(operation) for operation in when.operations for name in needed):
            raise source.wrong(
                f"this rule can never fire: a request of {' or '.join(when.operations)} has no {word}",
                node,
                word,
                of_value=False,
            )
    if when.invitee is not None and when.type is not None and not _may_be(when.type, ("invite",)):
        raise source.wrong("this rule can never fire: only an invite has an invitee", node, "invitee", of_value=False)
    _check_method(when, node, source)


def of_refusing_services(when: When, then: Mapping[str, Any], source: Source) -> When:
    """``when``, narrowed to the services that have the refusal of ``then``: no other says no by that name.

    :raises RuleError: no operation that is asked for is one of theirs.
    """
    having = tuple(name for name, service in SERVICES.items() if then["refuse"] in service.refusals())
    if len(having) == len(SERVICES):
        return when
    asked = dict.fromkeys(service_of_operation(one).name for one in when.operations)
    if asked and not set(asked) & set(having):
        whose, theirs = (" and ".join(SERVICES[name].label for name in names) for names in (asked, having))
        verb = "does" if len(asked) == 1 else "do"
        raise source.wrong(
            f"this rule can never fire: {whose} {verb} not refuse by {then['refuse']!r}, which is of {theirs}",
            then,
            "refuse",
        )
    return replace(when, services=having)


def check_text_demand(demand: Demand, node: Mapping[str, Any], key: str, source: Source) -> None:
    """Refuse what no text can be: ``key`` is about one.

    :raises RuleError: a number is asked for, or another value that is not a text.
    """
    for one in demand.demands if isinstance(demand, All) else (demand,):
        if isinstance(one, Between):
            raise source.wrong(f"{key} is a text: at_least and at_most ask for a number", node, key)
        for value in _values(one):
            if not isinstance(value, str):
                number = isinstance(value, int) and not isinstance(value, bool)
                hint = f': write "{value}", in quotes' if number else f", and is {short_json(value)}"
                raise source.wrong(f"{key} must be a text{hint}", node, key)


def texts_named(wanted: Wanted | None) -> Iterator[str]:
    """The texts of which ``wanted`` needs one; none where it asks for a form, or for what is absent."""
    if isinstance(wanted, str):
        yield wanted
    for one in wanted.demands if isinstance(wanted, All) else (wanted,):
        yield from (value for value in _values(one) if isinstance(value, str))


def _values(demand: object) -> tuple[Any, ...]:
    """The values of which a demand needs one."""
    if isinstance(demand, Equals):
        return (demand.value,)
    return demand.values if isinstance(demand, OneOf) else ()


def _check_method(when: When, node: Mapping[str, Any], source: Source) -> None:
    methods = sorted({one.method for name in when.operations for one in operations_called(name)})
    if when.method is not None and methods and not _may_be(when.method, methods):
        raise source.wrong(
            f"this rule can never fire: a request of {' or '.join(when.operations)} is a {' or '.join(methods)}",
            node,
            "method",
        )


def _may_be(wanted: Wanted, names: Iterable[str]) -> bool:
    try:
        return among(wanted, names)
    except OutOfTime:  # then it is not known: the first request names the rule
        return True


_INVITED = tuple(snake(service.invites.field) for service in SERVICES.values() if service.invites is not None)
_NEEDED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"type": ("type",), "session": ("session_ref", "name"), "invitee": _INVITED}
)
"""Words of ``when``, and the fields of which an operation must have one."""
