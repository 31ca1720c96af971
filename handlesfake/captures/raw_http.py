"""One message of HTTP/1 as a tool has kept it, byte for byte; h11 reads it."""

from __future__ import annotations

import re

import h11

from handlesfake.captures.exchange import Unusable, shown
from handlesfake.captures.messages import header_lines
from handlesfake.mpsd.http.message import Headers
from handlesfake.values.values import frozen

_REQUEST_LINE = re.compile(rb"([!-~]{1,40}) ([!-~]+) HTTP/(\d(?:\.\d)?)\r?\n")
_STATUS_LINE = re.compile(rb"HTTP/\d(?:\.\d)? (\d{3})(?: ([^\r\n]*))?\r?\n")
_COUNTS = re.compile(r"received (\d+) bytes, expected (\d+)")
"""What h11 says of half a body."""

_LARGEST_HEAD = 1 << 20
_NO_HOST = b"captured.invalid"


@frozen
class RequestLine:
    """How a request begins."""

    method: str
    target: str
    """As it is there: an address, a path, or host and port."""

    is_old: bool
    """It is of HTTP/1.0."""

    length: int
    """Bytes of the line."""

    @classmethod
    def of(cls, raw: bytes) -> RequestLine | None:
        """That of the message in ``raw``; None where there is none."""
        found = _REQUEST_LINE.match(raw)
        if found is None:
            return None
        return cls(found[1].decode("ascii"), found[2].decode("ascii"), found[3] == b"1.0", found.end())


@frozen
class Answer:
    """An answer as it was kept, content coding and all."""

    status: int
    reason: str
    headers: Headers
    body: bytes
    is_measured: bool
    """Something says where the body ends."""


def read_request(raw: bytes, line: RequestLine) -> tuple[Headers, bytes]:
    """Headers and body of the request in ``raw``, which begins with ``line``.

    :raises Unusable: it is not a request, or not whole.
    """
    # the version is not part of an exchange, and h11 accepts only its own ones; a target is what `line` has
    version = b"1.0" if line.is_old else b"1.1"
    head = b"%s / HTTP/%s\r\n" % (line.method.encode(), version)
    parser = h11.Connection(h11.SERVER, _LARGEST_HEAD)
    events = _events(parser, head + _host_first(raw[line.length :]), "request")
    headers = header_lines(_lines(events[0])) if events else Headers()
    return Headers(one for one in headers if one[1] != _NO_HOST.decode()), _body(events)


def read_answer(raw: bytes, method: str) -> Answer:
    """The answer in ``raw`` to a request by ``method``; interim answers before it are passed over.

    :raises Unusable: it is not a response, or not whole.
    """
    line = _STATUS_LINE.match(raw)
    if line is None:
        raise Unusable("its answer does not begin as one of HTTP does")
    if line[1] == b"101":
        raise Unusable("a WebSocket: what is pushed is not replayed")
    raw = re.sub(rb"\AHTTP/\S+", b"HTTP/1.1", raw)
    parser = h11.Connection(h11.CLIENT, _LARGEST_HEAD)
    parser.send(h11.Request(method=method, target="/", headers=[("Host", _NO_HOST.decode())]))
    parser.send(h11.EndOfMessage())
    events = _events(parser, raw, "answer")
    head = next((one for one in events if type(one) is h11.Response), None)
    if head is None:
        raise Unusable("the answer is not whole")
    headers = header_lines(_lines(head))
    is_measured = bool(headers.first("Content-Length") or headers.first("Transfer-Encoding"))
    return Answer(head.status_code, head.reason.decode("latin-1"), headers, _body(events), is_measured)


def _events(parser: h11.Connection, raw: bytes, what: str) -> list[h11.Event]:
    """What ``parser`` makes of ``raw``, up to the end of the message, which must be the end of ``raw``."""
    found: list[h11.Event] = []
    try:
        parser.receive_data(raw)
        while True:
            event = parser.next_event()
            if event is h11.NEED_DATA:
                parser.receive_data(b"")
                continue
            if not isinstance(event, h11.Event) or type(event) is h11.ConnectionClosed:
                raise Unusable(f"the {what} is not whole")
            found.append(event)
            if type(event) is h11.EndOfMessage:
                break
    except h11.RemoteProtocolError as error:
        counts = _COUNTS.search(str(error))
        told = f": {counts[1]} of {counts[2]} bytes" if counts else f", or no HTTP: {shown(str(error))}"
        raise Unusable(f"the {what} is not whole{told}") from None
    if parser.trailing_data[0]:
        raise Unusable(f"the {what} goes on behind its end: {len(parser.trailing_data[0])} bytes")
    return found


def _host_first(rest: bytes) -> bytes:
    """``rest`` of a request with a header Host, which h11 wants and requests over HTTP/2 have not."""
    head = b"\r\n" + rest.partition(b"\r\n\r\n")[0].lower()
    return rest if b"\r\nhost:" in head else b"Host: " + _NO_HOST + b"\r\n" + rest


def _lines(head: h11.Event) -> list[tuple[str, str]]:
    if not isinstance(head, (h11.Request, h11.Response)):
        return []
    return [(name.decode("ascii"), value.decode("latin-1")) for name, value in head.headers.raw_items()]


def _body(events: list[h11.Event]) -> bytes:
    return b"".join(bytes(one.data) for one in events if isinstance(one, h11.Data))
