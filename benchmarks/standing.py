"""What a long-running server has to withstand: the note standing.md.

::

    python -m benchmarks.standing                   # prints the note; exit status 1 when a target is missed
    python -m benchmarks.standing --write benchmarks/standing.md

Clients that give up: 10,000 requests that a fault answers by silence, and as many long waits of the control
interface. They come over plain HTTP and TLS, with bodies whole and in chunks, ended by FIN and by RST. Clients that
take much: the whole journal, and a flood of frames that no client reads, while another client asks all the time.
Clients that say nothing: connections of TLS. Each is seen from outside: open files, memory, and how long the other
client waited. That is the best of some rounds, since other work of the machine makes it wait, too.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import socket
import ssl
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from wsproto import ConnectionType, WSConnection
from wsproto.events import Request as Opening
from wsproto.events import TextMessage

from benchmarks import surroundings
from benchmarks.load import Served

ABANDONED = 10_000
ENTRIES = 10_000
FRAMES = 20_000
IDLE = 1_000
ROUNDS = 5
MOST_DELAY = 0.05
"""Seconds that another client may wait for longer than it does otherwise."""

MOST_IDLE = 100.0
"""KiB that an idle connection of TLS may take."""

FAULTS = ("hang", "read_timeout", "wrong_content_length")
TOKEN = "XBL3.0 x=uhs-9000000000000001;made-up"
HEAD = f"Host: localhost\r\nAuthorization: {TOKEN}\r\nX-Xbl-Contract-Version: 107\r\n"
REF = {"scid": "7e570100-1111-4222-8333-444455556666", "templateName": "FakeLobby", "name": "lobby-1"}
BODY = json.dumps({"type": "activity", "version": 1, "sessionRef": REF})
WHOLE = f"POST /handles HTTP/1.1\r\n{HEAD}Content-Length: {len(BODY)}\r\n\r\n{BODY}".encode()
CHUNKED = (
    f"POST /handles HTTP/1.1\r\n{HEAD}Transfer-Encoding: chunked\r\n\r\n{len(BODY):x}\r\n{BODY}\r\n0\r\n\r\n".encode()
)
OTHER = f"GET /handles/none HTTP/1.1\r\n{HEAD}\r\n".encode()
POLL = b"GET /_handlesfake/journal?since=999999999&count=1&wait=300 HTTP/1.1\r\nHost: localhost\r\n\r\n"


class Remote:
    """A server, as its clients and its test see it."""

    def __init__(self, ready: dict[str, str], pid: int) -> None:
        self.server = Served("handlesfake", ready["url"], pid)
        self.service, self.control = ready["url"], ready["control"]
        ca = ready.get("ca")
        self.context = ssl.create_default_context(cafile=ca) if ca else None

    @property
    def files(self) -> int:
        """How many the process has open."""
        return len(os.listdir(f"/proc/{self.server.pid}/fd"))

    def settled_files(self, most: int) -> int:
        """The same, once what is ending has ended."""
        for _ in range(100):
            if self.files <= most:
                break
            time.sleep(0.1)
        return self.files

    def ask(self, path: str, body: object = None, method: str = "") -> bytes:
        """One call of the control interface."""
        sent = None if body is None else json.dumps(body).encode()
        with urlopen(Request(self.control + path, sent, method=method or None)) as answer:
            found: bytes = answer.read()
        return found

    def connect(self, url: str) -> socket.socket:
        """A connection to the service, under TLS where it is, or to the control interface."""
        parts = urlsplit(url)
        plain = socket.create_connection((parts.hostname or "", parts.port or 0), timeout=60)
        if parts.scheme == "https" and self.context is not None:
            return self.context.wrap_socket(plain, server_hostname="localhost")
        return plain


@contextmanager
def remote(*options: str) -> Iterator[Remote]:
    """``handlesfake serve`` with some options."""
    command = [sys.executable, "-m", "handlesfake", "serve", "--json", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield Remote(json.loads(process.stdout.readline()), process.pid)
        finally:
            process.terminate()


# ---- clients that give up


def abandon(found: Remote, number: int) -> None:
    """One fault and one long wait, begun and given up: in every way in turn."""
    for url, request in ((found.service, (WHOLE, CHUNKED)[number % 2]), (found.control, POLL)):
        client = found.connect(url)
        client.sendall(request)
        if number % 4 == 1:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        elif number % 4 == 2:
            client.shutdown(socket.SHUT_WR)
        client.close()


def abandoned(found: Remote, count: int) -> tuple[int, int, int]:
    """Open files before, at most meanwhile, and after so many."""
    before, most = found.files, 0
    for fault in FAULTS:
        found.ask("/rules", method="DELETE")
        rule = {"name": fault, "when": {"operation": "create_handle"}, "then": {"fault": fault}}
        found.ask("/rules", {"rules": [rule]})
        for number in range(count // len(FAULTS) + 1):
            abandon(found, number)
            if not number % 100:
                most = max(most, found.files)
    return before, most, found.settled_files(before)


# ---- clients that take much


class Waiting:
    """A client that asks all the time; how long it waited, at most."""

    def __init__(self, found: Remote) -> None:
        self._client = found.connect(found.service)
        self._over = threading.Event()
        self.waits: list[float] = []
        self._thread = threading.Thread(target=self._ask)

    def _ask(self) -> None:
        while not self._over.is_set():
            begun = time.perf_counter()
            self._client.sendall(OTHER)
            self._client.recv(65536)
            self.waits.append(time.perf_counter() - begun)
            time.sleep(0.002)

    def __enter__(self) -> Waiting:
        self._thread.start()
        time.sleep(0.2)
        self.waits.clear()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        self._client.close()


def undisturbed(found: Remote) -> float:
    """The longest wait in a second in which no other client asks anything."""
    with Waiting(found) as other:
        time.sleep(1)
    return max(other.waits)


def fill(found: Remote, entries: int) -> None:
    """Let the journal have so many entries."""
    with found.connect(found.service) as client:
        for _ in range(entries):
            client.sendall(OTHER)
            client.recv(65536)


def while_the_journal_is_read(found: Remote, accept: str) -> tuple[float, float]:
    """The longest wait of another client, and MB that were read meanwhile."""
    with Waiting(found) as other:
        request = Request(f"{found.control}/journal", headers={"Accept": accept})
        with urlopen(request) as answer:
            size = len(answer.read())
    return max(other.waits), size / 1e6


def while_frames_flood(found: Remote, frames: int) -> float:
    """The longest wait of another client while one sends frames of which it reads no answer."""
    token = json.loads(found.ask("/users/flood", method="PUT"))["authorization"]
    ws = WSConnection(ConnectionType.CLIENT)
    with found.connect(found.service) as client:
        headers = [(b"authorization", token.encode())]
        client.sendall(ws.send(Opening(host="localhost", target="/connect", extra_headers=headers)))
        ws.receive_data(client.recv(65536))
        list(ws.events())
        frame = json.dumps([1, 1, "https://userpresence.xboxlive.com/users/xuid(1)/devices"])
        flood = b"".join(ws.send(TextMessage(data=frame)) for _ in range(frames))
        client.settimeout(2)
        with Waiting(found) as other:
            with suppress(TimeoutError):  # it reads no answers: so the server has stopped to read
                client.sendall(flood)
            time.sleep(1)
    return max(other.waits)


# ---- clients that say nothing


def idle(found: Remote, count: int) -> float:
    """KiB for each connection that has asked once and says nothing."""
    with ExitStack() as stack:

        def one() -> None:
            client = stack.enter_context(found.connect(found.service))
            client.sendall(OTHER)
            client.recv(65536)

        for _ in range(20):
            one()
        before = found.server.memory
        for _ in range(count):
            one()
        return (found.server.memory - before) * 1024 / count


# ---- the note


def measured(count: int) -> tuple[list[str], bool]:
    """The lines of the note, and whether each target is reached."""
    lines, fine = ["| clients that give up | open files before | at most | after |", "|---|---|---|---|"], True
    with tempfile.TemporaryDirectory() as folder:
        for title, options in (("plain HTTP", ()), ("TLS", ("--tls", folder))):
            with remote(*options) as found:
                found.ask("/users")
                before, most, after = abandoned(found, count)
                lines.append(f"| {count:,} faults and {count:,} long waits, {title} | {before} | {most} | {after} |")
                fine = fine and after <= before
        lines += ["", "| while another client asks | longest wait, ms |", "|---|---|"]
        with remote() as found:
            usual = min(undisturbed(found) for _ in range(ROUNDS))
            lines.append(f"| nothing else | {usual * 1000:.0f} |")
            fill(found, ENTRIES)
            for accept in ("application/json", "text/plain"):
                rounds = [while_the_journal_is_read(found, accept) for _ in range(ROUNDS)]
                wait, size = min(rounds)
                lines.append(f"| the journal of {ENTRIES:,} entries, {accept}, {size:.1f} MB | {wait * 1000:.0f} |")
                fine = fine and wait <= usual + MOST_DELAY
            wait = min(while_frames_flood(found, FRAMES) for _ in range(ROUNDS))
            lines.append(f"| {FRAMES:,} frames that no client reads | {wait * 1000:.0f} |")
            fine = fine and wait <= usual + MOST_DELAY
        with remote("--tls", folder) as found:
            kib = idle(found, IDLE)
        lines += [
            "",
            f"An idle connection of TLS takes {kib:.0f} KiB ({IDLE:,} of them); at most {MOST_IDLE:.0f} are wanted.",
        ]
    return lines, fine and kib <= MOST_IDLE


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and say by the exit status whether the targets are reached."""
    parser = argparse.ArgumentParser(description="what a long-running server has to withstand")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the note there, too")
    parser.add_argument("--count", type=int, default=ABANDONED, help="faults, and long waits, that are given up")
    options = parser.parse_args(arguments)
    lines, fine = measured(options.count)
    head = [
        "# What a long-running server has to withstand",
        "",
        f"`python -m benchmarks.standing`, Python {platform.python_version()}, {os.cpu_count()} cores;",
        "the script says how it is measured. The targets: as many open files after as before; others wait",
        f"at most 50 ms longer. Longest waits are those of the best of {ROUNDS} rounds.",
        "",
    ]
    note = "\n".join([*head, *lines, ""])
    print(note)
    if options.write:
        options.write.write_text(note, encoding="utf-8")
    return 0 if fine else 1


if __name__ == "__main__":
    surroundings.settle()
    sys.exit(main())
