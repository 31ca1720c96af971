"""Failure: the texts of failed assertions, with the nearest thing that was sent."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from handlesfake.assertions.criteria import Criteria
from handlesfake.exchange.entry import Entry
from handlesfake.exchange.field_values import HANDLE_TYPES
from handlesfake.exchange.sent import invitees, session_of
from handlesfake.exchange.trimmed_entry import TrimmedEntry
from handlesfake.json_diff import table
from handlesfake.mpsd.http.message import MPSD_HOST
from handlesfake.reporting.timeline import called, counted, explained, outcome
from handlesfake.services.service import Service
from handlesfake.services.table import OTHERS, SERVICES
from handlesfake.traffic.labels import label
from handlesfake.traffic.traffic import Traffic, is_refused
from handlesfake.users.user import User
from handlesfake.values.values import frozen
from handlesfake.vocabulary import PYTHON, Vocabulary
from handlesfake.world.seeded_session import SeededSession

GONE = "  an activity goes with its handle (deleted or replaced), its member (left or inactive) or its session"
_TRY_AGAIN = (None, 401, 429, 503)
"""What a client is expected to answer with another attempt."""

_LONGEST = 10
"""How many lines a list of requests has at most, as the section has."""

MOST = 5
"""How many entries, tasks or threads a list names at most."""


@frozen
class ClaimCall:
    """The assertion as the test wrote it, for messages that show its waiting form."""

    name: str
    args: tuple[Any, ...] = ()
    words: Mapping[str, Any] | None = None

    def waiting(self, within: float = 1.0, words: Vocabulary = PYTHON) -> str:
        """The same claim as one that waits, in ``words``: ``mpsd.assert_invited("3210", within=1.0)``."""
        said = {name: value for name, value in (self.words or {}).items() if self._said(name, value)}
        return words.waiting(self.name, self.args, said, within, _written)

    @staticmethod
    def _said(name: str, value: Any) -> bool:
        """Whether the test said it: these two are never None."""
        return bool(value) if name in ("only", "since") else value is not None


def missing(
    sought: Criteria, entries: Sequence[Entry], headline: str, call: ClaimCall, taken: Collection[int] = ()
) -> str:
    """What to say when nothing is as sought: nothing was sent at all, nothing of that kind, or the nearest.

    :param headline: a sentence less its full stop.
    :param taken: numbers of entries that are as another part of the assertion wants them.
    """
    kin = [entry for entry in entries if sought.is_kind(entry) and not sought.is_unsure_of(entry)]
    if not kin:
        return nothing(sought, entries, headline, call)
    attempts = [entry for entry in kin if sought.accepted and not sought.differences(entry)]
    if attempts:
        return only_refused(headline, attempts, sought.traffic)
    entry, found = sought.nearest([entry for entry in kin if entry.number not in taken] or kin)
    traffic, roles = sought.traffic, sought.traffic.roles()
    lines = [
        f"{headline}.",
        f"  nearest of {counted(len(kin), noun(sought))}: #{entry.number}, by {entry_sender(entry, traffic)}, "
        f"{outcome(entry)}   {entry.source}".rstrip(),
        *table(found),
    ]
    lines += [f"      {text}" for text in explained(entry, roles)] if is_refused(entry) else []
    others = [
        f"#{other.number} {brief(other)} {outcome(other)}".replace("  ", " ") for other in kin if other != entry
    ]
    lines += [f"  others: {few(others)}"] if others else []
    return "\n".join([*lines, *_stragglers(kin), *_running(traffic, call)])


def nothing(sought: Criteria, entries: Sequence[Entry], headline: str, call: ClaimCall) -> str:
    """What to say when no request of that kind was sent."""
    traffic = sought.traffic
    if entries:
        sent = [f"#{entry.number} {called(entry)} {outcome(entry)}" for entry in entries]
        newest = f"{', '.join(sent[-MOST:])}{_more(sent)}"
        is_none = sought.is_narrow and not any(map(sought.is_kind, entries))
        none = f"; no {noun(sought)} has been sent" if is_none else ""
        lines = [f"{headline}{none}.", f"  sent instead: {newest}", *_meant(sought, entries)]
        return "\n".join([*lines, *_stragglers(entries), *_running(traffic, call)])
    since = " since the mark" if len(traffic.journal) else " in this test"
    return "\n".join(
        [f"{headline}; nothing has been sent to {sought.service.label}{since}.", *_why_nothing(traffic, call)]
    )


def _meant(sought: Criteria, entries: Sequence[Entry]) -> list[str]:
    """The last request that may have been meant as such, had it not been refused; and why it was."""
    refused = [
        entry
        for entry in entries
        if entry.operation == sought.operation and entry.type not in HANDLE_TYPES and is_refused(entry)
    ]
    if not refused:
        return []
    reasons = [f"      {text}" for text in explained(refused[-1], sought.traffic.roles())]
    return [f"  #{refused[-1].number} may have been meant as one:", *reasons]


def _why_nothing(traffic: Traffic, call: ClaimCall) -> list[str]:
    running, others = _running(traffic, call), traffic.other_hosts()
    if traffic.passed_by(0):
        return running  # another double got requests, which the claim says itself
    if others:
        return [
            f"  no request for {MPSD_HOST}; other hosts called meanwhile: {few(others)}",
            "  if one of them is MPSD under another name, set mpsd_hosts in the ini file, or "
            "handlesfake.fake(hosts=(...,))",
            *_not_played(others, traffic),
            *running,
        ]
    return running or ["  nothing of yours is still running: was the code under test called?"]


def _not_played(hosts: Sequence[str], traffic: Traffic) -> list[str]:
    """How a double would play the services that were called and that it does not play."""
    either = traffic.words.either
    return [
        f"  {host} is {one.label}: {either(f'services=[{one.name!r}]', f'--service {one.name}')} plays it"
        for one in OTHERS.values()
        for host in one.hosts
        if host in hosts
    ]


def counting(service: Service, traffic: Traffic) -> str:
    """How a claim is made that counts ``service``."""
    word = traffic.words.either(f"service={service.name!r}", f'"service": "{service.name}"')
    return f"counts with {word}"


def _running(traffic: Traffic, call: ClaimCall) -> list[str]:
    running = traffic.bystanders.still_running()
    if not running:
        return []
    return [f"  still running: {few(running)}", f"  wait for it:  {call.waiting(words=traffic.words)}"]


def only_refused(headline: str, attempts: Sequence[Entry], traffic: Traffic) -> str:
    """What to say when it was sent as sought, and never accepted."""
    every = all(is_refused(entry) for entry in attempts)
    verb = "refused" if every else "not accepted"
    times = f"{len(attempts)} times and {verb} each time" if len(attempts) > 1 else f"once and {verb}"
    lines = [f"{headline}. It was sent {times}:", *entry_lines(attempts, traffic)]
    last = attempts[-1]
    if last.number == traffic.journal.total and last.status in _TRY_AGAIN:
        lines[-1] += "; nothing was sent after it"
    if last.refusal is not None and not isinstance(last, TrimmedEntry):
        from handlesfake.reporting.advice import advice  # lazily: few claims fail on a refusal

        lines += [
            f"      {text}" for text in advice(last.refusal, traffic.roles(), ruled=last.decided_by not in SERVICES)
        ]
    return "\n".join([*lines, *_stragglers(attempts)])


def entry_lines(entries: Sequence[Entry], traffic: Traffic, *, named: bool = False) -> list[str]:
    """One line each: ``  #2 10:00:00  429 throttled   refuse('throttled', times=3)``.

    :param named: whether each line says who is invited, or which session.
    """
    rows = []
    for entry in entries[-_LONGEST:]:
        reason = f" {entry.refusal.kind.name}" if entry.refusal else ""
        what = f"  {brief(entry)}" if named and brief(entry) else ""
        decided = entry.source if entry.decided_by in SERVICES else entry.decided_by
        rows.append((f"  #{entry.number} {entry.at:%H:%M:%S}{what}  {outcome(entry)}{reason}", decided))
    width = max((len(head) for head, _ in rows), default=0)
    hidden = len(entries) - len(rows)
    cut = [f"  {counted(hidden, 'earlier one')} not shown; {traffic.words.journal} has all"] if hidden else []
    return [*cut, *(f"{head:<{width}}   {decided}".rstrip() for head, decided in rows)]


def count(headline: str, found: Sequence[Entry], traffic: Traffic, *, named: bool = False) -> str:
    """What to say when it was sent as sought, and not as often as wanted."""
    return "\n".join([f"{headline}:", *entry_lines(found, traffic, named=named), *_stragglers(found)])


def out_of_order(step: Criteria, entries: Sequence[Entry], place: str, after: str, call: ClaimCall) -> str:
    """What to say when a step was not sent after the one before it: it was sent earlier, or not at all.

    :param after: `` after #1 put_session``; empty for the first step.
    """
    earlier = step.among(entries)
    if not earlier:
        return missing(step, entries, f"{place}{after}", call)
    order = [f"#{entry.number} {called(entry)}" for entry in entries]
    return "\n".join([
        f"{place}{after}; it was sent before:",
        *entry_lines(earlier, step.traffic),
        f"  sent in this order: {', '.join(order[-10:])}",
        *_stragglers(earlier),
    ])  # fmt: skip


def _stragglers(entries: Sequence[Entry]) -> list[str]:
    return [
        f"  #{entry.number} was sent by {entry.thread!r}, which is older than this test: "
        "perhaps a straggler of an earlier one"
        for entry in entries
        if entry.straggler
    ]


# ---- words


def times(number: int) -> str:
    """``once``, ``3 times``."""
    return "once" if number == 1 else f"{number} times"


def noun(sought: Criteria) -> str:
    """What one such request is called: ``invite``, ``activity``, ``put_session request``."""
    invites = sought.service.invites
    is_invite = invites is not None and not invites.type and sought.operation in invites.operations
    return sought.type or ("invite" if is_invite else f"{sought.operation} request")


def entry_sender(entry: Entry, traffic: Traffic) -> str:
    """``Host``; the xuid of a player without role."""
    who = traffic.who(entry)
    if isinstance(who, User):
        return who.role.capitalize() or who.xuid
    return who


def brief(entry: Entry) -> str:
    """What tells a request from others of its kind: who is invited, else which session."""
    invited = ", ".join(invitees(entry))
    return (invited or str(session_of(entry).get("name", "")))[:40]


def person(traffic: Traffic, xuid: str) -> str:
    """``Host 9000000000000001``."""
    return label(xuid, traffic.roles().get(xuid, ""))


def few(texts: Sequence[str]) -> str:
    """The first of them, and how many more there are."""
    return f"{', '.join(texts[:MOST])}{_more(texts)}"


def _more(texts: Sequence[str]) -> str:
    return f" and {len(texts) - MOST} more" if len(texts) > MOST else ""


def _written(value: Any) -> str:
    """``value`` as a test would write it."""
    if isinstance(value, User):
        return value.role if value.role.isidentifier() else json.dumps(value.xuid)
    if isinstance(value, SeededSession):
        return json.dumps(value.name)
    return json.dumps(value) if isinstance(value, str) else repr(value)
