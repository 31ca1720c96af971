"""What a recording keeps of what was answered: threads, processes, and a process that is killed.

::

    pip install cassetter                       # may be missing; its row is then left out
    python -m benchmarks.kept                   # prints the table; exit status 1 when ours has lost something
    python -m benchmarks.kept --write benchmarks/kept.md

Each call is a separate invite, sent by requests to a server on loopback; a child process records. Kept is what the
cassette has afterwards: for handlesfake, once the next run has opened it, as every next run does.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import requests
import vcr

import handlesfake
from benchmarks import surroundings
from handlesfake.cassettes.modes.load_for_replay import load_for_replay
from handlesfake.cassettes.replay.player import Playing
from handlesfake.errors import CassetteError

try:
    import cassetter
except ImportError:
    cassetter = None  # type: ignore[assignment]  # a row is left out

THREADS, CALLS, PROCESSES, EACH, HEARD = 16, 400, 4, 25, 50
REF = {"scid": "7e570100-1111-4222-8333-444455556666", "templateName": "FakeLobby", "name": "lobby-1"}
PEOPLE = {"host": {"xuid": "9000000000000071", "authorization": "XBL3.0 x=9000000000000071;made-up-token-of-host"}}
LIBRARIES = ("handlesfake", "vcrpy", *(("cassetter",) if cassetter is not None else ()))


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(201)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """Say nothing of clients that were killed."""


@contextmanager
def service() -> Iterator[str]:
    """The address of the server that replaces the real service."""
    with _Server(("127.0.0.1", 0), _Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


# ---- the child


def opened(library: str, path: Path, authority: str) -> AbstractContextManager[Any]:
    """A recording by ``library`` behind what ``path`` holds."""
    if library == "vcrpy":
        return vcr.use_cassette(str(path), record_mode="new_episodes")  # type: ignore[no-any-return]  # vcrpy has no types
    if library == "cassetter":
        return cassetter.use_cassette(path, record_mode="new_episodes")
    return handlesfake.record(path, record="new_episodes", credentials=PEOPLE, hosts=(authority,))


def record(library: str, path: Path, authority: str, name: str, count: int, threads: int) -> None:
    """Send ``count`` invites in ``threads`` threads once told to, and report each answer."""

    def call(number: int) -> None:
        invite = {"type": "invite", "version": 1, "sessionRef": REF, "invitedXuid": "9000000000000072"}
        invite["inviteAttributes"] = {"titleId": "1234567890", "context": f"call {name}{number}."}
        headers = {"Authorization": PEOPLE["host"]["authorization"], "X-Xbl-Contract-Version": "107"}
        requests.post(f"http://{authority}/handles", json=invite, headers=headers, timeout=60).raise_for_status()
        os.write(1, f"{name}{number}\n".encode())

    with opened(library, path, authority), ThreadPoolExecutor(threads) as pool:
        print("ready", flush=True)
        sys.stdin.readline()
        list(pool.map(call, range(count)))


# ---- the parent


def started(
    library: str, path: Path, authority: str, name: str, count: int, threads: int = 1
) -> subprocess.Popen[str]:
    """A child that is ready to record."""
    words = [library, str(path), authority, name, str(count), str(threads)]
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.kept", "--child", *words]
    child = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert child.stdout is not None
    assert "ready\n" == child.stdout.readline()
    return child


def go(child: subprocess.Popen[str]) -> None:
    """Let ``child`` send."""
    assert child.stdin is not None
    child.stdin.write("\n")
    child.stdin.flush()


def kept(library: str, path: Path) -> set[str]:
    """The calls in the cassette."""
    if library == "handlesfake":
        try:
            load_for_replay(path, "the next run", Playing())
        except CassetteError:
            return set()
    return set(re.findall(r"call (\w+)\.", path.read_text(encoding="utf-8"))) if path.exists() else set()


def in_threads(library: str, folder: Path, authority: str) -> str:
    """One process, many threads."""
    path = folder / "threads.yaml"
    child = started(library, path, authority, "a", CALLS, THREADS)
    go(child)
    heard = set((child.communicate()[0] or "").split())
    return f"{len(kept(library, path) & heard)} of {len(heard)}"


def in_processes(library: str, folder: Path, authority: str) -> str:
    """Some processes at the same time."""
    path = folder / "processes.yaml"
    children = [started(library, path, authority, name, EACH) for name in "abcd"[:PROCESSES]]
    for child in children:
        go(child)
    heard = {one for child in children for one in (child.communicate()[0] or "").split()}
    return f"{len(kept(library, path) & heard)} of {len(heard)}"


def killed(library: str, folder: Path, authority: str) -> str:
    """One that dies after some answers."""
    path = folder / "killed.yaml"
    child = started(library, path, authority, "a", 100_000)
    go(child)
    assert child.stdout is not None
    heard = {child.stdout.readline().strip() for _ in range(HEARD)}
    child.kill()
    child.communicate()
    return f"{len(kept(library, path) & heard)} of {len(heard)}"


def measured() -> dict[str, list[str]]:
    """What each library keeps."""
    found = {}
    for library in LIBRARIES:
        with tempfile.TemporaryDirectory() as folder, service() as authority:
            place = Path(folder)
            found[library] = [ask(library, place, authority) for ask in (in_threads, in_processes, killed)]
    return found


def main() -> int:
    """Measure, print, and write where that is asked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--write", type=Path)
    parser.add_argument("--child", nargs=6)
    options = parser.parse_args()
    os.environ.setdefault("MPSD_PSEUDONYM_KEY", "a key for measuring only")
    if options.child:
        library, path, authority, name, count, threads = options.child
        record(library, Path(path), authority, name, int(count), int(threads))
        return 0
    found = measured()
    lines = [
        "# What a recording keeps of what was answered",
        "",
        f"`python -m benchmarks.kept`, Python {platform.python_version()}; the script says how it is measured.",
        "",
        f"| | {THREADS} threads | {PROCESSES} processes | SIGKILL after {HEARD} answers |",
        "|---|---|---|---|",
        *(f"| {library} | {' | '.join(row)} |" for library, row in found.items()),
    ]
    print("\n".join(lines))
    if options.write:
        options.write.write_text("\n".join(lines) + "\n", encoding="utf-8")
    mine = [row.split(" of ") for row in found["handlesfake"]]
    return 0 if all(one == all_of_them for one, all_of_them in mine) else 1


if __name__ == "__main__":
    surroundings.settle()
    sys.exit(main())
