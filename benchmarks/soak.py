"""Hours of mixed load on one server, and whether it is afterwards as it was: the note soak.md.

::

    tox -e soak                                                  # two hours
    tox -e soak -- --minutes 30 --requests 1000000               # half an hour, and at least a million requests
    python -m benchmarks.soak --minutes 5 --journal-limit 1000 --write benchmarks/soak.md

Players ask over connections that they keep, and over new ones, some in chunks. Beside them, all the time: faults and
long waits that clients give up, WebSockets, worlds, claims, snapshots, and the whole journal. At the end the server
must have as many open files as at the beginning. Its memory must not grow after the first third. Claims about the
beginning and about all of it must be true.

What claims need of requests that the journal keeps no more is kept by design, up to 32 MiB (``--journal-limit`` in
docs/server.md). It is part of the reported growth. For requests that are alike it is some 2.6 bytes each, 0.25 MiB
for 100,000. A reading of the whole journal keeps what it reads until its end. The C library keeps the memory of the
largest of such readings for the next.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import HTTPError

from benchmarks import surroundings
from benchmarks.standing import BODY, HEAD, POLL, REF, Remote, remote

MOST_SLOPE = 1.0
"""MiB for 100,000 requests that memory may grow by after warm-up, what claims need of them included."""

GIVES_BACK = {"MALLOC_TRIM_THRESHOLD_": "131072", "MALLOC_MMAP_THRESHOLD_": "131072"}
"""Has glibc give back what is free at the end of its heap. By itself it keeps as much as it has once given out for a
reading of the whole journal. That was 27 MiB of 181, found by ``mallinfo2`` in a run of an hour. Readings that
overlap with more requests, on a busy machine, look like growth."""

PLAYERS = 20
FIRST = 9_000_000_000_000_101
"""The xuid of the first player."""

SAMPLES = 30


@dataclass
class Load:
    """What is sent, and what was found of the server meanwhile."""

    found: Remote
    until: float
    least: int
    requests: int = 0
    activities: int = 0
    """Of the default world, which alone counts them."""

    calls: int = 0
    reading: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while the whole journal is read, which holds all of it: memory is looked at between two readings."""

    wrong: list[str] = field(default_factory=list)
    samples: list[tuple[float, int, float, int]] = field(default_factory=list)
    """Seconds, requests, MiB and open files."""

    @property
    def goes_on(self) -> bool:
        """Whether time or requests are left."""
        return not self.wrong and (time.monotonic() < self.until or self.requests < self.least)

    async def connect(self, url: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A new connection."""
        host, _, port = url.partition("://")[2].partition("/")[0].rpartition(":")
        return await asyncio.open_connection(host, int(port), ssl=self.found.context if "https" in url else None)

    async def answered(self, reader: asyncio.StreamReader, expected: int) -> bytes:
        """The body of one answer, which is to have that status."""
        head = await reader.readuntil(b"\r\n\r\n")
        length = next((line for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), b": 0")
        body = await reader.readexactly(int(length.partition(b":")[2]))
        status = int(head[9:12])
        if status != expected:
            self.wrong.append(f"{status} instead of {expected}: {head[:80]!r} {body[:300]!r}")
        return body

    async def call(self, path: str, body: object = None, method: str = "", expected: int = 200) -> bytes:
        """A call of the control interface, over a new connection."""
        self.calls += 1
        sent = b"" if body is None else json.dumps(body).encode()
        verb = method or ("GET" if body is None else "POST")
        reader, writer = await self.connect(self.found.control)
        writer.write(f"{verb} /_handlesfake{path} HTTP/1.1\r\nHost: localhost\r\n".encode())
        writer.write(f"Content-Length: {len(sent)}\r\nConnection: close\r\n\r\n".encode() + sent)
        found = await self.answered(reader, expected)
        writer.close()
        return found


# ---- who asks


def post(token: str, *, chunked: bool = False, more: str = "") -> bytes:
    """An activity."""
    head = f"POST /handles HTTP/1.1\r\nHost: x\r\nAuthorization: {token}\r\nX-Xbl-Contract-Version: 107\r\n{more}"
    if chunked:
        return f"{head}Transfer-Encoding: chunked\r\n\r\n{len(BODY):x}\r\n{BODY}\r\n0\r\n\r\n".encode()
    return f"{head}Content-Length: {len(BODY)}\r\n\r\n{BODY}".encode()


async def player(load: Load, number: int) -> None:
    """Shows its activity over a connection that it keeps for a while, and over new ones."""
    token = f"XBL3.0 x=uhs-{FIRST + number};made-up"
    sent, chunked = post(token), post(token, chunked=True)
    while load.goes_on:
        reader, writer = await load.connect(load.found.service)
        for turn in range(200):
            writer.write(chunked if turn % 10 == number % 10 else sent)
            await load.answered(reader, 201)
            load.requests += 1
            load.activities += 1
        writer.close()


async def gives_up(load: Load) -> None:
    """Faults and long waits that no client waits for any more."""
    world = json.loads(await load.call("/worlds", {"users": ["host"]}, expected=201))
    token, place = world["users"]["host"]["authorization"], f"/worlds/{world['name']}"
    turn = 0
    while load.goes_on:
        turn += 1
        fault = ("hang", "read_timeout", "wrong_content_length")[turn % 3]
        rule = {"when": {"operation": "create_handle"}, "then": {"fault": fault}}
        await load.call(f"{place}/rules", {"rules": [rule]}, expected=201)
        for number in range(10):
            for url, request in (
                (load.found.service, post(token, chunked=number % 2 > 0)),
                (load.found.control, POLL),
            ):
                _, writer = await load.connect(url)
                writer.write(request)
                await writer.drain()
                writer.transport.abort() if number % 3 else writer.close()
            load.requests += 1
        await load.call(f"{place}/reset", method="POST", expected=204)
        await asyncio.sleep(0.05)


async def worlds(load: Load) -> None:
    """A test of its own after the other: arranged, sent, claimed, ended."""
    invite = {
        "type": "invite",
        "version": 1,
        "sessionRef": REF,
        "invitedXuid": "",
        "inviteAttributes": {"titleId": "1"},
    }
    while load.goes_on:
        world = json.loads(await load.call("/worlds", {"users": ["host", "guest"]}, expected=201))
        place = f"/worlds/{world['name']}"
        await load.call(f"{place}/state", {"sessions": [{"name": "lobby-1", "members": ["host"]}]}, expected=204)
        await load.call(f"{place}/snapshots/lobby", method="PUT", expected=204)
        host, guest = world["users"]["host"], world["users"]["guest"]
        body = json.dumps({**invite, "invitedXuid": guest["xuid"]})
        reader, writer = await load.connect(load.found.service)
        head = f"POST /handles HTTP/1.1\r\nHost: x\r\nAuthorization: {host['authorization']}\r\n"
        writer.write(f"{head}X-Xbl-Contract-Version: 107\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode())
        await load.answered(reader, 201)
        writer.close()
        load.requests += 1
        await load.call(f"{place}/assert/invited", {"xuids": ["guest"], "times": 1})
        await load.call(f"{place}/snapshots/lobby/restore", method="POST", expected=204)
        await load.call(f"{place}/assert/no_invites", method="POST")
        await load.call(place, method="DELETE", expected=204)
        await asyncio.sleep(0.02)


async def listens(load: Load) -> None:
    """WebSockets that come, and go without a word."""
    key = "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    key += "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
    while load.goes_on:
        reader, writer = await load.connect(load.found.service)
        writer.write(f"GET /connect HTTP/1.1\r\n{HEAD}{key}\r\n".encode())
        await reader.readuntil(b"\r\n\r\n")
        await asyncio.sleep(0.1)
        writer.close()


async def looks(load: Load) -> None:
    """The whole journal, the live page's view, and a claim about the beginning."""
    while load.goes_on:
        async with load.reading:
            await load.call("/journal?since=0")
        await load.call("/overview")
        await load.call("/assert/invited", {"xuids": ["9000000000000099"], "times": 1})
        await asyncio.sleep(5)


async def samples(load: Load, every: float) -> None:
    """Look at the process from time to time."""
    begun = time.monotonic()
    while load.goes_on:
        await asyncio.sleep(every)
        async with load.reading:
            row = (time.monotonic() - begun, load.requests, load.found.server.memory, load.found.files)
        load.samples.append(row)
        print(f"{row[0]:7.0f} s  {row[1]:9,} requests  {row[2]:7.1f} MiB  {row[3]:4} files", flush=True)


# ---- whether all is well


async def soaked(load: Load, seconds: float) -> None:
    """Everybody at once, until the end."""
    acts: list[Callable[[Load], Awaitable[None]]] = [gives_up, worlds, listens, looks]
    players = [player(load, number) for number in range(PLAYERS)]
    watching = asyncio.create_task(samples(load, seconds / SAMPLES))
    await asyncio.gather(*players, *(act(load) for act in acts))
    watching.cancel()


def begin(found: Remote) -> None:
    """What claims are to remember at the end: one invite, sent before all else."""
    ref = {**REF, "name": "lobby-0"}
    players = [{"role": f"p{number}", "xuid": str(FIRST + number)} for number in range(PLAYERS)]
    sessions = [
        {"name": "lobby-0", "members": ["first"]},
        {"name": "lobby-1", "members": [one["role"] for one in players]},
    ]
    found.ask("/state", {"users": [{"role": "first"}, *players], "sessions": sessions})
    token = json.loads(found.ask("/users/first"))["authorization"]
    body = {"type": "invite", "version": 1, "sessionRef": ref, "invitedXuid": "9000000000000099"}
    body |= {"inviteAttributes": {"titleId": "1"}}
    sent = json.dumps(body)
    with found.connect(found.service) as client:
        head = f"POST /handles HTTP/1.1\r\nHost: x\r\nAuthorization: {token}\r\nX-Xbl-Contract-Version: 107\r\n"
        client.sendall(f"{head}Content-Length: {len(sent)}\r\n\r\n{sent}".encode())
        assert client.recv(65536).startswith(b"HTTP/1.1 201")


def claims(found: Remote, activities: int) -> list[str]:
    """Of the claims about all that was sent, those that are not answered as they should be."""
    wanted: list[tuple[str, dict[str, object], int]] = [
        ("invited", {"xuids": ["9000000000000099"], "times": 1}, 200),
        ("not_invited", {"xuids": ["9000000000000099"]}, 409),
        ("not_invited", {"xuids": ["9000000000000098"]}, 200),
        ("sent", {"operation": "create_handle", "fields": {"type": "activity"}, "times": activities}, 200),
        ("not_sent", {"operation": "delete_handle"}, 200),
    ]
    wrong = []
    for claim, body, expected in wanted:
        try:
            found.ask(f"/assert/{claim}", body)
            status, said = 200, ""
        except HTTPError as error:
            status, said = error.code, error.read().decode()[:300]
        if status != expected:
            wrong.append(f"{claim} {body} is {status}: {said}")
    return wrong


def slope(load: Load) -> float:
    """MiB for 100,000 requests by which memory grew after the first third: the line of least squares."""
    rows = [(requests, memory) for _, requests, memory, _ in load.samples[len(load.samples) // 3 :]]
    middle, mean = (sum(column) / len(rows) for column in zip(*rows, strict=True))
    spread = sum((requests - middle) ** 2 for requests, _ in rows)
    return sum((requests - middle) * (memory - mean) for requests, memory in rows) / max(spread, 1) * 100_000


def note(load: Load, limit: int, files: tuple[int, int], wrong: Sequence[str]) -> str:
    """The whole of soak.md."""
    rows = load.samples[:: max(1, len(load.samples) // 10)]
    return "\n".join(
        [
            "# Mixed load for long",
            "",
            f"`python -m benchmarks.soak`, Python {platform.python_version()}, {os.cpu_count()} cores:",
            f"{load.requests:,} requests and {load.calls:,} calls of the control interface in",
            f"{load.samples[-1][0] / 60:.0f} minutes, with --journal-limit {limit}.",
            "",
            "| minutes | requests | MiB | open files |",
            "|---|---|---|---|",
            *(f"| {at / 60:.1f} | {requests:,} | {memory:.1f} | {open_} |" for at, requests, memory, open_ in rows),
            "",
            f"Memory after the first third: {slope(load):+.2f} MiB for 100,000 requests.",
            f"Open files: {files[0]} before, {files[1]} after.",
            f"Claims at the end: {'all true' if not wrong else '; '.join(wrong)}.",
            "",
        ]
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Soak, print, and say by the exit status whether the server is as it was."""
    parser = argparse.ArgumentParser(description="mixed load for long")
    parser.add_argument("--minutes", type=float, default=120, help="how long, at least (default: 120)")
    parser.add_argument("--requests", type=int, default=0, help="how many, at least")
    parser.add_argument(
        "--journal-limit", type=int, default=10_000, help="of the server; a short run fills a small one"
    )
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the note there, too")
    options = parser.parse_args(arguments)
    os.environ |= GIVES_BACK
    with remote("--journal-limit", str(options.journal_limit)) as found:
        begin(found)
        before = found.files
        load = Load(found, time.monotonic() + options.minutes * 60, options.requests)
        asyncio.run(soaked(load, options.minutes * 60))
        after = found.settled_files(before)
        wrong = load.wrong + claims(found, load.activities)
    written = note(load, options.journal_limit, (before, after), wrong)
    print(written)
    if options.write:
        options.write.write_text(written, encoding="utf-8")
    return 1 if wrong or after > before or slope(load) > MOST_SLOPE else 0


if __name__ == "__main__":
    surroundings.settle()
    sys.exit(main())
