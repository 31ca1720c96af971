"""Connections that are older than a double, or live on after it."""

from __future__ import annotations

import gc
import http.client
import os
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests
import urllib3
import vcr

from handlesfake.errors import Escaped
from handlesfake.intercept.clients import http_client
from handlesfake.intercept.registry import registry
from handlesfake.intercept.wire.memory_socket import MemorySocket
from handlesfake.mpsd.http.message import MPSD_HOST, Response
from tests.intercept.clients import Post, said, with_urllib3
from tests.intercept.loopback import Loopback
from tests.intercept.stub import URL, Stub, active, echo
from tests.systems.needed import system_has

Start = Callable[..., Stub]


@pytest.mark.parametrize("kind", [requests.Session, urllib3.PoolManager])
def test_a_pool_made_before_the_double(start: Start, kind: Callable[[], Any]) -> None:
    """Sessions and pools that are older than the double reach it."""
    pool = kind()
    double = start(echo)
    pool.request("POST", URL)

    assert 1 == len(double.requests)


def test_a_kept_connection_from_before_the_double(start: Start, server: Loopback) -> None:
    """A keep-alive connection that leads to the real service leads to the double while there is one."""
    connection = http.client.HTTPConnection(server.authority)
    with requests.Session() as session:
        url = f"http://{server.authority}/handles"
        before = [said(connection)[0], session.post(url).status_code]
        double = start(echo, hosts=(server.authority,))
        during = [said(connection)[0], session.post(url).status_code]
        connection.close()

    assert ([203, 203], [200, 200]) == (before, during)
    assert 2 == len(double.requests) == len(server.seen)


def test_a_kept_connection_does_not_answer_after_the_double(start: Start, server: Loopback) -> None:
    """A pooled connection to a double that has stopped leads to the real service, where that is allowed."""
    double = start(echo, hosts=(server.authority,))
    connection = http.client.HTTPConnection(server.authority)
    with requests.Session() as session:
        url = f"http://{server.authority}/handles"
        during = [said(connection)[0], session.post(url).status_code]
        registry.stop(double)
        with registry.lifted():
            after = [said(connection)[0], session.post(url).status_code]
        connection.close()

    assert ([200, 200], [203, 203]) == (during, after)
    assert 2 == len(double.requests) == len(server.seen)


def test_a_kept_connection_is_refused_after_the_double(double: Stub, post: Post) -> None:
    """Kept or new, a connection to MPSD is refused by name once the double has stopped."""
    connection = http.client.HTTPSConnection(MPSD_HOST)
    said(connection)
    registry.stop(double)
    for attempt in (lambda: said(connection), lambda: post(URL, b"")):
        with pytest.raises(Escaped, match="^a request for sessiondirectory.xboxlive.com was refused"):
            attempt()

    assert 1 == len(double.requests)


def test_a_socket_outlives_its_double_dead(double: Stub) -> None:
    """What was sent to a double that stopped meanwhile is not answered, and nothing more is taken."""
    connection = http.client.HTTPSConnection(MPSD_HOST)
    connection.request("POST", "/handles")
    registry.stop(double)
    with pytest.raises(ConnectionResetError):
        connection.getresponse()
    memory = MemorySocket(double, (MPSD_HOST, 443), "test", lambda raw, method: Response(200))
    with pytest.raises(ConnectionResetError):
        memory.sendall(b"GET")

    assert [] == double.requests
    assert urllib3.util.wait_for_read(memory, timeout=0)  # type: ignore[arg-type]  # urllib3 asks for no more than fileno


def test_a_double_that_stops_amid_a_request_resets_the_connection(double: Stub) -> None:
    """Half a request is not answered, and its sender is told so at once: urllib3 reads on after a failure to send."""
    connection = http.client.HTTPSConnection(MPSD_HOST)
    connection.putrequest("POST", "/handles")
    connection.putheader("Content-Length", "2")
    connection.endheaders()
    registry.stop(double)
    with pytest.raises(ConnectionResetError):
        connection.send(b"{}")
    with pytest.raises(ConnectionResetError):
        connection.getresponse()

    assert [] == double.requests


def test_doubles_nest_and_stop_in_any_order() -> None:
    """The double that started last is asked; one kept connection follows from each to the next."""
    first, second = Stub(echo, name="first"), Stub(echo, name="second")
    connection = http.client.HTTPSConnection(MPSD_HOST)
    with active(first), requests.Session() as session:
        for step in (
            None,
            lambda: registry.start(second),
            lambda: registry.stop(first),
            lambda: registry.start(first),
        ):
            if step:
                step()
            said(connection)
            session.post(URL)
        registry.stop(second)

    assert (4, 4) == (len(first.requests), len(second.requests))


@system_has("descriptors")
def test_connections_cost_no_open_file(double: Stub) -> None:
    """Two hundred clients that are never closed open no file."""
    with_urllib3(URL, b"")
    before = len(os.listdir("/dev/fd"))
    kept = [urllib3.PoolManager() for _ in range(200)]
    for pool in kept:
        pool.request("POST", URL)
        pool.request("POST", URL)

    assert before == len(os.listdir("/dev/fd"))
    assert 401 == len(double.requests)


def test_a_connection_goes_when_its_client_lets_go(double: Stub) -> None:
    """Connection and socket are not a cycle: nothing waits for the garbage collector."""
    connection = http.client.HTTPSConnection(MPSD_HOST)
    said(connection)
    left = weakref.ref(connection.sock)
    gc.disable()
    try:
        del connection

        assert left() is None
    finally:
        gc.enable()


def test_a_cassette_of_vcrpy_hides_no_class_from_the_seam(tmp_path: Path) -> None:
    """A double that starts inside ``vcr.use_cassette`` still finds the clients' own classes."""
    genuine = [http.client.HTTPConnection, http.client.HTTPSConnection]
    genuine += [urllib3.connection.HTTPConnection, urllib3.connection.HTTPSConnection]
    with vcr.use_cassette(tmp_path / "none.yaml", record_mode="none"):
        stand_ins = [http.client.HTTPConnection, http.client.HTTPSConnection]
        stand_ins += [urllib3.connection.HTTPConnection, urllib3.connection.HTTPSConnection]

    assert all(stand_in is not kind for stand_in, kind in zip(stand_ins, genuine, strict=True))
    assert genuine == [http_client.own(stand_in) for stand_in in stand_ins]
