"""Traffic: the journal, with filters and with patience, and what was accepted of it."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Any

from handlesfake.errors import SettingsError
from handlesfake.exchange.entry import Entry
from handlesfake.mpsd.http.message import Response
from handlesfake.reporting import timeline
from handlesfake.reporting.body_text import texts_of
from handlesfake.reporting.journal_json import SCHEMA, entry_as_json
from handlesfake.server.control.journal_query import KINDS, WORDS, JournalQuery
from handlesfake.server.control.request import (
    DONE,
    LONGEST_WAIT,
    ControlRequest,
    fine,
    number_parameter,
    plain_response,
    whole_parameter,
)
from handlesfake.server.control.routes import ControlCall
from handlesfake.server.control.schemas import (
    COUNT,
    FROM_ZERO,
    OPERATION,
    SWITCH_OR_NONE,
    TEXT,
    TEXTS,
    WHOLE,
    WHOLE_OR_NONE,
    WORD,
    at_least,
    record_schema,
    several,
)
from handlesfake.server.control.turns import in_turns
from handlesfake.server.control.wake import Wake, deadline_in
from handlesfake.server.worlds.misses import all_misses, misses_of, want_misses
from handlesfake.traffic.records import Record

_QUERY = (*WORDS, "count", "newest", "wait")


async def _journal(ask: ControlRequest) -> Response:
    query = ask.query(*_QUERY)
    wanted, count = JournalQuery.of(ask, query), whole_parameter(query, "count", 1)
    newest = whole_parameter(query, "newest", 0)
    journal = ask.core.journal
    deadline = deadline_in(min(number_parameter(query, "wait", 0), LONGEST_WAIT))
    with Wake(journal.listen) as wake:
        while True:
            with journal.lock:
                written = journal.total
            found = await in_turns(wanted.matching(journal))
            if len(found) >= count or not await wake.before(deadline):
                break
    dropped, fitting = journal.dropped(wanted.since), len(found)
    found = found[-newest:] if newest else found
    if ask.accepts("text/plain"):
        gap = f"{timeline.counted(dropped, 'earlier request')} no longer kept whole\n" if dropped else ""
        told = await in_turns(timeline.section_in_steps(found, None, _users(ask))) if found else "nothing was sent"
        return plain_response(200, gap + told)
    following = found[-1].number if found else wanted.since
    rest = {"next": following, "written": written, "dropped": dropped, "fitting": fitting}
    return await in_turns(_as_json(found, _users(ask), rest))


def _as_json(found: Sequence[Entry], users: dict[str, str], rest: dict[str, int]) -> Generator[None, None, Response]:
    """What :func:`fine` makes of the entries and the rest, entry by entry."""
    around = fine({"entries": [], **rest})
    before, after = around.body.split(b"[]", 1)
    parts = [before, b"["]
    for entry in found:
        parts += [b"\n    ", fine(_entry(entry, users)).body.rstrip().replace(b"\n", b"\n    "), b","]
        yield
    parts[-1:] = [b"\n  ]", after] if found else [b"[]", after]
    return Response(200, around.headers, b"".join(parts))  # once: it may have many megabytes


def _entry(entry: Entry, users: dict[str, str]) -> dict[str, Any]:
    """An entry as values, and as a failed test would tell it."""
    told = {
        "who": timeline.who(entry, users),
        "outcome": timeline.outcome(entry),
        "explained": timeline.explained(entry, users),
        **texts_of(entry),
    }
    return {**entry_as_json(entry), **told}


def _users(ask: ControlRequest) -> dict[str, str]:
    return ask.core.traffic.roles()


def _clear(ask: ControlRequest) -> Response:
    ask.core.journal.forget()
    return DONE


def _records(found: Sequence[Record]) -> Response:
    return fine([_record(record) for record in found])


def _record(record: Record) -> dict[str, Any]:
    number = record.entry.number if record.entry else None
    about = {"number": number, "at": record.at.isoformat(), "by": str(record.by), "delivered": record.delivered}
    return {**record.wire, **about}


def _assumptions(ask: ControlRequest) -> Response:
    found = ask.traffic.assumptions()
    return fine([{"question": one.question, "text": one.text, "instead": one.by_control} for one in found])


def _wanted(ask: ControlRequest) -> Response:
    want_misses(ask.worlds, ask.world)
    return DONE


def _unanswered(ask: ControlRequest) -> Response:
    said = ask.query("worlds").get("worlds")
    if said not in (None, "all"):
        raise SettingsError(f"worlds={said:.60}: write worlds=all for those of all worlds, each with its world")
    if said:
        return fine(all_misses(ask.worlds))
    return fine(misses_of(ask.worlds, ask.world))


ENTRY = record_schema(**SCHEMA, who=TEXT, outcome=TEXT, explained=TEXTS, body_text=TEXT, answer_text=TEXT)
"""What is answered of one request."""

_RECORD = at_least(number=WHOLE_OR_NONE, at=TEXT, by=TEXT, delivered=SWITCH_OR_NONE)
_WAITING = {
    "operation": OPERATION,
    "type": TEXT,
    "by": WORD,
    "since": COUNT,
    "before": COUNT,
    "text": TEXT,
    "kind": {"type": "string", "enum": [*KINDS, ""]},
    "count": COUNT,
    "newest": COUNT,
    "wait": FROM_ZERO,
}
_ABOUT_JOURNAL = (
    "The requests, in order. Choose them by operation, type, sender (role or xuid), kind of outcome and text, and by "
    "the numbers since and before. Waits up to wait seconds until there are count entries. newest: only the newest "
    "entries, at most so many; fitting says how many there are. dropped: how many entries after since are no longer "
    "kept whole. "
    "Accept: text/plain gives the timeline."
)
CALLS = (
    ControlCall(
        "GET",
        "/journal",
        _ABOUT_JOURNAL,
        _journal,
        query=_WAITING,
        answer=record_schema(entries=several(ENTRY), next=WHOLE, written=WHOLE, dropped=WHOLE, fitting=WHOLE),
        texts=("text/plain",),
    ),
    ControlCall("DELETE", "/journal", "Forget what was sent; numbers count on.", _clear, status=204),
    ControlCall(
        "GET",
        "/invites",
        "The invites that MPSD accepted, in order.",
        lambda ask: _records(ask.traffic.invites()),
        answer=several(_RECORD),
    ),
    ControlCall(
        "GET",
        "/activities",
        "The activities that MPSD accepted, in order: the past, not now.",
        lambda ask: _records(ask.traffic.activities()),
        answer=several(_RECORD),
    ),
    ControlCall(
        "GET",
        "/assumptions",
        "What the fake assumed because the test left it unsaid.",
        _assumptions,
        answer=several(record_schema(question=TEXT, text=TEXT, instead=TEXT)),
    ),
    ControlCall(
        "DELETE",
        "/unanswered",
        "Accept what was unanswered so far: it then fails neither a claim nor the end of the server.",
        _wanted,
        status=204,
    ),
    ControlCall(
        "GET",
        "/unanswered",
        "The newest thousand requests since the last reset that the cassette did not hold: the texts, nearest "
        "exchange "
        "and way out. worlds=all: of all worlds, also of those that have ended; each text names its world.",
        _unanswered,
        query={"worlds": {"type": "string", "enum": ["all"]}},
        answer=TEXTS,
    ),
)
