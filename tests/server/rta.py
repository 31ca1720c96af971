"""A client of the push channel, blocking, for tests."""

from __future__ import annotations

import json
import socket
import ssl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from urllib.parse import urlsplit

from wsproto import ConnectionType, WSConnection
from wsproto.events import (
    AcceptConnection,
    CloseConnection,
    Pong,
    RejectConnection,
    Request,
    TextMessage,
)

from tests.patience import PATIENCE

CONNECTIONS = "https://sessiondirectory.xboxlive.com/connections/"


class Rta:
    """One WebSocket."""

    def __init__(
        self, connection: socket.socket, url: str, headers: dict[str, str], sub_protocols: list[str]
    ) -> None:
        self._socket = connection
        self._ws = WSConnection(ConnectionType.CLIENT)
        parts = urlsplit(url)
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        extra = [(name.encode(), value.encode()) for name, value in headers.items()]
        request = Request(host=parts.netloc, target=target, extra_headers=extra, subprotocols=sub_protocols)
        self._socket.sendall(self._ws.send(request))
        self._events: Iterator[Any] = self._received()
        self.opening = next(self._events)
        """AcceptConnection, or RejectConnection."""

        self.code = 0
        """The close code, once the server has ended it: 1006 where that came without a close frame."""

        self.reason = ""
        """What the close frame says beside the code."""

    def _received(self) -> Iterator[Any]:
        while True:
            yield from self._ws.events()
            octets = self._socket.recv(65536)
            self._ws.receive_data(octets or None)

    @property
    def sub_protocol(self) -> str | None:
        """What the server has chosen."""
        assert isinstance(self.opening, AcceptConnection)
        return self.opening.subprotocol

    @property
    def status(self) -> int:
        """101, or what was answered instead."""
        return self.opening.status_code if isinstance(self.opening, RejectConnection) else 101

    def say(self, frame: Any) -> None:
        """Send a frame; a text as it is."""
        text = frame if isinstance(frame, str) else json.dumps(frame)
        self._socket.sendall(self._ws.send(TextMessage(data=text)))

    def say_raw(self, octets: bytes) -> None:
        """Send bytes as they are."""
        self._socket.sendall(octets)

    def hear(self) -> Any:
        """The next frame, or the payload of a pong; None when the server has ended it."""
        for event in self._events:
            if isinstance(event, TextMessage):
                return json.loads(event.data)
            if isinstance(event, CloseConnection):
                self.code, self.reason = event.code, event.reason or ""
                return None
            if isinstance(event, Pong):
                return bytes(event.payload)
        raise AssertionError("because the events only end with an error")

    def subscribe(self, sequence: int = 1) -> str:
        """Subscribe to connections; the ConnectionId."""
        self.say([1, sequence, CONNECTIONS])
        found: str = self.hear()[4]["ConnectionId"]
        return found

    def close(self) -> None:
        """Say goodbye."""
        self._socket.sendall(self._ws.send(CloseConnection(code=1000)))


@contextmanager
def rta(
    url: str,
    authorization: str | None = None,
    *,
    sub_protocols: list[str] | None = None,
    query: str = "",
    ca_file: str | None = None,
) -> Iterator[Rta]:
    """A connection to the push channel of the server at ``url``, under TLS where there is a CA file."""
    parts = urlsplit(url)
    headers = {"Authorization": authorization} if authorization else {}
    with ExitStack() as stack:
        connection = stack.enter_context(socket.create_connection((parts.hostname, parts.port), timeout=PATIENCE))
        if ca_file is not None:
            context = ssl.create_default_context(cafile=ca_file)
            connection = stack.enter_context(context.wrap_socket(connection, server_hostname=parts.hostname))
        yield Rta(connection, f"{url}/connect{query}", headers, sub_protocols or [])
