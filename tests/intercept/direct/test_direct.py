"""The direct path of urllib3: what is plain is never bytes, and only that shows it."""

from __future__ import annotations

import http.client
import io
import sys
from collections.abc import Callable
from typing import Any

import pytest
import requests
import urllib3
from hypothesis import given, settings
from urllib3._collections import HTTPHeaderDict

import handlesfake
from handlesfake.exchange.outcome import Answer, Forward
from handlesfake.intercept.clients.forwarding import RealConnection
from handlesfake.intercept.registry import registry
from handlesfake.mpsd.http.message import MPSD_HOST, Response
from tests.intercept.direct.exchanges import Case, cases, chain, observed
from tests.intercept.stub import URL, Stub, active, echo

Start = Callable[..., Stub]
VARIABLE = "HANDLESFAKE_DIRECT"

pytestmark = pytest.mark.skipif(
    urllib3.__version__.startswith("1.") or hasattr(urllib3, "AsyncPoolManager"), reason="the path of urllib3 2"
)

_listening: list[list[bytes]] = []


def _listen(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "http.client.send" and _listening:
        _listening[-1].append(bytes(arguments[1]) if isinstance(arguments[1], (bytes, bytearray)) else b"a file")


sys.addaudithook(_listen)


@pytest.fixture
def written() -> Any:
    """What http.client has written: audit hooks get it, and get nothing on the direct path."""
    _listening.append([])
    yield _listening[-1]
    _listening.pop()


@given(cases)
@settings(max_examples=200)
def test_nobody_can_tell(case: Case) -> None:
    """The same requests with and without the path: the same arrives, comes back, is raised, kept and counted."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(VARIABLE, "0")
        by_bytes = observed(case)
        patch.delenv(VARIABLE)

        assert by_bytes == observed(case)


def test_the_journal_reads_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """An evening with the service itself: what a test is shown, the calling line included, and what was answered."""
    evenings = []
    for value in ("1", "0"):
        monkeypatch.setenv(VARIABLE, value)
        registry.begin_test("an evening")
        with handlesfake.fake(name="an evening", now="2026-01-06T10:00:00Z") as mpsd, requests.Session() as session:
            host = mpsd.user("host")
            lobby = mpsd.session("lobby-1", members=[host])
            activity = {"type": "activity", "version": 1, "sessionRef": lobby.ref}
            mpsd.refuse("throttled", times=1, retry_after=5)
            answers = [session.post(URL, json=activity, headers=host.headers) for _ in range(2)]
            answers.append(session.get(f"{URL}/{answers[1].json()['id']}", headers=host.headers))
            answers.append(session.get(f"{URL}/unknown", headers=host.headers))
            said = [(one.status_code, list(one.headers.items()), one.content) for one in answers]
            evenings.append((said, str(mpsd.journal), [list(entry.request.headers) for entry in mpsd.journal]))

    assert [429, 201, 200, 404] == [status for status, _, _ in evenings[0][0]]
    assert evenings[0] == evenings[1]


@pytest.mark.parametrize("send", [requests.request, urllib3.request])
@pytest.mark.parametrize("body", [None, b"", b"bytes", "t\xebxt"])
@pytest.mark.parametrize("method", ["POST", "GET", "HEAD", "DELETE"])
def test_what_is_plain_is_never_bytes(double: Stub, written: list[bytes], send: Any, method: str, body: Any) -> None:
    """Text, bytes or no body with ordinary headers, to the client's default answer."""
    words = {"data" if send is requests.request else "body": body}
    answer = send(method, URL, headers={"x-xbl-contract-version": "107"}, **words)

    assert 200 == (answer.status_code if send is requests.request else answer.status)
    assert [(method, b"t\xc3\xabxt" if body == "t\xebxt" else body or b"")] == [
        (request.method, request.body) for request in double.requests
    ]
    assert [] == written


ODD = {
    "a file": {"body": io.BytesIO(b"file")},
    "a generator": {"body": iter([b"parts"])},
    "chunked": {"body": b"body", "chunked": True},
    "Expect": {"headers": {"Expect": "100-continue"}, "body": b"body"},
    "a Host of its own": {"headers": {"Host": "elsewhere"}},
    "odd header": {"headers": {"X-Latin": "caf\xe9"}},
    "a name twice": {"headers": HTTPHeaderDict([("X-Two", "1"), ("x-two", "2")])},
    "number": {"headers": {"X-Number": 7}},
    "a method of its own": {"method": "BREW"},
}


@pytest.mark.parametrize("words", ODD.values(), ids=ODD)
def test_what_is_not_plain_goes_as_bytes(double: Stub, written: list[bytes], words: dict[str, Any]) -> None:
    """What http.client may write in its own way, it writes."""
    answer = urllib3.PoolManager().request(**{"method": "POST", "url": URL, **words})

    assert (200, 1) == (answer.status, len(double.requests))
    assert written


class Own(urllib3.connection.HTTPSConnection):
    """A connection of the user's own."""


@pytest.mark.parametrize("length", [2, 3])
def test_a_head_that_is_sent_again_is_the_one_that_was_sent(double: Stub, length: int) -> None:
    """The lines of the request before stand in for equal ones, which were looked at once, and for no others."""
    heads = [{"If-Match": "*"}, {"If-Match": "*"}, {"If-Match": "1"}, {"if-match": "1"}, {"If-Match": "*"}]
    with urllib3.PoolManager() as pool:
        for head in heads:
            pool.request("POST", URL, body=b"x" * length, headers=head)

    assert heads == [
        {name: value for name, value in one.headers if name.lower() == "if-match"} for one in double.requests
    ]
    assert double.requests[0].headers is double.requests[1].headers
    assert {str(length)} == {one.headers.first("content-length") for one in double.requests}


@pytest.mark.parametrize(
    "name", ["putrequest", "putheader", "endheaders", "send", "getresponse"], ids=lambda name: f"patched {name}"
)
def test_a_tool_that_listens_is_heard(start: Start, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Where another tool patches what the path leaves out, the bytes go through it."""
    double = start(echo)
    original, heard = getattr(http.client.HTTPConnection, name), []

    def listening(*args: Any, **words: Any) -> Any:
        heard.append(name)
        return original(*args, **words)

    monkeypatch.setattr(http.client.HTTPConnection, name, listening)
    requests.post(URL, data=b"body")
    monkeypatch.undo()
    before = len(heard)
    requests.post(URL, data=b"body")

    assert before > 0
    assert before == len(heard)
    assert [b"body"] * 2 == double.bodies


def test_a_connection_of_the_user_goes_as_bytes(double: Stub, written: list[bytes]) -> None:
    """A class that is made of the client's may do anything, and does it."""
    pool = urllib3.HTTPSConnectionPool(MPSD_HOST)
    pool.ConnectionCls = Own
    pool.urlopen("POST", "/handles", b"body")

    assert [b"body"] == double.bodies
    assert written


def test_what_is_to_be_shown_goes_as_bytes(
    double: Stub, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """``debuglevel`` prints each message."""
    monkeypatch.setattr(http.client.HTTPConnection, "debuglevel", 1)
    requests.post(URL, data=b"body")

    assert "send: b'POST /handles HTTP/1.1" in capsys.readouterr().out


def test_the_environment_turns_it_off(double: Stub, written: list[bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    """``HANDLESFAKE_DIRECT=0``, for the connections that are made from then on."""
    with requests.Session() as before:
        before.post(URL, data=b"1")
        monkeypatch.setenv(VARIABLE, "0")
        before.post(URL, data=b"2")
        kept = list(written)
        requests.post(URL, data=b"3")

    assert [] == kept
    assert b"3" in written


def test_a_connection_that_is_closed_unread_has_sent(double: Stub) -> None:
    """A request without a waiting reader reaches the double as its connection is closed."""
    connection = urllib3.connection.HTTPSConnection(MPSD_HOST)
    connection.connect()
    connection.request("POST", "/handles", b"and gone")
    before = list(double.bodies)
    connection.close()

    assert ([], [b"and gone"]) == (before, double.bodies)


def test_a_double_that_stops_amid_an_exchange_resets_it(start: Start) -> None:
    """It stops once the request is sent and before the answer is asked for, with the path and without."""
    raised = []
    for value in ("1", "0"):
        double = Stub(echo)
        with active(double), pytest.MonkeyPatch.context() as patch:
            patch.setenv(VARIABLE, value)
            connection = urllib3.connection.HTTPSConnection(MPSD_HOST)
            connection.connect()
            connection.request("POST", "/handles", b"body")
            registry.stop(double)
            with pytest.raises(ConnectionResetError) as caught:
                connection.getresponse()
            raised.append((list(chain(caught.value)), double.requests, connection.sock))

    assert raised[0] == raised[1]


def test_a_real_call_sends_the_bytes_that_the_client_would(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    """A double that forwards sends what urllib3 had written, byte for byte."""
    start(Forward(lambda response: Answer(response, "real")))
    sent: list[bytes] = []
    monkeypatch.setattr(RealConnection, "__call__", lambda _, raw, _method: sent.append(raw) or Response(203))
    for value in ("1", "0"):
        monkeypatch.setenv(VARIABLE, value)
        with requests.Session() as session:
            for body in ("t\xebxt", None):
                session.post(f"{URL}?a=1", data=body, headers={"If-Match": "*"})

    assert sent[:2] == sent[2:]
    assert sent[0].startswith(b"POST /handles?a=1 HTTP/1.1\r\nHost: ")
