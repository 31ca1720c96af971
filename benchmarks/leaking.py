"""Does anything leak? Requests to the network, answers after the end, open files, memory.

::

    python -m benchmarks.leaking                                    # prints the tables; exit status 1 at any leak
    python -m benchmarks.leaking --write benchmarks/leaking.md
    python -m benchmarks.leaking --threads 4 --calls 50             # smaller

Everything is run twice, the second time with a switch interval of one microsecond. tests/intercept/test_leaks.py runs
the same in small.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import http.client
import logging
import os
import platform
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import version
from pathlib import Path
from typing import Any

import aiohttp
import httpx
import requests
import urllib3

import handlesfake
from benchmarks.threads import BODY, CLIENTS, URL, storm

HOSTILE = 1e-6
"""Seconds after which the interpreter is asked to give another thread its turn."""

LOOPBACK = (None, "", "127.0.0.1", "::1", "localhost")
_attempts: list[str] = []


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    # below every library: what Python itself says it is about to ask of the system
    if event in ("socket.getaddrinfo", "socket.connect"):
        address = arguments[0] if event == "socket.getaddrinfo" else arguments[1]
        host = address[0] if isinstance(address, tuple) else address
        if host not in LOOPBACK:
            _attempts.append(f"{event} {host}")


@contextmanager
def attempts() -> Iterator[list[str]]:
    """What was asked of the network inside."""
    if _watch not in _watching:
        sys.addaudithook(_watch)
        _watching.append(_watch)
    _attempts.clear()
    found: list[str] = []
    yield found
    found += _attempts


_watching: list[object] = []


@dataclass(frozen=True)
class Figure:
    """One thing that was counted."""

    what: str
    found: str
    leaks: bool = False


# ---- threads


def storms(threads: int, calls: int) -> list[Figure]:
    """Every call answered, each in the journal, and no look-up, with each client."""
    figures = []
    for name, call in CLIENTS.items():
        answered, written, looked_up, seconds = storm(call, threads, calls)
        wanted = threads * calls
        told = (
            f"{answered} of {wanted} answered, {written} in the journal, {len(looked_up)} look-ups, {seconds:.1f} s"
        )
        figures.append(Figure(name, told, leaks=[answered, written, looked_up] != [wanted, wanted, []]))
    return figures


def stragglers(threads: int) -> Figure:
    """Threads that go on after the end: what they send then is refused, and nothing of it is answered."""
    over = threading.Event()
    late: list[int] = []
    refused: list[str] = []

    def send(headers: dict[str, str]) -> None:
        with requests.Session() as session:
            while True:
                is_late = over.is_set()
                try:
                    status = session.post(URL, data=BODY, headers=headers).status_code
                except (handlesfake.Escaped, requests.ConnectionError) as error:
                    refused.append(type(error).__name__)
                    return
                if is_late:
                    late.append(status)

    with attempts() as network:
        with handlesfake.fake() as mpsd:
            hosts = [mpsd.user(f"host{number}") for number in range(threads)]
            mpsd.session("lobby-1", members=hosts)
            running = [threading.Thread(target=send, args=(host.headers,)) for host in hosts]
            for thread in running:
                thread.start()
            mpsd.assert_sent("create_handle", within=10)
        over.set()
        for thread in running:
            thread.join(10)
    alive = sum(thread.is_alive() for thread in running)
    told = f"{len(late)} answered, {len(refused)} of {threads} refused, {len(network)} network attempts"
    return Figure(
        "threads that outlive their double", told, leaks=bool(late or network or alive) or len(refused) != threads
    )


# ---- kept connections


class _Real(BaseHTTPRequestHandler):
    """Replaces the real service: 203 for everything."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """Answer."""
        self.rfile.read(int(self.headers.get("Content-Length", "0")))
        self.server.asked += 1  # type: ignore[attr-defined]  # the server below counts
        self.send_response(203)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def _service() -> Iterator[ThreadingHTTPServer]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Real) as server:
        server.asked = 0  # type: ignore[attr-defined]  # as above
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


Post = Callable[[], int]


@contextmanager
def _kept_http_client(url: str) -> Iterator[Post]:
    connection = http.client.HTTPConnection(url.split("/")[2])

    def post() -> int:
        connection.request("POST", "/handles", BODY)
        answer = connection.getresponse()
        answer.read()
        return answer.status

    yield post
    connection.close()


@contextmanager
def _kept_urllib3(url: str) -> Iterator[Post]:
    with urllib3.PoolManager() as pool:
        yield lambda: pool.request("POST", url, body=BODY).status


@contextmanager
def _kept_requests(url: str) -> Iterator[Post]:
    with requests.Session() as session:
        yield lambda: session.post(url, data=BODY).status_code


@contextmanager
def _kept_httpx(url: str) -> Iterator[Post]:
    with httpx.Client() as client:
        yield lambda: client.post(url, content=BODY).status_code


@contextmanager
def _kept_aiohttp(url: str) -> Iterator[Post]:
    loop = asyncio.new_event_loop()

    async def make() -> aiohttp.ClientSession:
        return aiohttp.ClientSession()

    async def post() -> int:
        async with session.post(url, data=BODY) as answer:
            await answer.read()
            return answer.status

    session = loop.run_until_complete(make())
    yield lambda: loop.run_until_complete(post())
    loop.run_until_complete(session.close())
    loop.close()


KEEPING = {
    "http.client": _kept_http_client,
    "urllib3": _kept_urllib3,
    "requests": _kept_requests,
    "httpx": _kept_httpx,
    "aiohttp": _kept_aiohttp,
}


def kept_connections(rounds: int) -> list[Figure]:
    """A connection to the real service from before the double, and one to the double after it."""
    figures = []
    for name, keeping in KEEPING.items():
        real = fake = 0
        with _service() as server, keeping(f"http://127.0.0.1:{server.server_port}/handles") as post:
            for _ in range(rounds):
                before = server.asked  # type: ignore[attr-defined]  # as above
                with handlesfake.fake(hosts=(f"127.0.0.1:{server.server_port}",)):
                    post(), post()
                real += server.asked - before  # type: ignore[attr-defined]  # as above
                fake += [post(), post()].count(203) != 2
        told = (
            f"{real} of {rounds * 2} reached the real service during it, {fake} of {rounds * 2} the double after it"
        )
        figures.append(Figure(name, told, leaks=bool(real or fake)))
    return figures


# ---- what stays behind


@dataclass(frozen=True)
class Held:
    """What this process holds."""

    files: int
    threads: int
    objects: int
    kilobytes: int


def held() -> Held:
    """It, after a collection."""
    for _ in range(3):
        gc.collect()
    files = len(os.listdir("/dev/fd")) if os.path.isdir("/dev/fd") else 0
    statm = Path("/proc/self/statm")
    pages = int(statm.read_text().split()[1]) if statm.exists() else 0
    return Held(files, threading.active_count(), len(gc.get_objects()), pages * 4)


@contextmanager
def _complaints_unheard() -> Iterator[None]:
    """Some clients complain that they were not closed: that is what this is about."""
    log = logging.getLogger("asyncio")
    log.disabled = True
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)
            yield
    finally:
        log.disabled = False


def growth(what: str, act: Callable[[], None], count: int) -> Figure:
    """What is left of doing ``act`` so often, the first quarter not counted."""
    warm = max(count // 4, 5)
    with attempts() as network, _complaints_unheard():
        for _ in range(warm):
            act()
        before = held()
        for _ in range(count - warm):
            act()
        after = held()
    files, threads = after.files - before.files, after.threads - before.threads
    objects = (after.objects - before.objects) / (count - warm)
    told = (
        f"{files:+} open files, {threads:+} threads, {objects:+.2f} objects each,"
        f" {after.kilobytes - before.kilobytes:+} kB in all, {len(network)} network attempts"
    )
    return Figure(f"{count} x {what}", told, leaks=bool(files > 0 or threads > 0 or objects >= 1 or network))


def one_fixture() -> None:
    """What a small test does, with five clients, two of which are never closed."""
    with handlesfake.fake() as mpsd:
        host = mpsd.user("host")
        mpsd.session("lobby-1", members=[host])
        requests.post(URL, data=BODY, headers=host.headers)
        urllib3.PoolManager().request("POST", URL, body=BODY, headers=host.headers)
        connection = http.client.HTTPSConnection("sessiondirectory.xboxlive.com")
        connection.request("POST", "/handles", BODY, host.headers)
        connection.getresponse().read()
        httpx.Client().post(URL, content=BODY, headers=host.headers)


def one_loop() -> None:
    """A loop that is closed over clients which are still open."""

    async def call(headers: dict[str, str]) -> None:
        session, client = aiohttp.ClientSession(), httpx.AsyncClient()
        await (await session.post(URL, data=BODY, headers=headers)).read()
        await client.post(URL, content=BODY, headers=headers)
        session.detach()

    with handlesfake.fake() as mpsd:
        host = mpsd.user("host")
        mpsd.session("lobby-1", members=[host])
        asyncio.run(call(host.headers))


# ---- all of it


def measured(threads: int, calls: int, count: int) -> dict[str, list[Figure]]:
    """Everything, under the present switch interval."""
    return {
        f"{threads} threads x {calls} calls": storms(threads, calls),
        "After the end": [stragglers(threads)],
        "A kept connection": kept_connections(20),
        "What stays behind": [growth("fixture", one_fixture, count), growth("loop", one_loop, count)],
    }


def report(found: dict[str, list[Figure]], interval: float) -> Iterator[str]:
    """It as Markdown."""
    yield f"## Switch interval {interval:g} s\n"
    for title, figures in found.items():
        yield f"| {title} | |\n|---|---|"
        yield from (f"| {one.what} | {'LEAKS: ' if one.leaks else ''}{one.found} |" for one in figures)
        yield ""


def main() -> int:
    """Measure, print, and say whether anything leaks."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threads", type=int, default=16)
    parser.add_argument("--calls", type=int, default=400)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--write", type=Path, help="write the tables to this file, too")
    arguments = parser.parse_args()
    lines, leaks, usual = [], False, sys.getswitchinterval()
    started = time.perf_counter()
    for interval in (usual, HOSTILE):
        sys.setswitchinterval(interval)
        found = measured(arguments.threads, arguments.calls, arguments.count)
        lines += report(found, interval)
        leaks |= any(one.leaks for figures in found.values() for one in figures)
    sys.setswitchinterval(usual)
    clients = ", ".join(f"{name} {version(name)}" for name in ("requests", "urllib3", "httpx", "aiohttp"))
    head = f"# What leaks\n\nMade by `python -m benchmarks.leaking` in {time.perf_counter() - started:.0f} s."
    text = f"{head} Python {platform.python_version()}, {clients}.\n\n" + "\n".join(lines)
    sys.stdout.write(text)
    if arguments.write:
        arguments.write.write_text(text.rstrip() + "\n", encoding="utf-8")
    return int(leaks)


if __name__ == "__main__":
    sys.exit(main())
