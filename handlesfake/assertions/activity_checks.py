"""Whether a player shows an activity now; each function gives the text of the failure, or None."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

from handlesfake.assertions import failure
from handlesfake.assertions.criteria import Criteria, same_name
from handlesfake.assertions.failure import ClaimCall
from handlesfake.json_diff import differences, table
from handlesfake.services.service import Service
from handlesfake.services.table import MPSD, SERVICES
from handlesfake.traffic.records import Activity
from handlesfake.traffic.traffic import ShownActivity, Traffic
from handlesfake.values.values import frozen, replace


def shows(one: Criteria, call: ClaimCall) -> str | None:
    """The player shows an activity now, as ``one`` says."""
    traffic, xuid = one.traffic, one.by
    shown = traffic.shown_by(xuid)
    who = failure.person(traffic, xuid)
    for activity in shown:
        ref = activity.get("sessionRef") or {}
        if not differences(same_name(one.session, ref), ref, partial=True):
            return None
    if shown:
        return _shows_another(one, who, shown[-1])
    where = f" in {one.session['name']}" if one.session.get("name") else ""
    elsewhere = _shown_through_others(one.service, xuid, traffic)
    gone = [record for record in traffic.accepted(Activity) if str(record.get("ownerXuid", "")) == xuid]
    if gone:
        line = failure.entry_lines([record.entry for record in gone[-1:] if record.entry], traffic)
        lines = [f"{who} shows no activity{where}. It was set, and is gone:", *line, failure.GONE]
        return "\n".join([*lines, *elsewhere])
    return "\n".join([failure.missing(one, one.past(0), f"{who} shows no activity{where}", call), *elsewhere])


def _shown_through_others(but: Service, xuid: str, traffic: Traffic) -> list[str]:
    """What the player shows now through services other than ``but``: it does not count there."""
    found: dict[str, list[str]] = {}
    if but is not MPSD and (of_mpsd := traffic.shown_by(xuid)):
        found[MPSD.name] = _set_by(of_mpsd[-1], traffic)
    for name in traffic.services:
        asked = traffic.elsewhere if name != but.name and SERVICES[name].showing else None
        found |= {name: lines} if asked and (lines := _set_at(asked(name, xuid))) else {}
    who = failure.person(traffic, xuid)
    lines = []
    for service in (SERVICES[name] for name in found):
        headline = f"  {who} shows an activity through {service.label}, which {failure.counting(service, traffic)}:"
        lines += [headline, *found[service.name]]
    return lines


def _set_at(found: Sequence[ShownActivity]) -> list[str]:
    return [f"  set at {one.at:%H:%M:%S}: {json.dumps(dict(one.document))[:110]}" for one in found]


def _shows_another(one: Criteria, who: str, shown: Activity) -> str:
    ref = dict(shown.get("sessionRef") or {})
    wanted = one.session.get("name", "another session")
    lines = [
        f"{who} shows {ref.get('name')}, wanted {wanted}.",
        *_set_by(shown, one.traffic),
        *table(
            differences(same_name(one.session, ref), ref, partial=True, path="sessionRef"), words=("wanted", "shown")
        ),
    ]
    attempts = replace(one, accepted=False).among(one.past(0))
    if attempts:
        lines.append(failure.only_refused(f"{wanted} was tried, too", attempts, one.traffic))
    return "\n".join(lines)


def _set_by(shown: Activity, traffic: Traffic) -> list[str]:
    if shown.entry:
        return failure.entry_lines([shown.entry], traffic)
    if any(one.accepted and one.type == "activity" for one in traffic.journal.trimmed_kinds()):
        return [
            f"  set by a request that the journal no longer keeps, or arranged by the test: {traffic.words.arranged}"
        ]
    return [f"  arranged by the test: {traffic.words.arranged}"]


def shows_nothing(traffic: Traffic, xuid: str) -> str | None:
    """The player shows no activity now."""
    shown = traffic.shown_by(xuid)
    if not shown:
        return None
    session = (shown[-1].get("sessionRef") or {}).get("name")
    headline = f"{failure.person(traffic, xuid)} shows {session}, wanted no activity:"
    return "\n".join([headline, *_set_by(shown[-1], traffic)])


@frozen
class Elsewhere:
    """What a player shows through a service beside MPSD."""

    service: Service
    now: Callable[[], list[ShownActivity]]
    """The activities, as things are."""


def shows_elsewhere(shown: Elsewhere, set_by: Criteria, call: ClaimCall) -> str | None:
    """The player shows an activity now.

    :param set_by: the accepted requests of the player that set one.
    """
    if shown.now():
        return None
    traffic, xuid = set_by.traffic, set_by.by
    headline = f"{failure.person(traffic, xuid)} shows no activity through {shown.service.label}"
    found = set_by.among(set_by.past(0))
    if found:
        text = "\n".join([f"{headline}. It was set, and is gone:", *failure.entry_lines(found[-1:], traffic)])
    else:
        text = failure.missing(set_by, set_by.past(0), headline, call)
    return "\n".join([text, *_shown_through_others(shown.service, xuid, traffic)])


def shows_nothing_elsewhere(shown: Elsewhere, xuid: str, traffic: Traffic) -> str | None:
    """The player shows no activity now."""
    found = shown.now()
    if not found:
        return None
    headline = f"{failure.person(traffic, xuid)} shows an activity through {shown.service.label}, wanted none:"
    return "\n".join([headline, *_set_at(found)])
