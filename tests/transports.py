"""Roads: the ways by which a request reaches the service, each with the same two words, ``arrange`` and ``send``."""

from __future__ import annotations

import asyncio
import http.client
import socket
import ssl
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from functools import cache, partial
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import aiohttp
import httpx
import httpx2
import requests
import trio
import urllib3
import uvicorn

from handlesfake.double.double import Double, core_of
from handlesfake.fake_service.ids import Ids
from handlesfake.fake_service.stage import Fake
from handlesfake.mpsd.assumption import Assumption
from handlesfake.mpsd.evidence import Evidence
from handlesfake.mpsd.http.message import MPSD_HOST, Headers, Request
from handlesfake.mpsd.settings import Settings
from handlesfake.mpsd.state.directory import Directory
from handlesfake.mpsd.state.session import Document
from handlesfake.options.options import Options
from handlesfake.server.app import App
from handlesfake.services.table import service_of
from handlesfake.templates.shelf import Shelf
from handlesfake.timing.clock import Clock
from handlesfake.timing.virtual_time import VirtualTime
from handlesfake.users.user import User
from handlesfake.world.seeded_session import SeededSession
from handlesfake.world.world import World
from tests.patience import PATIENCE

URL = f"https://{MPSD_HOST}"
TLS = ssl.create_default_context()
"""One for all clients: reading the certificates takes longer than a whole request."""

Pairs = list[tuple[str, str]]
Wire = tuple[int, Headers, bytes]
"""Status, headers and body of an answer."""

Client = Callable[[str, str, Pairs, bytes], Wire]
"""Sends method, absolute address, headers and body, and gives the answer back."""


@dataclass
class Told:
    """What the fake says of its last answer."""

    evidence: Evidence | None = None
    notes: tuple[str, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    delivered: bool | None = None


@dataclass
class Road:
    """A service, the words that arrange it, and a way to it."""

    mpsd: Any
    """Arranges: ``user``, ``service`` and ``session``, as the public face has them."""

    fake: Fake
    clock: Clock
    send: Client
    told: Callable[[], Told]

    @property
    def directory(self) -> Directory:
        """What the service knows now."""
        return self.fake.directory


def _address(options: Options, target: str) -> tuple[str, str]:
    """Host and target: those of an absolute address, else the first host of the service beside MPSD, or MPSD's."""
    host, slash, path = target.removeprefix("https://").partition("/")
    if target.startswith("https://"):
        return host, slash + path
    return (options.service_hosts[0] if options.service_hosts else MPSD_HOST), target


# ---- the pure service


class _Arranger:
    """The public face's words over a world without a double."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.user, self.service = world.user, world.service

    def drop_connection(self, user: User, *, noticed: bool = True) -> None:
        """As ``Double.drop_connection``."""
        connections = self._world.connections
        connections.drop(connections.named(user), noticed=noticed)

    def session(
        self,
        name: dict[str, str],
        *,
        template: str | None,
        members: Iterable[User],
        constants: Document,
        properties: Document,
    ) -> SeededSession:
        """As ``Double.session``."""
        ref, said = self._world.ref(name, template), {"system": properties, "custom": {}}
        return self._world.session(ref, members, constants=constants, properties=said)


def described(settings: Settings, templates: Mapping[str, Document]) -> Settings:
    """``settings`` of a service that knows ``templates``, for any service configuration, beside what is ready."""
    return replace(settings, templates=templates, names_in=None if templates else settings.names_in)


@contextmanager
def core(options: Options, templates: Mapping[str, Document]) -> Iterator[Road]:
    """No client, no engine: ``service.answer`` itself."""
    fake = Fake(described(Shelf().settings(options.settings), templates), Ids(options.name))
    clock = VirtualTime(options.now)
    last = Told()

    def send(method: str, target: str, headers: Pairs, body: bytes) -> Wire:
        host, path = _address(options, target)
        request = Request(method, path, Headers(headers), body, host)
        answer = service_of(request).answer()
        reply = answer(fake.directory, request, clock.tick(), fake.ids, fake.settings)
        if reply.provenance.refusal is not None and not fake.settings.throttling:
            told = reply.directory.missing > fake.directory.missing  # a refused creation: no assumption stands
            assert told or reply.directory is fake.directory, "a refusal changed the directory"
        fake.directory = reply.directory
        last.evidence, last.notes = reply.provenance.evidence, reply.provenance.notes
        last.assumptions, last.delivered = reply.provenance.assumptions, reply.provenance.delivered
        return reply.response.status, reply.response.headers, reply.response.body

    yield Road(_Arranger(World(fake, clock, threading.RLock())), fake, Clock(clock), send, lambda: last)


# ---- a double, met by a client


@contextmanager
def through(client: Client, options: Options, templates: Mapping[str, Document]) -> Iterator[Road]:
    """A double that ``client`` meets at its seam."""
    with Double(options) as mpsd:
        fake: Fake = core_of(mpsd).fake
        fake.settings = described(fake.settings, templates)

        def send(method: str, target: str, headers: Pairs, body: bytes) -> Wire:
            return client(method, f"https://{''.join(_address(options, target))}", headers, body)

        yield Road(mpsd, fake, mpsd.clock, send, lambda: _told(mpsd))


def _told(mpsd: Double) -> Told:
    entry = mpsd.journal[-1]
    return Told(entry.evidence, entry.notes, entry.assumptions, entry.delivered)


def by_requests(method: str, url: str, headers: Pairs, body: bytes) -> Wire:
    """Requests."""
    with requests.Session() as session:
        response = session.request(
            method, url, headers=dict(headers), data=body or None, timeout=PATIENCE, allow_redirects=False
        )
        return response.status_code, Headers(response.headers.items()), response.content


def by_urllib3(method: str, url: str, headers: Pairs, body: bytes) -> Wire:
    """urllib3."""
    with urllib3.PoolManager(ssl_context=TLS) as pool:
        response = pool.request(
            method, url, headers=dict(headers), body=body or None, timeout=PATIENCE, retries=False
        )
        return response.status, Headers(response.headers.items()), response.data


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Leaves an answer that leads elsewhere as it is."""

    def redirect_request(self, *_: Any) -> None:
        """Follow nothing."""


def by_urllib(method: str, url: str, headers: Pairs, body: bytes) -> Wire:
    """urllib.request."""
    request = urllib.request.Request(url, body or None, dict(headers), method=method)
    try:
        opener = urllib.request.build_opener(urllib.request.HTTPSHandler(context=TLS), _NoRedirect)
        response = opener.open(request, timeout=PATIENCE)
    except urllib.error.HTTPError as error:
        response = error
    with response:
        return response.status, Headers(response.headers.items()), response.read()


def by_http_client(method: str, url: str, headers: Pairs, body: bytes) -> Wire:
    """http.client."""
    host, _, target = url.removeprefix("https://").partition("/")
    connection = http.client.HTTPSConnection(host, timeout=PATIENCE, context=TLS)
    try:
        connection.request(method, f"/{target}", body or None, dict(headers))
        response = connection.getresponse()
        return response.status, Headers(response.getheaders()), response.read()
    finally:
        connection.close()


def by_httpx(method: str, url: str, headers: Pairs, body: bytes) -> Wire:
    """httpx, the blocking client."""
    with httpx.Client(verify=TLS) as client:
        response = client.request(method, url, headers=headers, content=body or None)
        return response.status_code, Headers(response.headers.multi_items()), response.content


async def _by_httpx_async(method: str, url: str, headers: Pairs, body: bytes) -> Wire:
    async with httpx.AsyncClient(verify=TLS) as client:
        response = await client.request(method, url, headers=headers, content=body or None)
        return response.status_code, Headers(response.headers.multi_items()), response.content


def by_httpx_asyncio(method: str, url: str, headers: Pairs, body: bytes) -> Wire:
    """httpx, the async client on asyncio."""
    return asyncio.run(_by_httpx_async(method, url, headers, body))


def by_httpx_trio(method: str, url: str, headers: Pairs, body: bytes) -> Wire:
    """httpx, the async client on trio."""
    return trio.run(_by_httpx_async, method, url, headers, body)


def by_httpx2(method: str, url: str, headers: Pairs, body: bytes) -> Wire:
    """httpx2, the blocking client."""
    with httpx2.Client(verify=TLS) as client:
        response = client.request(method, url, headers=headers, content=body or None)
        return response.status_code, Headers(response.headers.multi_items()), response.content


async def _by_aiohttp(method: str, url: str, headers: Pairs, body: bytes) -> Wire:
    async with (
        aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(PATIENCE)) as session,
        session.request(
            method, url, headers=headers, data=body or None, skip_auto_headers=["Content-Type"], allow_redirects=False
        ) as response,
    ):
        return response.status, Headers(response.headers.items()), await response.read()


def by_aiohttp(method: str, url: str, headers: Pairs, body: bytes) -> Wire:
    """Aiohttp."""
    return asyncio.run(_by_aiohttp(method, url, headers, body))


def by_niquests(method: str, url: str, headers: Pairs, body: bytes) -> Wire:
    """niquests, the blocking client."""
    with import_module("niquests").Session() as session:
        response = session.request(
            method, url, headers=dict(headers), data=body or None, timeout=PATIENCE, allow_redirects=False
        )
        return response.status_code, Headers(response.headers.items()), response.content


async def _by_niquests_async(method: str, url: str, headers: Pairs, body: bytes) -> Wire:
    async with import_module("niquests").AsyncSession() as session:
        response = await session.request(
            method, url, headers=dict(headers), data=body or None, timeout=PATIENCE, allow_redirects=False
        )
        return response.status_code, Headers(response.headers.items()), response.content


def by_niquests_asyncio(method: str, url: str, headers: Pairs, body: bytes) -> Wire:
    """niquests, the async client."""
    return asyncio.run(_by_niquests_async(method, url, headers, body))


CLIENTS: dict[str, Client] = {
    "requests": by_requests,
    "urllib3": by_urllib3,
    "urllib": by_urllib,
    "http.client": by_http_client,
    "httpx": by_httpx,
    "httpx asyncio": by_httpx_asyncio,
    "httpx trio": by_httpx_trio,
    "httpx2": by_httpx2,
    "aiohttp": by_aiohttp,
}
if find_spec("niquests"):  # it replaces urllib3, so that it has a separate environment: tox -e niquests
    CLIENTS |= {"niquests": by_niquests, "niquests asyncio": by_niquests_asyncio}

# ---- a real server on loopback


class _Stage:
    """An ASGI application that gives way to the one of the present case."""

    app: App

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self.app(scope, receive, send)


@cache
def _serving() -> tuple[_Stage, int]:
    """The one server of the tests, started when it is first asked for, and its port."""
    stage, listening = _Stage(), socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(stage, log_level="warning", lifespan="off", server_header=False, date_header=False)
    server = uvicorn.Server(config)
    threading.Thread(target=server.run, args=([listening],), daemon=True).start()
    return stage, listening.getsockname()[1]


@contextmanager
def by_server(options: Options, templates: Mapping[str, Document]) -> Iterator[Road]:
    """A double behind a socket, for every HTTP client; no seam takes part."""
    mpsd = Double(options)
    fake: Fake = core_of(mpsd).fake
    fake.settings = described(fake.settings, templates)
    stage, port = _serving()
    stage.app = App(core_of(mpsd).engine)

    def send(method: str, target: str, headers: Pairs, body: bytes) -> Wire:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        host, path = _address(options, target)
        try:
            connection.request(method, path, body or None, {"Host": host, **dict(headers)})
            response = connection.getresponse()
            return response.status, Headers(response.getheaders()), response.read()
        finally:
            connection.close()

    yield Road(mpsd, fake, mpsd.clock, send, lambda: _told(mpsd))


ROADS: dict[str, Callable[[Options, Mapping[str, Document]], AbstractContextManager[Road]]] = {
    "core": core,
    **{name: partial(through, client) for name, client in CLIENTS.items()},
    "server": by_server,
}
"""Every road by its name: arranges nothing, opens the way, and closes it."""
