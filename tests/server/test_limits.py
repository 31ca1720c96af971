"""What a server takes of its clients: slow, silent, half-closed, too large and too many, while the others are served."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from handlesfake.double.double import Double, core_of
from handlesfake.errors import SettingsError
from handlesfake.options.options import Options
from handlesfake.server.http.address import Address
from handlesfake.server.http.idle_timeouts import IdleTimeouts
from handlesfake.server.http.limits import ConnectionLimits
from handlesfake.server.run.sockets import Site
from handlesfake.server.run.thread import in_thread
from tests.patience import PATIENCE
from tests.server.rta import rta
from tests.server.servers import ACTIVITY, connected, everything, post, posted, raw, refused

HEAD = b"Host: x\r\nAuthorization: XBL3.0 x=uhs-9000000000000001;made-up\r\nX-Xbl-Contract-Version: 107\r\n"
BODY = ACTIVITY.encode()
WHOLE = b"POST /handles HTTP/1.1\r\n" + HEAD + b"Content-Length: %d\r\n\r\n" % len(BODY) + BODY
CHUNKED = b"POST /handles HTTP/1.1\r\n" + HEAD + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n" % len(BODY) + BODY
CHUNKED += b"\r\n0\r\n\r\n"
IDLE = 0.2
"""Seconds, on a clock that the test moves; the server looks at it four times in so many real ones."""


@dataclass
class Hands:
    """The clock by which the server knows how long a client has been silent: it moves as the test says."""

    now: float = 0.0

    def __call__(self) -> float:
        """Seconds."""
        return self.now


@pytest.fixture
def hands(monkeypatch: pytest.MonkeyPatch) -> Hands:
    """The clock of the servers of this test."""
    made = Hands()
    monkeypatch.setattr("handlesfake.server.run.listener.IdleTimeouts", lambda limits, _: IdleTimeouts(limits, made))
    return made


@contextmanager
def limited(**limits: Any) -> Iterator[tuple[Double, str]]:
    """A server in this process, with its own limits."""
    double = Double(Options.of(name="a test of the limits"))
    site = Site(double, Address(), limits=ConnectionLimits(**limits))
    with in_thread(site):
        yield double, site.places.url


def statuses(octets: bytes) -> list[int]:
    """Of all answers in ``octets``."""
    return [int(found) for found in re.findall(rb"HTTP/1\.1 (\d+) ", octets)]


def text_of(octets: bytes) -> str:
    """The body of one answer."""
    return octets.partition(b"\r\n\r\n")[2].decode()


# ---- time


def test_a_head_that_never_ends_is_408(hands: Hands) -> None:
    """The sentence says whose limit it was; the connection ends."""
    with limited(idle=IDLE) as (mpsd, url), raw(url) as slow:
        slow.sendall(WHOLE[:40])
        _let_it_arrive(url)
        hands.now += IDLE
        answer = everything(slow)

        assert 1 == len(mpsd.journal)  # the one that let it arrive

    assert [408] == statuses(answer)
    assert b"\r\nConnection: close\r\n" in answer
    assert "The request did not come within 0.2 seconds, the limit of this fake.\r\n" == text_of(answer)


def test_a_body_that_never_comes_is_cut_off(hands: Hands) -> None:
    """Nothing is executed, and the next client is served."""
    with limited(idle=IDLE) as (mpsd, url), raw(url) as slow:
        slow.sendall(WHOLE[:-1])
        _let_it_arrive(url)
        hands.now += IDLE
        end = _end_of(slow)
        status = posted(url).status

        assert [b"", 201, 2] == [end, status, len(mpsd.journal)]  # the first let it arrive


def test_who_says_nothing_is_cut_off(hands: Hands) -> None:
    """So it is before a first request, and after one."""
    with limited(idle=IDLE) as (_, url), raw(url) as never, raw(url) as once:
        once.sendall(WHOLE)
        answer = once.recv(65536)
        _let_it_arrive(url)  # the server waits for the next request, by now
        hands.now += IDLE

        assert b"" == everything(never)

        answer += everything(once)

    assert [201] == statuses(answer)


def test_who_waits_for_the_service_is_not(hands: Hands) -> None:
    """A rule may take longer than a client may say nothing: it is not the client's turn."""
    with limited(idle=IDLE) as (mpsd, url), connected(url) as waiting, mpsd.hold(nth=1) as held:
        waiting.request("POST", "/handles", ACTIVITY, _headers())
        held.wait_for(1)
        with raw(url) as other:
            _let_it_arrive(url)
            hands.now += 3 * IDLE
            everything(other)  # who says nothing is cut off meanwhile
        held.release()
        status = waiting.getresponse().status

    assert 201 == status


def test_a_web_socket_may_be_silent(hands: Hands) -> None:
    """Who listens for taps has nothing to say."""
    with limited(idle=IDLE) as (mpsd, url), rta(url, mpsd.user("host").authorization) as client:
        client.subscribe()
        with raw(url) as other:
            _let_it_arrive(url)
            hands.now += IDLE
            everything(other)  # the others are cut off meanwhile

        assert client.subscribe(2)


@pytest.mark.parametrize("request_", [WHOLE, CHUNKED], ids=["plain", "chunked"])
@pytest.mark.thorough
def test_who_takes_no_answers_is_cut_off(request_: bytes, hands: Hands) -> None:
    """One that asks and never reads has its answers kept for a while only; meanwhile the others are served."""
    with limited(idle=IDLE) as (mpsd, url), raw(url) as deaf:
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        sent = _until_full(deaf, request_, lambda: posted(url).status == 201 and core_of(mpsd).journal.total)
        status = posted(url).status
        acted = sum(entry.client == "server" for entry in mpsd.journal)
        hands.now += IDLE
        answered = len(statuses(_end_of(deaf)))

        assert acted < sent

    assert 201 == status
    assert answered < sent


def _until_full(client: socket.socket, octets: bytes, others: Callable[[], int]) -> int:
    """Ask until nothing more is taken; how many questions that were.

    :param others: lets another client be served, and counts the requests of all.
    """
    sent, served = 0, -1
    client.settimeout(IDLE / 4)
    while True:
        try:
            sent += client.send((octets * 101)[sent % len(octets) :])
        except TimeoutError:
            before, served = served, others()
            if served == before + 1:  # nothing of this client was read while the other was served
                client.settimeout(PATIENCE)
                return sent // len(octets)


def _end_of(client: socket.socket) -> bytes:
    """What comes until the other side ends the connection, gently or not."""
    parts = []
    try:
        while part := client.recv(65536):
            parts.append(part)
    except ConnectionResetError:
        pass
    return b"".join(parts)


# ---- size


@pytest.mark.parametrize("cuts", [(2000,), (600, 600)], ids=["at once", "in pieces"])
def test_headers_beyond_the_limit_are_431(cuts: tuple[int, ...]) -> None:
    """The sentence says whose limit it is."""
    head = b"GET /handles HTTP/1.1\r\n" + HEAD + b"X: " + b"a" * 2000
    with limited(header=1000) as (mpsd, url), raw(url) as client:
        for size in cuts:
            client.sendall(head[:size])
            head = head[size:]
        answer = _end_of(client)

        assert 0 == len(mpsd.journal)

    assert [431] == statuses(answer)
    assert b"\r\nConnection: close\r\n" in answer
    assert "The headers are larger than 1000 bytes, the limit of this fake.\r\n" == text_of(answer)


@pytest.mark.parametrize("first", [10, 600])
def test_headers_beyond_the_limit_are_431_with_the_end_in_the_last_piece(first: int) -> None:
    """The limit does not hang on where the network cuts the head."""
    head = b"GET /handles HTTP/1.1\r\n" + HEAD + b"X: " + b"a" * 2000 + b"\r\n\r\n"
    with limited(header=1000) as (mpsd, url), raw(url) as client:
        client.sendall(head[:first])
        _let_it_arrive(url)
        client.sendall(head[first:])
        answer = _end_of(client)

        assert 1 == len(mpsd.journal)  # the one that let it arrive

    assert [431] == statuses(answer)


def test_headers_within_the_limit_are_taken() -> None:
    """Far more than any client sends."""
    head = b"GET /handles HTTP/1.1\r\nConnection: close\r\n" + HEAD + b"X: " + b"a" * 60_000 + b"\r\n\r\n"
    with limited() as (_, url), raw(url) as client:
        client.sendall(head)

        assert [405] == statuses(everything(client))


@pytest.mark.parametrize("request_", [WHOLE, CHUNKED], ids=["plain", "chunked"])
def test_a_body_beyond_the_limit_is_413(request_: bytes) -> None:
    """The sentence says whose limit it is, and nothing is executed."""
    with limited(body=50) as (mpsd, url), raw(url) as client:
        client.sendall(request_)
        client.shutdown(socket.SHUT_WR)
        answer = _end_of(client)

        assert 0 == len(mpsd.journal)

    assert [413] == statuses(answer)
    assert "The body is larger than 50 bytes, the limit of this fake.\r\n" == text_of(answer)


# ---- number


def test_one_connection_more_ends_the_longest_silent() -> None:
    """The oldest go, the newest are served, and so is who is being answered."""
    with limited(connections=4) as (mpsd, url), connected(url) as waiting, ExitStack() as stack:
        held = stack.enter_context(mpsd.hold("create_handle", nth=1))
        waiting.request("POST", "/handles", ACTIVITY, _headers())
        held.wait_for(1)
        silent = [stack.enter_context(raw(url)) for _ in range(20)]
        newest = posted(url).status
        held.release()

        assert [b""] * 17 == [everything(one) for one in silent[:17]]
        silent[-1].sendall(WHOLE.replace(b"Host: x", b"Host: x\r\nConnection: close"))

        assert [201] == statuses(everything(silent[-1]))
        assert [201, 201] == [newest, waiting.getresponse().status]


def test_hundreds_that_say_nothing_leave_the_others_served() -> None:
    """Each of them costs the others nothing."""
    with limited() as (_, url), ExitStack() as stack:
        for _ in range(300):
            stack.enter_context(raw(url))
        status = posted(url).status

    assert 201 == status


@pytest.mark.parametrize("option", ["--limit-body", "--limit-header", "--limit-connections", "--idle-timeout"])
def test_a_limit_of_nothing_is_an_error(option: str) -> None:
    """It could not serve."""
    complaint = f"handlesfake: {option} 0: with a limit of nothing the server cannot serve; give a number above 0\n"

    assert (2, "", complaint) == refused(option, "0")


def test_limits_are_the_servers_own_settings() -> None:
    """The same in Python."""
    with pytest.raises(SettingsError, match="--idle-timeout -1: with a limit of nothing"):
        ConnectionLimits(idle=-1)


# ---- the short way and the long one


def test_both_ways_on_one_connection() -> None:
    """Plain and chunked requests in turn, sent at once, are answered in order."""
    last = CHUNKED.replace(b"Host: x", b"Host: x\r\nConnection: close")
    with limited() as (mpsd, url), raw(url) as client:
        client.sendall((WHOLE + CHUNKED) * 10 + last)
        answers = everything(client)

        assert 21 == len(mpsd.journal)

    ids = [json.loads(found)["id"] for found in re.findall(rb"\r\n\r\n({.*?})(?=HTTP|$)", answers)]

    assert [[201] * 21, [entry.answer["id"] for entry in mpsd.journal]] == [statuses(answers), ids]


def test_all_is_answered_that_was_asked_before_the_end() -> None:
    """A client that sends all it has and closes its half gets all its answers."""
    with limited() as (_, url), raw(url) as client:
        client.sendall(WHOLE * 3 + CHUNKED)
        client.shutdown(socket.SHUT_WR)

        assert [201] * 4 == statuses(everything(client))


def test_a_request_in_any_pieces() -> None:
    """Byte by byte it is the same request."""
    whole = WHOLE.replace(b"Host: x", b"Host: x\r\nConnection: close")
    with limited() as (_, url), raw(url) as client:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for octet in whole:
            client.sendall(bytes([octet]))

        assert [201] == statuses(everything(client))


def test_both_ways_say_the_same() -> None:
    """The heads of their answers are spelled alike, line by line."""
    heads = []
    with limited() as (_, url):
        for request in (WHOLE, CHUNKED):
            with raw(url) as client:
                client.sendall(request)
                client.shutdown(socket.SHUT_WR)
                heads.append(everything(client).partition(b"\r\n\r\n")[0])
    first, second = ([line.partition(b":")[0] for line in head.splitlines()] for head in heads)

    assert first == second


def test_no_body_where_none_is_allowed() -> None:
    """HEAD is answered with a head; a 204 has no length."""
    with limited() as (_, url), raw(url) as client:
        client.sendall(b"HEAD /handles HTTP/1.1\r\n" + HEAD + b"\r\n")
        client.shutdown(socket.SHUT_WR)
        answer = everything(client)

    assert [[405], ""] == [statuses(answer), text_of(answer)]


def test_what_breaks_within_the_service_breaks_one_connection(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It is logged, that client is cut off, and the next one is served."""

    async def broken(*_: object) -> None:
        raise ZeroDivisionError

    with limited() as (_, url), connected(url) as other:
        first = post(other).status
        with monkeypatch.context() as patched, raw(url) as client:
            patched.setattr("handlesfake.server.app.answer_async", broken)
            client.sendall(WHOLE)
            end = _end_of(client)
        second = post(other).status

    assert [201, b"", 201] == [first, end, second]
    assert ["Exception in the service"] == [record.message for record in caplog.records]


def _let_it_arrive(url: str) -> None:
    """The loop of the server has read what was sent before this answer."""
    assert posted(url).status > 0


def _headers() -> dict[str, str]:
    lines = HEAD.decode().splitlines()[1:]
    return dict(line.split(": ", 1) for line in lines)
