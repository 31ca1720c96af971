"""What a rule costs that does not fit."""

from __future__ import annotations

import json

import pytest

import handlesfake
from handlesfake.double.double import core_of
from handlesfake.exchange.outcome import Call, ConnectionEnd, Fault
from handlesfake.mpsd.http.message import Request
from handlesfake.rules.loading import load_rules_text
from handlesfake.rules.stage import Rules
from tests.effort import steps

REQUEST = Request("POST", "/handles", body=json.dumps({"type": "invite", "invitedXuid": "9999"}).encode())
PASSED = Fault(ConnectionEnd.CLOSE, "nobody")


KINDS = {
    "field": "operation: create_handle, type: invite, invitedXuid: '#'",
    "pattern": "type: invite, session: {like: 'room-#-*'}",
    "header": "headers: {X-Part: '#'}",
}
"""Conditions by their kind; ``#`` is another number in each rule. ``benchmarks/rules.py`` measures more of them."""


def cost(party: handlesfake.Double, when: str, count: int) -> int:
    """The steps that ``count`` rules take over a request that fits none."""
    listed = "".join(
        f"- {{when: {{{when.replace('#', str(n))}}}, then: {{refuse: throttled}}}}\n" for n in range(count)
    )
    rules = Rules(core_of(party).rules.scene, load_rules_text(f"rules:\n{listed}".encode(), "r.yaml"))
    call = Call(REQUEST, 0)
    assert "create_handle" == call.operation
    assert "invite" == call.type

    return steps(lambda: rules(call, lambda _: PASSED))


@pytest.mark.parametrize("when", KINDS.values(), ids=KINDS)
def test_a_hundred_rules_that_do_not_fit_cost_what_one_costs(when: str, party: handlesfake.Double) -> None:
    """What they ask for is looked up, and not compared with each; ``benchmarks/rules.py`` has the times."""
    assert cost(party, when, 100) <= 1.1 * cost(party, when, 1)
