"""Upstream: the way from a server that records to the real service."""

from __future__ import annotations

import asyncio
import ssl
from functools import cached_property
from urllib.parse import urlsplit

import h11

from handlesfake.errors import SettingsError
from handlesfake.intercept.network.guard import really_calling
from handlesfake.intercept.wire.http1 import CARRIED, MalformedMessage
from handlesfake.intercept.wire.parsing import ResponseReader
from handlesfake.mpsd.http.message import MPSD_HOST, Request, Response
from handlesfake.values.values import frozen

PATIENCE = 60.0
"""Seconds that one call takes at most."""

_PORTS = {"http": 80, "https": 443}
_OURS = CARRIED | {"host", "expect", "upgrade", "te", "trailer", "proxy-connection", "proxy-authorization"}
"""Lower-case names of what a client says to us, and not to the service."""


class Unreached(Exception):
    """The real service gave no answer: the text says which, and why."""


@frozen
class _Place:
    """Where a service answers."""

    url: str
    host: str
    port: int
    authority: str
    """What the header ``Host`` says."""

    @property
    def is_tls(self) -> bool:
        return self.url.startswith("https:")


class Upstream:
    """Makes each request for real, over a new connection, and returns what came.

    :param url: where the real MPSD answers; other services are asked under their own names.
    :raises SettingsError: it is not an http or https URL of a host.
    """

    def __init__(self, url: str = f"https://{MPSD_HOST}") -> None:
        parts = urlsplit(url)
        try:
            port = parts.port
        except ValueError:
            port = -1
        if parts.scheme not in _PORTS or not parts.hostname or port == -1 or parts.path.strip("/") or parts.query:
            raise SettingsError(
                f"--upstream {url}: write the address of the real service, https://{MPSD_HOST}, without a path"
            )
        authority = parts.netloc.rpartition("@")[2]
        own_url = f"{parts.scheme}://{parts.netloc}"
        self._own = _Place(own_url, parts.hostname, port or _PORTS[parts.scheme], authority)
        self.unanswered = 0
        self.problem = ""
        """Why it gave no answer, the last time it gave none."""

    async def __call__(self, request: Request) -> Response:
        """What the real service answers to ``request``.

        :raises Unreached: it gave no answer.
        """
        try:
            return await self._answer(request)
        except Unreached as error:
            self.unanswered += 1
            self.problem = str(error)
            raise

    async def _answer(self, request: Request) -> Response:
        place = self._own
        if request.host != MPSD_HOST:
            place = _Place(f"https://{request.host}", request.host, _PORTS["https"], request.host)
        try:
            raw = _bytes(request, place)
        except h11.LocalProtocolError as error:
            raise Unreached(f"{place.url} cannot be asked that: {error}") from None
        try:
            with really_calling():
                async with asyncio.timeout(PATIENCE):
                    return await self._asked(raw, request.method, place)
        except TimeoutError:
            raise Unreached(f"{place.url} gave no answer in {PATIENCE:g} s") from None
        except (OSError, MalformedMessage) as error:
            raise Unreached(f"{place.url} cannot be reached: {error}") from None

    @cached_property
    def _context(self) -> ssl.SSLContext:
        """The authorities to trust: those of the system and of SSL_CERT_FILE. Reading them takes 20 ms."""
        return ssl.create_default_context()

    async def _asked(self, raw: bytes, method: str, place: _Place) -> Response:
        context = self._context if place.is_tls else None
        reader, writer = await asyncio.open_connection(place.host, place.port, ssl=context)
        try:
            self._is_elsewhere(writer, place)
            writer.write(raw)
            return await _received(reader, method)
        finally:
            writer.close()

    def _is_elsewhere(self, writer: asyncio.StreamWriter, place: _Place) -> None:
        """See that the name does not lead back to this server, as where a hosts file maps it for the client."""
        ours = writer.get_extra_info("sockname")[0], place.port
        if writer.get_extra_info("peername")[:2] == ours and place.port in self.own_ports:
            raise OSError(
                "that name leads back to this very server. Name the real one by its address, or map the name for the "
                "client alone"
            )

    own_ports: frozenset[int] = frozenset()
    """Where the server itself listens."""


def _bytes(request: Request, place: _Place) -> bytes:
    lines = [(name, value) for name, value in request.headers if name.lower() not in _OURS]
    lines = [("Host", place.authority), *lines, ("Connection", "close")]
    if request.body or request.method in ("POST", "PUT"):
        lines.append(("Content-Length", str(len(request.body))))
    writer = h11.Connection(h11.CLIENT)
    head = h11.Request(method=request.method, target=request.target, headers=lines)
    parts = [writer.send(head), writer.send(h11.Data(request.body)), writer.send(h11.EndOfMessage())]
    return b"".join(part for part in parts if part)


async def _received(reader: asyncio.StreamReader, method: str) -> Response:
    answer = ResponseReader(method)
    while (response := answer.next()) is None:
        data = await reader.read(65536)
        if data:
            answer.feed(data)
        else:
            answer.eof()
    return response
