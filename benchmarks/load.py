"""How many activities a second one worker takes, beside an application that only says a constant: the note load.md.

::

    apt-get install wrk                         # what makes the load
    python -m benchmarks.load                   # prints the note; exit status 1 when a target is missed
    python -m benchmarks.load --write benchmarks/load.md

Each server is a separate process, one worker, on loopback. ``wrk`` keeps 1,000 connections open, and on each one
POST is under way all the time: activities of 100 players in ten sessions. The servers take turns, so that other work
of the machine hits all alike. The table also has the processor time of the server for one request, which does not
depend on that.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import surroundings

CONNECTIONS = 1_000
ENOUGH = 0.6
"""The least that one worker does of what the constant does."""

CHEAP = 1.0
"""What the constant costs of processor time, in the measure of what one worker does: more is better."""

REQUESTS = 200_000
MOST_GROWTH = 1.03
"""How much more memory the server may hold at the end than after half of those requests."""

PLAYERS, SESSIONS = 100, 10
SCID = "7e570100-1111-4222-8333-444455556666"
HERE = Path(__file__).parent
HOW = (
    "A constant is read and written by h11, and asked by ASGI. The server goes that way only for what is not plain:",
    "a request that comes whole, without anything odd, it reads by one pattern and asks of the service directly.",
    "Where httptools and uvloop are installed, uvicorn takes them by itself, and a constant then costs about 40 µs;",
    "the server makes no use of them, as by far the most of its time is the service's own.",
)


@dataclass
class Served:
    """A server under load."""

    title: str
    url: str
    pid: int
    rates: list[float] = field(default_factory=list)
    """Requests a second, by turn."""

    costs: list[float] = field(default_factory=list)
    """Microseconds of processor time for one request, by turn."""

    def load(self, script: Path, seconds: int) -> None:
        """Let ``wrk`` loose on it for one turn."""
        before = self.processor_time
        found = wrk(self.url, script, seconds)
        self.rates.append(found.rate)
        self.costs.append((self.processor_time - before) / max(found.requests, 1) * 1e6)

    @property
    def processor_time(self) -> float:
        """Seconds of the process so far."""
        words = Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")

    @property
    def memory(self) -> float:
        """MiB that the process holds now."""
        found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{self.pid}/status").read_text(encoding="ascii"))
        assert found
        return int(found[1]) / 1024


@dataclass(frozen=True)
class Found:
    """What wrk says."""

    requests: int
    rate: float


def wrk(url: str, script: Path, seconds: int) -> Found:
    """One turn of load.

    :raises SystemExit: an answer was not 201.
    """
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "30s", "-s", str(script), url]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in said or "Socket errors" in said:
        raise SystemExit(f"not every request was answered 201:\n{said}")
    requests, rate = re.search(r"(\d+) requests in", said), re.search(r"Requests/sec:\s+([\d.]+)", said)
    assert requests
    assert rate
    return Found(int(requests[1]), float(rate[1]))


@contextmanager
def served(title: str, *command: str) -> Iterator[Served]:
    """A process that says where it is on its first line."""
    with subprocess.Popen([sys.executable, *command], stdout=subprocess.PIPE, text=True, cwd=HERE.parent) as process:
        assert process.stdout
        try:
            ready = json.loads(process.stdout.readline())
            yield Served(title, ready["url"], ready["pid"])
        finally:
            process.kill()


# ---- what is sent


def xuid(player: int) -> str:
    """A made-up one."""
    return str(9_000_000_000_000_001 + player)


def state() -> str:
    """The sessions, and who is in them, as a state file (JSON is YAML)."""
    users = [{"role": f"p{player}", "xuid": xuid(player)} for player in range(PLAYERS)]
    sessions = [
        {"name": f"lobby-{number}", "members": [f"p{player}" for player in range(number, PLAYERS, SESSIONS)]}
        for number in range(SESSIONS)
    ]
    return json.dumps({"users": users, "sessions": sessions})


def script() -> str:
    """What wrk is to send, in its own Lua."""
    made = []
    for player in range(PLAYERS):
        ref = {"scid": SCID, "templateName": "FakeLobby", "name": f"lobby-{player % SESSIONS}"}
        body = json.dumps({"type": "activity", "version": 1, "sessionRef": ref})
        headers = {
            "Authorization": f"XBL3.0 x=uhs-{xuid(player)};made-up",
            "x-xbl-contract-version": "107",
            "Content-Type": "application/json",
        }
        lua = ", ".join(f"[{json.dumps(name)}] = {json.dumps(value)}" for name, value in headers.items())
        made.append(f'wrk.format("POST", "/handles", {{{lua}, ["Host"] = wrk.host}}, [[{body}]])')
    sent = ",\n".join(made)
    return (
        f"local sent, at = {{}}, 0\n"
        f"init = function() sent = {{\n{sent}}} end\n"
        f"request = function() at = at % {PLAYERS} + 1; return sent[at] end\n"
    )


# ---- the note


def compare(servers: Sequence[Served], lua: Path, turns: int, seconds: int) -> None:
    """Load each in turn, after a first turn that counts for nothing."""
    for _ in range(turns + 1):
        for server in servers:
            server.load(lua, seconds)
    for server in servers:
        del server.rates[0], server.costs[0]


def remember(server: Served, lua: Path, requests: int) -> list[tuple[int, float]]:
    """How much memory the server holds, as the requests go by."""
    done, found = 0, [(0, server.memory)]
    while done < requests:
        done += wrk(server.url, lua, 10).requests
        found.append((done, server.memory))
    return found


def note(servers: Sequence[Served], memory: Sequence[tuple[int, float]]) -> str:
    """The whole of load.md."""
    ours, *others = servers
    rows = [
        f"| {one.title} | {statistics.median(one.rates):,.0f} | {statistics.median(one.costs):,.0f} |"
        for one in servers
    ]
    shares = [f"{share(ours, other):.2f} of {other.title}" for other in others]
    costs = [f"{cheapness(ours, other):.2f} of {other.title}" for other in others]
    versions = ", ".join(f"{name} {version(name)}" for name in ("uvicorn", "h11", "httptools", "uvloop"))
    return "\n".join(
        [
            "# How many activities a second one worker takes",
            "",
            f"`python -m benchmarks.load`, Python {platform.python_version()}, {os.cpu_count()} cores, {versions};",
            f"`wrk` with {CONNECTIONS:,} connections. Medians of turns; the script says how it is measured.",
            "",
            "| | requests/s | processor time for one, µs |",
            "|---|---|---|",
            *rows,
            "",
            f"By requests a second: {', '.join(shares)}. At least {ENOUGH} is wanted.",
            f"By processor time: {', '.join(costs)}. {CHEAP:.1f} is wanted.",
            "",
            *HOW,
            "",
            f"Memory while {memory[-1][0]:,} requests go by, of which the journal keeps the newest 10,000:",
            "",
            "| requests | MiB |",
            "|---|---|",
            *(f"| {done:,} | {held:.1f} |" for done, held in memory),
            "",
        ]
    )


def version(package: str) -> str:
    """Of what is installed."""
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as installed

    try:
        return installed(package)
    except PackageNotFoundError:
        return "not installed"


def share(ours: Served, other: Served) -> float:
    """The median, over the turns, of what ours did of what the other did right beside it."""
    return statistics.median(mine / its for mine, its in zip(ours.rates, other.rates, strict=True))


def cheapness(ours: Served, other: Served) -> float:
    """The median, over the turns, of the other's processor time for one request in that of ours right beside it."""
    return statistics.median(its / mine for mine, its in zip(ours.costs, other.costs, strict=True))


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and say by the exit status whether the targets are reached."""
    parser = argparse.ArgumentParser(description="one worker under load")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the note there, too")
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=4, help="of each turn")
    parser.add_argument("--requests", type=int, default=REQUESTS, help="for the memory; 0 for none")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        lua, begin = Path(folder, "activities.lua"), Path(folder, "state.yaml")
        lua.write_text(script(), encoding="ascii")
        begin.write_text(state(), encoding="ascii")
        constant = str(HERE / "constant.py")
        servers = [
            stack.enter_context(served("handlesfake", "-m", "handlesfake", "serve", "--json", "--state", str(begin))),
            stack.enter_context(served("a constant, same listener", constant, "listener")),
            stack.enter_context(served("a constant, uvicorn as it comes", constant, "uvicorn")),
        ]
        compare(servers, lua, options.turns, options.seconds)
        memory = remember(servers[0], lua, options.requests)
    written = note(servers, memory)
    print(written)
    if options.write:
        options.write.write_text(written, encoding="utf-8")
    half = next((held for done, held in memory if done * 2 >= options.requests), 0.0)
    return 0 if share(*servers[:2]) >= ENOUGH and memory[-1][1] <= half * MOST_GROWTH else 1


if __name__ == "__main__":
    surroundings.settle()
    sys.exit(main())
