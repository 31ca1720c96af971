"""Sockets of a server: who may share a port, and what each system calls a host or port that cannot be had."""

from __future__ import annotations

import errno
import socket
from types import SimpleNamespace

import pytest

from handlesfake.errors import SettingsError
from handlesfake.server.http import address
from handlesfake.server.http.address import Address, listen


class Socket:
    """Keeps the options that are set, and refuses to be bound."""

    def __init__(self, refusal: OSError | None = None) -> None:
        self.options: list[tuple[int, int, int]] = []
        self._refusal = refusal

    def setsockopt(self, *option: int) -> None:
        """Keep it."""
        self.options.append((option[0], option[1], option[2]))

    def bind(self, _: object) -> None:
        """Refuse, where there is a refusal."""
        if self._refusal is not None:
            raise self._refusal

    def listen(self, _: int) -> None:
        """Accept."""

    def close(self) -> None:
        """Accept."""


EXCLUSIVE = -5
"""``SO_EXCLUSIVEADDRUSE`` of Windows."""


@pytest.fixture
def put(monkeypatch: pytest.MonkeyPatch) -> object:
    """A function that puts a system and its socket in place."""

    def put_in_place(name: str, made: Socket) -> None:
        names = {"AF_INET", "AF_INET6", "SOCK_STREAM", "IPPROTO_TCP", "SOL_SOCKET", "SO_REUSEADDR", "gaierror"}
        known = {one: getattr(socket, one) for one in names}
        fake = SimpleNamespace(**known, SO_EXCLUSIVEADDRUSE=EXCLUSIVE, socket=lambda *_: made)
        monkeypatch.setattr(address, "socket", fake)
        monkeypatch.setattr(address, "os", SimpleNamespace(name=name))

    return put_in_place


@pytest.mark.parametrize(("name", "option"), [("nt", EXCLUSIVE), ("posix", socket.SO_REUSEADDR)])
def test_a_port_is_never_shared(name: str, option: int, put: object) -> None:
    """POSIX gives a port again that was just let go. Windows would let two programs have it by that option."""
    made = Socket()
    put(name, made)  # type: ignore[operator]
    listen(Address(port=8081))

    assert [(socket.SOL_SOCKET, option, 1)] == made.options


@pytest.mark.parametrize(
    ("name", "refusal", "text"),
    [
        (
            "nt",
            PermissionError(errno.EACCES, "An attempt was made to access a socket in a way forbidden"),
            "cannot listen on 127.0.0.1:8081: An attempt was made to access a socket in a way forbidden.\n"
            "  the system keeps this port for itself, or another program has it: take another one, or --port 0 for any "
            "free one.\n  netsh interface ipv4 show excludedportrange protocol=tcp lists what it keeps",
        ),
        (
            "posix",
            PermissionError(errno.EACCES, "Permission denied"),
            "cannot listen on 127.0.0.1:8081: Permission denied.\n"
            "  ports below 1024 are not for everybody: take a higher one, or --port 0 for any free one",
        ),
    ],
)
def test_a_port_that_is_denied(name: str, refusal: OSError, text: str, put: object) -> None:
    """Windows keeps ranges of ports for itself, and has no ports for administrators."""
    put(name, Socket(refusal))  # type: ignore[operator]
    with pytest.raises(SettingsError) as caught:
        listen(Address(port=8081))

    assert text == str(caught.value)


@pytest.mark.parametrize(("system", "number"), [("Linux", -2), ("macOS", 8), ("Windows", 11001)])
def test_a_host_that_no_look_up_finds(system: str, number: int, put: object) -> None:
    """Each system has its own number for it; the advice is about the host."""
    put("nt" if system == "Windows" else "posix", Socket(socket.gaierror(number, "not known")))  # type: ignore[operator]
    with pytest.raises(SettingsError) as caught:
        listen(Address("nowhere.invalid", 8081))

    assert (
        "cannot listen on nowhere.invalid:8081: not known.\n"
        "  that is not an address of this machine: 127.0.0.1 is its loopback, 0.0.0.0 is all it has"
    ) == str(caught.value)
