"""A reset behind TLS: an RST crosses the wire, whatever the client's own ssl module makes of it."""

from __future__ import annotations

import json
import socket
import ssl
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest

import handlesfake
from tests.patience import PATIENCE


class Client:
    """A TLS client that reads its socket itself, so that Python's ssl hides no error of it."""

    def __init__(self, url: str, ca: str) -> None:
        host, _, port = urlsplit(url).netloc.partition(":")
        self._socket = socket.create_connection((host, int(port)), timeout=PATIENCE)
        self._heard, self._said = ssl.MemoryBIO(), ssl.MemoryBIO()
        context = ssl.create_default_context(cafile=ca)
        self._tls = context.wrap_bio(self._heard, self._said, server_hostname=host)
        self._pump(self._tls.do_handshake)

    def post(self, path: str, body: Any, headers: dict[str, str]) -> None:
        """Send a request."""
        raw = json.dumps(body).encode()
        lines = {"Host": "localhost", "Content-Length": str(len(raw)), **headers}
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        self._pump(lambda: self._tls.write(f"POST {path} HTTP/1.1\r\n{head}\r\n".encode() + raw))

    def until_it_ends(self) -> None:
        """Read until there is no more."""
        while self._pump(lambda: self._tls.read(65536)):
            pass

    def close(self) -> None:
        """Let the connection go."""
        self._socket.close()

    def _pump(self, step: Callable[[], Any]) -> Any:
        while True:
            try:
                done = step()
            except ssl.SSLWantReadError:
                self._socket.sendall(self._said.read())
                self._heard.write(self._socket.recv(65536))
            else:
                self._socket.sendall(self._said.read())
                return done


@pytest.mark.parametrize("fault", ["refused", "reset", "reset_in_answer", "reset_in_body", "reset_after_answer"])
def test_a_reset_behind_tls_is_an_rst(fault: str) -> None:
    """The socket says so, also where the ssl module of Python would call it the end of the connection."""
    with handlesfake.fake() as mpsd, handlesfake.serve(mpsd) as server:
        host = mpsd.user("host")
        lobby = mpsd.session("lobby-1", members=[host])
        mpsd.fault(fault, "create_handle", times=1)
        client = Client(server.url, server.ca_file)
        client.post("/handles", {"type": "activity", "version": 1, "sessionRef": lobby.ref}, host.headers)

        with pytest.raises(ConnectionResetError):
            client.until_it_ends()
        client.close()
