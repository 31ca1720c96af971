"""Told: the parts of a report as JSON values, from what doubles have seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from handlesfake.exchange.entry import Entry
from handlesfake.exchange.sent import sent_fields, session_of
from handlesfake.mpsd.shoulder_taps import Tap
from handlesfake.mpsd.ticks import to_datetime
from handlesfake.reporting.body_text import texts_of
from handlesfake.reporting.journal_json import entry_as_json
from handlesfake.reporting.timeline import explained, outcome, who
from handlesfake.traffic.labels import label

Told = dict[str, Any]


def part_told(
    title: str, entries: Sequence[Entry], pushed: Sequence[Tap], users: Mapping[str, str], earlier: int = 0
) -> Told:
    """What one double, or one world, was sent and pushed.

    :param title: what tells it from others; empty where there is one only.
    :param entries: as they may be shown.
    :param pushed: the taps of the same time, in order.
    :param users: the users that the test has made, xuid to role.
    :param earlier: how many requests before these are no longer kept.
    :returns: ``title``, ``users``, ``entries``, ``taps``, ``earlier``.
    """
    return {
        "title": title,
        "users": dict(users),
        "entries": [entry_told(entry, users) for entry in entries],
        "taps": _taps_told(pushed, entries, users),
        "earlier": earlier,
    }


def entry_told(entry: Entry, users: Mapping[str, str]) -> Told:
    """An entry of the journal with what a failed test says of it; what says nothing is left out."""
    ref, invited = session_of(entry).get("name"), sent_fields(entry).get("invitedXuid")
    found = {
        **entry_as_json(entry),
        "who": who(entry, users),
        "outcome": outcome(entry),
        "explained": explained(entry, users),
        "session": ref if isinstance(ref, str) else "",
        "invited": label(str(invited), users.get(str(invited), "")) if isinstance(invited, (str, int)) else "",
        **texts_of(entry),
    }
    return {name: value for name, value in found.items() if value not in (None, "", [], False)}


def _taps_told(pushed: Sequence[Tap], entries: Sequence[Entry], users: Mapping[str, str]) -> list[Told]:
    return [
        {
            "after": _after(tap, entries),
            "who": label(tap.xuid, users.get(tap.xuid, "")),
            "session": tap.session_ref.name,
            "change": tap.change_number,
            "changes": sorted(tap.changes),
            "at": to_datetime(tap.at).isoformat(),
        }
        for tap in pushed
    ]


def _after(tap: Tap, entries: Sequence[Entry]) -> int:
    """The number of the request that made ``tap``, else of the last one before it; 0 for none."""
    # a request and what it makes the service push have the same time
    return next((entry.number for entry in reversed(entries) if entry.ticks <= tap.at), 0)
