"""An unused world ends by itself, by the machine's clock."""

from __future__ import annotations

import http.client
from collections.abc import Callable

import pytest

from tests.server.rta import rta
from tests.server.servers import connected
from tests.server.worlds.lived import Lived, lived

ENDED = "the world 'lobby' (w1) has ended: it ended by itself after 60 s without use, {:.1f} s ago"


def test_a_world_ends_after_its_time_without_use() -> None:
    """No client finds it any more; the answer says how it ended and what would have kept it."""
    with lived() as server:
        server.world("lobby", 60)
        server.machine.now += 59
        before = server.ids()
        server.machine.now += 1
        after = server.ids()
        server.machine.now += 3
        answers = [
            server.ask(*asked) for asked in (("GET", "/worlds/lobby/journal"), ("DELETE", "/worlds/w1"), ("POST", "/worlds/w1/renew"))
        ]  # fmt: skip

    assert [["w1"], []] == [before, after]
    assert [410] * 3 == [answer.status for answer in answers]
    assert {
        f"{ENDED.format(3)}; a longer expires_after, or POST renew, keeps it.\n"
        "  POST /worlds makes another one; its requests are in the files of --journal and --report\n"
    } == {answer.text for answer in answers}


def _ask(server: Lived) -> None:
    assert 200 == server.ask("GET", "/worlds/w1/users").status


def _renew(server: Lived) -> None:
    assert 200 == server.ask("POST", "/worlds/lobby/renew").status


def _send(server: Lived) -> None:
    host = server.site.worlds["w1"].double.user("host")
    with connected(server.url) as connection:
        connection.request("GET", "/handles/11111111-1111-4111-8111-111111111111", headers=host.headers)
        assert 404 == connection.getresponse().status


@pytest.mark.parametrize("use", [_ask, _send, _renew])
def test_each_use_begins_its_time_anew(use: Callable[[Lived], None]) -> None:
    """A call about it, a request with one of its tokens, or being renewed."""
    with lived() as server:
        server.world("lobby", 60)
        for _ in range(3):
            server.machine.now += 59
            use(server)
        server.machine.now += 59
        before = server.ids()
        server.machine.now += 1

        assert [["w1"], []] == [before, server.ids()]


def test_renewing_may_give_it_another_time() -> None:
    """From then on that many seconds count; the answer is what the list says."""
    with lived() as server:
        server.world("lobby", 60)
        server.machine.now += 50
        renewed = server.ask("POST", "/worlds/lobby/renew", {"expires_after": 5}).json

        assert [renewed] == server.ask("GET", "/worlds").json

        server.machine.now += 5

        assert [] == server.ids()

    assert [50, 5, 5] == [renewed[word] for word in ("age", "expires_after", "expires_in")]


def test_a_frame_of_a_client_is_use_and_a_silent_socket_is_none() -> None:
    """What a client of the push channel says counts; that it is connected does not."""
    with lived() as server:
        world = server.world("lobby", 60)
        with rta(server.url, world["users"]["host"]["authorization"]) as client:
            server.machine.now += 59
            client.subscribe()
            server.machine.now += 59

            assert ["w1"] == server.ids()

            server.machine.now += 1

            assert client.hear() is None

    assert 1001 == client.code
    assert "the world w1 has ended: it ended by itself after 60 s without use (lobby)" == client.reason


def test_a_call_that_waits_keeps_its_world() -> None:
    """A test that waits for a client longer than the world may be of no use finds it when the client comes."""
    with lived() as server, connected(server.url) as other:
        world = server.world("lobby", 60)
        other.request("GET", "/_handlesfake/worlds/w1/journal?count=1&wait=100")
        _until(server, lambda: server.site.worlds["w1"].calls > 0)
        server.machine.now += 90
        before = server.ids()
        status = server.show(world)
        answer = _answer(other)
        server.machine.now += 59

        assert ["w1"] == server.ids()

    assert (["w1"], 201, 200) == (before, status, answer.status)


def test_the_live_page_only_looks_on() -> None:
    """A browser that is left open keeps no world from its end."""
    with lived() as server:
        server.world("lobby", 60)
        server.machine.now += 59
        seen = server.ask("GET", "/worlds/w1/journal", **{"Sec-Fetch-Site": "same-origin"}).status
        server.machine.now += 1

        assert [] == server.ids()

    assert 200 == seen


def test_a_test_may_let_the_time_of_a_world_pass() -> None:
    """What a helper does then can be tried without waiting."""
    with lived() as server:
        world = server.world("lobby", 60)
        status = server.ask("POST", "/worlds/lobby/expire").status
        refused = server.post(world["users"]["host"], {})

    assert (204, 401) == (status, refused.status)
    assert refused.text.startswith(ENDED.format(0))


def test_a_world_ends_though_nobody_asks() -> None:
    """The server looks by itself: who listens to it is told."""
    with lived() as server:
        world = server.world("lobby", 60)
        with rta(server.url, world["users"]["host"]["authorization"]) as client:
            server.machine.now += 60

            assert client.hear() is None

    assert 1001 == client.code


def _answer(connection: http.client.HTTPConnection) -> http.client.HTTPResponse:
    found = connection.getresponse()
    found.read()
    return found


def _until(server: Lived, holds: Callable[[], bool]) -> None:
    """Ask the server for something until it has got so far."""
    while not holds():
        server.ask("GET", "/clock")


def test_a_world_that_would_have_stayed_says_who_ended_it() -> None:
    """It had no time that could have passed, and none that could have been longer."""
    with lived() as server:
        server.ask("POST", "/worlds", {"name": "lobby"})
        server.ask("POST", "/worlds/w1/expire")
        answer = server.ask("GET", "/worlds/w1/journal")

    assert (
        "the world 'lobby' (w1) has ended: it was ended by POST expire, 0.0 s ago.\n"
        "  POST /worlds makes another one; its requests are in the files of --journal and --report\n"
    ) == answer.text
