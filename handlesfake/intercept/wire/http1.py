"""One place that turns HTTP/1.1 bytes into Request and Response, and what was decided into bytes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from handlesfake.errors import HandlesfakeError
from handlesfake.exchange.outcome import Answer, ConnectionEnd, Fault
from handlesfake.mpsd.http.message import MPSD_HOST, Headers, Request, Response
from handlesfake.values.values import replace

if TYPE_CHECKING:
    from handlesfake.intercept.wire.parsing import RequestParser

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
"""What a client that sent ``Expect: 100-continue`` waits for before it sends the body (RFC 9110, 10.1.1)."""

CARRIED = frozenset({"connection", "content-length", "keep-alive", "transfer-encoding"})
_SAID = {"content-length"}
"""Lower-case names of what describes the carriage of an answer, and no part of it."""

_PLAIN_HEAD = re.compile(
    rb"([A-Z]+) (/[!-~]*) HTTP/1\.1\r\n((?:[-!#$%&'*+.^_`|~0-9A-Za-z]+: [!-~](?:[ -~]*[!-~])?\r\n)+)\r\n"
)
_CONNECTION = len("connection")
_SIZE = re.compile("[0-9]{1,9}")
_FRAMING = frozenset({"expect", "trailer", "transfer-encoding", "upgrade"})


class MalformedMessage(HandlesfakeError, ValueError):
    """Bytes that are not an HTTP/1.1 message."""


class RequestReader:
    """Reads the requests of one connection, one after the other, from the bytes that a client sends.

    :param host: what the connection leads to; a target in absolute form (``http://host/handles``) overrules it.
    """

    def __init__(self, host: str = MPSD_HOST) -> None:
        self._host = host
        self._fed: list[bytes] = []
        self._parser: RequestParser | None = None
        self.raw = b""
        """The very bytes of the request that :meth:`next` returned last."""

    @property
    def awaits_continue(self) -> bool:
        """The client holds the body back until it is sent :data:`CONTINUE`."""
        return self._parser is not None and self._parser.awaits_continue

    @property
    def is_begun(self) -> bool:
        """Something was fed that is not part of a request before."""
        return bool(self._fed)

    def feed(self, data: bytes) -> None:
        """Take the next ``data`` of the connection."""
        if data:
            self._fed.append(data)
            if self._parser is not None:
                self._parser.feed(data)

    def next(self) -> Request | None:
        """The next complete request, or None while more bytes are needed.

        :raises MalformedMessage: what was fed is not an HTTP/1.1 request.
        """
        if self._parser is not None:
            return self._parsed(self._parser)
        if not self._fed:
            return None
        data = b"".join(self._fed)
        plain = _plain(data, self._host)
        if plain is not None:
            request, length = plain
            if request is not None:
                self._begin_again(data, length)
            return request
        from handlesfake.intercept.wire.parsing import RequestParser  # lazily: most requests are plain

        self._parser = RequestParser()
        self._parser.feed(data)
        return self._parsed(self._parser)

    def _parsed(self, parser: RequestParser) -> Request | None:
        request = parser.next()
        if request is None:
            return None
        # A fresh parser for the next request: to reuse this one, h11 would need every answer.
        self._parser = None
        data = b"".join(self._fed)
        self._begin_again(data, len(data) - parser.left_over)
        host, target = origin_form(self._host, request.target)
        return replace(request, target=target, host=host)

    def _begin_again(self, data: bytes, length: int) -> None:
        self.raw, behind = data[:length], data[length:]
        self._fed = [behind] if behind else []


def plain_request(data: bytes, host: str) -> tuple[Request, int] | None:
    """The request at the start of ``data``, and its length in bytes; None for h11 to say what it makes of them.

    Nearly every request of a client is this plain, and read so it costs a fifth of what h11 needs. Whatever is not
    altogether ordinary (a coding, an expectation, odd spaces, a body that is not here yet) is left to h11.
    """
    request, length = _plain(data, host) or (None, 0)
    return None if request is None else (request, length)


def _plain(data: bytes, host: str) -> tuple[Request | None, int] | None:
    """The same; None while bytes of its body are missing, and then no other reader has to be asked."""
    head = _PLAIN_HEAD.match(data)
    if head is None:
        return None
    lines = head[3].decode("ascii").split("\r\n")
    lines.pop()
    named: dict[str, tuple[str, str]] = {}
    for line in lines:
        name, _, value = line.partition(": ")
        named[name.lower()] = name, value
    size = named["content-length"][1] if "content-length" in named else "0"
    if len(named) != len(lines) or "host" not in named or not _SIZE.fullmatch(size) or not _FRAMING.isdisjoint(named):
        return None
    end = head.end() + int(size)
    if len(data) < end:
        return None, 0
    headers = Headers.of_different(named)
    target = head[2].decode("ascii")
    return Request(head[1].decode("ascii"), target, headers, data[head.end() : end], host), end


def request_bytes(request: Request) -> bytes:
    """``request`` as a client puts it on the wire: its lines say how it is carried."""
    lines = [f"{request.method} {request.target} HTTP/1.1", *[f"{name}: {value}" for name, value in request.headers]]
    return "\r\n".join(lines).encode("ascii") + b"\r\n\r\n" + request.body


def received(headers: Headers, method: str) -> Headers:
    """What a real answer to ``method`` says, less what is its carrier's: to HEAD, it says how long another is."""
    return headers.without(*(CARRIED - _SAID if method == "HEAD" else CARRIED))


def response_bytes(response: Response, method: str) -> bytes:
    """``response`` as a server puts it on the wire in answer to ``method``.

    The framing is made here (``Content-Length``, and no body where HTTP allows none); what ``response`` says of
    framing is left out.
    """
    headers, body = framed(response, method)
    lines = [f"HTTP/1.1 {response.status} {response.phrase}", *[f"{name}: {value}" for name, value in headers]]
    return "\r\n".join(lines).encode("latin-1", "replace") + b"\r\n\r\n" + body


def framed(response: Response, method: str) -> tuple[list[tuple[str, str]], bytes]:
    """The header lines and the body with which ``response`` crosses the wire in answer to ``method``."""
    headers = [line for line in response.headers if line[0].lower() not in CARRIED]
    if _closes(response):
        headers.append(("Connection", "close"))
    length, body = carried(response, method)
    return ([*headers, ("Content-Length", length)] if length is not None else headers), body


def carried(response: Response, method: str) -> tuple[str | None, bytes]:
    """What is said of the length of ``response`` in answer to ``method``, and the body that crosses the wire."""
    status, body = response.status, response.body
    if status in (204, 304) or status < 200:
        return None, b""
    if method != "HEAD":
        return str(len(body)), body
    return response.headers.first("Content-Length", str(len(body)) if body else None), b""


def script(outcome: Answer | Fault, method: str) -> tuple[bytes, ConnectionEnd]:
    """What crosses the wire in answer to ``method``, and how the connection ends after it."""
    if isinstance(outcome, Fault):
        if outcome.wreck is None or outcome.answer is None:
            return outcome.sent, outcome.ending
        head, end, body = response_bytes(outcome.answer.response, method).partition(b"\r\n\r\n")
        return outcome.wreck(head + end, body), outcome.ending
    response = outcome.response
    return response_bytes(response, method), ConnectionEnd.CLOSE if _closes(response) else ConnectionEnd.KEEP


def origin_form(host: str, target: str) -> tuple[str, str]:
    """``(host, target)`` of a request for ``target`` on a connection to ``host``.

    A proxy is sent the absolute form (``http://sessiondirectory.xboxlive.com/handles``). The service behind it sees
    the origin form (``/handles``, RFC 9112, 3.2), and its host is then the one in the target.
    """
    if target.startswith("/") or "://" not in target:
        return host, target
    parts = urlsplit(target)
    origin = parts.path or "/"
    return parts.hostname or host, f"{origin}?{parts.query}" if parts.query else origin


def unreadable(error: MalformedMessage) -> Request:
    """The request for the bytes of a client that are not one: the service answers 400 and ends the connection."""
    return Request("", "", malformed=str(error.__cause__ or error))


def _closes(response: Response) -> bool:
    # most answers say nothing of it: to look at each name costs less than what finds any of them
    said = [value for name, value in response.headers if len(name) == _CONNECTION and name.lower() == "connection"]
    return bool(said) and said[0].lower() == "close"
