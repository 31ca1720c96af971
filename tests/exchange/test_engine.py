"""The engine: from stages to an outcome and a journal entry."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace

import pytest

from handlesfake.engine.engine import Engine
from handlesfake.engine.unanswered import KEPT, Misses
from handlesfake.errors import Unanswered
from handlesfake.exchange.entry import Entry
from handlesfake.exchange.entry_log import EntryLog
from handlesfake.exchange.outcome import (
    Answer,
    Call,
    ConnectionEnd,
    Fault,
    Forward,
    NoAnswer,
    Outcome,
    Proceed,
    Stage,
)
from handlesfake.mpsd.assumption import Assumption
from handlesfake.mpsd.evidence import Evidence
from handlesfake.mpsd.http.message import Headers, Request, Response
from handlesfake.mpsd.provenance import UNKNOWN, Provenance, values_of
from handlesfake.mpsd.refusals.catalogue import refuse
from handlesfake.mpsd.state.identity import Caller
from handlesfake.timing.virtual_time import VirtualTime
from tests.patience import PATIENCE

REQUEST = Request("POST", "/handles", Headers([("A", "b")]), b'{"type": "activity"}')
YES = Answer(Response(201), "the test")


def an_engine(*stages: Stage) -> Engine:
    """An engine over these stages."""
    return Engine(stages, VirtualTime(), EntryLog())


def send(engine: Engine, request: Request = REQUEST) -> Outcome:
    """Take a request through an engine as a seam does."""
    exchange = engine.arrive(request, "a client")
    outcome = engine.decide(exchange)
    if not isinstance(outcome, Forward):
        engine.depart(exchange, outcome)
    return outcome


def answering(answer: Outcome) -> Stage:
    """A stage that always gives ``answer``."""
    return lambda _call, _proceed: answer


def test_the_first_stage_is_asked_first() -> None:
    """A stage that answers keeps the request from the stages further in."""
    assert YES is send(an_engine(answering(YES), answering(Answer(Response(500), "never"))))


def test_a_stage_may_pass_on_and_change_what_comes_back() -> None:
    """A stage sees the outcome of those further in, and may replace it."""

    def lose(call: Call, proceed: Proceed) -> Outcome:
        inner = proceed(call)
        assert isinstance(inner, Answer)
        return Fault(ConnectionEnd.CLOSE, "lose", inner)

    engine = an_engine(lose, answering(YES))
    outcome = send(engine)

    assert Fault(ConnectionEnd.CLOSE, "lose", YES) == outcome
    assert ["close", 201, True] == [engine.journal[0].fault, engine.journal[0].status, engine.journal[0].accepted]


def test_what_no_stage_answers_is_an_error_that_is_remembered() -> None:
    """A request that falls through all stages is Nothing, and the engine remembers it."""
    engine = an_engine()
    outcome = send(engine)

    assert isinstance(outcome, NoAnswer)
    assert [outcome.error] == list(engine.unanswered)
    assert "nobody" == engine.journal[0].decided_by
    assert None is engine.journal[0].status


def test_what_nobody_answers_is_bounded() -> None:
    """A double that lives for days keeps the newest thousand misses, and counts the rest."""
    misses = Misses()
    for number in range(KEPT + 5):
        misses.append(Unanswered(str(number)))

    assert (KEPT + 5, KEPT) == (misses.count, len(list(misses)))
    assert ["1003", "1004"] == [str(error) for error in misses.since(1003)]
    assert [] == misses.since(KEPT + 5)


def test_misses_can_be_taken_back() -> None:
    """What was wanted is as if it had never been, and what comes then counts on from before."""
    misses = Misses()
    for word in ("first", "wanted"):
        misses.append(Unanswered(word))
    taken = misses.take(1)
    misses.append(Unanswered("next"))

    assert ["wanted"] == [str(error) for error in taken]
    assert ["next"] == [str(error) for error in misses.since(1)]


def test_a_real_call_is_written_down_when_its_response_is_there() -> None:
    """A Forward leaves no entry; the response, once it came, does."""
    engine = an_engine(answering(Forward(lambda response: Answer(response, "real service"))))
    exchange = engine.arrive(REQUEST, "a client")
    outcome = engine.decide(exchange)

    assert isinstance(outcome, Forward)
    assert [] == list(engine.journal)

    final = engine.resume(exchange, outcome, Response(200))

    assert Answer(Response(200), "real service") == final
    assert [200] == [entry.status for entry in engine.journal]


def test_requests_in_flight_are_counted() -> None:
    """Between arrival and departure, or surrender, a request is in flight."""
    engine = an_engine(answering(YES))
    first, second = engine.arrive(REQUEST, ""), engine.arrive(REQUEST, "")
    engine.abandon(first)
    engine.depart(second, YES)

    assert [2, 0] == [engine.journal.max_in_flight, engine.journal.in_flight]


def test_each_request_gets_a_time_of_its_own() -> None:
    """Every decision moves the clock by 100 ns."""
    engine = an_engine(answering(YES))
    send(engine)
    send(engine)
    first, second = engine.journal

    assert [1, 1] == [second.ticks - first.ticks, second.number - first.number]


def test_an_entry_tells_where_and_by_whom_it_was_sent() -> None:
    """The entry has the line of the test and the thread."""
    engine = an_engine(answering(YES))
    send(engine)
    entry = engine.journal[0]

    assert entry.source.startswith("tests/exchange/test_engine.py:")
    assert entry.source.endswith(" in send")
    assert ["MainThread", "a client", False] == [entry.thread, entry.client, entry.straggler]


KNOWN = Provenance(
    Evidence.CLIENT,
    Caller("1234567890", ()),
    refuse("session_missing"),
    (Assumption("caller", "the caller is the host"),),
    ("the service's note",),
    {"id": "h1"},
    True,
)


def test_what_is_known_of_an_answer_comes_to_the_journal_whole() -> None:
    """Also when the answer was lost; what happened to the request on its way is noted first."""
    for outcome in (
        Answer(Response(201), "mpsd", KNOWN),
        Fault(ConnectionEnd.RESET, "a rule", Answer(YES.response, "", KNOWN)),
    ):
        engine = an_engine(answering(outcome))
        exchange = engine.arrive(REQUEST, "a client")
        exchange.notes = ("was held",)
        engine.decide(exchange)

        assert all(values_of(KNOWN))
        assert values_of(replace(KNOWN, notes=("was held", "the service's note"))) == values_of(engine.journal[0])


def test_of_a_request_that_nothing_answered_nothing_is_known() -> None:
    """Neither what it rests on nor anything else."""
    engine = an_engine()
    send(engine)

    assert values_of(UNKNOWN) == values_of(engine.journal[0])


def test_a_thread_that_is_older_than_the_double_is_a_straggler() -> None:
    """What a thread sends that ran before the double started is marked; a younger one's is not."""
    go, engines = threading.Event(), []

    def late() -> None:
        go.wait(PATIENCE)
        send(engines[0])

    thread = threading.Thread(target=late, name="keep-alive")
    thread.start()
    engines.append(an_engine(answering(YES)))
    go.set()
    thread.join()
    younger = threading.Thread(target=send, args=(engines[0],), name="new")
    younger.start()
    younger.join()

    assert [("keep-alive", True), ("new", False)] == [(e.thread, e.straggler) for e in engines[0].journal]


def test_a_task_that_is_older_than_the_double_is_a_straggler() -> None:
    """What an asyncio task sends that ran before the double started is marked; the task that made it is not."""

    async def main() -> list[Entry]:
        go = asyncio.Event()
        engines: list[Engine] = []

        async def late() -> None:
            await go.wait()
            send(engines[0])

        task = asyncio.create_task(late(), name="heartbeat")
        await asyncio.sleep(0)
        engines.append(an_engine(answering(YES)))
        send(engines[0])
        go.set()
        await task
        return list(engines[0].journal)

    own, late = asyncio.run(main())

    assert [False, True] == [own.straggler, late.straggler]
    assert "MainThread, task heartbeat" == late.thread


def test_a_stage_that_breaks_leaves_no_entry() -> None:
    """An exception of a stage reaches the seam, and nothing is written down."""

    def broken(call: Call, proceed: Proceed) -> Outcome:
        raise Unanswered("broken")

    engine = an_engine(broken)
    exchange = engine.arrive(REQUEST, "")
    with pytest.raises(Unanswered, match="broken"):
        engine.decide(exchange)

    assert [] == list(engine.journal)


@pytest.mark.parametrize(
    ("body", "document", "type_"),
    [
        (b'{"type": "invite"}', {"type": "invite"}, "invite"),
        (b'{"type": 3}', {"type": 3}, ""),
        (b"[]", [], ""),
        (b"{", None, ""),
        (b"", None, ""),
    ],
)
def test_a_call_reads_the_body_as_far_as_it_can_be_read(body: bytes, document: object, type_: str) -> None:
    """The document is the JSON body, or None; the type is its text, or empty."""
    call = Call(Request("POST", "/handles", body=body), 0)

    assert [document, type_, "create_handle"] == [call.document, call.type, call.operation]
