"""What recording costs, beside vcrpy and cassetter: the table of recording.md.

::

    pip install cassetter                       # may be missing; its row is then left out
    python -m benchmarks.recording              # prints the table; exit status 1 when a target is missed
    python -m benchmarks.recording --write benchmarks/recording.md
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import platform
import statistics
import sys
import tempfile
import time
from pathlib import Path

from vcr.cassette import Cassette as VcrCassette
from vcr.request import Request as VcrRequest

from benchmarks import surroundings
from handlesfake.cassettes.modes.recording import Taping, recording
from handlesfake.cassettes.replay.player import Playing
from handlesfake.exchange.outcome import Call, Forward
from handlesfake.mpsd.http.message import MPSD_HOST, Headers, Request, Response

try:
    import cassetter
except ImportError:
    cassetter = None  # type: ignore[assignment]  # a row is left out

COUNT, ROUNDS, MOST, SHARE = 1000, 5, 0.2, 1 / 3
TOKEN = "XBL3.0 x=1234567890123456789;" + "made-up-token-" * 80
REF = {"scid": "7e570100-1111-4222-8333-444455556666", "templateName": "FakeLobby"}


def request(number: int) -> Request:
    """One invite, as a client sends it."""
    headers = {
        "Authorization": TOKEN,
        "Signature": f"AAAAAQ{number:06}" + "signature" * 10,
        "X-Xbl-Contract-Version": "107",
        "Content-Type": "application/json",
    }
    body = {
        "type": "invite",
        "version": 1,
        "sessionRef": REF | {"name": f"lobby-{number}"},
        "invitedXuid": str((9 << 48) + number),
        "inviteAttributes": {"titleId": "1234567890", "context": "come and play"},
    }
    return Request("POST", "/handles", Headers(headers.items()), json.dumps(body).encode())


def response(number: int) -> Response:
    """What the service answers."""
    body = json.loads(request(number).body) | {"id": f"00000000-0000-4000-8000-{number:012}", "gamertag": "Some Body"}
    headers = [
        ("Content-Type", "application/json"),
        ("Date", "Tue, 06 Jan 2026 10:00:00 GMT"),
        ("Location", f"/handles/{body['id']}"),
        ("X-Xbl-Debug", "user0=1; gamertag=Some Body"),
    ]
    return Response(201, Headers(headers), json.dumps(body, separators=(",", ":")).encode())


def recorded(folder: Path) -> tuple[list[float], float]:
    """Milliseconds that each interaction adds, and those that the end takes."""
    path = folder / "ours.yaml"
    recorder = recording(path, lambda _: None, {}, Taping(), Playing()).recorder
    assert recorder is not None
    recorder.start()
    spent = []
    for number in range(COUNT):
        call, answer = Call(request(number), 0), response(number)
        began = time.process_time()
        outcome = recorder(call, None)  # type: ignore[arg-type] # the innermost stage asks nobody
        assert isinstance(outcome, Forward)
        outcome.then(answer)
        spent.append((time.process_time() - began) * 1000)
    began = time.process_time()
    recorder.stop()
    return spent, (time.process_time() - began) * 1000


def recorded_by_vcrpy(folder: Path) -> tuple[list[float], float]:
    """The same of vcrpy; it scrubs nothing."""
    theirs = VcrCassette(str(folder / "vcrpy.yaml"))
    spent = []
    for number in range(COUNT):
        one, answer = request(number), response(number)
        began = time.process_time()
        theirs.append(
            VcrRequest("POST", f"https://{MPSD_HOST}/handles", one.body, dict(one.headers)),
            {
                "status": {"code": 201, "message": "Created"},
                "headers": {name: [value] for name, value in answer.headers},
                "body": {"string": answer.body},
            },
        )
        spent.append((time.process_time() - began) * 1000)
    began = time.process_time()
    theirs._save(force=True)
    return spent, (time.process_time() - began) * 1000


def recorded_by_cassetter(folder: Path) -> tuple[list[float], float]:
    """The same of cassetter, which is written in Rust, and scrubs some headers and fields."""
    theirs = cassetter.Cassette(folder / "cassetter.yaml", record_mode=cassetter.RecordMode.ALL)
    spent = []
    for number in range(COUNT):
        one, answer = request(number), response(number)
        sent, came = ({name: [value] for name, value in message.headers} for message in (one, answer))
        began = time.process_time()
        theirs.record("POST", f"https://{MPSD_HOST}/handles", sent, one.body, 201, came, answer.body)
        spent.append((time.process_time() - began) * 1000)
    began = time.process_time()
    theirs.save()
    return spent, (time.process_time() - began) * 1000


def main() -> int:
    """Measure, print, and write where that is asked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--write", type=Path)
    options = parser.parse_args()
    os.environ.setdefault("MPSD_PSEUDONYM_KEY", "a key for measuring only")
    ways = {"handlesfake": recorded, "vcrpy": recorded_by_vcrpy}
    if cassetter is not None:
        ways["cassetter"] = recorded_by_cassetter
    adds: dict[str, list[float]] = {name: [] for name in ways}
    saves: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(ROUNDS):  # by turns, so that what else the machine does falls on all of them
        for name, way in ways.items():
            with tempfile.TemporaryDirectory() as folder:
                gc.collect()
                spent, end = way(Path(folder))
            adds[name].append(statistics.fmean(spent))
            saves[name].append(end)
    lines = table({name: min(adds[name]) for name in ways}, {name: min(saves[name]) for name in ways})
    print("\n".join(lines))
    if options.write:
        options.write.write_text("\n".join(lines) + "\n", encoding="utf-8")
    is_good = min(adds["handlesfake"]) <= MOST and min(saves["handlesfake"]) <= SHARE * min(saves["vcrpy"])
    return 0 if is_good else 1


def table(adds: dict[str, float], saves: dict[str, float]) -> list[str]:
    """The figures as Markdown."""
    share = saves["handlesfake"] / saves["vcrpy"]
    return [
        "# What recording costs",
        "",
        f"`python -m benchmarks.recording`, Python {platform.python_version()}: CPU time, best of {ROUNDS}.",
        f"Journal and scrubbing included, a recording is to add at most {MOST} ms to an interaction, and to save",
        f"{COUNT} in {SHARE:.2f} of vcrpy's time: it takes {share:.2f}. The others write nothing before the end.",
        "",
        f"| | adds to each, ms | saving {COUNT}, ms |",
        "|---|---|---|",
        *(f"| {name} | {adds[name]:.3f} | {saves[name]:.0f} |" for name in adds),
    ]


if __name__ == "__main__":
    surroundings.settle()
    sys.exit(main())
