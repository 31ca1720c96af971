"""Sixteen threads of four hundred calls with each client: every call answered, written down, and none looked up.

    python -m benchmarks.threads

Each thread has its own client; the asynchronous ones have a separate loop in each thread.
"""

from __future__ import annotations

import asyncio
import http.client
import json
import socket
import ssl
import sys
import threading
import time
import urllib.request
from collections.abc import Callable
from unittest import mock

import aiohttp
import httpx
import requests
import trio
import urllib3

import handlesfake
from benchmarks import surroundings

THREADS, CALLS = 16, 400
URL = "https://sessiondirectory.xboxlive.com/handles"
REF = {"scid": "7e570100-1111-4222-8333-444455556666", "templateName": "FakeLobby", "name": "lobby-1"}
BODY = json.dumps({"type": "activity", "version": 1, "sessionRef": REF}).encode()

Statuses = list[int]
Caller = Callable[[dict[str, str], int], Statuses]
"""``(headers, how many calls)`` to what came back."""


def with_requests(headers: dict[str, str], calls: int) -> Statuses:
    """Posts through requests."""
    with requests.Session() as session:
        return [session.post(URL, data=BODY, headers=headers).status_code for _ in range(calls)]


def with_urllib3(headers: dict[str, str], calls: int) -> Statuses:
    """Posts through urllib3."""
    with urllib3.PoolManager() as pool:
        return [pool.request("POST", URL, body=BODY, headers=headers).status for _ in range(calls)]


def with_urllib(headers: dict[str, str], calls: int) -> Statuses:
    """Posts through urllib.request, each on a new connection, with one TLS context.

    With a context for each connection, as urlopen() makes them, reading the CA bundle is nearly all of the time.
    """
    opener = urllib.request.build_opener(urllib.request.HTTPSHandler(context=ssl.create_default_context()))
    return [opener.open(urllib.request.Request(URL, BODY, headers)).status for _ in range(calls)]


def with_http_client(headers: dict[str, str], calls: int) -> Statuses:
    """Posts through one http.client connection."""
    connection = http.client.HTTPSConnection("sessiondirectory.xboxlive.com")
    statuses = []
    for _ in range(calls):
        connection.request("POST", "/handles", BODY, headers)
        answer = connection.getresponse()
        answer.read()
        statuses.append(answer.status)
    connection.close()
    return statuses


def with_httpx(headers: dict[str, str], calls: int) -> Statuses:
    """Posts through httpx."""
    with httpx.Client() as client:
        return [client.post(URL, content=BODY, headers=headers).status_code for _ in range(calls)]


async def _httpx_async(headers: dict[str, str], calls: int) -> Statuses:
    async with httpx.AsyncClient() as client:
        return [(await client.post(URL, content=BODY, headers=headers)).status_code for _ in range(calls)]


def with_httpx_asyncio(headers: dict[str, str], calls: int) -> Statuses:
    """Posts through httpx on an asyncio loop."""
    return asyncio.run(_httpx_async(headers, calls))


def with_httpx_trio(headers: dict[str, str], calls: int) -> Statuses:
    """Posts through httpx on a trio loop."""
    statuses: Statuses = trio.run(_httpx_async, headers, calls)
    return statuses


def with_aiohttp(headers: dict[str, str], calls: int) -> Statuses:
    """Posts through aiohttp on an asyncio loop."""

    async def call() -> Statuses:
        statuses = []
        async with aiohttp.ClientSession() as session:
            for _ in range(calls):
                async with session.post(URL, data=BODY, headers=headers) as answer:
                    await answer.read()
                    statuses.append(answer.status)
        return statuses

    return asyncio.run(call())


CLIENTS: dict[str, Caller] = {
    "requests": with_requests,
    "urllib3": with_urllib3,
    "urllib.request": with_urllib,
    "http.client": with_http_client,
    "httpx": with_httpx,
    "httpx, asyncio": with_httpx_asyncio,
    "httpx, trio": with_httpx_trio,
    "aiohttp": with_aiohttp,
}


def storm(call: Caller, count: int = THREADS, calls: int = CALLS) -> tuple[int, int, list[str], float]:
    """Run ``call`` in ``count`` threads; answered, in the journal, looked up, and seconds."""
    looked_up: list[str] = []
    statuses: Statuses = []

    def watch(host: str, *_: object, **__: object) -> object:
        looked_up.append(host)
        raise OSError("watched")

    with mock.patch.object(socket, "getaddrinfo", watch), handlesfake.fake() as mpsd:
        hosts = [mpsd.user(f"host{number}") for number in range(count)]
        mpsd.session("lobby-1", members=hosts)
        threads = [
            threading.Thread(target=lambda host=host: statuses.extend(call(host.headers, calls))) for host in hosts
        ]
        started = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return statuses.count(201), len(mpsd.journal), looked_up, time.perf_counter() - started


def main() -> int:
    """Print the table; 1 when a call was lost or looked up."""
    print(f"{THREADS} threads x {CALLS} calls, switch interval {sys.getswitchinterval():g} s\n")
    print("| client | answered 201 | in the journal | looked up | seconds |\n|---|---|---|---|---|")
    lost = False
    for name, call in CLIENTS.items():
        answered, written, looked_up, seconds = storm(call)
        lost |= [answered, written, looked_up] != [THREADS * CALLS, THREADS * CALLS, []]
        print(f"| {name} | {answered} | {written} | {len(looked_up)} | {seconds:.1f} |", flush=True)
    return int(lost)


if __name__ == "__main__":
    surroundings.settle()
    if "--hostile" in sys.argv:
        sys.setswitchinterval(1e-6)
    sys.exit(main())
