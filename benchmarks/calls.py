"""One contender's worker: times a round of calls for each line that it reads.

::

    python -m benchmarks.calls requests handlesfake     # a line in, microseconds of CPU time for each call out
"""

from __future__ import annotations

import asyncio
import gc
import json
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any

from benchmarks.contenders import BODY, CONTENDERS, ENTERED, Ready

CALLS = 50
"""Calls that one round times, after one that connects."""

WIRE = json.dumps(BODY).encode()
Round = Callable[[Ready], float]
"""Seconds of CPU time that CALLS calls took."""


def _timed(call: Callable[[], Any]) -> float:
    call()
    gc.collect()
    started = time.process_time()
    for _ in range(CALLS):
        call()
    return time.process_time() - started


async def _timed_async(call: Callable[[], Any]) -> float:
    await call()
    gc.collect()
    started = time.process_time()
    for _ in range(CALLS):
        await call()
    return time.process_time() - started


def with_requests(ready: Ready) -> float:
    """Through one requests.Session."""
    import requests  # lazily: each worker has its own client alone

    with requests.Session() as session:
        if ready.adapter is not None:
            session.mount("https://", ready.adapter)
        return _timed(lambda: session.post(ready.url, json=BODY, headers=ready.headers).json()["id"])


def with_urllib3(ready: Ready) -> float:
    """Through one urllib3.PoolManager."""
    import urllib3  # lazily, as above

    pool, headers = urllib3.PoolManager(), {**ready.headers, "Content-Type": "application/json"}
    return _timed(lambda: json.loads(pool.request("POST", ready.url, body=WIRE, headers=headers).data)["id"])


def with_httpx(ready: Ready) -> float:
    """Through one httpx.Client."""
    import httpx  # lazily, as above

    with httpx.Client(transport=ready.transport) as client:
        return _timed(lambda: client.post(ready.url, json=BODY, headers=ready.headers).json()["id"])


def with_httpx_async(ready: Ready) -> float:
    """Through one httpx.AsyncClient."""
    import httpx  # lazily, as above

    async def run() -> float:
        async with httpx.AsyncClient(transport=ready.transport) as client:

            async def call() -> None:
                (await client.post(ready.url, json=BODY, headers=ready.headers)).json()["id"]

            return await _timed_async(call)

    return asyncio.run(run())


def with_aiohttp(ready: Ready) -> float:
    """Through one aiohttp.ClientSession."""
    import aiohttp  # lazily, as above

    async def run() -> float:
        async with aiohttp.ClientSession() as session:

            async def call() -> None:
                async with session.post(ready.url, json=BODY, headers=ready.headers) as answer:
                    (await answer.json())["id"]

            return await _timed_async(call)

    return asyncio.run(run())


CLIENTS: Mapping[str, Round] = {
    "requests": with_requests,
    "urllib3": with_urllib3,
    "httpx": with_httpx,
    "httpx, async": with_httpx_async,
    "aiohttp": with_aiohttp,
}


def made(_ready: Ready) -> float:
    """CALLS clients are made and closed."""
    import httpx  # lazily, as above

    return _timed(lambda: httpx.Client().close())


def entered(contender: str) -> float:
    """Seconds that it takes to begin and end CALLS times, and to be sent nothing."""

    def enter() -> None:
        with ENTERED[contender]():
            pass

    return _timed(enter)


def seconds(what: str, contender: str) -> float:
    """One round."""
    if what == "entering":
        return entered(contender)
    with CONTENDERS[contender]() as ready:
        return made(ready) if what == "httpx.Client()" else CLIENTS[what](ready)


def main(what: str, contender: str) -> None:
    """Serve until the input ends."""
    for _ in sys.stdin:
        print(seconds(what, contender) / CALLS * 1e6, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
