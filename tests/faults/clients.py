"""Each client as one function: some requests over one session, one after the other, and what the last came to."""

from __future__ import annotations

import asyncio
import http.client
import ssl
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import httpx
import httpx2
import requests
import trio
import urllib3

from tests.patience import PATIENCE


@dataclass(frozen=True)
class Sent:
    """One request."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes = b""


Run = Callable[[str, Sequence[Sent], float], int]
"""``(origin, requests, timeout)`` to the status of the last one; what the client raises for it passes.

The timeout is the last one's: those before it are to be answered, however long that takes.
"""


def timed(sent: Sequence[Sent], timeout: float) -> Iterator[tuple[Sent, float]]:
    """Each request with its timeout."""
    for number, one in enumerate(sent, 1):
        yield one, timeout if number == len(sent) else PATIENCE


def with_requests(origin: str, sent: Sequence[Sent], timeout: float) -> int:
    """Requests."""
    with requests.Session() as session:
        for one, wait in timed(sent, timeout):
            answer = session.request(
                one.method, origin + one.target, data=one.body, headers=one.headers, timeout=wait
            )
        return answer.status_code


def with_urllib3(origin: str, sent: Sequence[Sent], timeout: float) -> int:
    """urllib3."""
    with urllib3.PoolManager(retries=False) as pool:
        for one, wait in timed(sent, timeout):
            answer = pool.request(one.method, origin + one.target, body=one.body, headers=one.headers, timeout=wait)
        return answer.status


def with_http_client(
    origin: str, sent: Sequence[Sent], timeout: float, before_reading: Callable[[], object] = lambda: None
) -> int:
    """http.client; ``before_reading`` is done between the last request and its answer."""
    parts = urlsplit(origin)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.netloc)
    try:
        for one, wait in timed(sent, timeout):
            connection.timeout = wait
            if connection.sock is not None:
                connection.sock.settimeout(wait)
            connection.request(one.method, one.target, one.body, one.headers)
            if one is sent[-1]:
                before_reading()
            answer = connection.getresponse()
            answer.read()
        return answer.status
    finally:
        connection.close()


def with_urllib(origin: str, sent: Sequence[Sent], timeout: float) -> int:
    """Urllib."""
    for one, wait in timed(sent, timeout):
        request = urllib.request.Request(origin + one.target, one.body, one.headers, method=one.method)
        try:
            with urllib.request.urlopen(request, timeout=wait) as answer:
                answer.read()
        except urllib.error.HTTPError as error:
            error.close()  # it is an answer, too, and Python 3.14 complains of one that is left open
            raise
    return int(answer.status)


def blocking(client: Any) -> Run:
    """The blocking client of httpx."""

    def run(origin: str, sent: Sequence[Sent], timeout: float) -> int:
        with client.Client(verify=TRUST) as session:
            for one, wait in timed(sent, timeout):
                url = origin + one.target
                answer = session.request(one.method, url, content=one.body, headers=one.headers, timeout=wait)
            return int(answer.status_code)

    return run


def awaiting(client: Any, start: Callable[[Callable[[], Any]], int]) -> Run:
    """The client of httpx or httpx2 for tasks, in the loop that ``start`` runs."""

    def run(origin: str, sent: Sequence[Sent], timeout: float) -> int:
        async def main() -> int:
            async with client.AsyncClient(verify=TRUST) as session:
                for one, wait in timed(sent, timeout):
                    words = {"content": one.body, "headers": one.headers, "timeout": wait}
                    answer = await session.request(one.method, origin + one.target, **words)
                return int(answer.status_code)

        return start(main)

    return run


def in_asyncio(main: Callable[[], Any]) -> int:
    """Run it in a loop of asyncio."""
    return int(asyncio.run(main()))


def in_trio(main: Callable[[], Any]) -> int:
    """Run it in a loop of trio."""
    return int(trio.run(main))


def with_aiohttp(origin: str, sent: Sequence[Sent], timeout: float) -> int:
    """Aiohttp."""

    async def main() -> int:
        async with aiohttp.ClientSession() as session:
            for one, wait in timed(sent, timeout):
                words: dict[str, Any] = {"data": one.body, "headers": one.headers}
                words["timeout"] = aiohttp.ClientTimeout(sock_read=wait)
                async with session.request(one.method, origin + one.target, **words) as answer:
                    await answer.read()
            return answer.status

    return asyncio.run(main())


def with_niquests(origin: str, sent: Sequence[Sent], timeout: float) -> int:
    """Niquests."""
    with import_module("niquests").Session() as session:
        for one, wait in timed(sent, timeout):
            answer = session.request(
                one.method, origin + one.target, data=one.body, headers=one.headers, timeout=wait
            )
        return int(answer.status_code)


def with_niquests_asyncio(origin: str, sent: Sequence[Sent], timeout: float) -> int:
    """Niquests in a loop of asyncio."""

    async def main() -> int:
        async with import_module("niquests").AsyncSession() as session:
            for one, wait in timed(sent, timeout):
                words: dict[str, Any] = {"data": one.body, "headers": one.headers, "timeout": wait}
                answer = await session.request(one.method, origin + one.target, **words)
            return int(answer.status_code)

    return asyncio.run(main())


TRUST = ssl.create_default_context()
"""Made once: it takes 40 ms."""

# httpx2 has the same seam as httpx: one of its three clients shows that its exceptions are its own
CLIENTS: dict[str, Run] = {
    "requests": with_requests,
    "urllib3": with_urllib3,
    "http.client": with_http_client,
    "urllib": with_urllib,
    "httpx": blocking(httpx),
    "httpx asyncio": awaiting(httpx, in_asyncio),
    "httpx trio": awaiting(httpx, in_trio),
    "httpx2": awaiting(httpx2, in_asyncio),
    "aiohttp": with_aiohttp,
    "niquests": with_niquests,
    "niquests asyncio": with_niquests_asyncio,
}
TIMEOUTS: dict[str, str] = {
    "requests": "requests.ReadTimeout",
    "urllib3": "urllib3.exceptions.ReadTimeoutError",
    "http.client": "TimeoutError",
    "urllib": "TimeoutError",
    "httpx": "httpx.ReadTimeout",
    "httpx asyncio": "httpx.ReadTimeout",
    "httpx trio": "httpx.ReadTimeout",
    "httpx2": "httpx2.ReadTimeout",
    "aiohttp": "aiohttp.SocketTimeoutError",
    "niquests": "niquests.ReadTimeout",
    "niquests asyncio": "niquests.ReadTimeout",
}
"""What the user of each client catches where the answer comes too late."""
HAS_NIQUESTS = find_spec("niquests") is not None
"""Whether niquests is here, and urllib3-future instead of urllib3: tox -e niquests."""


def absent(client: str) -> str:
    """Why ``client`` cannot be run here; empty when it can."""
    return "" if HAS_NIQUESTS or not client.startswith("niquests") else "niquests is not installed: tox -e niquests"


HERE = [client for client in CLIENTS if not absent(client)]
"""The clients that can be run here."""


def of_the_table(client: str) -> str:
    """Why what ``client`` comes to here is not in the tables; empty when it is."""
    if HAS_NIQUESTS and client in ("requests", "urllib3"):
        return "beside niquests it stands on urllib3-future, whose errors are others"
    return absent(client)


def came_to(run: Run, origin: str, sent: Sequence[Sent], timeout: float) -> str:
    """``201``, or the exception as its users name it: ``requests.ReadTimeout``."""
    try:
        return str(run(origin, sent, timeout))
    except Exception as error:  # noqa: BLE001 - whichever it is, it is compared
        return name_of(type(error))


def name_of(kind: type[BaseException]) -> str:
    """The name by which the client's users catch ``kind``."""
    package = kind.__module__.partition(".")[0]
    for home, short in (
        (package, package),
        (f"{package}.exceptions", None),
        ("urllib.error", None),
        ("http.client", None),
    ):
        module = __import__("sys").modules.get(home)
        if module is not None and getattr(module, kind.__name__, None) is kind:
            return kind.__name__ if home == "builtins" else f"{short or home}.{kind.__name__}"
    return f"{kind.__module__}.{kind.__name__}"
