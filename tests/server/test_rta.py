"""The push channel, over real WebSockets (contract 11)."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import Any

import pytest

from handlesfake.double.double import Double
from handlesfake.mpsd.choices import Choices
from handlesfake.users.user import User
from tests.server.rta import CONNECTIONS, Rta, rta
from tests.server.servers import Remote, call, connected, controlled, thread

SCID = "7e570100-1111-4222-8333-444455556666"
PATH = f"/serviceconfigs/{SCID}/sessionTemplates/FakeLobby/sessions/Lobby-1"
SUBSCRIPTION = "ABCDEF00-1111-4222-8333-444455556666"


def put(url: str, user: User, body: dict[str, Any], path: str = PATH) -> int:
    """PUT the session as ``user``."""
    headers = {**user.headers, "Content-Type": "application/json"}
    with connected(url) as connection:
        return call(connection, "PUT", path, json.dumps(body), **headers).status


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
    [
        ([], None),
        (["rta.xboxlive.com.V2"], "rta.xboxlive.com.V2"),
        (["echo-protocol"], "echo-protocol"),
        (["a", "rta.xboxlive.com.V2"], "rta.xboxlive.com.V2"),
    ],
)
def test_connect_with_and_without_the_sub_protocol(offered: list[str], chosen: str | None) -> None:
    """Both are accepted; the service's own sub-protocol is chosen where it is offered, else the first that is."""
    with thread() as (mpsd, url), rta(url, named(mpsd)[0].authorization, sub_protocols=offered) as client:
        assert chosen == client.sub_protocol
        assert client.subscribe()


def test_subscribing_gives_a_connection_id() -> None:
    """[1, seq, 0, subId, {"ConnectionId"}]: one id for each socket, and the sequence of the question."""
    with thread() as (mpsd, url), rta(url, named(mpsd)[0].authorization) as client:
        client.say([1, 7, CONNECTIONS])
        kind, sequence, code, subscription, data = client.hear()
        again = client.subscribe(8)

    assert [1, 7, 0, 0, ["ConnectionId"]] == [kind, sequence, code, subscription, list(data)]
    assert data["ConnectionId"] == again


def test_an_unknown_resource_is_code_1() -> None:
    """A code names what is missing; what is not a frame is ignored."""
    with thread() as (mpsd, url), rta(url, named(mpsd)[0].authorization) as client:
        for nonsense in ("", "{}", "[1]", "[9,1,2]", "[" * 10_000, "null", '[1,2,{"a":1}]'):
            client.say(nonsense)
        first = client.hear()
        client.say([1, 3, "https://sessiondirectory.xboxlive.com/elsewhere"])
        client.say([1, 4, "https://example.com/users/xuid(1)"])
        others = [client.hear(), client.hear()]

    assert [[1, 2, 1], [1, 3, 1], [1, 4, 1]] == [first, *others]


def test_resources_of_other_services_are_accepted_and_silent() -> None:
    """As logged and captured: their data is null, and nothing is pushed; ids count from 0 on each connection."""
    friends = "https://social.xboxlive.com/users/xuid(9000000000000001)/friends"
    with thread() as (mpsd, url), rta(url, named(mpsd)[0].authorization) as client:
        client.say([1, 2, friends])
        client.say([1, 3, "https://privacy.xboxlive.com/users/xuid(9000000000000001)/people/mutelist"])
        first = [client.hear(), client.hear()]
        with rta(url, named(mpsd)[0].authorization) as other:
            other.say([1, 1, friends.upper()])
            second = other.hear()

    assert [[1, 2, 0, 0, None], [1, 3, 0, 1, None]] == first
    assert [1, 1, 0, 0, None] == second


def test_a_change_taps_the_shoulder() -> None:
    """Another's write is pushed: references and subscription in lower case, the number that the session has now."""
    with thread() as (mpsd, url), rta(url, named(mpsd)[0].authorization) as client:
        host, guest = named(mpsd)
        connection = client.subscribe()
        put(url, host, listening(connection))
        put(url, guest, listening("11111111-1111-4111-8111-111111111111"))
        kind, subscription, data = client.hear()
        session = mpsd.session({"scid": SCID, "templateName": "FakeLobby", "name": "Lobby-1"})
        tap = data["shoulderTaps"][0]

        assert session.change_number == tap["changeNumber"]

    assert 2 == tap["changeNumber"]
    assert [3, 0] == [kind, subscription]
    assert data["ncid"] != connection
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
        put(url, host, {"properties": {"custom": {"map": "dust"}}})
        put(url, guest, listening("11111111-1111-4111-8111-111111111111"))
        tap = client.hear()[2]["shoulderTaps"][0]

        assert tap["changeNumber"] == mpsd.taps[-1].change_number
        assert [{"membersList"}] == [set(tap.changes) for tap in mpsd.taps if tap.xuid == host.xuid]


def test_each_change_is_a_frame_with_an_ncid_of_its_own() -> None:
    """By default nothing is coalesced: no number twice, each one more than the one before, up to the session's own."""
    with thread() as (mpsd, url), rta(url, named(mpsd)[0].authorization) as client:
        host, _ = named(mpsd)
        put(url, host, listening(client.subscribe()))
        session = mpsd.session({"scid": SCID, "templateName": "FakeLobby", "name": "Lobby-1"})
        session.fill(20)
        frames = [client.hear()[2] for _ in range(20)]

        assert [*range(2, session.change_number + 1)] == [
            frame["shoulderTaps"][0]["changeNumber"] for frame in frames
        ]
    assert 20 == len({frame["ncid"] for frame in frames})


def test_who_is_tapped_is_what_stood_before_the_write() -> None:
    """A creator's first tap is change 2; a member that replaces a subscription is tapped under the old one."""
    with thread() as (mpsd, url), rta(url, named(mpsd)[0].authorization) as client:
        host, _ = named(mpsd)
        connection = client.subscribe()
        put(url, host, listening(connection))
        for new in ("second", "third"):
            body = listening(connection)
            body["members"]["me"]["properties"]["system"]["subscription"]["id"] = new
            put(url, host, body)
        taps = [client.hear()[2]["shoulderTaps"][0] for _ in range(2)]

    assert [(2, SUBSCRIPTION.lower()), (3, "second")] == [(tap["changeNumber"], tap["subscription"]) for tap in taps]


def test_a_connection_carries_the_taps_of_its_own_user() -> None:
    """A sub-account that joins by the first account's connection adds no tap there, and no frame."""
    with thread() as (mpsd, url), rta(url, named(mpsd)[0].authorization) as client:
        host, guest = named(mpsd)
        connection = client.subscribe()
        put(url, host, listening(connection))
        put(url, guest, listening(connection))
        put(url, host, {"properties": {"custom": {"map": "dust"}}})
        frames = [client.hear()[2]["shoulderTaps"] for _ in range(2)]

    assert [[2], [3]] == [[tap["changeNumber"] for tap in taps] for taps in frames]


def test_taps_may_be_spaced_and_coalesced() -> None:
    """The choice tap_interval: the first goes at once; what comes before the next is due is one tap, the last."""
    with thread(choices=Choices(tap_interval=2.6)) as (mpsd, url), rta(url, named(mpsd)[0].authorization) as client:
        host, _ = named(mpsd)
        put(url, host, listening(client.subscribe()))
        session = mpsd.session({"scid": SCID, "templateName": "FakeLobby", "name": "Lobby-1"})
        session.fill(4)
        first = client.hear()[2]["shoulderTaps"]
        mpsd.clock.advance(2.6)
        second = client.hear()[2]["shoulderTaps"]

    assert [[2], [5]] == [[tap["changeNumber"] for tap in taps] for taps in (first, second)]


def test_silence_is_broken_by_a_pong() -> None:
    """Ten seconds of the double's clock after the last word, and again after ten more."""
    with thread() as (mpsd, url), rta(url, named(mpsd)[0].authorization) as client:
        client.subscribe()
        heard = []
        for _ in range(2):
            mpsd.clock.advance(10)
            heard.append(client.hear())

    assert [b"", b""] == heard


def test_unsubscribing_ends_the_taps() -> None:
    """[2, seq, subId] is answered [2, seq, 0]; a second time there is nothing to end, and no tap comes in between."""
    with thread() as (mpsd, url), rta(url, named(mpsd)[0].authorization) as client:
        host, guest = named(mpsd)
        put(url, host, listening(client.subscribe()))
        client.say([2, 5, 0])
        first = client.hear()
        put(url, guest, listening("11111111-1111-4111-8111-111111111111"))
        client.say([2, 6, 0])
        second = client.hear()

    assert [[2, 5, 0], [2, 6, 1]] == [first, second]


def test_a_member_whose_socket_closes_is_inactive() -> None:
    """The others are tapped, and the member's connection is no more."""
    with thread() as (mpsd, url), rta(url, named(mpsd)[0].authorization) as client:
        host, guest = named(mpsd)
        put(url, host, listening(client.subscribe()))
        with rta(url, guest.authorization) as other:
            put(url, guest, listening(other.subscribe()))
            client.hear()
            other.close()
            other.hear()
        client.hear()
        changes = mpsd.taps[-1].changes

        assert [host.xuid, {"membersStatus"}] == [mpsd.taps[-1].xuid, set(changes)]


def test_a_nonce_connects_once() -> None:
    """/nonce gives one for the token; it replaces the token in the address of one connection."""
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


# ---- limits of the channel


def sessions_of(mpsd: Double, url: str, user: User, connection: str, count: int) -> list[str]:
    """Let ``user`` join so many sessions with ``connection``, and write each again; their resources."""
    for number in range(count):
        path = PATH.replace("Lobby-1", f"Lobby-{number}")
        put(url, user, listening(connection), path)
        put(url, user, {"properties": {"custom": {"map": "dust"}}}, path)
    return [f"{SCID}~fakelobby~lobby-{number}" for number in range(count)]


@pytest.mark.parametrize(("choices", "most"), [(Choices(), 10), (Choices(rta_sessions=2), 2)])
def test_a_connection_is_tapped_in_ten_sessions(choices: Choices, most: int) -> None:
    """An eleventh is silent; the number is a choice."""
    with thread(choices=choices) as (mpsd, url), rta(url, named(mpsd)[0].authorization) as client:
        host, _ = named(mpsd)
        connection = client.subscribe()
        resources = sessions_of(mpsd, url, host, connection, most + 1)
        put(url, host, {"members": {"me": None}}, PATH.replace("Lobby-1", "Lobby-0"))
        heard = taps_until(client, lambda tap: tap["resource"] == resources[0] and "changeNumber" not in tap)

    assert set(resources[:most]) == {tap["resource"] for tap in heard}


def test_a_session_that_was_left_makes_room() -> None:
    """It is counted no more: one connection may go through many lobbies, one after the other."""
    full = {"properties": {"custom": {"map": "dust"}}}
    with thread(choices=Choices(rta_sessions=1)) as (mpsd, url), rta(url, named(mpsd)[0].authorization) as client:
        host, _ = named(mpsd)
        connection = client.subscribe()
        first, second = PATH, PATH.replace("Lobby-1", "Lobby-2")
        for path in (first, second):
            put(url, host, listening(connection), path)
        put(url, host, full, first)
        put(url, host, full, second)  # no room for it
        put(url, host, {"members": {"me": None}}, first)
        put(url, host, full | {"members": {"me": {}}}, second)
        put(url, host, {"properties": {"custom": {"map": "nuke"}}}, second)
        heard = taps_until(client, lambda tap: tap["resource"].endswith("lobby-2"))

    assert [("1", 2), ("1", None), ("2", 3)] == [(tap["resource"][-1], tap.get("changeNumber")) for tap in heard]


def taps_until(client: Rta, is_last: Callable[[dict[str, Any]], bool]) -> list[dict[str, Any]]:
    """All taps up to the frame with the one that is meant."""
    heard: list[dict[str, Any]] = []
    while not any(is_last(tap) for tap in heard):
        frame = client.hear()
        heard += frame[2]["shoulderTaps"] if frame else []  # a pong says nothing
    return heard


def test_a_session_of_the_same_name_is_another_branch() -> None:
    """Its numbers start again, and are still news."""
    with thread() as (mpsd, url), rta(url, named(mpsd)[0].authorization) as client:
        host, _ = named(mpsd)
        connection = client.subscribe()
        put(url, host, listening(connection))
        put(url, host, {"properties": {"custom": {"map": "dust"}}})
        put(url, host, {"members": {"me": None}})
        heard = taps_until(client, lambda tap: "changeNumber" not in tap)
        put(url, host, listening(connection))
        put(url, host, {"properties": {"custom": {"map": "dust"}}})
        again = taps_until(client, lambda tap: True)

    assert [2, 2] == [heard[0]["changeNumber"], again[0]["changeNumber"]]
    assert heard[-1]["branch"] != again[0]["branch"]


@pytest.mark.parametrize(("choices", "lifetime"), [(Choices(), "2h"), (Choices(rta_lifetime_seconds=60), "60s")])
def test_a_connection_lives_two_hours(choices: Choices, lifetime: str) -> None:
    """Of the double's clock; then the service ends it, without a close frame."""
    with thread(choices=choices) as (mpsd, url), rta(url, named(mpsd)[0].authorization) as client:
        client.subscribe()
        mpsd.clock.advance(lifetime)
        while client.hear() == b"":  # it was silent for long enough, too
            pass

    assert 1006 == client.code


def test_a_connection_ends_with_its_token() -> None:
    """Documented: the service ends it once the token that opened it has expired; another token changes nothing."""
    with thread() as (mpsd, url):
        host, guest = named(mpsd)
        first = host.authorization
        with rta(url, first) as client, rta(url, guest.authorization) as other:
            client.subscribe()
            host.renew()
            client.subscribe(2)
            host.expire()
            end = client.hear()
            other.subscribe()
        with rta(url, first) as again:
            refused = again.status

    assert [None, 1006, 401] == [end, client.code, refused]


def test_an_unused_nonce_of_an_expired_token_connects_nobody_for_long() -> None:
    """It was good when the token was: the connection that it opens ends at once."""
    with thread() as (mpsd, url):
        host, _ = named(mpsd)
        with connected(url) as connection:
            nonce = call(connection, "GET", "/nonce", **host.headers).json["nonce"]
        host.expire()
        with rta(url, query=f"?nonce={nonce}") as client:
            assert client.hear() is None


def test_a_member_may_stay_active_for_a_while() -> None:
    """As the service has it: 30 seconds after the socket has closed, and not before, the others are tapped."""
    with (
        thread(choices=Choices(rta_inactive_seconds=30)) as (mpsd, url),
        rta(url, named(mpsd)[0].authorization) as client,
    ):
        host, guest = named(mpsd)
        put(url, host, listening(client.subscribe()))
        with rta(url, guest.authorization) as other:
            put(url, guest, listening(other.subscribe()))
            other.close()
            other.hear()
        with connected(url) as connection:  # the server has noticed by the time it answers another client
            call(connection, "GET", "/nonce", **host.headers)
        before = set(mpsd.taps[-1].changes)
        mpsd.clock.advance(30)
        session = mpsd.session({"scid": SCID, "templateName": "FakeLobby", "name": "Lobby-1"})
        taps_until(client, lambda tap: tap["changeNumber"] > 2)

        assert [{"membersList"}, {"membersStatus"}] == [before, set(mpsd.taps[-1].changes)]
        assert 3 == session.change_number


# ---- invites


def test_an_invite_is_pushed_to_who_is_invited() -> None:
    """Over the resource of notify.xboxlive.com, with the handle's id and the sender's name."""
    with thread() as (mpsd, url), rta(url, named(mpsd)[1].authorization) as client:
        host, guest = named(mpsd)
        client.say([1, 1, NOTICES.format(guest.xuid, host.title_id)])
        subscribed = client.hear()
        put(url, host, listening("11111111-1111-4111-8111-111111111111"))
        handle = invite(url, host, guest)
        kind, subscription, data = client.hear()

    assert [1, 1, 0, 0, None] == subscribed
    assert [3, 0] == [kind, subscription]
    assert {
        "inviteHandle": {
            **{name: handle[name] for name in ("id", "invitedXuid", "senderXuid", "inviteProtocol", "expiration")},
            "sessionRef": handle["sessionRef"],
            "inviteAttributes": {"context": "table 4"},
            "inviteInfo": {
                "sender": host.gamertag,
                "senderModernGamertag": host.gamertag,
                "senderModernGamertagSuffix": "",
                "senderUniqueModernGamertag": host.gamertag,
                "senderImageUrl": "",
            },
        }
    } == data


def test_invites_of_others_are_not_there() -> None:
    """Another user's are code 3; those of another title, and those after unsubscribing, are not pushed."""
    with thread() as (mpsd, url), rta(url, named(mpsd)[1].authorization) as client:
        host, guest = named(mpsd)
        client.say([1, 1, NOTICES.format(host.xuid, host.title_id)])
        client.say([1, 2, NOTICES.format(guest.xuid, "1")])
        client.say([1, 3, NOTICES.format(guest.xuid, host.title_id).upper()])
        said = [client.hear() for _ in range(3)]
        put(url, host, listening("11111111-1111-4111-8111-111111111111"))
        invite(url, host, guest)
        pushed = client.hear()
        client.say([2, 4, 1])
        unsubscribed = client.hear()
        invite(url, host, guest)
        client.say([2, 5, 1])
        end = client.hear()

    assert [[1, 1, 3], [1, 2, 0, 0, None], [1, 3, 0, 1, None]] == said
    assert [3, 1] == pushed[:2]
    assert [[2, 4, 0], [2, 5, 1]] == [unsubscribed, end]


NOTICES = "https://notify.xboxlive.com/users/xuid({})/deviceId/current/titleId/{}"


def invite(url: str, sender: User, invited: User) -> dict[str, Any]:
    """Invite a user into the session; the handle."""
    ref = {"scid": SCID, "templateName": "FakeLobby", "name": "Lobby-1"}
    attributes = {"titleId": sender.title_id, "context": "table 4"}
    body = {"type": "invite", "version": 1, "sessionRef": ref, "invitedXuid": invited.xuid}
    with connected(url) as connection:
        answer = call(
            connection, "POST", "/handles", json.dumps({**body, "inviteAttributes": attributes}), **sender.headers
        )
    found: dict[str, Any] = answer.json
    return found


# ---- by the control interface


def _host(remote: Remote) -> str:
    found: str = remote.ask("POST", "/users", {"role": "host"}).json["authorization"]
    return found


def test_a_test_breaks_a_connection_and_asks_to_resync() -> None:
    """[4] reaches the client; a dropped one ends without a close frame, and is named no more."""
    with controlled() as remote, rta(remote.url, _host(remote)) as client:
        connection = client.subscribe()
        listed = remote.ask("GET", "/connections").json
        remote.ask("POST", f"/connections/{connection}/resync")
        resync = client.hear()
        remote.ask("POST", f"/connections/{connection}/drop")
        end = client.hear()
        unknown = remote.ask("POST", "/connections/none/drop")

    host = {"connection": connection, "xuid": "9000000000000001", "role": "host", "mute": False}

    assert [[host], [4], None, 1006] == [listed, resync, end, client.code]
    assert (422, True) == (unknown.status, "'none' is not a role and not a xuid" in unknown.text)


def test_the_page_shows_who_is_connected() -> None:
    """Each connection of a user, and whether it is mute or lost."""
    with controlled() as remote, rta(remote.url, _host(remote)) as one, rta(remote.url, _host(remote)) as two:
        first, second = one.subscribe(), two.subscribe()
        remote.ask("POST", f"/connections/{first}/drop", {"mute": True})
        remote.ask("POST", f"/connections/{second}/drop", {"noticed": False})
        users = remote.ask("GET", "/overview").json["users"]

    assert [{"id": first, "state": "mute"}, {"id": second, "state": "lost"}] == users[0]["connections"]


@pytest.mark.parametrize("who", ["host", "9000000000000001"])
def test_a_drop_takes_a_role_or_a_xuid_and_a_close_code(who: str) -> None:
    """All connections of that user end, with that code."""
    with controlled() as remote, rta(remote.url, _host(remote)) as one, rta(remote.url, _host(remote)) as two:
        one.subscribe()
        two.subscribe()
        remote.ask("POST", f"/connections/{who}/drop", {"code": 1001})
        ends = [one.hear(), two.hear()]

    assert [None, None, 1001, 1001] == [*ends, one.code, two.code]


def test_a_mute_connection_is_open_and_hears_nothing() -> None:
    """It is answered, and pushed neither taps nor pongs; then it ends as the wild ones do."""
    with controlled() as remote, rta(remote.url, _host(remote)) as client:
        host = remote.mpsd.user("host")
        put(remote.url, host, listening(client.subscribe()))
        remote.ask("POST", "/connections/host/drop", {"mute": True})
        listed = remote.ask("GET", "/connections").json
        put(remote.url, host, {"properties": {"custom": {"map": "dust"}}})
        remote.ask("POST", "/clock", {"advance": 10})
        client.say([1, 9, CONNECTIONS])
        answer = client.hear()
        remote.ask("POST", "/connections/host/drop")
        end = client.hear()

    assert [True] == [one["mute"] for one in listed]
    assert [[1, 9, 0, 1], None, 1006] == [answer[:4], end, client.code]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"code": 1005}, "a close frame cannot say 1005"),
        ({"mute": True, "code": 1001}, "a mute connection stays open"),
        ({"mute": True, "noticed": False}, "a mute connection stays open"),
    ],
)
def test_words_of_a_drop_that_cannot_be(words: dict[str, Any], said: str) -> None:
    """They are 422, and nothing ends."""
    with controlled() as remote, rta(remote.url, _host(remote)) as client:
        client.subscribe()
        refused = remote.ask("POST", "/connections/host/drop", words)
        left = remote.ask("GET", "/connections").json

    assert (422, True, 1) == (refused.status, said in refused.text, len(left))


def test_python_drops_the_websocket() -> None:
    """mpsd.drop_connection() ends it, and the member is inactive; a member that names the connection again stays so."""
    with thread() as (mpsd, url), rta(url, named(mpsd)[0].authorization) as client:
        host, _ = named(mpsd)
        connection = client.subscribe()
        put(url, host, listening(connection))
        mpsd.drop_connection(host)
        end = client.hear()
        again = put(url, host, listening(connection))
        with connected(url) as other:
            ref = {"scid": SCID, "templateName": "FakeLobby", "name": "Lobby-1"}
            body = json.dumps({"type": "activity", "version": 1, "sessionRef": ref})
            activity = call(other, "POST", "/handles", body, **host.headers).status

    assert [None, 1006, 200, 403] == [end, client.code, again, activity]


@pytest.mark.parametrize("choices", [Choices(), Choices(rta_inactive_seconds=30)])
def test_a_client_that_comes_back_in_time_keeps_its_activity(choices: Choices) -> None:
    """As go-xsapi does: it writes the session with its new connection, and never posts the activity again."""
    with thread(choices=choices) as (mpsd, url):
        host, _ = named(mpsd)
        with rta(url, host.authorization) as client:
            put(url, host, listening(client.subscribe()))
            session = mpsd.session({"scid": SCID, "templateName": "FakeLobby", "name": "Lobby-1"})
            mpsd.activity(host, session)
            mpsd.drop_connection(host, noticed=False)
            while client.hear() is not None:
                pass
        with rta(url, host.authorization) as client:
            put(url, host, listening(client.subscribe()))
            mpsd.clock.advance(31)
            shown = mpsd.activity_of(host)

    assert shown is not None


def test_the_others_are_tapped_once_a_loss_is_noticed() -> None:
    """At its time of the service's clock, with no request that looks."""
    with thread() as (mpsd, url), rta(url, named(mpsd)[0].authorization) as client:
        host, guest = named(mpsd)
        put(url, host, listening(client.subscribe()))
        put(url, guest, listening("11111111-1111-4111-8111-111111111111"))
        client.hear()
        mpsd.drop_connection(guest, noticed=False)
        mpsd.clock.advance(30)
        heard = client.hear()
        tap = client.hear() if heard == b"" else heard

        assert {"membersStatus"} == set(mpsd.taps[-1].changes)
    assert 3 == tap[2]["shoulderTaps"][0]["changeNumber"]


def test_taps_are_there_without_anybody_who_listens() -> None:
    """What would be pushed to each user is told, with what has changed."""
    with controlled() as remote:
        host = remote.mpsd.user("host") if _host(remote) else None
        assert host is not None
        put(remote.url, host, listening("11111111-1111-4111-8111-111111111111"))
        put(remote.url, host, {"properties": {"custom": {"map": "dust"}}})
        tap = remote.ask("GET", "/taps").json[0]

    assert [host.xuid, 2, ["customProperty"]] == [tap["xuid"], tap["changeNumber"], tap["changes"]]


def test_each_world_has_taps_of_its_own() -> None:
    """A token of a world connects to that world; another's changes of the same session are not heard there."""
    with controlled() as remote:
        one, two = (remote.ask("POST", "/worlds", {"users": ["host"]}).json for _ in range(2))
        with rta(remote.url, one["users"]["host"]["authorization"]) as client:
            connection = client.subscribe()
            for world in (two, one):
                headers = {**world["users"]["host"]["headers"], "Content-Type": "application/json"}
                for body in (listening(connection), {"properties": {"custom": {"map": "dust"}}}):
                    call(remote.connection, "PUT", PATH, json.dumps(body), **headers)
            tap = client.hear()[2]["shoulderTaps"][0]
            taps = remote.ask("GET", f"/worlds/{one['name']}/taps").json
            listed = [remote.ask("GET", f"{path}/connections").json for path in ("", f"/worlds/{one['name']}")]

    assert [2, 1] == [tap["changeNumber"], len(taps)]
    assert [0, 1] == [len(found) for found in listed]


def test_the_server_ends_with_clients_connected() -> None:
    """A WebSocket that stays open keeps no thread alive."""
    before = set(threading.enumerate())
    with thread() as (mpsd, url), rta(url, named(mpsd)[0].authorization) as client:
        client.subscribe()

    assert before == set(threading.enumerate())
