"""What a seam makes of a fault is what the client makes of a real server that breaks in just that way."""

from __future__ import annotations

import socket
import time
from functools import partial
from typing import Any

import pytest

from handlesfake.exchange.faults import FAULTS
from handlesfake.exchange.outcome import Answer, ConnectionEnd, Fault
from handlesfake.intercept.wire.http1 import response_bytes, script
from handlesfake.mpsd.http.message import MPSD_HOST, Headers, Response
from tests.faults.broken_server import Move, breaking, distrusted, nobody
from tests.faults.clients import CLIENTS, HERE, Sent, came_to
from tests.intercept.stub import Stub, active
from tests.patience import PATIENCE, outwaited

GOOD = Response(200, Headers([("Content-Type", "application/json")]), b'{"answer": "whole and well"}')
MPSD = f"https://{MPSD_HOST}"
HANGING = 0.02
"""Seconds that a client really waits for a seam that hangs: nothing comes before them."""

SILENT = (ConnectionEnd.TIMEOUT, ConnectionEnd.HANG)
CARRIED = [name for name, kind in FAULTS.items() if not kind.ending.is_unconnected]
UNCONNECTED = [name for name, kind in FAULTS.items() if kind.ending.is_unconnected]


def fault(name: str) -> Fault:
    """The fault, after the service has given a good answer."""
    kind = FAULTS[name]
    return Fault(kind.ending, "rule", Answer(GOOD, "stub"), name=name, wreck=kind.wreck)


def requests_for(method: str, *, kept: bool) -> list[Sent]:
    """The request that meets the fault, behind another on the same connection where that is to be kept."""
    first = [Sent("GET", "/handles", {})] if kept else []
    return [*first, Sent(method, "/handles", {"X-A": "b"}, b"" if method == "DELETE" else b"{}")]


@pytest.mark.parametrize(
    ("client", "kept"),
    [(client, kept) for client in HERE for kept in (False, True) if not (kept and client == "urllib")],
)
@pytest.mark.parametrize("name", CARRIED)
def test_a_fault_is_what_a_real_server_causes(name: str, client: str, kept: bool) -> None:
    """The same exception, and as many requests on the wire, by every method; urllib alone keeps no connection."""
    kind = FAULTS[name]
    for method in ("PUT",) if kind.ending in SILENT else ("POST", "PUT", "DELETE"):
        sent = requests_for(method, kept=kept)
        good = (response_bytes(GOOD, method), ConnectionEnd.KEEP)
        moves = [*([good] if kept else []), script(fault(name), method), good]
        really = (
            outwaited(partial(attempt, client, moves, sent))
            if kind.ending in SILENT
            else attempt(client, moves, sent, PATIENCE)[0]
        )
        plays = [Answer(GOOD, "stub")] * kept + [fault(name), Answer(GOOD, "stub")]
        with active(Stub(*plays)) as double:
            played = came_to(CLIENTS[client], MPSD, sent, HANGING if kind.ending is ConnectionEnd.HANG else PATIENCE)

        assert really == (played, len(double.requests)), method


def attempt(client: str, moves: list[Move], sent: list[Sent], timeout: float) -> tuple[tuple[str, int], float]:
    """What the client came to at a real server, the number of requests that came, and the seconds of silence."""
    with breaking(moves) as (origin, seen):
        came = came_to(CLIENTS[client], origin, sent, timeout)
        ended = time.monotonic()
    return (came, len(seen.lines)), ended - seen.silent_since


@pytest.mark.parametrize("client", HERE)
@pytest.mark.parametrize("name", UNCONNECTED)
def test_a_connection_that_does_not_come_about_is_as_on_a_network(
    name: str, client: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No server listens, the name has no address, the certificate is untrusted: the same exception, at the request."""
    sent = requests_for("POST", kept=False)
    if name == "dns_failure":
        with monkeypatch.context() as patch:
            patch.setattr(socket, "getaddrinfo", no_address)
            really = came_to(CLIENTS[client], "https://localhost", sent, PATIENCE)
    else:
        with nobody() if name == "refused" else distrusted() as origin:
            really = came_to(CLIENTS[client], origin, sent, PATIENCE)
    with active(Stub(fault(name))):
        played = came_to(CLIENTS[client], MPSD, sent, PATIENCE)

    assert really == played


def no_address(*_arguments: Any, **_words: Any) -> Any:
    """What the system says of a name that it does not find."""
    raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
