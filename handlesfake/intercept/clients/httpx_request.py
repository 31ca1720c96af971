"""The request of httpx, and of httpx2, as it would have crossed the wire."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import ModuleType
from typing import Any

import h11

from handlesfake.intercept.wire.plain_text import Line, names_are_plain, values_are_plain
from handlesfake.mpsd.http.message import Headers, Request
from handlesfake.values.values import frozen

_HEAD = "_handlesfake_head"
"""The attribute of a transport that holds the :class:`_Head` of its last request."""

_NO_LENGTH = "Content-Length", "0"


@frozen
class _Head:
    """The head of a plain request: a client sends the same again and again, and it is then read once."""

    method: str
    raw: Sequence[tuple[bytes, bytes]]
    length: int
    """Bytes of the body."""

    headers: Headers


def request_of(client: ModuleType, transport: Any, request: Any, body: bytes) -> Request:
    """The client's request; its transfer coding is removed by not being made.

    :raises httpx.LocalProtocolError: the client could not have sent it: a token that ends in a newline ...
    """
    method, raw, url = request.method, request.headers.raw, request.url
    kept = vars(transport)
    head: _Head | None = kept.get(_HEAD)
    if head is None or head.raw != raw or head.length != len(body) or head.method != method:
        lines = lines_of(raw)
        named = {line[0].lower(): line for line in lines}
        headers = Headers.of_different(named) if len(named) == len(lines) else Headers(lines)
        if not _is_plain(method, lines, named, len(body)):
            _demand_writable(client, request, body)
            return Request(method, url.raw_path.decode("ascii"), headers, body, url.host)
        kept[_HEAD] = head = _Head(method, raw, len(body), headers)
    return Request(method, url.raw_path.decode("ascii"), head.headers, body, url.host)


def lines_of(raw: Sequence[tuple[bytes, bytes]]) -> list[Line]:
    """Header lines as text."""
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in raw]


def _is_plain(method: str, lines: list[Line], named: Mapping[str, Line], length: int) -> bool:
    """Whether the client's own HTTP/1.1 writer finds no fault with this: so it is with most requests."""
    return (
        len(named) == len(lines)
        and "host" in named
        and "transfer-encoding" not in named
        and named.get("content-length", _NO_LENGTH)[1] == str(length)
        and names_are_plain([method, *named])
        and values_are_plain([value for _, value in lines])
    )


def _demand_writable(client: ModuleType, request: Any, body: bytes) -> None:
    """Let h11, which writes the client's requests, judge one that is out of the ordinary: it takes 28 us to ask.

    :raises httpx.LocalProtocolError: the client could not have sent it.
    """
    writer = h11.Connection(h11.CLIENT)
    try:
        writer.send(h11.Request(method=request.method, target=request.url.raw_path, headers=request.headers.raw))
        writer.send(h11.Data(data=body))
        writer.send(h11.EndOfMessage())
    except h11.LocalProtocolError as error:
        raise client.LocalProtocolError(str(error), request=request) from error
