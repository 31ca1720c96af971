"""Faults and time on top of real traffic: the request is made, and then the network fails."""

from __future__ import annotations

from typing import Any

import pytest

import handlesfake
from handlesfake.double.double import core_of
from handlesfake.engine.steps import Patience
from handlesfake.exchange.outcome import Answer, Call, Fault, Forward, Outcome, Proceed
from handlesfake.intercept.answering import answer_request
from handlesfake.mpsd.http.message import Headers, Request, Response
from handlesfake.reporting.timeline import outcome as told
from handlesfake.reporting.timeline import title

REQUEST = Request("POST", "/handles", Headers([]), b'{"type": "activity"}')


def real(call: Call, proceed: Proceed) -> Outcome:
    """The stage of real traffic."""
    return Forward(lambda response: Answer(response, "real service"))


def sent(mpsd: handlesfake.Double, **patience: Any) -> tuple[Answer | Fault, int]:
    """What comes of a request on real traffic, and how often the real service was asked."""
    core_of(mpsd).engine.stages = (core_of(mpsd).rules, real)
    asked: list[int] = []

    def call_really() -> Response:
        asked.append(1)
        return Response(200 + len(asked))

    return answer_request(core_of(mpsd).engine, REQUEST, "test", call_really, Patience(**patience)), len(asked)


def test_a_fault_behind_real_traffic() -> None:
    """The real service has acted, and the journal knows its answer."""
    mpsd = handlesfake.fake()
    mpsd.fault("truncated_body")
    outcome, asked = sent(mpsd)

    assert [Fault, "truncated_body", 1] == [type(outcome), mpsd.journal[0].fault, asked]
    assert 201 == mpsd.journal[0].status


def test_a_fault_before_real_traffic() -> None:
    """The real service hears nothing."""
    mpsd = handlesfake.fake()
    mpsd.fault("dns_failure")
    outcome, asked = sent(mpsd)

    assert [Fault, None, 0] == [type(outcome), mpsd.journal[0].status, asked]


def test_a_duplicate_of_real_traffic() -> None:
    """The real service is asked twice, and each answer is in the journal."""
    mpsd = handlesfake.fake()
    mpsd.fault("duplicate_delivery")
    outcome, asked = sent(mpsd)

    assert isinstance(outcome, Answer)
    assert [202, 2, [201, 202]] == [outcome.response.status, asked, [entry.status for entry in mpsd.journal]]


@pytest.mark.parametrize(("read", "kind", "passed"), [(None, Answer, 30), (5, Fault, 5)])
def test_a_delay_of_real_traffic(read: float | None, kind: type[object], passed: float) -> None:
    """It comes later in virtual time, or is the client's own timeout."""
    mpsd = handlesfake.fake()
    mpsd.slow(30)
    start = mpsd.clock.now
    outcome, asked = sent(mpsd, read=read)

    assert [kind, 1, passed] == [type(outcome), asked, round((mpsd.clock.now - start).total_seconds(), 3)]


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("refused", "no answer: no server listens"),
        ("reset", "no answer: connection reset"),
        ("truncated_body", "201, lost: closed within the body"),
        ("reset_after_answer", "201, then reset behind the answer"),
    ],
)
def test_a_fault_is_told_in_words(fault: str, words: str) -> None:
    """A failed test shows what the network did, and calls no answer lost that was heard."""
    mpsd = handlesfake.fake()
    mpsd.fault(fault)
    sent(mpsd)

    assert words == told(mpsd.journal[0])
    assert ("lost" in words) == ("lost" in title(list(mpsd.journal)))
