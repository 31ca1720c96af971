"""Connections, drops, taps, holds and counts are a world's own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from tests.server.rta import Rta, rta
from tests.server.servers import REF, call
from tests.server.worlds.lived import Lived, lived

SESSION = "/serviceconfigs/{scid}/sessionTemplates/{templateName}/sessions/{name}".format(**REF)


class Party:
    """The same host in two worlds and in the default one, each with a socket and in a lobby of the same name."""

    def __init__(self, server: Lived, stack: ExitStack) -> None:
        self.server = server
        self.places = ["/worlds/one", "/worlds/two", ""]
        for name in ("one", "two"):
            server.world(name)
        self.hosts = [server.ask("PUT", f"{place}/users/host").json for place in self.places]
        self.sockets: list[Rta] = []
        for host in self.hosts:
            self.sockets.append(stack.enter_context(rta(server.url, host["authorization"])))
            self.join(host, self.sockets[-1].subscribe())

    def join(self, host: dict[str, Any], connection: str) -> None:
        """Join the lobby, and ask for taps."""
        system = {
            "active": True,
            "connection": connection,
            "subscription": {"id": "1", "changeTypes": ["everything"]},
        }
        me = {"constants": {"system": {"initialize": True}}, "properties": {"system": system}}

        body = json.dumps({"members": {"me": me}})

        assert call(self.server.connection, "PUT", SESSION, body, **host["headers"]).status in (200, 201)

    def count(self, call_name: str) -> list[int]:
        """How long the list of each world is, that of the default one last."""
        return [len(self.server.ask("GET", f"{place}/{call_name}").json) for place in self.places]


@pytest.fixture
def party() -> Iterator[Party]:
    """See there."""
    with lived() as server, ExitStack() as stack:
        yield Party(server, stack)


def test_each_world_lists_its_own_connections(party: Party) -> None:
    """And counts them, in its record and in its list."""
    ids = [
        [one["connection"] for one in party.server.ask("GET", f"{place}/connections").json] for place in party.places
    ]
    counted = [one["connections"] for one in party.server.ask("GET", "/worlds").json]

    assert [1, 1, 1] == [len(one) for one in ids]
    assert 3 == len({one[0] for one in ids})
    assert [1, 1] == counted


@pytest.mark.parametrize("by", ["connection", "xuid", "role"])
def test_a_drop_ends_no_connection_of_another_world(party: Party, by: str) -> None:
    """Though its user has the same role and the same xuid there."""
    mine = party.server.ask("GET", "/worlds/one/connections").json[0]
    status = party.server.ask("POST", f"/worlds/one/connections/{mine[by]}/drop", {"code": 1001}).status

    assert party.sockets[0].hear() is None
    assert [True, True] == [bool(socket.subscribe(2)) for socket in party.sockets[1:]]
    assert (204, 1001) == (status, party.sockets[0].code)


@pytest.mark.parametrize("what", ["drop", "resync"])
def test_a_connection_of_another_world_is_not_there(party: Party, what: str) -> None:
    """The answer names those that are, and nothing ends."""
    mine, other = (
        party.server.ask("GET", f"/worlds/{one}/connections").json[0]["connection"] for one in ("one", "two")
    )
    answer = party.server.ask("POST", f"/worlds/one/connections/{other}/{what}")

    assert (422, f"there is no connection '{other}'. Open: {mine}.\n") == (answer.status, answer.text)
    assert all(socket.subscribe(2) for socket in party.sockets)


def test_taps_are_of_their_world_alone(party: Party) -> None:
    """A change in one is pushed there, and listed there."""
    guest = party.server.ask("PUT", "/worlds/one/users/guest").json
    party.join(guest, "11111111-1111-4111-8111-111111111111")
    tap = party.sockets[0].hear()
    counts = party.count("taps")

    assert REF["name"] in tap[2]["shoulderTaps"][0]["resource"]
    assert [1, 0, 0] == counts
    assert [[1, 2, 0]] * 2 == [_asked(socket) for socket in party.sockets[1:]]


def _asked(socket: Rta) -> list[int]:
    """The beginning of the next frame, which answers a question: nothing was pushed before."""
    socket.say([1, 2, "https://sessiondirectory.xboxlive.com/connections/"])
    found: list[int] = socket.hear()[:3]
    return found


def test_counts_and_holds_are_of_their_world(party: Party) -> None:
    """Requests, users and holds of one do not belong to another."""
    party.server.ask("POST", "/worlds/two/hold", {"operation": "create_handle"})
    party.server.ask("PUT", "/worlds/two/users/guest")
    requests = [party.server.ask("GET", f"{place}/").json["requests"] for place in party.places]

    assert [1, 1, 1] == requests
    assert [1, 2, 1] == party.count("users")
    assert [0, 1, 0] == party.count("hold")
