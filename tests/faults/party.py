"""A lobby, and what is sent about it: the base of the tests of time and of requests under way."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import aiohttp
import httpx
import requests

import handlesfake
from handlesfake.mpsd.http.message import MPSD_HOST
from tests.faults.clients import TRUST
from tests.patience import PATIENCE

HANDLES = f"https://{MPSD_HOST}/handles"


def activity(mpsd: handlesfake.Double, role: str = "host") -> dict[str, Any]:
    """The words of a POST for each client: ``json`` and ``headers``."""
    user = mpsd.user(role)
    lobby = mpsd.session("lobby-1", members=[user])
    return {"json": {"type": "activity", "version": 1, "sessionRef": lobby.ref}, "headers": user.headers}


def post(mpsd: handlesfake.Double, role: str = "host", **words: Any) -> int:
    """One POST of a thread."""
    return requests.post(HANDLES, **activity(mpsd, role), **words).status_code


async def with_httpx(asked: dict[str, Any], timeout: float | None) -> int:
    """One POST of a task of asyncio or trio."""
    async with httpx.AsyncClient(timeout=timeout, verify=TRUST) as client:
        return (await client.post(HANDLES, **asked)).status_code


async def with_aiohttp(asked: dict[str, Any], timeout: float | None) -> int:
    """One POST of a task of asyncio."""
    waits = aiohttp.ClientTimeout(total=timeout)
    async with aiohttp.ClientSession(timeout=waits) as session, session.post(HANDLES, **asked) as answer:
        return answer.status


POSTS: dict[str, Callable[[dict[str, Any], float | None], Awaitable[int]]] = {
    "httpx": with_httpx,
    "aiohttp": with_aiohttp,
}


def seconds(mpsd: handlesfake.Double, start: Any) -> float:
    """Virtual seconds since ``start``, without the ticks of the requests."""
    return round((mpsd.clock.now - start).total_seconds(), 3)


def run_trio(main: Callable[[], Awaitable[Any]]) -> Any:
    """``main`` under trio."""
    import trio

    return trio.run(main)


RUNNERS: dict[str, Callable[[Callable[[], Any]], Any]] = {
    "asyncio": lambda main: asyncio.run(main()),
    "trio": run_trio,
}


@contextmanager
def running(*targets: Callable[[], Any]) -> Iterator[None]:
    """Threads that run while the block does, and are waited for."""
    threads = [threading.Thread(target=target) for target in targets]
    for one in threads:
        one.start()
    try:
        yield
    finally:
        for one in threads:
            one.join(PATIENCE)
