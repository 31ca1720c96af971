"""What a rule costs that does not fit."""

from __future__ import annotations

import json
from timeit import repeat

import handlesfake
from handlesfake.mpsd.message import Request
from handlesfake.outcome import Call, Ending, Fault
from handlesfake.rules.loading import loads
from handlesfake.rules.stage import Rules

REQUEST = Request("POST", "/handles", body=json.dumps({"type": "invite", "invitedXuid": "9999"}).encode())
PASSED = Fault(Ending.CLOSE, "nobody")


def microseconds(party: handlesfake.Double, count: int) -> float:
    """What ``count`` rules cost a request that fits none: the best of several."""
    when = "{{operation: create_handle, type: invite, invitedXuid: '{}'}}"
    listed = "".join(f"- {{when: {when.format(n)}, then: {{refuse: throttled}}}}\n" for n in range(count))
    rules = Rules(party._rules._scene, loads(f"rules:\n{listed}".encode(), "r.yaml"))
    call = Call(REQUEST, 0)
    assert "create_handle" == call.operation
    assert "invite" == call.type

    return min(repeat(lambda: rules(call, lambda _: PASSED), number=500, repeat=7)) / 500 * 1e6


def test_rules_that_do_not_fit_cost_next_to_nothing(party: handlesfake.Double) -> None:
    """One at most 10 microseconds, a hundred at most three times that one."""
    one, hundred = microseconds(party, 1), microseconds(party, 100)

    assert one <= 10
    assert hundred <= 3 * one
