"""Whole requests and responses, by the three words of an ASGI application."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, TypeAlias
from urllib.parse import unquote

from handlesfake.mpsd.http.message import Headers, Request, Response
from handlesfake.server.http.limits import DEFAULT

Scope: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send: TypeAlias = Callable[[MutableMapping[str, Any]], Awaitable[None]]


_PIECE = 256 * 1024
"""Bytes of a body that are sent at a time."""


class Gone(Exception):
    """The client went away before its request was whole: there is no client left to answer."""


class TooLarge(Exception):
    """The body of a request is larger than the server takes."""


async def read_request(scope: Scope, receive: Receive, largest: int = DEFAULT.body) -> Request:
    """The whole request.

    :raises Gone: the client went away before.
    :raises TooLarge: the body has more than ``largest`` bytes.
    """
    return Request(scope["method"], _target(scope), headers_of(scope), await _body(receive, largest))


def headers_of(scope: Scope) -> Headers:
    """The header lines of a request; any bytes are taken."""
    return Headers((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"])


def _target(scope: Scope) -> str:
    target: str = scope.get("raw_path", scope["path"].encode()).decode("latin-1")
    query = scope["query_string"].decode("latin-1")
    return f"{target}?{query}" if query else target


def to_origin_form(scope: Scope) -> None:
    """Read a target as one asks a proxy, ``http://host/path``: its host goes over the header (RFC 9112, 3.2.2)."""
    raw: bytes = scope["raw_path"]
    if raw.startswith(b"/") or b"://" not in raw:
        return
    host, _, path = raw.partition(b"://")[2].partition(b"/")
    scope["raw_path"], scope["path"] = b"/" + path, "/" + unquote(path.decode("ascii"))
    scope["headers"] = [(b"host", host), *(line for line in scope["headers"] if line[0] != b"host")]


async def _body(receive: Receive, largest: int) -> bytes:
    parts, size = [], 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Gone
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > largest:
            raise TooLarge
        if not message.get("more_body", False):
            return b"".join(parts)


async def send_response(send: Send, response: Response, kind: str = "http.response") -> None:
    """Send the whole of ``response``.

    Names keep their own case. ASGI wants lower case, because HTTP/2 does. This server speaks HTTP/1.1, and spells
    names as the service does. So a client that looks for ``ETag`` by its bytes finds it as it would find the real
    one.

    :param kind: ``websocket.http.response`` where the answer refuses a WebSocket.
    """
    headers = [(name.encode("latin-1"), value.encode("latin-1", "replace")) for name, value in response.headers]
    if response.status not in (204, 304):
        headers.append((b"Content-Length", str(len(response.body)).encode()))
    await send({"type": f"{kind}.start", "status": response.status, "headers": headers})
    body = response.body
    for start in range(0, len(body) - _PIECE, _PIECE):  # others have their turn while a large one goes out
        await send({"type": f"{kind}.body", "body": body[start : start + _PIECE], "more_body": True})
        await asyncio.sleep(0)
    await send({"type": f"{kind}.body", "body": body[(max(len(body), 1) - 1) // _PIECE * _PIECE :]})


def text(status: int, sentence: str) -> Response:
    """One sentence of the server itself."""
    return Response(status, Headers([("Content-Type", "text/plain; charset=utf-8")]), f"{sentence}\r\n".encode())
