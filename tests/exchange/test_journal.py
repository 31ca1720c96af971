"""The journal."""

from __future__ import annotations

import gc
import http.client
import json
import threading
import weakref
from dataclasses import fields, replace

import jsonschema
import pytest

import handlesfake
from handlesfake.exchange.entry import Entry
from handlesfake.exchange.entry_log import EntryLog
from handlesfake.exchange.journal import Journal
from handlesfake.mpsd.assumption import Assumption
from handlesfake.mpsd.evidence import Evidence
from handlesfake.mpsd.http.message import MPSD_HOST, Headers, Request, Response
from handlesfake.mpsd.provenance import Provenance
from handlesfake.mpsd.refusals.catalogue import refuse
from handlesfake.mpsd.state.identity import Caller, KnownUser
from handlesfake.reporting.journal_json import SCHEMA, entry_as_json
from tests.patience import PATIENCE
from tests.sending import a_double, activity

ENTRY = Entry(
    number=0,
    ticks=17_676_936_000_000_000,
    operation="create_handle",
    request=Request("POST", "/handles"),
    response=Response(201),
    decided_by="mpsd",
)


def write(journal: EntryLog, count: int = 1) -> None:
    """Write ``count`` entries."""
    for _ in range(count):
        journal.append(lambda number: replace(ENTRY, number=number))


def test_it_is_a_sequence_of_its_entries() -> None:
    """Length, index, slice and iteration work as for a list; in what a test sees as in what the double writes."""
    journal = EntryLog()
    write(journal, 3)
    shown = Journal(journal, lambda entries: f"{len(entries)} lines")

    for seen in (journal, shown):
        assert 3 == len(seen)
        assert [1, 2, 3] == [entry.number for entry in seen]
        assert [3, [1, 2]] == [seen[-1].number, [entry.number for entry in seen[:2]]]
    assert ["<Journal of 3 requests>", "3 lines"] == [repr(shown), str(shown)]


def test_a_bounded_journal_keeps_the_newest() -> None:
    """Beyond the limit the oldest go; numbers go on."""
    journal = EntryLog(limit=2)
    write(journal, 5)

    assert [4, 5] == [entry.number for entry in journal]
    assert 5 == journal.total


def test_a_mark_divides_before_from_after() -> None:
    """What was written after a mark is what since() gives."""
    journal = EntryLog()
    write(journal, 2)
    mark = journal.mark()
    write(journal, 1)

    assert [3] == [entry.number for entry in journal.since(mark)]


def test_waiting_ends_with_the_next_entry() -> None:
    """wait() returns True as soon as there is one more entry, False when none came in time."""
    journal = EntryLog()
    writer = threading.Thread(target=write, args=(journal,))
    writer.start()

    assert True is journal.wait(0, PATIENCE)
    assert False is journal.wait(1, 0.001)

    writer.join()


def test_a_listener_hears_of_each_entry_until_it_stops() -> None:
    """A listener is called after each entry; ending it ends that."""
    journal, heard = EntryLog(), []
    end = journal.listen(lambda: heard.append(journal.total))
    write(journal, 2)
    end()
    write(journal, 1)

    assert [1, 2] == heard


def test_an_earlier_state_can_be_put_back() -> None:
    """After a restore the journal is as it was, and numbers go on from there."""
    journal = EntryLog()
    write(journal, 2)
    state = journal.state()
    write(journal, 3)
    journal.restore(state)
    write(journal, 1)

    assert [1, 2, 3] == [entry.number for entry in journal]


@pytest.mark.parametrize("headers", [{}, {"X-Xbl-Contract-Version": "107"}], ids=["no version", "no such handle"])
def test_a_refused_request_keeps_nothing_of_its_caller(headers: dict[str, str]) -> None:
    """What the caller held goes with it: the refusal in the journal has no traceback, which would keep the stack."""

    class Held:
        """A local value of the caller."""

    def ask() -> weakref.ref[Held]:
        held = Held()
        connection = http.client.HTTPSConnection(MPSD_HOST, timeout=PATIENCE)
        connection.request("GET", "/handles/1", headers=headers)
        with connection.getresponse():
            connection.close()
        return weakref.ref(held)

    with handlesfake.fake() as mpsd:
        gone = ask()
        gc.collect()

        assert (None, 1) == (gone(), len(mpsd.refused))


def test_an_entry_reads_its_answer() -> None:
    """The answer is the JSON body; None when there is none, or none that can be read."""
    bodies = [b'{"id": "a"}', b"", b"no\r\n"]
    answers = [replace(ENTRY, response=Response(201, body=body)).answer for body in bodies]

    assert [{"id": "a"}, None, None, None] == [*answers, replace(ENTRY, response=None).answer]


def test_an_entry_was_accepted_when_the_service_did_as_asked() -> None:
    """2xx is accepted, everything else and nothing is not."""
    statuses = [Response(201), Response(204), Response(403), None]

    assert [True, True, False, False] == [replace(ENTRY, response=status).accepted for status in statuses]
    assert "2026-01-06T10:00:00+00:00" == ENTRY.at.isoformat()


def test_an_entry_tells_how_long_its_answer_took() -> None:
    """A delay counts as the service's clock has it; a plain answer of a virtual clock takes no time."""
    double = a_double()
    host = double.user("host")
    activity(double, host)
    double.slow(2.5, "create_handle", times=1)
    activity(double, host)

    assert [0.0, 2.5] == [entry.duration for entry in double.journal]


# ---- as JSON


def test_an_entry_as_json() -> None:
    """Each field in its order, with values that JSON has; no credential is among them."""
    caller = Caller("1234567890", (KnownUser("9000000000000001", "1", "1234567890", role="host"),))
    request = Request("POST", "/handles", Headers([("Authorization", "XBL3.0 x=1;secret")]), b'{"type": "invite"}')
    entry = replace(
        ENTRY, request=request, response=Response(403, body=b"[1]"), original=Response(201), fault="close",
        evidence=Evidence.CLIENT, caller=caller, refusal=refuse("session_missing"), notes=("odd",),
        assumptions=(Assumption("session", "the session is there"),), client="requests", thread="T", source="a.py:1",
    )  # fmt: skip

    assert json.dumps(entry_as_json(entry)) == (
        '{"number": 0, "at": "2026-01-06T10:00:00+00:00", "service": "mpsd", "operation": "create_handle", "type": "invite", '
        '"method": "POST", "target": "/handles", "caller": "Host 9000000000000001", '
        '"headers": [["Authorization", "XBL3.0 (masked)"]], "body": {"type": "invite"}, '
        '"status": 403, "original_status": 201, "answer_headers": [], "answer": [1], "duration": 0.0, '
        '"decided_by": "mpsd", "evidence": "seen in clients", '
        '"refusal": "session_missing", "fault": "close", "assumptions": ["the session is there"], "notes": ["odd"], '
        '"client": "requests", "thread": "T", "source": "a.py:1", "straggler": false}'
    )


def test_what_is_known_of_an_answer_is_in_the_json() -> None:
    """All of it; a handle that was created is in the answer, and its delivery on the record of the invite."""
    known = {field.name for field in fields(Provenance)}

    assert {"_created", "delivered"} == known - SCHEMA.keys()


@pytest.mark.parametrize(
    "entry",
    [ENTRY, replace(ENTRY, response=None), replace(ENTRY, caller=Caller("1", ()), evidence=Evidence.INFERRED)],
)
def test_the_schema_describes_the_json(entry: Entry) -> None:
    """Whether there was an answer or not."""
    schema = {"type": "object", "properties": dict(SCHEMA), "required": [*SCHEMA], "additionalProperties": False}

    jsonschema.validate(entry_as_json(entry), schema, jsonschema.Draft202012Validator)


def test_a_test_sees_of_the_journal_what_is_for_tests() -> None:
    """What only the parts of a double write and read is not a word of ``mpsd.journal``."""
    shown = {name for name in dir(Journal(EntryLog(), repr)) if not name.startswith("_")}

    assert {"forget", "in_flight", "limit", "mark", "max_in_flight", "newest", "since", "waiting"} == shown - {
        "count", "index",  # of every sequence
    }  # fmt: skip
