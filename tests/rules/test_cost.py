"""What a rule costs that does not fit."""

from __future__ import annotations

import json
from time import process_time
from timeit import repeat

import pytest

import handlesfake
from handlesfake.exchange.outcome import Call, Ending, Fault
from handlesfake.mpsd.http.message import Request
from handlesfake.rules.loading import loads
from handlesfake.rules.stage import Rules

REQUEST = Request("POST", "/handles", body=json.dumps({"type": "invite", "invitedXuid": "9999"}).encode())
PASSED = Fault(Ending.CLOSE, "nobody")


KINDS = {
    "field": "operation: create_handle, type: invite, invitedXuid: '#'",
    "pattern": "type: invite, session: {like: 'room-#-*'}",
    "header": "headers: {X-Part: '#'}",
}
"""Conditions by their kind; ``#`` is another number in each rule. ``benchmarks/rules.py`` measures more of them."""


def microseconds(party: handlesfake.Double, when: str, count: int) -> float:
    """What ``count`` rules cost a request that fits none, in CPU time: the best of several."""
    listed = "".join(
        f"- {{when: {{{when.replace('#', str(n))}}}, then: {{refuse: throttled}}}}\n" for n in range(count)
    )
    rules = Rules(party._rules.scene, loads(f"rules:\n{listed}".encode(), "r.yaml"))
    call = Call(REQUEST, 0)
    assert "create_handle" == call.operation
    assert "invite" == call.type

    return min(repeat(lambda: rules(call, lambda _: PASSED), timer=process_time, number=500, repeat=7)) / 500 * 1e6


@pytest.mark.parametrize("when", KINDS.values(), ids=KINDS)
def test_rules_that_do_not_fit_cost_next_to_nothing(when: str, party: handlesfake.Double) -> None:
    """One at most 10 microseconds, a hundred at most three times that one."""
    one, hundred = microseconds(party, when, 1), microseconds(party, when, 100)

    assert one <= 10
    assert hundred <= 3 * one
