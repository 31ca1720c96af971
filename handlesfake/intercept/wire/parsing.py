"""What is not altogether plain HTTP/1.1, read by h11, and the answers of real services."""

from __future__ import annotations

from typing import Any

import h11

from handlesfake.intercept.wire.http1 import MalformedMessage, received
from handlesfake.mpsd.http.message import MPSD_HOST, Headers, Request, Response

MAX_HEAD = 1 << 20
"""Bytes that a head may have. h11's own limit of 16 KiB is a server's defence, and refuses what a test may try."""


class RequestParser:
    """Reads one request from the bytes that a client sends."""

    def __init__(self) -> None:
        self._parser = h11.Connection(h11.SERVER, MAX_HEAD)
        self._head: Any = None
        self._body: list[bytes] = []

    @property
    def awaits_continue(self) -> bool:
        """The client holds the body back until it is sent an interim answer."""
        return self._parser.they_are_waiting_for_100_continue

    @property
    def left_over(self) -> int:
        """How many bytes there are after the request."""
        return len(self._parser.trailing_data[0])

    def feed(self, data: bytes) -> None:
        """Take the next ``data``, which is not empty."""
        self._parser.receive_data(data)

    def next(self) -> Request | None:
        """The complete request, its target as it was sent, or None while more bytes are needed.

        :raises MalformedMessage: what was fed is not an HTTP/1.1 request.
        """
        while True:
            event = _event(self._parser, "request")
            if type(event) is h11.Data:
                self._body.append(bytes(event.data))
            elif type(event) is h11.Request:
                self._head = event
            elif type(event) is h11.EndOfMessage:
                method, target = (text.decode("ascii") for text in (self._head.method, self._head.target))
                return Request(method, target, _lines(self._head), b"".join(self._body))
            else:
                return None


class ResponseReader:
    """Reads the answer to one request from the bytes that a real service sends.

    :param method: of the request: an answer to ``HEAD`` has no body, whatever its head says.
    """

    def __init__(self, method: str) -> None:
        self._method = method
        self._parser = h11.Connection(h11.CLIENT, MAX_HEAD)
        self._parser.send(h11.Request(method=method, target="/", headers=[("Host", MPSD_HOST)]))
        self._parser.send(h11.EndOfMessage())
        self._head: Any = None
        self._body: list[bytes] = []

    def feed(self, data: bytes) -> None:
        """Take the next ``data`` of the connection."""
        if data:
            self._parser.receive_data(data)

    def eof(self) -> None:
        """The service has closed the connection."""
        self._parser.receive_data(b"")

    def next(self) -> Response | None:
        """The complete answer, or None while more bytes are needed. Interim answers (1xx) are passed over.

        :raises MalformedMessage: what was fed is not an HTTP/1.1 answer, or ended before it was complete.
        """
        while True:
            event = _event(self._parser, "answer")
            if type(event) is h11.Data:
                self._body.append(bytes(event.data))
            elif type(event) is h11.Response:
                self._head = event
            elif type(event) is h11.EndOfMessage:
                return self._complete()
            elif type(event) is not h11.InformationalResponse:
                return None

    def _complete(self) -> Response:
        head = self._head
        headers = received(_lines(head), self._method)
        return Response(head.status_code, headers, b"".join(self._body), head.reason.decode("latin-1"))


def _event(parser: h11.Connection, what: str) -> Any:
    try:
        return parser.next_event()
    except h11.RemoteProtocolError as error:
        raise MalformedMessage(f"these bytes are not an HTTP/1.1 {what}: {error}") from error


def _lines(head: h11.Request | h11.Response) -> Headers:
    return Headers([(name.decode("ascii"), value.decode("latin-1")) for name, value in head.headers.raw_items()])
