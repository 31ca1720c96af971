"""Taps over the control interface: of one member or session, and waited for."""

from __future__ import annotations

import json
from typing import Any

from tests.server.lobby import arranged
from tests.server.servers import REF, Remote, call, connected, controlled

SESSION = "/serviceconfigs/{scid}/sessionTemplates/{templateName}/sessions/{name}".format(**REF)
CONNECTION = "11111111-1111-4111-8111-111111111111"


def put(remote: Remote, user: dict[str, Any], body: object) -> None:
    """Write the lobby as ``user``."""
    assert 200 == call(remote.connection, "PUT", SESSION, json.dumps(body), **user["headers"]).status


def subscribe(remote: Remote, user: dict[str, Any]) -> None:
    """Let ``user`` be tapped for everything; the write that makes a subscription does not tap it."""
    subscription = {"id": "22222222-2222-4222-8222-222222222222", "changeTypes": ["everything"]}
    system = {"active": True, "connection": CONNECTION, "subscription": subscription}
    put(remote, user, {"members": {"me": {"properties": {"system": system}}}})


def change(remote: Remote, user: dict[str, Any], level: int) -> None:
    """A change that taps."""
    put(remote, user, {"properties": {"custom": {"level": level}}})


def test_a_call_waits_for_taps() -> None:
    """It is answered with the second tap, and has both."""
    with controlled() as remote, connected(remote.url) as other:
        host, _ = arranged(remote)
        subscribe(remote, host)
        other.request("GET", "/_handlesfake/taps?who=host&session=LOBBY-1&count=2&wait=60")
        for level in (1, 2):
            change(remote, host, level)
        found = json.loads(other.getresponse().read())

    # the lobby is arranged as change 1, and the subscription is change 2
    assert [(host["xuid"], CONNECTION, 3), (host["xuid"], CONNECTION, 4)] == [
        (tap["xuid"], tap["connection"], tap["changeNumber"]) for tap in found
    ]


def test_taps_are_of_one_member_connection_or_session() -> None:
    """A role, a xuid or a connection; the name of a session."""
    with controlled() as remote:
        host, _ = arranged(remote)
        subscribe(remote, host)
        change(remote, host, 1)
        counted = {
            query: len(remote.ask("GET", f"/taps?{query}").json)
            for query in (
                "", "who=host", f"who={host['xuid']}", f"who={CONNECTION}", "session=lobby-1", "who=guest",
                "session=lobby-2", "who=33333333-3333-4333-8333-333333333333",
            )
        }  # fmt: skip

    assert [1, 1, 1, 1, 1, 0, 0, 0] == list(counted.values())


def test_who_waits_too_long_is_answered_with_what_there_is() -> None:
    """No taps; and an unknown role is named."""
    with controlled() as remote:
        arranged(remote)
        none = remote.ask("GET", "/taps?count=1&wait=0.01")
        unknown = remote.ask("GET", "/taps?who=hots")

    assert (200, []) == (none.status, none.json)
    assert (422, "who: 'hots' is not a role and not a xuid; did you mean 'host'?") == (
        unknown.status,
        unknown.text.splitlines()[0],
    )
