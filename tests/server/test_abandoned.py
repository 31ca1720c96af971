"""What ends the client's side ends the server's, whatever a fault or a long wait was to do; and so does a reset."""

from __future__ import annotations

import json
import socket
import ssl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from handlesfake.double.double import Double
from handlesfake.options.options import Options
from handlesfake.server.http.address import Address
from handlesfake.server.http.certificates import make_certificates
from handlesfake.server.http.limits import DEFAULT, ConnectionLimits
from handlesfake.server.run.sockets import Site
from handlesfake.server.run.thread import in_thread
from tests.server.rta import rta
from tests.server.servers import Remote, controlled, everything, raw
from tests.server.test_limits import CHUNKED, WHOLE

FAULTS = ("hang", "read_timeout", "wrong_content_length")
POLL = b"GET /_handlesfake/journal?count=99&wait=300 HTTP/1.1\r\nHost: localhost\r\n\r\n"
HELD = b"GET /_handlesfake/hold?count=9&wait=300 HTTP/1.1\r\nHost: localhost\r\n\r\n"


def failing(fault: str, name: str = "bad") -> str:
    """A rule file by which each handle fails so."""
    return json.dumps({"rules": [{"name": name, "when": {"operation": "create_handle"}, "then": {"fault": fault}}]})


@contextmanager
def serving(folder: Path, fault: str, *, tls: bool, limits: ConnectionLimits = DEFAULT) -> Iterator[str]:
    """Where a server answers whose every answer fails so."""
    (folder / "rules.yaml").write_text(failing(fault))
    double = Double(Options.of(name="a test of faults", rules=folder / "rules.yaml"))
    certificates = make_certificates(folder / "tls") if tls else None
    site = Site(double, Address(), certificates, limits=limits)
    with in_thread(site):
        yield site.places.url


@pytest.mark.parametrize("request_", [WHOLE, CHUNKED], ids=["plain", "chunked"])
@pytest.mark.parametrize("fault", FAULTS)
def test_a_client_that_closes_its_half_ends_a_fault_that_is_silent(
    fault: str, request_: bytes, tmp_path: Path
) -> None:
    """By FIN, before the fault falls silent or after; there is nothing more to come for it."""
    with serving(tmp_path, fault, tls=False) as url, raw(url) as before, raw(url) as after:
        for client in (before, after):
            client.sendall(request_)
        before.shutdown(socket.SHUT_WR)
        ends = [everything(before)]
        after.shutdown(socket.SHUT_WR)
        ends.append(everything(after))

    said = fault == "wrong_content_length"
    assert [said, said] == [end.startswith(b"HTTP/1.1 201 ") for end in ends]
    assert said or ends == [b"", b""]


@pytest.mark.parametrize("request_", [WHOLE, CHUNKED], ids=["plain", "chunked"])
def test_under_tls_too(request_: bytes, tmp_path: Path) -> None:
    """The end of the TCP connection is enough."""
    with serving(tmp_path, "hang", tls=True) as url, raw(url) as plain:
        context = ssl.create_default_context(cafile=str(tmp_path / "tls/ca.pem"))
        with context.wrap_socket(plain, server_hostname="localhost") as client:
            client.sendall(request_)
            client.shutdown(socket.SHUT_WR)  # a bare FIN: what comes now is read as it is

            assert everything(client) is not None


@pytest.mark.parametrize("request_", [WHOLE, CHUNKED], ids=["plain", "chunked"])
def test_whatever_else_it_has_asked(request_: bytes, tmp_path: Path) -> None:
    """Requests behind the one that failed are never heard, and do not hide the end."""
    with serving(tmp_path, "hang", tls=False) as url, raw(url) as client:
        client.sendall(request_ * 300)
        client.shutdown(socket.SHUT_WR)

        assert b"" == everything(client)


@pytest.mark.parametrize("poll", [POLL, HELD], ids=["journal", "hold"])
@pytest.mark.parametrize("behind", [b"", POLL], ids=["alone", "with another behind"])
def test_a_client_that_closes_its_half_ends_a_long_wait(poll: bytes, behind: bytes) -> None:
    """No request waits for the rest of the 300 seconds."""
    with controlled() as remote, raw(remote.url) as client:
        remote.ask("POST", "/hold", {"name": "all"})
        client.sendall(poll + behind)
        client.shutdown(socket.SHUT_WR)

        assert b"" == everything(client)


def test_nothing_that_happens_meanwhile_keeps_a_long_wait() -> None:
    """A request that is written as the client goes is not a reason to wait on."""
    with controlled() as remote, raw(remote.url) as other:
        for _ in range(30):
            with raw(remote.url) as client:
                client.sendall(POLL)
                other.sendall(WHOLE)
                client.shutdown(socket.SHUT_WR)

                assert b"" == everything(client)


def test_a_call_that_waits_for_nothing_is_answered_all_the_same() -> None:
    """Who says all it has and closes its half, as ``nc -N`` does, gets its answer."""
    with controlled() as remote, raw(remote.url) as client:
        client.sendall(b"GET /_handlesfake/users HTTP/1.1\r\nHost: localhost\r\n\r\n")
        client.shutdown(socket.SHUT_WR)

        assert everything(client).startswith(b"HTTP/1.1 200 ")


def test_the_limit_counts_those_that_a_fault_keeps_silent(tmp_path: Path) -> None:
    """One more client ends the one that has waited for longest."""
    limits = ConnectionLimits(connections=3)
    with serving(tmp_path, "wrong_content_length", tls=False, limits=limits) as url, ExitStack() as stack:
        waiting = []
        for _ in range(3):
            waiting.append(stack.enter_context(raw(url)))
            waiting[-1].sendall(WHOLE)
            assert waiting[-1].recv(9) == b"HTTP/1.1 "  # it is silent from here on
        stack.enter_context(raw(url))

        assert everything(waiting[0])


def test_the_limit_counts_web_sockets() -> None:
    """The one that has said nothing for longest is ended, as any other connection would be."""
    double = Double(Options.of(name="a test of the limits"))
    site = Site(double, Address(), limits=ConnectionLimits(connections=2))
    with in_thread(site), ExitStack() as stack:
        token = double.user("host").authorization
        listening = [stack.enter_context(rta(site.places.url, token)) for _ in range(3)]

        assert listening[0].hear() is None
        assert 1006 == listening[0].code
        assert listening[2].subscribe()


# ---- what a test takes back


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/reset"), ("DELETE", "/rules"), ("DELETE", "/rules/bad")], ids=lambda word: word
)
@pytest.mark.parametrize("request_", [WHOLE, CHUNKED], ids=["plain", "chunked"])
def test_what_ends_a_fault_ends_those_whom_it_keeps_waiting(method: str, path: str, request_: bytes) -> None:
    """A client with a long time-out, or none, goes on at once."""
    with controlled() as remote, raw(remote.url) as client:
        remote.ask("POST", "/rules", failing("hang"))
        client.sendall(request_)
        _until_written(remote, 1)
        remote.ask(method, path)

        assert b"" == everything(client)


def test_a_snapshot_goes_back_as_a_reset_does() -> None:
    """A client that a fault keeps waiting belongs to a state that is gone."""
    with controlled() as remote, raw(remote.url) as client:
        remote.ask("PUT", "/snapshots/before")
        remote.ask("POST", "/rules", failing("hang"))
        client.sendall(WHOLE)
        _until_written(remote, 1)
        remote.ask("POST", "/snapshots/before/restore")

        assert b"" == everything(client)


@pytest.mark.parametrize(("method", "path"), [("POST", "/reset"), ("DELETE", "/rules")], ids=lambda word: word)
def test_what_ends_a_fault_ends_an_answer_that_drips(method: str, path: str) -> None:
    """Between two pieces it is as silent as the others: the first would come after ten hours."""
    with controlled() as remote, raw(remote.url) as client:
        then = {"fault": "slow_drip", "delay": 360_000}
        rule = {"name": "bad", "when": {"operation": "create_handle"}, "then": then}
        remote.ask("POST", "/rules", {"rules": [rule]})
        client.sendall(WHOLE)
        _until_written(remote, 1)
        remote.ask(method, path)

        assert b"" == everything(client)


def test_a_rule_that_is_still_there_keeps_its_clients_waiting() -> None:
    """Only those of the rule that went are let go."""
    with controlled() as remote, raw(remote.url) as one, raw(remote.url) as other:
        remote.ask("POST", "/rules", failing("hang", "first"))
        one.sendall(WHOLE)
        _until_written(remote, 1)
        rule = {"name": "second", "when": {"operation": "get_handle"}, "then": {"fault": "hang"}}
        remote.ask("POST", "/rules", {"rules": [rule]})
        other.sendall(WHOLE.partition(b"Content-Length")[0].replace(b"POST /handles", b"GET /handles/1") + b"\r\n")
        _until_written(remote, 2)
        remote.ask("DELETE", "/rules/second")

        assert b"" == everything(other)
        one.setblocking(False)
        with pytest.raises(BlockingIOError):
            one.recv(1)


def test_the_end_of_a_world_ends_its_silence() -> None:
    """And no other's: the default world's client waits on."""
    with controlled() as remote, raw(remote.url) as client, raw(remote.url) as other:
        world = remote.ask("POST", "/worlds", {"users": ["host"]}).json
        for place in ("", "/worlds/w1"):
            remote.ask("POST", f"{place}/rules", failing("hang"))
        token = world["users"]["host"]["authorization"].encode()
        client.sendall(WHOLE.replace(b"XBL3.0 x=uhs-9000000000000001;made-up", token))
        other.sendall(WHOLE)
        _until_written(remote, 1)
        _until_written(remote, 1, "/worlds/w1")
        remote.ask("DELETE", "/worlds/w1")

        assert b"" == everything(client)
        other.setblocking(False)
        with pytest.raises(BlockingIOError):
            other.recv(1)


def _until_written(remote: Remote, count: int, place: str = "") -> None:
    assert count == len(remote.ask("GET", f"{place}/journal?count={count}&wait=60").json["entries"])
