"""Servers of TLS on loopback, the bundle that names their authority, and clients that ask them."""

from __future__ import annotations

import socket
import ssl
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
import trustme

from tests.patience import PATIENCE


@pytest.fixture
def authority() -> trustme.CA:
    """One that the bundle names."""
    return trustme.CA()


@pytest.fixture
def bundle(authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A bundle that replaces certifi's."""
    path = tmp_path / "cacert.pem"
    authority.cert_pem.write_to_path(str(path))
    monkeypatch.setitem(sys.modules, "certifi", SimpleNamespace(where=lambda: str(path)))
    return path


@pytest.fixture
def serve() -> Iterator[Callable[[trustme.CA], int]]:
    """Starts a TLS server of a certificate of the authority; gives its port."""
    listeners: list[socket.socket] = []

    def start(authority: trustme.CA) -> int:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("localhost").configure_cert(context)
        listener = socket.create_server(("127.0.0.1", 0))
        listeners.append(listener)
        threading.Thread(target=_greet, args=(listener, context), daemon=True).start()
        return int(listener.getsockname()[1])

    yield start

    for listener in listeners:
        listener.close()


def _greet(listener: socket.socket, context: ssl.SSLContext) -> None:
    try:
        with listener.accept()[0] as connection, context.wrap_socket(connection, server_side=True) as safe:
            safe.sendall(b"hello")
    except OSError:  # the client distrusts it
        return


def said_to(context: ssl.SSLContext, port: int) -> bytes:
    """What a server says to a client with that context."""
    with (
        socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection,
        context.wrap_socket(connection, server_hostname="localhost") as safe,
    ):
        return safe.recv(5)


def known(bundle: Path) -> ssl.SSLContext:
    """A context that trusts ``bundle``, which has been read before."""
    ssl.create_default_context(cafile=str(bundle))
    return ssl.create_default_context(cafile=str(bundle))
