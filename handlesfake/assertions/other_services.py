"""OtherServices: the invites that another service has, where a claim about one fails. They do not count there."""

from __future__ import annotations

from collections.abc import Sequence

from handlesfake.assertions import failure
from handlesfake.assertions.criteria import Criteria
from handlesfake.exchange.entry import Entry
from handlesfake.services.table import SERVICES
from handlesfake.values.values import replace


def invitee(one: Criteria, xuid: str) -> Criteria:
    """``one``, invites, narrowed to those of ``xuid``."""
    invites = one.service.invites
    if invites is None:
        raise TypeError(f"{one.service.label} has no invites")
    return replace(one, invitee=xuid) if invites.several else replace(one, fields={invites.field: xuid, **one.fields})


def invited_through_others(one: Criteria, xuids: Sequence[str], since: int) -> list[str]:
    """The accepted invites that another service has, of ``xuids``; of any player where there are none."""
    lines = []
    for service in SERVICES.values():
        if service is one.service or service.invites is None:
            continue
        operation, kind = service.invites.operations[0], service.invites.type
        other = Criteria(one.traffic, operation, kind, by=one.by, accepted=True, service=service)
        found = {xuid: _accepted(invitee(other, xuid), since) for xuid in xuids} or {"": _accepted(other, since)}
        people = [failure.person(one.traffic, xuid) if xuid else "a player" for xuid in found if found[xuid]]
        entries = {entry.number: entry for xuid in found for entry in found[xuid]}
        if people:
            who = f"{failure.few(people)} {'was' if len(people) == 1 else 'were'}"
            lines += [f"  {who} invited through {service.label}, which {failure.counting(service, one.traffic)}:"]
            lines += failure.entry_lines([entries[number] for number in sorted(entries)], one.traffic)
    return lines


def _accepted(one: Criteria, since: int) -> list[Entry]:
    return one.among(one.past(since))
