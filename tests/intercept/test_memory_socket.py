"""The memory socket beside a real one: each public attribute is there, or refused with a reason."""

from __future__ import annotations

import io
import socket
import struct

import pytest

from handlesfake.intercept.wire.async_memory_socket import AsyncMemorySocket
from handlesfake.intercept.wire.memory_end import REFUSED, MemoryEnd
from handlesfake.intercept.wire.memory_socket import MemorySocket
from handlesfake.mpsd.http.message import MPSD_HOST, Response
from tests.intercept.stub import Stub
from tests.systems.needed import system_has

OF_A_SOCKET = sorted(name for name in dir(socket.socket) if not name.startswith("_"))
KNOWN = {*OF_A_SOCKET, "ioctl", "share", "sendmsg_afalg", "sendmsg", "recvmsg", "recvmsg_into"}
"""What a socket has here, or on another system."""


@pytest.fixture
def memory(double: Stub) -> MemorySocket:
    """The client's end of a connection to a double."""
    return MemorySocket(double, (MPSD_HOST, 443), "test", lambda raw, method: Response(200))


@pytest.mark.parametrize("name", OF_A_SOCKET)
def test_what_a_socket_has_is_there_or_refused_with_a_reason(name: str, memory: MemorySocket) -> None:
    """A client that asks for it gets it, or is told why there is none; hasattr() says no."""
    if name not in REFUSED:
        assert hasattr(memory, name), f"{name}: neither there nor in REFUSED"
        return
    with pytest.raises(AttributeError) as refused:
        getattr(memory, name)

    assert f"a connection to a double has no {name!r}: {REFUSED[name]}" == str(refused.value)


def test_nothing_is_refused_that_no_socket_has() -> None:
    """The list of what is refused names what a socket has, and nothing that this one has."""
    assert set() == {*REFUSED} - KNOWN
    assert [] == [name for name in REFUSED if hasattr(MemorySocket, name)]


def test_an_attribute_that_no_socket_has_is_missing_as_ever(memory: MemorySocket) -> None:
    """What TLS would have, for example: a client asks for it to find out whether there is TLS."""
    with pytest.raises(AttributeError, match="a connection to a double has no 'selected_alpn_protocol'"):
        _ = memory.selected_alpn_protocol


def test_what_a_real_connection_says_of_itself_is_said_here(memory: MemorySocket) -> None:
    """Family, type, protocol, timeouts, blocking: the same, before and after each is set."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        real = socket.create_connection(listening.getsockname())
    with real:
        pairs = []
        for one in (real, memory):
            said = [one.family, one.type]
            for change in (
                lambda to: to.settimeout(5),
                lambda to: to.setblocking(False),
                lambda to: to.setblocking(True),
            ):
                change(one)
                said += [one.gettimeout(), one.timeout, one.getblocking()]
            pairs.append(said)

        assert pairs[0] == pairs[1]
        assert real.proto in (0, memory.proto)  # the system may leave it to the type


def test_options_are_none_and_no_error_is_pending(memory: MemorySocket) -> None:
    """As a number 0; as bytes none."""
    memory.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    assert 0 == memory.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    assert b"" == memory.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.calcsize("ii"))


@system_has("TCP_INFO")
def test_the_state_of_the_connection_is_that_of_a_real_one(memory: MemorySocket) -> None:
    """Established while it is kept, and closed by the other end afterwards: urllib3-future asks before each use."""
    states = []
    with socket.create_server(("127.0.0.1", 0)) as listening:
        real = socket.create_connection(listening.getsockname())
        other, _ = listening.accept()
    with real:
        states.append([real.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1024)[0]])
        other.close()
        real.recv(1)  # returns once the end has come
        states[0].append(real.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1024)[0])
    states.append([memory.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1024)[0]])
    memory.shutdown(socket.SHUT_RD)
    states[1].append(memory.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1024)[0])

    assert states[0] == states[1]


def test_tasks_have_what_the_client_for_tasks_asks_of_a_socket() -> None:
    """Each public method of urllib3-future's AsyncSocket is there, or refused with a reason."""
    ssa = pytest.importorskip("urllib3_future.contrib.ssa")
    names = {name for name in dir(ssa.AsyncSocket) if not name.startswith("_")}

    assert {"until_data_available", "wrap_socket"} == {
        name for name in names - {*REFUSED} if not hasattr(AsyncMemorySocket, name)
    }  # both only for what follows HTTP on the connection: WebSocket, and TLS inside TLS


def test_both_kinds_are_one_end(memory: MemorySocket) -> None:
    """A seam tells a connection to a double from a real one by their common class."""
    assert isinstance(memory, MemoryEnd)
    assert issubclass(AsyncMemorySocket, MemoryEnd)
    assert not isinstance(memory, io.IOBase)
