"""The requests and answers of vcrpy as ours, and ours as vcrpy's."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Protocol
from urllib.parse import urlsplit

from handlesfake.cassettes.cassette import Interaction
from handlesfake.cassettes.format.compression import unpacked
from handlesfake.cassettes.format.object_bodies import bytes_sent
from handlesfake.mpsd.http.message import Headers, Request, Response
from handlesfake.values.values import frozen, replace

_PORTS = {"http": 80, "https": 443}


class VcrRequest(Protocol):
    """What is used of ``vcr.request.Request``."""

    method: str
    uri: str
    body: Any
    headers: Any

    def __init__(self, method: str, uri: str, body: Any, headers: Any) -> None: ...


class Loaded(dict[str, Any]):
    """An answer that was in the cassette already: it plays as it is."""


@frozen
class Sent:
    """A request as vcrpy has it, read."""

    request: Request
    """With its content coding taken off."""

    scheme: str
    also: Request | None = None
    """How it may have been spelled, too: vcrpy does not say of an object of aiohttp whether it is JSON or a form."""

    unread: str = ""
    """Why its body cannot be read; empty where it can."""

    def after(self, request: Request) -> Sent:
        """The same with ``request``, which was scrubbed, and what else it may be then."""
        if self.also is None:
            return replace(self, request=request)
        try:
            _, also = bytes_sent(json.loads(request.body), "")
        except ValueError:  # withheld as a whole
            also = None
        return replace(self, request=request, also=None if also is None else replace(request, body=also))

    @property
    def uri(self) -> str:
        """The address, without a name and password before the host."""
        return f"{self.scheme}://{self.request.host}{self.request.target}"

    @property
    def body(self) -> Any:
        """What vcrpy keeps as the body: an object where it had one, else bytes; None for none."""
        return json.loads(self.request.body) if self.also is not None else self.request.body or None

    def fields(self) -> dict[str, Any]:
        """The fields of the request, as vcrpy's serializers have them."""
        headers = _listed(self.request.headers)
        return {"method": self.request.method, "uri": self.uri, "body": self.body, "headers": headers}


def read_request(method: str, uri: str, body: Any, headers: Mapping[str, Any]) -> Sent:
    """The request with these fields, of ``vcr.request.Request`` or of a serializer."""
    parts = urlsplit(uri)
    host, port = parts.hostname or "", parts.port
    name = host if port in (None, _PORTS.get(parts.scheme)) else f"{host}:{port}"
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    lines = Headers(_lines(headers))
    unread, other = "", None
    try:
        raw, other = _bytes(body, lines.first("Content-Type") or "")
    except (ValueError, TypeError):
        raw, unread = b"", f"it is an object, {type(body).__name__}, and not what is sent"
    lines, plain = unpacked(lines, raw)
    request = Request(method.upper(), target, lines, plain, name)
    return Sent(request, parts.scheme, None if other is None else replace(request, body=other), unread)


def _bytes(body: Any, content_type: str) -> tuple[bytes, bytes | None]:
    """What was sent for ``body``, and what else it may have been.

    :raises ValueError: it cannot be known.
    :raises TypeError: as well.
    """
    if not body:
        return b"", None
    if isinstance(body, str):
        return body.encode(), None
    if isinstance(body, (bytes, bytearray, memoryview)):
        return bytes(body), None
    if isinstance(body, (Mapping, list, tuple)):
        plain = dict(body) if isinstance(body, Mapping) else list(body)
        return bytes_sent(plain, content_type)
    if hasattr(body, "read"):
        return _bytes(body.read(), content_type)
    chunks = [chunk.encode() if isinstance(chunk, str) else bytes(chunk) for chunk in body]
    return b"".join(chunks), None


def read_response(response: Mapping[str, Any]) -> Response:
    """An answer as vcrpy has it, also as its releases 4.1 to 5.1 had it of httpx, as it came."""
    if "status_code" in response:
        code, reason, body = response["status_code"], None, response.get("content")
    else:
        status = response["status"]
        code, reason = status["code"], status.get("message")
        body = (response.get("body") or {}).get("string")
    raw = body.encode() if isinstance(body, str) else bytes(body or b"")
    return Response(int(code), Headers(_lines(response.get("headers") or {})), raw, reason)


def in_order(response: Response) -> Response:
    """``response`` with its headers by name: the stubs of vcrpy put the names into a set, whose order is chance."""
    return replace(response, headers=Headers(sorted(response.headers, key=lambda line: line[0].lower())))


def vcr_response(response: Response) -> dict[str, Any]:
    """``response`` as vcrpy has its answers."""
    return {
        "status": {"code": response.status, "message": response.phrase},
        "headers": _listed(response.headers),
        "body": {"string": response.body},
    }


def vcr_interaction(one: Interaction) -> dict[str, Any]:
    """``one``, of a cassette of ours, as a serializer of vcrpy gives it."""
    sent = Sent(one.request, one.scheme, one.also)
    return {"request": sent.fields(), "response": Loaded(vcr_response(one.response))}


def _listed(headers: Headers) -> dict[str, list[str]]:
    lines: dict[str, list[str]] = {}
    for name, value in headers:
        lines.setdefault(name, []).append(value)
    return lines


def _lines(headers: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, values in headers.items():
        for value in values if isinstance(values, (list, tuple)) else [values]:
            yield name, value.decode("latin-1") if isinstance(value, bytes) else str(value)
