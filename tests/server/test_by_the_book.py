"""HTTP and WebSocket by the book: what RFC 9112, 9110 and 6455 ask of a server."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Generator

import pytest
from wsproto.frame_protocol import Opcode

from handlesfake.server.control.turns import in_turns
from tests.server.lobby import activity, arranged
from tests.server.rta import rta
from tests.server.servers import call, connected, controlled, everything, posted, raw, thread
from tests.server.test_limits import CHUNKED, HEAD, WHOLE, limited, statuses, text_of

CONTROL = b"GET /_handlesfake%s HTTP/1.1\r\nHost: localhost\r\n\r\n"


def asked(url: str, *pieces: bytes) -> bytes:
    """All that is answered to a client that says so much, in pieces, and then nothing."""
    with raw(url) as client:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for piece in pieces:
            client.sendall(piece)
        client.shutdown(socket.SHUT_WR)
        return everything(client)


def test_two_lengths_end_the_connection() -> None:
    """Content-Length with Transfer-Encoding may smuggle a request: the next is not heard (RFC 9112, 6.1)."""
    twice = CHUNKED.replace(b"Transfer-Encoding", b"Content-Length: 5\r\nTransfer-Encoding")
    with limited() as (mpsd, url):
        answers = asked(url, twice + WHOLE)  # in one piece: what came after the end would be an RST

        assert 1 == len(mpsd.journal)

    assert [201] == statuses(answers)
    assert 1 == answers.count(b"Connection: close\r\n")  # an end is said (RFC 9112, 9.6)


@pytest.mark.parametrize("request_", [WHOLE, CHUNKED], ids=["plain", "chunked"])
@pytest.mark.parametrize("pieces", [1, 4], ids=["at once", "byte by byte"])
def test_empty_lines_before_a_request_are_ignored(request_: bytes, pieces: int) -> None:
    """Before the first, as some clients end a body, and between two (RFC 9112, 2.2)."""
    empty = b"\r\n\r\n"
    parts = [empty[start : start + len(empty) // pieces] for start in range(0, len(empty), len(empty) // pieces)]
    with limited() as (_, url):
        answers = asked(url, *parts, request_ + b"\r\n" + request_, *parts, request_)

    assert [201] * 3 == statuses(answers)


FOLDED = WHOLE.replace(b"Host: x", b"Host: x\r\nX-Long: one\r\n  two")


@pytest.mark.parametrize(
    "pieces",
    [
        (FOLDED,),
        (FOLDED[:30], FOLDED[30:]),
        (FOLDED[: len(WHOLE)],),  # what came after the answer would be an RST
    ],
    ids=["whole", "in two pieces", "not all of it"],
)
def test_a_folded_header_is_refused(pieces: tuple[bytes, ...]) -> None:
    """With the reason and what to do (RFC 9112, 5.2); the journal has it, with what could be read."""
    with limited() as (mpsd, url):
        answer = asked(url, *pieces)
        entries = [(entry.status, entry.request.method, entry.request.target) for entry in mpsd.journal]

    assert [400] == statuses(answer)
    assert (
        "The request cannot be read: a header goes on in the next line (obs-fold), which RFC 9112, 5.2, lets a server "
        "refuse: write it on one line.\r\n"
    ) == text_of(answer)
    assert b"\r\nConnection: close\r\n" in answer
    assert [(400, "POST", "/handles")] == entries


def test_a_body_with_folds_is_a_body() -> None:
    """A line of JSON may begin with a space."""
    body = json.dumps(activity(), indent=2).encode()
    length = b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
    with limited() as (_, url):
        answer = asked(url, b"POST /handles HTTP/1.1\r\n" + HEAD + length)

    assert [201] == statuses(answer)


@pytest.mark.parametrize(
    ("octets", "reason"),
    [
        (b"POST /handles HTTP/1.1\r\nContent-Length: 0\r\n\r\n", "Missing mandatory Host: header"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", "Found multiple Host: headers"),
        (
            b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
            "conflicting Content-Length",
        ),
        (b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: +5\r\n\r\n", "bad Content-Length"),
        (b"GET / HTTP/1.1\r\nHost : x\r\n\r\n", "illegal header line"),
        (b"GARBAGE\r\n\r\n", "illegal request line"),
        (
            CHUNKED.replace(b"\r\n\r\n7", b"\r\n\r\nzz\r\n7").replace(b"chunked\r\n\r\n", b"chunked\r\n\r\nzz"),
            "illegal chunk",
        ),
    ],
)
def test_a_400_says_why(octets: bytes, reason: str) -> None:
    """And is in the journal, whose explanation says what to do; the next client is served."""
    with controlled() as remote:
        answer = asked(remote.url, octets)
        entry = remote.ask("GET", "/journal").json["entries"][0]
        status = posted(remote.url).status

    assert [400] == statuses(answer)
    assert text_of(answer).startswith(f"The request cannot be read: {reason}")
    assert [400, 201] == [entry["status"], status]


@pytest.mark.parametrize(
    ("octets", "reason"),
    [
        (b"GE(T / HTTP/1.1\r\nHost: x\r\n\r\n", "illegal request line: 'GE(T / HTTP/1.1'"),
        (b"GET / HTTP/1.1\r\nX-A: \x00'\xff\r\n\r\n", 'illegal header line: "X-A: \\x00\'\\xff"'),
        (CHUNKED.partition(b"\r\n\r\n")[0] + b"\r\n\r\nzz\r\n", "illegal chunk header: 'zz'"),
        (b"X" * 100 + b"\r\n\r\n", f"illegal request line: '{'X' * 60}' and 40 bytes more"),
    ],
)
def test_a_400_shows_what_came(octets: bytes, reason: str) -> None:
    """As text on one line, not as Python's ``bytearray(b'...')``, and not all of 64 KiB."""
    with limited() as (_, url):
        answer = asked(url, octets)

    assert f"The request cannot be read: {reason}.\r\n" == text_of(answer)


def test_a_400_leads_to_the_world_of_its_token() -> None:
    """What can be read of the request says whose it is."""
    with controlled() as remote:
        token = remote.ask("POST", "/worlds", {"users": ["host"]}).json["users"]["host"]["authorization"]
        asked(remote.url, f"POST /handles HTTP/1.1\r\nAuthorization: {token}\r\n\r\n".encode())
        written = [remote.ask("GET", f"{place}/journal").json["written"] for place in ("/worlds/w1", "")]

    assert [1, 0] == written


def test_a_request_to_control_that_is_none_stands_in_no_journal() -> None:
    """It is told why, too."""
    with controlled() as remote:
        answer = asked(remote.url, b"GET /_handlesfake/users HTTP/1.1\r\n\r\n")
        written = remote.ask("GET", "/journal").json["written"]

    assert ([400], 0) == (statuses(answer), written)
    assert "The request cannot be read: Missing mandatory Host: header.\r\n" == text_of(answer)


# ---- the control interface


def test_head_is_get_without_a_body() -> None:
    """Health checks ask so; the head is that of GET."""
    with controlled() as remote, connected(remote.url) as client:
        whole = call(client, "GET", "/_handlesfake/users", Accept="*/*")
        head = call(client, "HEAD", "/_handlesfake/users", Accept="*/*")
        nowhere = call(client, "HEAD", "/_handlesfake/nowhere", Accept="*/*")

    assert (200, b"", whole.headers) == (head.status, head.body, head.headers)
    assert (404, b"") == (nowhere.status, nowhere.body)


def test_options_says_what_there_is() -> None:
    """By the header Allow, which a 405 has, too."""
    with controlled() as remote, connected(remote.url) as client:
        options = call(client, "OPTIONS", "/_handlesfake/users", Accept="*/*")
        refused = call(client, "PATCH", "/_handlesfake/users", Accept="*/*")

    assert (204, "GET, POST, HEAD, OPTIONS") == (options.status, options.headers["Allow"])
    assert (405, "GET, POST, HEAD, OPTIONS") == (refused.status, refused.headers["Allow"])
    assert "PATCH /users: there is GET, POST only\n" == refused.text


def test_the_absolute_form_of_a_call_is_that_call() -> None:
    """As one asks a proxy; its host is the one that counts (RFC 9112, 3.2.2)."""
    form = b"GET http://%s/_handlesfake/users HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with controlled() as remote:
        answers = [asked(remote.url, form % host) for host in (b"localhost", b"evil.example")]
        written = remote.ask("GET", "/journal").json["written"]

    assert ([200, 403], 0) == ([status for answer in answers for status in statuses(answer)], written)


@pytest.mark.parametrize("count", [0, 1, 3])
def test_a_journal_that_is_told_in_turns_is_one_document(count: int) -> None:
    """As it would be at once, in JSON and as text."""
    with controlled() as remote:
        host, _ = arranged(remote)
        for _ in range(count):
            remote.post(host, activity())
        found = remote.ask("GET", "/journal")
        text = remote.ask("GET", "/journal", Accept="text/plain").text

    assert json.dumps(found.json, indent=2, ensure_ascii=False) + "\n" == found.text
    assert count == len(found.json["entries"])
    assert max(count, 1) <= len(text.splitlines())


def test_others_have_their_turn_in_long_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between two steps, once some time has passed."""
    now = [0.0]
    monkeypatch.setattr("handlesfake.server.control.turns.time.monotonic", lambda: now[0])

    def work() -> Generator[None, None, str]:
        for _ in range(10):
            now[0] += 0.002
            yield
        return "done"

    turns = []

    async def main() -> str:
        async def other() -> None:
            while True:
                turns.append(now[0])
                await asyncio.sleep(0)

        task = asyncio.create_task(other())
        done = await in_turns(work())
        task.cancel()
        return done

    assert "done" == asyncio.run(main())
    assert 3 == len(turns)


# ---- WebSockets


def frame(opcode: int, payload: bytes, *, flags: int = 0x80, masked: bool = True) -> bytes:
    """One frame of at most 125 bytes; its mask changes nothing."""
    return bytes([flags | opcode, (0x80 if masked else 0) | len(payload)]) + (bytes(4) if masked else b"") + payload


@pytest.mark.parametrize(
    ("octets", "code"),
    [
        (frame(Opcode.TEXT, b"\xff\xfe"), 1007),
        (frame(Opcode.TEXT, b"{}", masked=False), 1002),
        (frame(Opcode.TEXT, b"{}", flags=0xC0), 1002),
        (frame(3, b""), 1002),
        (frame(Opcode.CONTINUATION, b"{}"), 1002),
    ],
    ids=["no UTF-8", "not masked", "a reserved bit", "an unknown opcode", "a continuation of nothing"],
)
def test_what_is_no_frame_is_told_by_a_close_frame(octets: bytes, code: int) -> None:
    """With its code; what the client sends behind it is not heard (RFC 6455, 7.1.7)."""
    with thread() as (mpsd, url), rta(url, mpsd.user("host").authorization) as client:
        client.say_raw(octets)

        assert client.hear() is None
        assert code == client.code


@pytest.mark.parametrize(
    "octets",
    [frame(Opcode.TEXT, b"\xff\xfe"), frame(Opcode.CLOSE, b"\x03\xe8\xff")],
    ids=["a text", "the reason of an end"],
)
def test_a_close_frame_says_why_in_no_words_of_python(octets: bytes) -> None:
    """A client in another language knows nothing of codecs."""
    with thread() as (mpsd, url), rta(url, mpsd.user("host").authorization) as client:
        client.say_raw(octets)

        assert client.hear() is None
        assert (1007, "what was sent as text is not UTF-8") == (client.code, client.reason)


HANDSHAKE = (
    b"GET /connect HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)


@pytest.mark.parametrize(
    ("octets", "status", "reason"),
    [
        (HANDSHAKE.replace(b"Sec-WebSocket-Key", b"X-Key"), 400, "Missing header, 'Sec-WebSocket-Key'"),
        (HANDSHAKE.replace(b"Version: 13", b"Version: 8"), 426, "this server speaks version 13 alone"),
        (HANDSHAKE.replace(b"GET", b"POST"), 400, "Request method must be GET"),
    ],
    ids=["no key", "an old version", "no GET"],
)
def test_a_handshake_that_is_none_is_told_why(octets: bytes, status: int, reason: str) -> None:
    """By a sentence beside the status; 426 names the version (RFC 6455, 4.4)."""
    with limited() as (_, url):
        answer = asked(url, octets)

    assert [status] == statuses(answer)
    assert f"The WebSocket cannot be opened: {reason}.\r\n" == text_of(answer)
    assert (status == 426) is (b"\r\nSec-WebSocket-Version: 13\r\n" in answer)


@pytest.mark.parametrize("sequence", ["NaN", "-Infinity", "1e999"])
def test_a_number_that_json_has_not_is_no_frame(sequence: str) -> None:
    """It would be said again in the answer, which no other language could read."""
    with thread() as (mpsd, url), rta(url, mpsd.user("host").authorization) as client:
        client.say(f'[1, {sequence}, "https://userpresence.xboxlive.com/users/xuid(1)/devices"]')
        client.say([1, 7, "https://userpresence.xboxlive.com/users/xuid(1)/devices"])

        assert 7 == client.hear()[1]


def test_many_frames_at_once_are_all_answered() -> None:
    """In order, however they come."""
    with thread() as (mpsd, url), rta(url, mpsd.user("host").authorization) as client:
        for sequence in range(1, 300):
            client.say([1, sequence, "https://userpresence.xboxlive.com/users/xuid(1)/devices"])
        answers = [client.hear()[1] for _ in range(1, 300)]

    assert [*range(1, 300)] == answers
