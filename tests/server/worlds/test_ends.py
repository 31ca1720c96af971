"""What ends with a world: its connections, its tokens, and what waits in it."""

from __future__ import annotations

import http.client
import json
import threading
from contextlib import ExitStack

import pytest

from tests.patience import PATIENCE
from tests.server.lobby import activity
from tests.server.rta import rta
from tests.server.servers import HEADERS, call, connected, everything, raw
from tests.server.worlds.lived import Lived, lived

DELAYED = {"rules": [{"name": "slow", "when": {"operation": "create_handle"}, "then": {"delay": 7200}}]}
ENDED = "the world 'lobby' (w1) has ended: it was deleted, 0.0 s ago.\n"


def test_its_tokens_are_refused_by_a_sentence() -> None:
    """Those of users and of services, old ones and those of its test's own; the default world gets none of it."""
    with lived() as server:
        world = server.world("lobby")
        renewed = server.ask("POST", "/worlds/w1/users/host/renew").json
        mine = server.ask("POST", "/worlds/w1/users", {"role": "me", "authorization": "XBL3.0 x=w1.7117;mine"}).json
        service = server.ask("POST", "/worlds/w1/service").json
        own = server.ask("POST", "/worlds/w1/service", {"title_id": "7", "authorization": "XBL3.0 x=-;my-own"}).json
        before = [server.post(one, activity()).status for one in (world["users"]["host"], mine)]
        server.ask("DELETE", "/worlds/w1")
        answers = [
            server.post(one, activity()) for one in (world["users"]["host"], renewed, mine, service, own)
        ]  # fmt: skip

        assert 0 == server.ask("GET", "/").json["requests"]

    assert [201, 201] == before
    assert [401] * 5 == [answer.status for answer in answers]
    assert {"text/plain; charset=utf-8"} == {answer.headers["Content-Type"] for answer in answers}
    assert {ENDED} == {f"{answer.text.splitlines()[0]}\n" for answer in answers}


def test_other_tokens_are_nobodys_business() -> None:
    """A made-up token, or one that only looks like a world's, is the default world's, as ever."""
    with lived() as server:
        server.world()
        server.ask("DELETE", "/worlds/w1")
        statuses = [
            call(server.connection, "POST", "/handles", json.dumps(activity()), **{**HEADERS, "Authorization": token}).status
            for token in ("XBL3.0 x=w2.9000000000000001;t", "XBL3.0 x=w1;t", "XBL3.0 x=uhs-9000000000000001;t")
        ]  # fmt: skip

        assert 3 == server.ask("GET", "/").json["requests"]

    assert [201, 201, 201] == statuses


def test_its_web_sockets_end_with_a_reason_and_no_others() -> None:
    """By a close frame: the client of another world goes on, and that of the default one."""
    with lived() as server, ExitStack() as stack:
        worlds = [server.world("lobby"), server.world("other")]
        tokens = [world["users"]["host"]["authorization"] for world in worlds]
        tokens.append(server.ask("POST", "/users", {"role": "host"}).json["authorization"])
        one, two, three = (stack.enter_context(rta(server.url, token)) for token in tokens)
        for client in (one, two, three):
            client.subscribe()
        counts = [world["connections"] for world in server.ask("GET", "/worlds").json]
        server.ask("DELETE", "/worlds/lobby")

        assert one.hear() is None
        assert [True, True] == [bool(client.subscribe(2)) for client in (two, three)]

    assert [1, 1] == counts
    assert (1001, "the world w1 has ended: it was deleted (lobby)") == (one.code, one.reason)


def test_a_reset_ends_the_web_sockets_of_its_world_alone() -> None:
    """The client sees 1012, and may connect again at once; the state is that of the beginning."""
    with lived() as server, ExitStack() as stack:
        worlds = [server.world("lobby"), server.world("other")]
        one, two = (stack.enter_context(rta(server.url, w["users"]["host"]["authorization"])) for w in worlds)
        for client in (one, two):
            client.subscribe()
        server.ask("POST", "/worlds/lobby/reset")

        assert one.hear() is None
        assert two.subscribe(2)

        token = server.ask("PUT", "/worlds/lobby/users/host").json["authorization"]
        again = stack.enter_context(rta(server.url, token))

        assert again.subscribe()
        assert 1 == len(server.ask("GET", "/worlds/lobby/connections").json)

    assert (1012, "the world was reset") == (one.code, one.reason)


def test_the_reason_of_a_close_frame_fits_into_it() -> None:
    """A long name is cut between two letters, whatever they take in UTF-8."""
    with lived() as server:
        token = server.world("ä" * 200)["users"]["host"]["authorization"]
        with rta(server.url, token) as client:
            client.subscribe()
            server.ask("DELETE", "/worlds/w1")

            assert client.hear() is None

    beginning = "the world w1 has ended: it was deleted ("
    assert (1001, beginning + "ä" * ((123 - len(beginning)) // 2)) == (client.code, client.reason)


def test_its_tokens_open_no_push_channel() -> None:
    """Neither by themselves, nor by a nonce that they got before."""
    with lived() as server:
        headers = server.world("lobby")["users"]["host"]["headers"]
        nonce = call(server.connection, "GET", "/nonce", **headers).json["nonce"]
        server.ask("DELETE", "/worlds/w1")
        refused = call(server.connection, "GET", "/nonce", **headers)
        statuses = []
        for query, token in (("", headers["Authorization"]), (f"?nonce={nonce}", None)):
            with rta(server.url, token, query=query) as client:
                statuses.append(client.status)

    assert (401, True) == (refused.status, refused.text.startswith(ENDED))
    assert [401, 401] == statuses


@pytest.mark.parametrize("rule", ["hold", "delay"])
def test_who_waits_in_it_is_answered_at_once(rule: str) -> None:
    """A request that is held or delayed gets the sentence, and its connection goes on; another world's waits on."""
    with lived() as server, connected(server.url) as client, connected(server.url) as other:
        worlds = [server.world("lobby"), server.world("other")]
        for place in ("lobby", "other"):
            if rule == "hold":
                server.ask("POST", f"/worlds/{place}/hold", {"operation": "create_handle"})
            else:
                server.ask("POST", f"/worlds/{place}/rules", DELAYED)
        for connection, world in zip((client, other), worlds, strict=True):
            connection.request("POST", "/handles", json.dumps(activity()), world["users"]["host"]["headers"])
        for place in ("lobby", "other"):
            _until_in_flight(server, place)
        server.ask("DELETE", "/worlds/lobby")
        answer = client.getresponse()
        text = answer.read().decode()
        again = call(client, "POST", "/handles", json.dumps(activity()), **worlds[0]["users"]["host"]["headers"])
        left = server.ask("GET", "/worlds/other").json["in_flight"]
        server.ask("DELETE", "/worlds/other")
        last = other.getresponse().status

    assert (401, True) == (answer.status, text.startswith(ENDED))
    assert [401, 1, 401] == [again.status, left, last]


def test_a_call_that_waits_in_it_is_told_at_once() -> None:
    """A long wait for the journal, for a claim and for a hold: 410, and the sentence."""
    with lived() as server, ExitStack() as stack:
        server.world("lobby")
        server.ask("POST", "/worlds/lobby/hold")
        waiting = []
        for number, (method, path, body) in enumerate(
            (
                ("GET", "journal?count=9&wait=300", None),
                ("GET", "hold?count=9&wait=300", None),
                ("POST", "assert/invited", json.dumps({"xuids": ["3210"], "within": 300})),
            ),
            1,
        ):
            waiting.append(stack.enter_context(connected(server.url)))
            waiting[-1].request(method, f"/_handlesfake/worlds/lobby/{path}", body)
            while server.site.worlds["w1"].calls < number:
                server.ask("GET", "/clock")
        server.ask("DELETE", "/worlds/lobby")
        answers = [(one.status, one.read().decode()) for one in map(http.client.HTTPConnection.getresponse, waiting)]

    assert [(410, True)] * 3 == [(status, text.startswith(ENDED)) for status, text in answers]


def test_an_answer_in_drops_ends_where_it_is() -> None:
    """It began to arrive, and no client will send the rest."""
    with lived() as server, raw(server.url) as client:
        headers = server.world("lobby")["users"]["host"]["headers"]
        rule = {"when": {"operation": "create_handle"}, "then": {"fault": "slow_drip", "delay": 7200}}
        server.ask("POST", "/worlds/lobby/rules", {"rules": [rule]})
        body = json.dumps(activity())
        lines = [f"{name}: {value}" for name, value in {**headers, "Content-Length": len(body)}.items()]
        client.sendall("\r\n".join(["POST /handles HTTP/1.1", "Host: localhost", *lines, "", body]).encode())
        _until_written(server, "lobby")
        server.ask("DELETE", "/worlds/lobby")

        assert b"" == everything(client)


def test_it_can_be_ended_while_many_requests_are_under_way() -> None:
    """Each is answered 201 by it or 401 by a sentence, none in the default world; the journals hold what was 201."""
    statuses: list[int] = []
    with lived() as server:
        worlds = [server.world(f"lobby {number}") for number in range(4)]
        go = threading.Barrier(9)

        def send(world: dict[str, dict[str, dict[str, dict[str, str]]]]) -> None:
            with connected(server.url) as connection:
                go.wait(PATIENCE)
                for _ in range(30):
                    headers = world["users"]["host"]["headers"]
                    statuses.append(call(connection, "POST", "/handles", json.dumps(activity()), **headers).status)

        threads = [threading.Thread(target=send, args=(world,)) for world in worlds * 2]
        for thread in threads:
            thread.start()
        go.wait(PATIENCE)
        ended = [server.ask("DELETE", f"/worlds/{world['id']}").status for world in worlds]
        for thread in threads:
            thread.join(PATIENCE)
        default = server.ask("GET", "/").json

    assert [204] * 4 == ended
    assert {201, 401} >= set(statuses)
    assert 240 == len(statuses)
    assert [0, 0] == [default["requests"], default["in_flight"]]


def _until_in_flight(server: Lived, place: str) -> None:
    while not server.ask("GET", f"/worlds/{place}").json["in_flight"]:
        pass


def _until_written(server: Lived, place: str) -> None:
    while not server.ask("GET", f"/worlds/{place}").json["requests"]:
        pass


ELSEWHERE = [
    "XBL3.0 x=w9.9000000000000001;handlesfake.9000000000000001.1",
    "XBL3.0 x=-;w9.handlesfake.service.1234567890",
]


@pytest.mark.parametrize("authorization", ELSEWHERE, ids=["a player", "a service"])
@pytest.mark.parametrize("worlds", [0, 1])
def test_a_token_of_a_server_before_this_one_is_refused(authorization: str, worlds: int) -> None:
    """A client that outlives its server is told so, and the default world knows nothing of it."""
    with lived() as server:
        for _ in range(worlds):
            server.world()
        answer = server.post(
            {"headers": {"Authorization": authorization, "X-Xbl-Contract-Version": "107"}}, activity()
        )
        written = server.ask("GET", "/journal").json["written"]

    assert (401, 0) == (answer.status, written)
    assert (
        "there is no world w9 here: the token is of another server, or of one that ran before this.\n"
        "  POST /worlds makes a world, with tokens that lead there\r\n"
    ) == answer.text


def test_a_token_of_a_test_may_look_alike() -> None:
    """A client with a token leads where it always did: to the default world."""
    with lived() as server:
        headers = {"Authorization": "XBL3.0 x=w9.mine;of-my-own", "X-Xbl-Contract-Version": "107"}
        status = server.post({"headers": headers}, activity()).status

    assert 201 == status
