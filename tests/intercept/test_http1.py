"""HTTP/1.1 bytes become Request and Response, and what was decided becomes bytes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlesfake.errors import HandlesfakeError
from handlesfake.exchange.outcome import Answer, ConnectionEnd, Fault
from handlesfake.intercept.wire import http1
from handlesfake.intercept.wire.http1 import (
    MalformedMessage,
    RequestReader,
    origin_form,
    response_bytes,
    script,
)
from handlesfake.intercept.wire.parsing import ResponseReader
from handlesfake.mpsd.http.message import MPSD_HOST, Headers, Request, Response

POST = (
    b"POST /handles?include=relatedInfo HTTP/1.1\r\nHost: sessiondirectory.xboxlive.com\r\n"
    b"x-xbl-contract-version: 107\r\nX-b: 1\r\nx-c: 2\r\nContent-Length: 4\r\n\r\nbody"
)
POSTED = Request(
    "POST",
    "/handles?include=relatedInfo",
    Headers(
        [
            ("Host", "sessiondirectory.xboxlive.com"),
            ("x-xbl-contract-version", "107"),
            ("X-b", "1"),
            ("x-c", "2"),
            ("Content-Length", "4"),
        ]
    ),
    b"body",
)
CHUNKED = (
    b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nT: 1\r\n\r\n"
)


def read(*pieces: bytes) -> list[Request]:
    """The requests in ``pieces``."""
    reader, found = RequestReader(), []
    for piece in pieces:
        reader.feed(piece)
        while (request := reader.next()) is not None:
            found.append(request)
    return found


def test_a_request_keeps_its_header_lines() -> None:
    """Header lines are in wire order, with names as sent."""
    assert [POSTED] == read(POST)


@pytest.mark.parametrize("data", [POST, CHUNKED])
def test_a_request_may_arrive_in_any_pieces(data: bytes) -> None:
    """Byte by byte or all at once, the request is the same."""
    assert read(data) == read(*(data[i : i + 1] for i in range(len(data))))


ODD = [
    b"\r\n",
    b" ",
    b"\t",
    b"\x00",
    b"\xe9",
    b":",
    b"A: ",
    b"X-A: 1\r\n",
    b"Host: other\r\n",
    b"Content-Length: 2\r\n",
    b"Content-Length: 02\r\n",
    b"Content-Length: +2\r\n",
    b"content-length: 4, 4\r\n",
    b"Transfer-Encoding: chunked\r\n",
    b"Expect: 100-continue\r\n",
    b"Expect: other\r\n",
    b"Connection: close\r\n",
    b"Upgrade: h2c\r\n",
    b"HTTP/1.0",
]


def outcome_of(data: bytes) -> object:
    """The requests in ``data``, or that there is none."""
    try:
        return read(data)
    except MalformedMessage:
        return "malformed"


@given(st.lists(st.tuples(st.integers(0, len(POST)), st.integers(0, 3), st.sampled_from(ODD)), max_size=4))
def test_the_plain_road_agrees_with_h11(changes: list[tuple[int, int, bytes]]) -> None:
    """However an ordinary request is spoiled, the quick reading of it and h11's are the same."""
    data = POST
    for at, removed, inserted in changes:
        data = data[:at] + inserted + data[at + removed :]
    quick = outcome_of(data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(http1, "plain_request", lambda data, host: None)

        assert outcome_of(data) == quick


def test_an_ordinary_request_takes_the_plain_road() -> None:
    """What a client sends every day is read without h11."""
    assert (POSTED, len(POST)) == http1.plain_request(POST + b"behind", MPSD_HOST)


def test_the_transfer_coding_is_removed() -> None:
    """A chunked body is joined, its extensions and trailers are dropped."""
    [request] = read(CHUNKED)

    assert b"abcde" == request.body


def test_a_connection_carries_many_requests() -> None:
    """Requests behind one another in the same bytes are read one by one."""
    assert [POSTED, POSTED, POSTED] == read(POST + POST[:50], POST[50:] + POST)


def test_the_very_bytes_of_a_request_are_kept() -> None:
    """What a real call has to send is known to the byte, even when more bytes came with it."""
    reader = RequestReader()
    reader.feed(POST + CHUNKED)
    raw = []
    while reader.next() is not None:
        raw.append(reader.raw)

    assert [POST, CHUNKED] == raw


def test_a_target_in_absolute_form_names_the_host() -> None:
    """What a proxy is sent is read as the service behind it would see it."""
    [request] = read(b"GET http://SessionDirectory.xboxlive.com:80/handles?x=1 HTTP/1.1\r\nHost: proxy\r\n\r\n")

    assert ("/handles?x=1", MPSD_HOST) == (request.target, request.host)


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("/handles", ("here", "/handles")),
        ("/handles?next=http://other/", ("here", "/handles?next=http://other/")),
        ("http://other", ("other", "/")),
        ("https://other:8443/a%20b?c=d", ("other", "/a%20b?c=d")),
        ("*", ("here", "*")),
    ],
)
def test_origin_form(target: str, expected: tuple[str, str]) -> None:
    """Only a whole address overrules the host of the connection."""
    assert expected == origin_form("here", target)


def test_a_client_that_waits_is_noticed() -> None:
    """``Expect: 100-continue`` is awaited until the body comes."""
    head, _, body = POST.partition(b"\r\n\r\n")
    reader = RequestReader()
    reader.feed(head + b"\r\nExpect: 100-continue\r\n\r\n")
    before = (reader.next(), reader.awaits_continue)
    reader.feed(body)
    request = reader.next()

    assert (None, True) == before
    assert request is not None
    assert (b"body", False) == (request.body, reader.awaits_continue)


def test_a_head_may_be_large() -> None:
    """A header of 100 kB is for the service to refuse, not for the seam."""
    value = "x" * 100_000
    [request] = read(b"GET / HTTP/1.1\r\nHost: a\r\nX-Large: " + value.encode() + b"\r\n\r\n")

    assert value == request.headers.first("x-large")


@pytest.mark.parametrize(
    "data",
    [
        b"\x00\xff\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nbad header\r\n\r\n",
    ],
)
def test_bytes_that_are_no_request(data: bytes) -> None:
    """Malformed bytes are an error of ours, which says what is wrong with them."""
    with pytest.raises(MalformedMessage, match=r"^these bytes are not an HTTP/1\.1 request: \w+") as raised:
        read(data)

    assert isinstance(raised.value, HandlesfakeError)


def answer_in(*pieces: bytes, method: str = "POST", eof: bool = False) -> Response | None:
    """The answer in ``pieces``."""
    reader = ResponseReader(method)
    for piece in pieces:
        reader.feed(piece)
    if eof:
        reader.eof()
    return reader.next()


def test_an_answer_is_read_without_its_framing() -> None:
    """Order, names and content coding stay; length, coding and connection of the carriage go."""
    response = answer_in(
        b"HTTP/1.1 100 Continue\r\n\r\n"
        b"HTTP/1.1 201 Made\r\nlocation: /handles/1\r\nETag: x\r\nContent-Encoding: gzip\r\n"
        b"Transfer-Encoding: chunked\r\nConnection: keep-alive\r\nKeep-Alive: timeout=5\r\n\r\n2\r\nzi\r\n0\r\n\r\n"
    )

    expected = Headers([("location", "/handles/1"), ("ETag", "x"), ("Content-Encoding", "gzip")])
    assert Response(201, expected, b"zi", "Made") == response


def test_an_answer_may_end_with_its_connection() -> None:
    """Without a length, the body ends where the connection ends, and not before."""
    data = b"HTTP/1.1 200 OK\r\n\r\nall of it"

    assert answer_in(data) is None
    assert Response(200, Headers(), b"all of it", "OK") == answer_in(data, eof=True)


def test_an_answer_to_head_has_no_body() -> None:
    """The length in it is that of the body which a GET would have had."""
    response = answer_in(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", method="HEAD")

    assert Response(200, Headers([("Content-Length", "9")]), b"", "OK") == response


def test_an_answer_that_broke_off() -> None:
    """A body shorter than its length is not an answer."""
    with pytest.raises(MalformedMessage, match="received 3 bytes, expected 10"):
        answer_in(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", eof=True)


@pytest.mark.parametrize(
    ("response", "method", "expected"),
    [
        (
            Response(201, Headers([("ETag", "x")]), b"ab"),
            "POST",
            b"201 Created\r\nETag: x\r\nContent-Length: 2\r\n\r\nab",
        ),
        (Response(200, Headers(), b"ab"), "HEAD", b"200 OK\r\nContent-Length: 2\r\n\r\n"),
        (Response(200), "POST", b"200 OK\r\nContent-Length: 0\r\n\r\n"),
        (Response(204, Headers(), b"ab"), "DELETE", b"204 No Content\r\n\r\n"),
        (Response(304, Headers(), b"ab"), "GET", b"304 Not Modified\r\n\r\n"),
        (Response(799), "GET", b"799 \r\nContent-Length: 0\r\n\r\n"),
        (Response(429, reason="Slow Down"), "GET", b"429 Slow Down\r\nContent-Length: 0\r\n\r\n"),
        (
            Response(200, Headers([("Transfer-Encoding", "chunked"), ("content-length", "7")]), b"ab"),
            "GET",
            b"200 OK\r\nContent-Length: 2\r\n\r\nab",
        ),
    ],
)
def test_response_bytes(response: Response, method: str, expected: bytes) -> None:
    """A response is framed for the request that it answers, whatever its own headers say of framing."""
    assert b"HTTP/1.1 " + expected == response_bytes(response, method)


@pytest.mark.parametrize("method", ["POST", "GET"])
def test_what_is_written_is_read(method: str) -> None:
    """A response that is written and read again is the same one."""
    response = Response(403, Headers([("X-A", "1"), ("X-A", "\xe9")]), b"\x00\xff", "Forbidden")

    assert response == answer_in(response_bytes(response, method), method=method)


def test_script() -> None:
    """An answer keeps its connection, unless it says otherwise; a fault ends it as it likes."""
    answer = Answer(Response(200), "stub")
    last = Answer(Response(200, Headers([("Connection", "close")])), "stub")

    assert (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", ConnectionEnd.KEEP) == script(answer, "GET")
    assert (b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", ConnectionEnd.CLOSE) == script(
        last, "GET"
    )
    assert (b"HT", ConnectionEnd.RESET) == script(Fault(ConnectionEnd.RESET, "stub", sent=b"HT"), "GET")
