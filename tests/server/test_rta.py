"""The push channel, over real WebSockets (contract 11)."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest

from handlesfake.double import Double
from handlesfake.world.people import User
from tests.server.rta import CONNECTIONS, rta
from tests.server.servers import Remote, call, connected, controlled, thread

SCID = "7e570100-1111-4222-8333-444455556666"
PATH = f"/serviceconfigs/{SCID}/sessionTemplates/FakeLobby/sessions/Lobby-1"
SUBSCRIPTION = "ABCDEF00-1111-4222-8333-444455556666"


def put(url: str, user: User, body: dict[str, Any]) -> int:
    """PUT the session as ``user``."""
    headers = {**user.headers, "Content-Type": "application/json"}
    with connected(url) as connection:
        return call(connection, "PUT", PATH, json.dumps(body), **headers).status


def listening(connection: str, *types: str) -> dict[str, Any]:
    """The body by which a member joins and wants to be tapped."""
    subscription = {"id": SUBSCRIPTION, "changeTypes": list(types) or ["everything"]}
    system = {"active": True, "connection": connection, "subscription": subscription}
    return {"members": {"me": {"constants": {"system": {"initialize": True}}, "properties": {"system": system}}}}


def named(mpsd: Double) -> tuple[User, User]:
    """A host and a guest."""
    return mpsd.user("host"), mpsd.user("guest")


@pytest.mark.parametrize(
    ("offered", "chosen"),
    [([], None), (["rta.xboxlive.com.V2"], "rta.xboxlive.com.V2"), (["echo-protocol"], None)],
)
def test_connect_with_and_without_the_sub_protocol(offered: list[str], chosen: str | None) -> None:
    """Both are accepted; only the service's own sub-protocol is chosen."""
    with thread() as (mpsd, url), rta(url, named(mpsd)[0].authorization, sub_protocols=offered) as client:
        assert chosen == client.sub_protocol
        assert client.subscribe()


def test_subscribing_gives_a_connection_id() -> None:
    """[1, seq, 0, subId, {"ConnectionId"}]: one id for each socket, and the sequence of the question."""
    with thread() as (mpsd, url), rta(url, named(mpsd)[0].authorization) as client:
        client.say([1, 7, CONNECTIONS])
        kind, sequence, code, subscription, data = client.hear()
        again = client.subscribe(8)

    assert [1, 7, 0, 1, ["ConnectionId"]] == [kind, sequence, code, subscription, list(data)]
    assert data["ConnectionId"] == again


def test_an_unknown_resource_is_code_1() -> None:
    """What is not there is said so by code; what is no frame is passed over."""
    with thread() as (mpsd, url), rta(url, named(mpsd)[0].authorization) as client:
        for nonsense in ("", "{}", "[1]", "[9,1,2]", "[" * 10_000, "null", '[1,2,{"a":1}]'):
            client.say(nonsense)
        first = client.hear()
        client.say([1, 3, "https://userpresence.xboxlive.com/users/xuid(1)"])
        second = client.hear()

    assert [[1, 2, 1], [1, 3, 1]] == [first, second]


def test_a_change_taps_the_shoulder() -> None:
    """Another's write is pushed: references and subscription in lower case, the number that the session has now."""
    with thread() as (mpsd, url), rta(url, named(mpsd)[0].authorization) as client:
        host, guest = named(mpsd)
        connection = client.subscribe()
        put(url, host, listening(connection))
        own = client.hear()
        put(url, guest, listening("11111111-1111-4111-8111-111111111111"))
        kind, subscription, data = client.hear()
        session = mpsd.session({"scid": SCID, "templateName": "FakeLobby", "name": "Lobby-1"})
        tap = data["shoulderTaps"][0]

        assert session.change_number == tap["changeNumber"]

    assert own[2]["shoulderTaps"][0]["changeNumber"] < tap["changeNumber"]
    assert [3, 1] == [kind, subscription]
    assert {
        "timestamp": tap["timestamp"],
        "subscription": SUBSCRIPTION.lower(),
        "resourceType": "mpsd/session",
        "resource": f"{SCID}~fakelobby~lobby-1",
        "branch": tap["branch"],
        "changeNumber": tap["changeNumber"],
    } == tap
    assert ["Z", 28] == [tap["timestamp"][-1], len(tap["timestamp"])]


def test_only_wanted_changes_are_pushed() -> None:
    """A member who wants the members' list hears nothing of custom properties."""
    with thread() as (mpsd, url), rta(url, named(mpsd)[0].authorization) as client:
        host, guest = named(mpsd)
        put(url, host, listening(client.subscribe(), "membersList"))
        client.hear()
        put(url, host, {"properties": {"custom": {"map": "dust"}}})
        put(url, guest, listening("11111111-1111-4111-8111-111111111111"))
        tap = client.hear()[2]["shoulderTaps"][0]

        assert tap["changeNumber"] == mpsd.taps[-1].change_number
        assert [{"membersList"}] * 2 == [set(tap.changes) for tap in mpsd.taps if tap.xuid == host.xuid]


def test_many_changes_of_a_moment_are_few_frames() -> None:
    """Taps are coalesced: no number twice, each higher than the one before, and the last is the session's own."""
    with thread() as (mpsd, url), rta(url, named(mpsd)[0].authorization) as client:
        host, _ = named(mpsd)
        put(url, host, listening(client.subscribe()))
        session = mpsd.session({"scid": SCID, "templateName": "FakeLobby", "name": "Lobby-1"})
        session.fill(20)
        numbers = []
        while not numbers or numbers[-1] < session.change_number:
            numbers += [tap["changeNumber"] for tap in client.hear()[2]["shoulderTaps"]]

    assert sorted(set(numbers)) == numbers


def test_unsubscribing_ends_the_taps() -> None:
    """[2, seq, subId] is answered [2, seq, 0]; a second time there is nothing to end, and no tap comes in between."""
    with thread() as (mpsd, url), rta(url, named(mpsd)[0].authorization) as client:
        host, guest = named(mpsd)
        put(url, host, listening(client.subscribe()))
        client.hear()
        client.say([2, 5, 1])
        first = client.hear()
        put(url, guest, listening("11111111-1111-4111-8111-111111111111"))
        client.say([2, 6, 1])
        second = client.hear()

    assert [[2, 5, 0], [2, 6, 1]] == [first, second]


def test_a_member_whose_socket_closes_is_inactive() -> None:
    """The others are tapped, and the member's connection is no more."""
    with thread() as (mpsd, url), rta(url, named(mpsd)[0].authorization) as client:
        host, guest = named(mpsd)
        put(url, host, listening(client.subscribe()))
        client.hear()
        with rta(url, guest.authorization) as other:
            put(url, guest, listening(other.subscribe()))
            client.hear()
            other.close()
            other.hear()
        client.hear()
        changes = mpsd.taps[-1].changes

        assert [host.xuid, {"membersStatus"}] == [mpsd.taps[-1].xuid, set(changes)]


def test_a_nonce_connects_once() -> None:
    """/nonce gives one for the token; it stands for the token in the address of one connection."""
    with thread(strict=True) as (mpsd, url):
        host, _ = named(mpsd)
        with connected(url) as connection:
            nonce = call(connection, "GET", "/nonce", **host.headers).json["nonce"]
        with rta(url, query=f"?nonce={nonce}") as first, rta(url, query=f"?nonce={nonce}") as second:
            assert [101, 401] == [first.status, second.status]


def test_nobody_connects_without_a_token() -> None:
    """Strict, an unknown caller is 401, for a nonce and for a connection."""
    with thread(strict=True) as (_, url), connected(url) as connection, rta(url) as client:
        assert [401, 401] == [call(connection, "GET", "/nonce", Accept="*/*").status, client.status]


def test_there_is_no_other_websocket() -> None:
    """Elsewhere it is 404."""
    with thread() as (mpsd, url), rta(f"{url}/elsewhere", named(mpsd)[0].authorization) as client:
        assert 404 == client.status


# ---- by the control interface


def _host(remote: Remote) -> str:
    found: str = remote.ask("POST", "/users", {"role": "host"}).json["authorization"]
    return found


def test_a_test_breaks_a_connection_and_asks_to_resync() -> None:
    """[4] reaches the client; a dropped one is closed, and is named no more."""
    with controlled() as remote, rta(remote.url, _host(remote)) as client:
        connection = client.subscribe()
        listed = remote.ask("GET", "/connections").json
        remote.ask("POST", f"/connections/{connection}/resync")
        resync = client.hear()
        remote.ask("POST", f"/connections/{connection}/drop")
        end = client.hear()
        client.close()
        unknown = remote.ask("POST", "/connections/none/drop")

    assert [[connection], [4], None] == [listed, resync, end]
    assert (422, "there is no connection 'none'.") == (unknown.status, unknown.text[:30])


def test_taps_are_there_without_anybody_who_listens() -> None:
    """What would be pushed to whom is told, with what has changed."""
    with controlled() as remote:
        host = remote.mpsd.user("host") if _host(remote) else None
        assert host is not None
        put(remote.url, host, listening("11111111-1111-4111-8111-111111111111"))
        tap = remote.ask("GET", "/taps").json[0]

    assert [host.xuid, 1, ["membersList"]] == [tap["xuid"], tap["changeNumber"], tap["changes"]]


def test_each_world_has_taps_of_its_own() -> None:
    """A token of a world connects to that world; another's changes of the same session are not heard there."""
    with controlled() as remote:
        one, two = (remote.ask("POST", "/worlds", {"users": ["host"]}).json for _ in range(2))
        with rta(remote.url, one["users"]["host"]["authorization"]) as client:
            connection = client.subscribe()
            for world in (two, one):
                headers = {**world["users"]["host"]["headers"], "Content-Type": "application/json"}
                call(remote.connection, "PUT", PATH, json.dumps(listening(connection)), **headers)
            tap = client.hear()[2]["shoulderTaps"][0]
            taps = remote.ask("GET", f"/worlds/{one['name']}/taps").json

    assert [1, 1] == [tap["changeNumber"], len(taps)]


def test_the_server_ends_with_clients_connected() -> None:
    """A WebSocket that stays open keeps no thread alive."""
    before = set(threading.enumerate())
    with thread() as (mpsd, url), rta(url, named(mpsd)[0].authorization) as client:
        client.subscribe()

    assert before == set(threading.enumerate())
