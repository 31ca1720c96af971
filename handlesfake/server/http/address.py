"""Address: where a server listens, and how that is written."""

from __future__ import annotations

import errno
import os
import socket
from ipaddress import ip_address

from handlesfake.errors import SettingsError
from handlesfake.values.values import frozen

BACKLOG = 2048
"""Connections that may wait to be accepted."""


@frozen
class Address:
    """Where a server is to listen."""

    host: str = "127.0.0.1"
    port: int = 0
    """0 for any free port."""

    names: tuple[str, ...] = ()
    """Further hosts by which clients call it."""

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach it."""
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def read_address(text: str) -> Address:
    """The address that ``text`` writes: ``HOST:PORT``, ``[::1]:PORT``, or a port of loopback alone.

    :raises SettingsError: it is not an address.
    """
    host, _, port = text.rpartition(":")
    if port.isascii() and port.isdigit() and (host or text == port):
        return Address(host.strip("[]") or "127.0.0.1", int(port))
    raise SettingsError(f"{text!r} is not an address: write 127.0.0.1:8081, or only 8081 for a port of loopback.")


def listen(address: Address) -> socket.socket:
    """A socket that listens at ``address``.

    :raises SettingsError: the address cannot be had; the text says what to take instead.
    """
    try:
        return _bound(address)
    except (OverflowError, TypeError, UnicodeError):  # what Python says of a port or host that no system is asked for
        problem = "no such port" if not 0 <= address.port <= 65535 else "no such host"
        advice = "a port is a number from 0 (any free one) to 65535, a host a name or an address of this machine"
        raise _cannot(address, problem, advice) from None
    except OSError as error:
        # each system has its own numbers for a look-up that finds no such host
        number = errno.EADDRNOTAVAIL if isinstance(error, socket.gaierror) else error.errno or 0
        advice = {**_ADVICE, **(_ON_WINDOWS if os.name == "nt" else {})}.get(number, _OTHER_PORT)
        raise _cannot(address, error.strerror or str(error), advice) from None


def _bound(address: Address) -> socket.socket:
    """What ``socket.create_server`` makes, but of the protocol TCP by name, and closed after every failure.

    asyncio sends small writes at once only where a socket says that its protocol is TCP. ``create_server`` leaves it
    at 0: the body then waits until the client has acknowledged the head: 40 ms for each call on Linux.
    """
    is_6 = ":" in address.host
    listening = socket.socket(socket.AF_INET6 if is_6 else socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        _be_alone(listening)
        if is_6:
            listening.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listening.bind((address.host, address.port))
        listening.listen(BACKLOG)
    except BaseException:
        listening.close()
        raise
    return listening


def _be_alone(listening: socket.socket) -> None:
    """Let a port be had again that was just let go, and never by two at once."""
    if os.name == "nt":  # there SO_REUSEADDR would share it, and without the other option another program could
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)  # type: ignore[attr-defined,unused-ignore]
    else:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)


_OTHER_PORT = "take another port, or --port 0 for any free one"
_ADVICE = {
    errno.EADDRNOTAVAIL: "that is not an address of this machine: 127.0.0.1 is its loopback, 0.0.0.0 is all it has",
    errno.EACCES: "ports below 1024 are not for everybody: take a higher one, or --port 0 for any free one",
}


_ON_WINDOWS = {
    errno.EACCES: "the system keeps this port for itself, or another program has it: take another one, "
    "or --port 0 for any free one.\n  netsh interface ipv4 show excludedportrange protocol=tcp lists what it keeps",
}


def _cannot(address: Address, problem: str, advice: str) -> SettingsError:
    # newer Pythons put the address into the error's own text, too
    problem = problem.partition(" (while attempting")[0].rstrip(".")
    return SettingsError(f"cannot listen on {address}: {problem}.\n  {advice}")


def url_of(listening: socket.socket, scheme: str) -> str:
    """The base URL of a listening socket: ``http://127.0.0.1:8080``."""
    host, port = listening.getsockname()[:2]
    return f"{scheme}://{Address(host, port)}"
