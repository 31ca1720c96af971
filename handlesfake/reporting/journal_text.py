"""The journal as a text that is the same in each run: what a snapshot tool keeps of ``str(mpsd.journal)``.

Each request is a line, and a line depends on no other one's length: a request more changes one line of a snapshot::

    #1  +0.00 s  host: create_handle activity, session A -> 201, handle 1
    #2  +0.00 s  host: create_handle invite, session A, invites guest -> 201, handle 2
    #3  +2.00 s  guest: put_session_by_handle, handle 2 -> 429 throttled, by rule 'busy'

What differs from run to run is named by its first appearance: sessions ``A``, ``B``, handles ``1``, ``2``, and users
without a role. Times count from the first line. No body, header or address is in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from handlesfake.exchange.entry import Entry
from handlesfake.exchange.sent import invitees, sender_of, sent_fields, session_of
from handlesfake.mpsd.operations import UNROUTED
from handlesfake.mpsd.ticks import TICKS_PER_SECOND
from handlesfake.reporting.printable import printable
from handlesfake.reporting.stable_names import StableNames, less_made_up
from handlesfake.reporting.timeline import called, outcome
from handlesfake.services.table import SERVICES
from handlesfake.values.values import replace

_OWN = re.compile(rf"{'|'.join(SERVICES)}|real service|nobody|cassette .* #[0-9]+")
"""Who decides where no rule does."""

_RULE = re.compile(r"\brule (?P<name>'.*')")
_PRECONDITIONS = ("If-Match", "If-None-Match")


def journal_text(entries: Iterable[Entry], roles: Mapping[str, str]) -> str:
    """The entries, a line each; ``nothing was sent`` for none.

    :param roles: the users that the test has made, xuid to role.
    """
    names = StableNames(roles)
    lines, began = [], None
    for one in entries:
        entry = _readable(one)
        began = entry.ticks if began is None else began
        seconds = (entry.ticks - began) / TICKS_PER_SECOND
        asked = ", ".join([f"{_sender(entry, names)}: {_called(entry)}", *_asked(entry, names)])
        came = ", ".join([_came(entry), *_details(entry, names)])
        lines.append(printable(f"#{entry.number}  {seconds:+.2f} s  {asked} -> {came}"))
    return "\n".join(lines) or "nothing was sent"


def _readable(entry: Entry) -> Entry:
    """``entry`` with the content coding of its request undone, where the recorder can undo it, too."""
    if entry.document is not None or entry.request.headers.first("Content-Encoding") is None:
        return entry
    from handlesfake.cassettes.format.compression import unpacked  # lazily: few requests are packed

    headers, body = unpacked(entry.request.headers, entry.request.body)
    return (
        entry
        if body is entry.request.body
        else replace(entry, request=replace(entry.request, headers=headers, body=body))
    )


def _sender(entry: Entry, names: StableNames) -> str:
    caller = entry.caller
    if caller is not None and (caller.is_service or len(caller.users) != 1):
        users = ", ".join(names.user(user.xuid) for user in caller.users)
        return f"service for {users}" if users else "service"
    xuid = sender_of(entry)
    return names.user(xuid) if xuid else "unknown caller"


def _called(entry: Entry) -> str:
    if entry.operation != UNROUTED:
        return called(entry)
    return f"{entry.request.method[:20]} {less_made_up(entry.request.path)[:60]}"


def _asked(entry: Entry, names: StableNames) -> Iterator[str]:
    """About which user and what: session, handle, invitee, precondition."""
    fields, ref = sent_fields(entry), session_of(entry)
    if ref:
        yield names.session(ref)
    if isinstance(handle_id := fields.get("handle_id"), str):
        yield names.handle(handle_id)
    if invited := invitees(entry):
        yield f"invites {', '.join(map(names.user, invited))}"
    if entry.request.body and (coding := entry.request.headers.first("Content-Encoding")) and entry.document is None:
        yield f"a body in {coding[:20]} that cannot be read here"
    yield from (header for header in _PRECONDITIONS if entry.request.headers.first(header) is not None)


def _came(entry: Entry) -> str:
    """``201``; ``429 throttled``; ``412 precondition_failed, lost: connection closed``."""
    status, rest = re.match(r"([0-9]*)(.*)", outcome(entry), re.S).groups()  # type: ignore[union-attr]  # always fits
    if entry.refusal is None or not status:
        return f"{status}{rest}"
    return f"{status} {entry.refusal.kind.name}{rest}"


def _details(entry: Entry, names: StableNames) -> Iterator[str]:
    created = (entry.created or {}).get("id")
    if isinstance(created, str):
        yield names.handle(created)
    if _OWN.fullmatch(entry.decided_by) is None:
        rule = _RULE.search(entry.decided_by)
        yield f"by rule {rule['name']}" if rule else "by a rule"
