"""Requests straight into a double's engine, from a line of code that is always the same: for texts and claims."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import handlesfake
from handlesfake import Double, User
from handlesfake.callsite.call_site import told
from handlesfake.double.double import core_of
from handlesfake.exchange.outcome import Answer, Call, ConnectionEnd, Fault, Outcome, Proceed
from handlesfake.mpsd.http.message import Headers, Request, Response
from handlesfake.mpsd.provenance import Provenance
from handlesfake.mpsd.refusals.catalogue import refuse
from handlesfake.options.options import Options
from handlesfake.reporting import timeline

LINE = "party/mpsd.py:31 in call"
TITLE_ID = "1234567890"


def a_double(**words: Any) -> Double:
    """A double whose clock starts at 10:00:00 on 2026-01-06."""
    double = handlesfake.fake(now=datetime(2026, 1, 6, 10, tzinfo=UTC), **words)
    core_of(double).is_reachable = True  # by send()
    return double


def send(
    double: Double, method: str, target: str, headers: dict[str, str], body: object = None, line: str = LINE
) -> Outcome:
    """One request, JSON unless it is bytes; the outcome as the seams get it."""
    data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
    engine = core_of(double).engine
    token = told.set(line)
    try:
        exchange = engine.arrive(Request(method, target, Headers(headers.items()), data), "test")
    finally:
        told.reset(token)
    outcome = engine.decide(exchange)
    engine.depart(exchange, outcome)  # type: ignore[arg-type] - no test here forwards
    return outcome


def invite(double: Double, by: User, xuid: str, session: str = "lobby-1", **attributes: Any) -> Outcome:
    """``by`` invites ``xuid``."""
    ref = {"scid": Options().scid, "templateName": "FakeLobby", "name": session}
    body = {"type": "invite", "version": 1, "sessionRef": ref, "invitedXuid": xuid}
    body["inviteAttributes"] = {"titleId": TITLE_ID, **attributes}
    return send(double, "POST", "/handles", by.headers, body)


def activity(double: Double, by: User, session: str = "lobby-1", headers: dict[str, str] | None = None) -> Outcome:
    """``by`` shows ``session``."""
    ref = {"scid": Options().scid, "templateName": "FakeLobby", "name": session}
    return send(
        double, "POST", "/handles", headers or by.headers, {"type": "activity", "version": 1, "sessionRef": ref}
    )


def throttle(double: Double, times: int) -> None:
    """The next ``times`` requests are answered 429, as a rule of the test would have it."""
    left = [times]

    def stage(call: Call, proceed: Proceed) -> Outcome:
        if not left[0]:
            return proceed(call)
        left[0] -= 1
        return Answer(Response(429), f"refuse('throttled', times={times})", Provenance(refusal=refuse("throttled")))

    core_of(double).engine.stages = (stage, *core_of(double).engine.stages)


def lose_answers(double: Double) -> None:
    """The service acts from now on, and the connection closes before the answer."""

    def stage(call: Call, proceed: Proceed) -> Outcome:
        answer = proceed(call)
        assert isinstance(answer, Answer), "because only the fake lies further in"
        return Fault(ConnectionEnd.CLOSE, "lose_answer('create_handle')", answer)

    core_of(double).engine.stages = (stage, *core_of(double).engine.stages)


def section(double: Double) -> tuple[str, str]:
    """Title and text of the section in a failed test's report; both empty when nothing was sent."""
    entries = list(double.journal)
    if not entries:
        return "", ""
    return timeline.title(entries), timeline.section(entries, users=core_of(double).traffic.roles())
