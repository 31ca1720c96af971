"""What fails, fails in each client's own words, and leaves nothing broken behind."""

from __future__ import annotations

import http.client
from collections.abc import Callable

import pytest
import requests
import urllib3

from handlesfake.errors import Unanswered
from handlesfake.exchange.outcome import ConnectionEnd, Fault, NoAnswer
from handlesfake.mpsd.http.message import MPSD_HOST
from tests.intercept.clients import Post
from tests.intercept.stub import URL, Stub, echo
from tests.patience import PATIENCE

Start = Callable[..., Stub]
BROKEN_OFF = requests.exceptions.ChunkedEncodingError if urllib3.__version__ >= "2" else None
"""What requests makes of a body shorter than its length: over urllib3 1.26 it does not notice."""


TOO_SHORT = (
    urllib3.exceptions.IncompleteRead if hasattr(urllib3, "AsyncPoolManager") else urllib3.exceptions.ProtocolError
)
"""What urllib3 makes of it, and urllib3-future."""

PROMISED = b"HTTP/1.1 201 Created\r\nContent-Length: 100\r\n\r\nonly this"
CHUNK = b"HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"

FAULTS: list[tuple[str, ConnectionEnd, bytes, dict[str, type[Exception] | None]]] = [
    (
        "timeout",
        ConnectionEnd.TIMEOUT,
        b"",
        {
            "requests": requests.ReadTimeout,
            "urllib3": urllib3.exceptions.ReadTimeoutError,
            "urllib": TimeoutError,
            "http.client": TimeoutError,
        },
    ),
    (
        "closed",
        ConnectionEnd.CLOSE,
        b"",
        {
            "requests": requests.ConnectionError,
            "urllib3": urllib3.exceptions.ProtocolError,
            "urllib": http.client.RemoteDisconnected,
            "http.client": http.client.RemoteDisconnected,
        },
    ),
    (
        "reset",
        ConnectionEnd.RESET,
        b"",
        {
            "requests": requests.ConnectionError,
            "urllib3": urllib3.exceptions.ProtocolError,
            "urllib": ConnectionResetError,
            "http.client": ConnectionResetError,
        },
    ),
    (
        "truncated",
        ConnectionEnd.CLOSE,
        PROMISED,
        {
            "requests": BROKEN_OFF,
            "urllib3": TOO_SHORT,
            "urllib": http.client.IncompleteRead,
            "http.client": http.client.IncompleteRead,
        },
    ),
    (
        "truncated chunk",
        ConnectionEnd.CLOSE,
        CHUNK,
        {
            "requests": requests.exceptions.ChunkedEncodingError,
            "urllib3": urllib3.exceptions.ProtocolError,
            "urllib": http.client.IncompleteRead,
            "http.client": http.client.IncompleteRead,
        },
    ),
    (
        "silent in the body",
        ConnectionEnd.TIMEOUT,
        PROMISED,
        {
            "requests": requests.ConnectionError,
            "urllib3": urllib3.exceptions.ReadTimeoutError,
            "urllib": TimeoutError,
            "http.client": TimeoutError,
        },
    ),
    (
        "garbage",
        ConnectionEnd.CLOSE,
        b"\x00garbage\r\n\r\n",
        {
            "requests": requests.ConnectionError,
            "urllib3": urllib3.exceptions.ProtocolError,
            "urllib": http.client.BadStatusLine,
            "http.client": http.client.BadStatusLine,
        },
    ),
    (
        "nothing more on a connection that stays open",
        ConnectionEnd.KEEP,
        b"HTTP/1.1 201 Cre",
        {
            "requests": requests.ReadTimeout,
            "urllib3": urllib3.exceptions.ReadTimeoutError,
            "urllib": TimeoutError,
            "http.client": TimeoutError,
        },
    ),
]


@pytest.mark.parametrize(
    ("ending", "sent", "expected"), [fault[1:] for fault in FAULTS], ids=[fault[0] for fault in FAULTS]
)
def test_a_fault_is_the_clients_own_exception(
    start: Start,
    post: Post,
    client: str,
    ending: ConnectionEnd,
    sent: bytes,
    expected: dict[str, type[Exception] | None],
) -> None:
    """How a connection ends is said by each client in its own words, at once, and it can go on afterwards."""
    double = start(Fault(ending, "stub", sent=sent), echo)
    raised = None
    try:
        post(URL, b"lost")
    except Exception as error:  # noqa: BLE001 - whichever it is, it is compared
        raised = type(error)

    assert expected[client] is raised
    assert (200, b"next") == post(URL, b"next")
    assert 2 == len(double.departed)


def test_a_request_that_nothing_may_answer(start: Start, post: Post) -> None:
    """The error reaches the caller as it is, from every client."""
    error = Unanswered("no such request is recorded")
    start(NoAnswer(error))
    with pytest.raises(Unanswered) as raised:
        post(URL, b"")

    assert error is raised.value


@pytest.mark.parametrize("error", [Unanswered("nothing"), KeyboardInterrupt(), ValueError("a stage is broken")])
def test_an_error_leaves_no_broken_pool(start: Start, error: BaseException) -> None:
    """After an error of the double, the same session, with one connection that is waited for, goes on."""
    double = start(error, echo)
    pool = urllib3.HTTPSConnectionPool(MPSD_HOST, maxsize=1, block=True, timeout=PATIENCE)
    with pytest.raises(type(error)):
        pool.request("POST", "/handles", retries=3)

    assert b"next" == pool.request("POST", "/handles", body=b"next").data
    assert (1, 1) == (len(double.abandoned), len(double.departed))


def test_closing_hides_nothing(start: Start) -> None:
    """A request that nothing may answer, found only while its connection closes, does not raise there."""
    double = start(NoAnswer(Unanswered("nothing")))
    connection = http.client.HTTPSConnection(MPSD_HOST)
    connection.request("POST", "/handles")
    connection.close()

    assert 1 == len(double.departed)


def test_an_incomplete_request_waits_for_the_rest(double: Stub) -> None:
    """A client that reads before it has sent everything waits without success, as it would for a server."""
    connection = http.client.HTTPSConnection(MPSD_HOST)
    connection.putrequest("POST", "/handles")
    connection.putheader("Content-Length", "10")
    connection.endheaders(b"half")
    with pytest.raises(TimeoutError):
        connection.getresponse()

    assert [] == double.requests
