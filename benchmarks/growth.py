"""What an operation costs when much is stored: the table of growth.md.

::

    python -m benchmarks.growth                 # prints the table; exit status 1 when a target is missed
    python -m benchmarks.growth --sessions 20000 --write benchmarks/growth.md

Requests go straight into the pure service: no client, no socket, no journal. A figure is the least CPU time of
several runs, with the two sizes in turns. So other work of the machine stays out of it.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import platform
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from threading import RLock

from benchmarks import surroundings
from handlesfake.fake_service.ids import Ids
from handlesfake.fake_service.stage import Fake
from handlesfake.mpsd import arrange
from handlesfake.mpsd.callers import new_user
from handlesfake.mpsd.http.message import Headers, Request, Response
from handlesfake.mpsd.service import answer
from handlesfake.mpsd.settings import DEFAULT_SCID, Settings
from handlesfake.mpsd.state.directory import Directory
from handlesfake.mpsd.state.identity import KnownUser, fingerprint
from handlesfake.mpsd.state.session import SessionRef
from handlesfake.timing.virtual_time import VirtualTime
from handlesfake.world.world import World

SMALL, LARGE = 10, 100_000
GROWTH = 1.3
MEGABYTES = 280
SNAPSHOT_MS = 1.0
SEARCH_US = 10.0
ROUNDS, CALLS = 60, 20

SETTINGS = Settings(strict=True)
ROOM = {"system": {"capabilities": {"searchable": True}}}
BASE = f"/serviceconfigs/{DEFAULT_SCID}/sessiontemplates/FakeLobby/sessions"


def ref(number: int) -> SessionRef:
    """The session of that number."""
    return SessionRef(DEFAULT_SCID, "FakeLobby", f"lobby-{number}")


class Town:
    """A directory with ``count`` sessions, each with one member who shows it."""

    def __init__(self, count: int, handle: str = "activity") -> None:
        self.ids = Ids(f"growth {count}")
        self.now = 1_767_693_600 * 10**7
        self.directory = Directory(users_named=True)
        for number in range(count):
            self.add(number, handle)

    def player(self) -> KnownUser:
        """One more user, with a token."""
        user = new_user(self.directory, SETTINGS)
        user = replace(user, tokens=(fingerprint(token(user.xuid)),))
        self.directory = self.directory.with_user(user)
        return user

    def add(self, number: int, handle: str) -> None:
        """One more session, whose only member shows it by a handle of the type ``handle``."""
        user = self.player()
        constants = ROOM if handle == "search" else None
        self.directory = arrange.session(
            self.directory,
            ref(number),
            members=(user,),
            constants=constants,
            now=self.now,
            new_id=self.ids,
            settings=SETTINGS,
        )
        if handle == "activity":
            self.directory = arrange.activity(
                self.directory, user, ref(number), now=self.now, new_id=self.ids, settings=SETTINGS
            )
        else:
            search = {
                "type": "search",
                "searchAttributes": {"tags": [f"tag{number % 7}"], "numbers": {"rank": number}},
            }
            self.send(user, "POST", "/handles", {**search, "sessionRef": ref(number).wire})

    def send(self, user: KnownUser, method: str, target: str, body: object = None) -> Response:
        """Let ``user`` ask, and keep what the service knows afterwards."""
        headers = {"Authorization": token(user.xuid), "X-Xbl-Contract-Version": "107"}
        if isinstance(body, dict):
            body = {"version": 1, **body} if method == "POST" else body
        data = b"" if body is None else json.dumps(body).encode()
        if data:
            headers["Content-Type"] = "application/json"
        self.now += 10
        reply = answer(
            self.directory, Request(method, target, Headers(headers.items()), data), self.now, self.ids, SETTINGS
        )
        self.directory = reply.directory.at_rest()  # as the fake keeps it
        if reply.response.status >= 300:
            raise RuntimeError(f"{method} {target}: {reply.response.status} {reply.response.body!r}")
        return reply.response


def token(xuid: str) -> str:
    """The ``Authorization`` of a user."""
    return f"XBL3.0 x=uhs-{xuid};growth"


# ---- operations: each prepares, and gives back what is timed, a call that leaves as much stored as there was


def create(town: Town) -> Callable[[], object]:
    """Show a session, instead of what was shown."""
    user = first(town)
    body = {"type": "activity", "sessionRef": ref(0).wire}
    return lambda: town.send(user, "POST", "/handles", body)


def read(town: Town) -> Callable[[], object]:
    """Read an activity handle."""
    user = first(town)
    target = f"/handles/{activity_id(town, user)}"
    return lambda: town.send(user, "GET", target)


def delete(town: Town) -> Callable[[], object]:
    """Delete an activity handle."""
    user = first(town)
    body = {"type": "activity", "sessionRef": ref(0).wire}
    town.send(user, "POST", "/handles", body)
    full, target = town.directory, f"/handles/{activity_id(town, user)}"

    def run() -> None:
        town.directory = full
        town.send(user, "DELETE", target)

    return run


def join(town: Town) -> Callable[[], object]:
    """Join a session with one member."""
    user = town.player()
    full = town.directory
    body = {
        "members": {"me": {"constants": {"system": {"initialize": True}}, "properties": {"system": {"active": True}}}}
    }

    def run() -> None:
        town.directory = full
        town.send(user, "PUT", f"{BASE}/lobby-0", body)

    return run


def query(town: Town) -> Callable[[], object]:
    """Ask what one user shows."""
    user = first(town)
    body = {"type": "activity", "scid": DEFAULT_SCID, "owners": {"xuids": [user.xuid]}}
    return lambda: town.send(user, "POST", "/handles/query", body)


OPERATIONS = {
    "create a handle": create,
    "read a handle": read,
    "delete a handle": delete,
    "join a session": join,
    "query activities by xuid": query,
}


def first(town: Town) -> KnownUser:
    """The member of the first session."""
    session = town.directory.sessions[ref(0).key]
    return town.directory.users[session.members[0].xuid]


def activity_id(town: Town, user: KnownUser) -> str:
    """The id of what ``user`` shows."""
    return next(iter(town.directory.activities_of(user.xuid))).id


# ---- measuring


def microseconds(call: Callable[[], object], calls: int = CALLS) -> float:
    """The CPU time that one call takes."""
    start = time.process_time()
    for _ in range(calls):
        call()
    return (time.process_time() - start) / calls * 1e6


def least(*calls: Callable[[], object]) -> list[float]:
    """The least time of each of ``calls``, taken in turns."""
    found = [float("inf")] * len(calls)
    gc.collect()
    gc.disable()
    try:
        for _ in range(ROUNDS):
            for number, call in enumerate(calls):
                found[number] = min(found[number], microseconds(call))
    finally:
        gc.enable()
    return found


def resident() -> float:
    """Megabytes that this process occupies."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    what: str
    small: str
    large: str
    figure: float
    target: float
    unit: str

    @property
    def holds(self) -> bool:
        """Whether the target is reached."""
        return self.figure <= self.target

    def __str__(self) -> str:
        verdict = "holds" if self.holds else "missed"
        figure = f"{self.figure:.2f}{self.unit}"
        return f"| {self.what} | {self.small} | {self.large} | {figure} | {self.target:g}{self.unit} | {verdict} |"


def measure(count: int) -> list[Row]:
    """Every row of the table, with ``count`` sessions and handles as the larger size."""
    Town(1)  # what is imported only on demand does not belong to the memory of what is stored
    gc.collect()
    before = resident()
    large = Town(count)
    gc.collect()
    megabytes = resident() - before
    small = Town(SMALL)
    rows = []
    for what, prepare in OPERATIONS.items():
        few, many = least(prepare(small), prepare(large))
        rows.append(Row(what, f"{few:.0f} µs", f"{many:.0f} µs", many / few, GROWTH, "x"))
    rows.append(
        Row("memory of activities with their sessions", "", f"{count}", megabytes, MEGABYTES * count / LARGE, " MB")
    )
    few, many = least(snapshot(small), snapshot(large))
    rows.append(Row("snapshot and restore", f"{few:.0f} µs", f"{many:.0f} µs", many / 1000, SNAPSHOT_MS, " ms"))
    del large, small
    return [*rows, searching(max(SMALL, count // 50))]


def snapshot(town: Town) -> Callable[[], object]:
    """Take the state as a checkpoint does, and put it back."""
    world = World(Fake(SETTINGS, town.ids, town.directory), VirtualTime(None), RLock())
    return lambda: world.restore(world.state())


def searching(count: int) -> Row:
    """A query with a filter and an order, over ``count`` search handles; a page of answers is part of it."""
    town = Town(count, "search")
    user = first(town)
    query = {"type": "search", "scid": DEFAULT_SCID, "templateName": "FakeLobby"}
    query |= {"filter": "tags/any(d:d eq 'tag3') and numbers/rank ge 100", "orderBy": "numbers/rank desc"}
    gc.collect()
    best = min(microseconds(lambda: town.send(user, "POST", "/handles/query", query), 1) for _ in range(20))
    return Row(
        "search query, a stored search handle",
        "",
        f"{best / 1000:.1f} ms for {count}",
        best / count,
        SEARCH_US,
        " µs",
    )


def table(rows: list[Row], count: int) -> str:
    """The rows as a page."""
    head = f"| what | {SMALL} stored | {count} stored | figure | target | |"
    lines = [
        "# What it costs when much is stored",
        "",
        f"Made by `python -m benchmarks.growth` on Python {platform.python_version()}, {os.cpu_count()} cores.",
        "Stored is one session with one member and one handle each; journal not counted.",
        "",
        head,
        "|---|---|---|---|---|---|",
        *map(str, rows),
        "",
    ]
    return "\n".join(lines)


def main() -> int:
    """Measure, print and perhaps write the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--sessions", type=int, default=LARGE, help="the larger size (default: 100000)")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the table there")
    options = parser.parse_args()
    rows = measure(options.sessions)
    text = table(rows, options.sessions)
    print(text)
    if options.write:
        options.write.write_text(text, encoding="utf-8")
    return 0 if all(row.holds for row in rows) else 1


if __name__ == "__main__":
    surroundings.settle()
    sys.exit(main())
