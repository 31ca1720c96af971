"""HeadReader: the heads of requests that are not plain, and what is refused of them."""

from __future__ import annotations

import sys
from abc import ABC, abstractmethod
from typing import Any

import h11

from handlesfake.exchange.outcome import Answer
from handlesfake.intercept.wire.http1 import script
from handlesfake.mpsd.http.message import Request, Response
from handlesfake.server.http.asgi import text
from handlesfake.server.http.config import Direct
from handlesfake.server.http.line import HttpLine
from handlesfake.server.http.malformed import FOLDED, PLAIN, is_folded, malformed, reason

_CRLF = b"\r\n"


class HeadReader(HttpLine, ABC):
    """Sees to what h11 does not: empty lines before a request, folded headers, and why bytes were not a request."""

    def __init__(self, *words: Any) -> None:
        super().__init__(*words)
        self._head, self._odd = b"", b""
        """What came last as the head of a request that is not plain, and half an empty line before one."""

        self._ends = False
        """Whether the connection ends with the last answer that is still to come."""

    @abstractmethod
    def _hear(self, data: bytes) -> None:
        """Let h11 read ``data``."""

    @abstractmethod
    def _begin(self, direct: Direct, request: Request) -> None:
        """Begin to answer ``request``."""

    def _hear_head(self, data: bytes) -> None:
        """The beginning of a request that is not plain, or more of it; h11 looks at its length only until its end."""
        head = self.conn.trailing_data[0] + data
        if self._is_too_large(head):
            self._refuse_header()
        elif is_folded(head):
            self._refuse_malformed(head, FOLDED)
        else:
            self._head = head[: self._limits.header]
            self._hear(data)

    def _without_empty_lines(self, data: bytes) -> bytes:
        """``data`` from its request line on: clients of old end a body by an empty line (RFC 9112, 2.2)."""
        data = self._odd + data
        while data.startswith(_CRLF):
            data = data[2:]
        self._odd = data if data == b"\r" else b""
        return b"" if self._odd else data

    def _is_too_large(self, head: bytes) -> bool:
        """Whether ``head``, as far as it has come, is larger than the limit."""
        limit = self._limits.header
        return len(head) > limit and head.find(b"\r\n\r\n", 0, limit) < 0

    # ---- what is refused here

    def send_400_response(self, msg: str) -> None:
        """What came is not HTTP, or more than the limit."""
        error = sys.exc_info()[1]  # uvicorn calls this while it handles h11's complaint, and keeps that to itself
        if isinstance(error, h11.RemoteProtocolError) and error.error_status_hint == 431:
            self._refuse_header()
        else:
            problem = reason(error) if isinstance(error, h11.RemoteProtocolError) else str(error or msg)
            self._refuse_malformed(self._head, problem)

    def refuse_plain(self, data: bytes) -> None:
        """What came is plain HTTP, and this port speaks TLS."""
        self._refuse_malformed(data, PLAIN)

    def _refuse_header(self) -> None:
        self._refuse(431, f"The headers are larger than {self._limits.header} bytes")
        self.transport.close()

    def _refuse(self, status: int, sentence: str) -> None:
        self._write_last(text(status, f"{sentence}, the limit of this fake."), "GET")

    def _refuse_malformed(self, head: bytes, problem: str) -> None:
        """Answer what is not HTTP as the service does, enter it in the journal, and read no more."""
        if self.cycle is not None and not self.cycle.response_complete:
            has_begun, self.cycle.disconnected = self.cycle.response_started, True
            self.cycle.message_event.set()  # the reader that waits for the rest of the request
            if has_begun:
                self.transport.close()
                return
        asked = malformed(head, problem)
        if self._direct is None or not self._direct.takes_plain(asked):
            self._write_last(text(400, f"The request cannot be read: {problem}."), asked.method)
            self.transport.close()
        else:
            self._ends = True
            self._begin(self._direct, asked)

    def _write_last(self, response: Response, method: str) -> None:
        data, _ = script(last_of(Answer(response, "the server")), method)
        self.transport.write(data)


def last_of(answer: Answer) -> Answer:
    """The same, and nothing behind it: its connection ends."""
    response = answer.response
    closing = Response(response.status, response.headers.plus([("Connection", "close")]), response.body)
    return Answer(closing, answer.decided_by)
