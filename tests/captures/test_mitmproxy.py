"""Flow files of mitmproxy: bytes as they crossed the wire."""

from __future__ import annotations

import gzip
import sys
from importlib.machinery import ModuleSpec
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from handlesfake.captures.exchange import Unreadable
from handlesfake.captures.reading import read_capture
from handlesfake.captures.tnetstrings import read_tnetstrings
from tests.captures.building import FILES, flow, flows, outcomes, tnetstring, told

PACKED = gzip.compress(b"{}", mtime=0)
FLOWS: dict[str, tuple[dict[str, Any], str]] = {
    "plain": (flow(), "b'' -> 200 b'{}'"),
    "no UTF-8": (
        flow(request={"content": b"\xff\x00"}, response={"headers": [], "content": b"Zo\xeb"}),
        "b'\\xff\\x00' -> 200 b'Zo\\xeb'",
    ),
    "packed": (
        flow(response={"headers": [[b"Content-Encoding", b"gzip"]], "content": PACKED}),
        "b'' -> 200 b'{}'",
    ),
    "named gzip, and is not": (
        flow(response={"headers": [[b"Content-Encoding", b"gzip"]]}),
        "b'' -> 200 b'{}' (the answer was named gzip and is not: taken as it is)",
    ),
    "packed in a way that is not read": (
        flow(response={"headers": [[b"Content-Encoding", b"made-up"]]}),
        "left out: the answer cannot be read: the content coding made-up is not read here",
    ),
    "chunked": (flow(response={"headers": [[b"transfer-encoding", b"chunked"]]}), "b'' -> 200 b'{}'"),
    "HEAD": (flow(request={"method": b"HEAD"}, response={"content": b""}), "b'' -> 200 b''"),
    "trailers": (
        flow(response={"trailers": [[b"a", b"b"]]}),
        "b'' -> 200 b'{}' (its trailers are left out)",
    ),
    "changed by hand": (
        flow(backup={"request": {}}),
        "b'' -> 200 b'{}' (it was changed in mitmproxy, and is taken as changed)",
    ),
    "half": (
        flow(error={"msg": "stream reset", "timestamp": 1.5}, response={"content": None}),
        "left out: it broke off: stream reset",
    ),
    "half, without a word": (
        flow(response={"content": None}),
        "left out: the body of the answer is not in the file: it broke off, or was streamed",
    ),
    "shorter than announced": (
        flow(response={"headers": [[b"content-length", b"9"]]}),
        "left out: the answer is not whole: 2 of 9 bytes",
    ),
    "no answer": ({**flow(), "response": None}, "left out: no server answered"),
    "replayed by mitmproxy": (flow(is_replay="response"), "left out: mitmproxy gave the answer, and no server"),
    "a WebSocket": (flow(websocket={}), "left out: a WebSocket: what is pushed is not replayed"),
    "no HTTP": (flow(type="tcp"), "left out: no HTTP: 'tcp'"),
    "an odd target": (flow(request={"path": b"*"}), "left out: its target is not a path"),
    "no headers": (flow(request={"headers": None}), "left out: its headers are not a list"),
    "an odd header": (flow(request={"headers": [[b"a"]]}), "left out: a header is not a pair of bytes"),
    "a line in a header": (
        flow(request={"headers": [[b"a", b"b\r\nc"]]}),
        "left out: the header a holds what does not fit in one line",
    ),
    "an odd status": (flow(response={"status_code": "200"}), "left out: its status is not a number"),
}


@pytest.mark.parametrize("name", FLOWS)
def test_a_flow(name: str) -> None:
    """Its bytes, or why it is left out."""
    state, wanted = FLOWS[name]

    assert [wanted] == told(flows(state))


@pytest.mark.parametrize(
    ("request_", "host"),
    [
        ({"headers": [[b"host", b"a.example"]]}, "sessiondirectory.xboxlive.com"),
        ({"authority": b"", "headers": [[b"host", b"a.example:8443"]]}, "a.example:8443"),
        ({"authority": b"", "host": "b.example", "port": 443}, "b.example"),
        ({"authority": b"", "host": "::1", "port": 8443}, "[::1]:8443"),
        ({"authority": b"", "scheme": b"http", "host": "b.example", "port": 80}, "b.example"),
    ],
)
def test_the_host_is_whom_the_client_asked(request_: dict[str, Any], host: str) -> None:
    """An add-on, and the reverse mode, send it elsewhere."""
    (one,) = read_capture(flows(flow(request=request_))).exchanges

    assert host == one.request.host


def test_flows_come_as_they_were_sent() -> None:
    """The file has them as they ended."""
    states = [flow(request={"timestamp_start": moment}) for moment in (3.5, 1, 2.5)]

    assert [2, 3, 1] == [one.number for one in read_capture(flows(*states)).exchanges]


@pytest.mark.parametrize(
    "value", [{"a": [1, -2.5, True, False, None, b"\xff", "é"], "b": {}}, [], [[[]]], "", b"", 10**20]
)
def test_a_tnetstring(value: object) -> None:
    """Each type that flows have."""
    assert [value, value] == list(read_tnetstrings(tnetstring(value) * 2))


UNREADABLE = {
    "it cannot be read from byte 0 on: 9 bytes are announced, and 3 are there; it may be cut short": b"9:abc,",
    "it cannot be read from byte 4 on: a size is missing; it may be cut short": b"1:a,x",
    "it cannot be read from byte 2 on: a value of the type '?' cannot be read; it may be cut short": b"1:a?",
    "it cannot be read from byte 2 on: a key has no value; it may be cut short": b"4:1:a,}",
    "it cannot be read from byte 2 on: a key is not text, or appears twice; it may be cut short": b"6:0:~0:~}",
    "it cannot be read from byte 2 on: a text is not UTF-8; it may be cut short": b"1:\xff;",
    "it is not a flow file: its content is not a mapping": b"1:a,",
    "its flow #2 has the format 20, and 21 is read here; install mitmproxy beside handlesfake: its own reader is then "
    "used": flows(flow(), flow(version=20)),
}


@pytest.mark.parametrize("message", UNREADABLE)
def test_a_file_that_is_no_flow_file_is_refused(message: str) -> None:
    """Whole, with the byte."""
    with pytest.raises(Unreadable) as caught:
        read_capture(UNREADABLE[message])

    assert message == str(caught.value)


def installed(monkeypatch: pytest.MonkeyPatch, reader: object) -> None:
    """A replacement for mitmproxy, whose reader is ``reader``."""
    package, module = ModuleType("mitmproxy"), ModuleType("mitmproxy.io")
    package.__spec__ = ModuleSpec("mitmproxy", None)
    module.FlowReader = reader  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "mitmproxy", package)
    monkeypatch.setitem(sys.modules, "mitmproxy.io", module)


def test_mitmproxy_reads_where_it_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """It knows older formats."""

    class Reader:
        def __init__(self, file: Any) -> None:
            self._file = file

        def stream(self) -> list[Any]:
            return [SimpleNamespace(get_state=lambda: flow(response={"content": b"[]"}))]

    installed(monkeypatch, Reader)

    assert ["b'' -> 200 b'[]'"] == told(flows(flow(version=20)))


def test_an_error_of_mitmproxy_becomes_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever it is."""

    def reader(_: object) -> None:
        raise KeyError("version")

    installed(monkeypatch, reader)
    with pytest.raises(Unreadable) as caught:
        read_capture(flows(flow()))

    assert "mitmproxy, which is installed here, cannot read it: KeyError: 'version'" == str(caught.value)


def test_a_file_of_mitmproxy_is_read_whole() -> None:
    """The HAR of the same run gives the same exchanges."""
    by_flows = read_capture((FILES / "mitmproxy-12.3.1.mitm").read_bytes())
    by_har = read_capture((FILES / "mitmproxy-12.3.1.har").read_bytes())

    assert () == by_flows.left_out
    assert outcomes(by_har) == outcomes(by_flows)
