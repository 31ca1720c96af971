"""What the service does for one ``POST /handles``, counted: the same figure on a busy machine as on a quiet one.

::

    python -m benchmarks.counted                          # needs valgrind; some minutes

callgrind counts instructions, mispredicted branches and misses of the caches, of a process that sends some requests
and of one that sends a thousand more. The difference is what a thousand take: the way through the engine, the rules,
the service and the journal, without any client. A misprediction and a miss of L1 count for ten instructions, a miss
of the last cache for a hundred. The caches are the same everywhere, and not those of the machine.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import handlesfake
from benchmarks import surroundings
from handlesfake.double.double import core_of
from handlesfake.mpsd.http.message import Headers, Request

FEW, MANY = 100, 1100
WEIGHTS = {"Ir": 1, "Bcm": 10, "Bim": 10, "I1mr": 10, "D1mr": 10, "D1mw": 10, "ILmr": 100, "DLmr": 100, "DLmw": 100}
CACHES = ("--I1=32768,8,64", "--D1=32768,8,64", "--LL=33554432,16,64")
"""Bytes, ways and bytes of a line: by default callgrind takes those of the machine."""

WANTED = 650_000


def send(times: int) -> None:
    """What is counted: so many activities of one user, as requests sends them."""
    with handlesfake.fake(now="2026-01-06T10:00:00Z") as mpsd:
        host = mpsd.user("host")
        lobby = mpsd.session("lobby-1", members=[host])
        engine = core_of(mpsd).engine
        body = json.dumps({"type": "activity", "version": 1, "sessionRef": lobby.ref}).encode()
        lines = {
            "Host": "sessiondirectory.xboxlive.com",
            "User-Agent": "python-requests/2.34.2",
            "Accept-Encoding": "gzip, deflate",
            "Accept": "*/*",
            "Connection": "keep-alive",
            **host.headers,
            "Content-Length": str(len(body)),
            "Content-Type": "application/json",
        }
        for _ in range(times):
            exchange = engine.arrive(Request("POST", "/handles", Headers(lines.items()), body), "requests")
            for step in engine.before_decision(exchange):
                step.take()
            final = engine.decide(exchange)
            for step in engine.before_answer(exchange, final):
                step.take()
            engine.depart(exchange, final)
        if [201] * times != [entry.status for entry in mpsd.journal]:
            raise RuntimeError("not every activity was accepted")


def counted(times: int) -> dict[str, int]:
    """The events of a process that sends so many."""
    with tempfile.TemporaryDirectory() as folder:
        written = Path(folder) / "events"
        command = [
            "valgrind",
            "--tool=callgrind",
            "--cache-sim=yes",
            "--branch-sim=yes",
            *CACHES,
            f"--callgrind-out-file={written}",
        ]
        command += [sys.executable, "-m", "benchmarks.counted", str(times)]
        subprocess.run(command, check=True, capture_output=True)
        lines = dict(line.split(": ", 1) for line in written.read_text(encoding="utf-8").splitlines() if ": " in line)
    return dict(zip(lines["events"].split(), map(int, lines["totals"].split()), strict=False))


def main() -> int:
    """Count, print, and fail where it is more than is wanted."""
    few, many = counted(FEW), counted(MANY)
    each = {name: (many[name] - few.get(name, 0)) / (MANY - FEW) for name in many}
    weighed = sum(weight * each.get(name, 0) for name, weight in WEIGHTS.items())
    for name, count in each.items():
        print(f"{name:5} {count:12,.0f}")
    print(f"{weighed:,.0f} for one POST /handles, wanted {WANTED:,}; {surroundings.versions()}")
    return int(weighed > WANTED)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        send(int(sys.argv[1]))
    else:
        surroundings.settle()
        sys.exit(main())
