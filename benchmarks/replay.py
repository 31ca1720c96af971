"""What a replay costs when much is recorded, beside vcrpy and cassetter: the table of replay.md.

::

    pip install cassetter                       # may be missing; its column is then empty
    python -m benchmarks.replay                 # prints the table; exit status 1 when a target is missed
    python -m benchmarks.replay --write benchmarks/replay.md

Every interaction is a ``POST /handles`` of its own invitee, sent by one requests.Session in the recorded order. Each
library reads the same file, in its own default settings. Then vcrpy and cassetter compare method and address,
handlesfake compares caller and body as well. vcrpy's cost grows with what has played, so that the whole would take
minutes. So it is timed at eleven places, ten requests each, with all before them marked as played. Figures are CPU
time. Each library has two rounds one after the other, and the lower figure counts.
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
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
import vcr

import handlesfake
from benchmarks import surroundings
from handlesfake.cassettes.cassette import Interaction
from handlesfake.cassettes.format.loading import load_cassette
from handlesfake.cassettes.format.writing import dump_cassette
from handlesfake.cassettes.replay.player import Player
from handlesfake.mpsd.http.message import MPSD_HOST, Headers, Request, Response

try:
    import cassetter
except ImportError:
    cassetter = None  # type: ignore[assignment]  # a column stays empty

COUNT, LOADED, GROWTH, FASTER = 5000, 1000, 1.05, 50
URL = f"https://{MPSD_HOST}/handles"
REF = {"scid": "7e570100-1111-4222-8333-444455556666", "templateName": "FakeLobby", "name": "lobby-1"}


def body(number: int) -> bytes:
    """A separate invite."""
    return json.dumps(
        {"type": "invite", "version": 1, "sessionRef": REF, "invitedXuid": str(9 * 10**15 + number)}
    ).encode()


def recording(folder: Path, count: int) -> Path:
    """A cassette of ``count`` interactions on one address."""
    sent = Headers([("Content-Type", "application/json")])
    came = Headers([("Content-Type", "application/json"), ("Date", "Tue, 06 Jan 2026 10:00:00 GMT")])
    interactions = (
        Interaction(
            number,
            Request("POST", "/handles", sent, body(number)),
            Response(201, came, json.dumps({"id": f"h{number}"}).encode()),
        )
        for number in range(1, count + 1)
    )
    path = folder / f"{count}.yaml"
    path.write_text(dump_cassette(interactions, {}), encoding="utf-8")
    return path


@dataclass(frozen=True)
class Cost:
    """Seconds of CPU of a request: the ten first, the ten last, all."""

    first: float
    last: float
    mean: float


def each(session: requests.Session, numbers: Iterator[int]) -> list[float]:
    """The seconds of each request; the answer must be the recorded one."""
    session.trust_env = False  # else requests looks for proxies and .netrc each time, a third of all its cost
    costs = []
    for number in numbers:
        start = time.process_time()
        answer = session.post(URL, data=body(number), headers={"Content-Type": "application/json"}, timeout=5)
        costs.append(time.process_time() - start)
        assert f"h{number}" == answer.json()["id"]
    return costs


def whole(context: AbstractContextManager[Any], count: int) -> Cost:
    """Play the whole cassette."""
    with context, requests.Session() as session:
        gc.collect()
        each(session, iter(range(1, 11)))  # the first request of all imports and connects
        costs = each(session, iter(range(11, count + 1)))
    # as for vcrpy: the mean of the medians of tens, so that other work of the machine does not count
    tens = [statistics.median(costs[start : start + 10]) for start in range(0, len(costs), 10)]
    return Cost(tens[0], tens[-1], statistics.fmean(tens))


def sampled(path: Path, count: int) -> Cost:
    """Play vcrpy's at eleven places."""
    places = [round(part * (count - 10) / 10) for part in range(11)]
    medians = []
    for place in places:
        with vcr.use_cassette(str(path), record_mode="none") as cassette, requests.Session() as session:
            cassette.play_counts.update(dict.fromkeys(range(place), 1))
            medians.append(statistics.median(each(session, iter(range(place + 1, place + 11)))))
    return Cost(medians[0], medians[-1], statistics.fmean(medians))


def better(one: Cost, other: Cost) -> Cost:
    """The less of each figure: what else runs on the machine costs caches, too."""
    return Cost(min(one.first, other.first), min(one.last, other.last), min(one.mean, other.mean))


def least(run: Callable[[], object], times: int = 5) -> float:
    """The seconds of the fastest of several runs."""
    costs = []
    for _ in range(times):
        gc.collect()
        start = time.process_time()
        run()
        costs.append(time.process_time() - start)
    return min(costs)


@contextmanager
def ours(path: Path) -> Iterator[object]:
    """Our replay."""
    with handlesfake.replay(path) as mpsd:
        yield mpsd


def opened(context: AbstractContextManager[Any]) -> None:
    """Read it, and no more."""
    with context:
        pass


def measured() -> tuple[dict[str, Cost], dict[str, float]]:
    """Replay and loading, by library."""
    with tempfile.TemporaryDirectory() as folder:
        large, small = recording(Path(folder), COUNT), recording(Path(folder), LOADED)
        plays: dict[str, Callable[[], Cost]] = {
            "handlesfake": lambda: whole(ours(large), COUNT),
            "vcrpy": lambda: sampled(large, COUNT),
        }
        if cassetter is not None:
            plays["cassetter"] = lambda: whole(cassetter.use_cassette(large, record_mode="none"), COUNT)
        rounds = [{name: play() for name, play in plays.items()} for _ in range(2)]
        replay = {name: better(*(costs[name] for costs in rounds)) for name in plays}
        loading = {
            "handlesfake": least(lambda: Player(load_cassette(small), lambda _: None)),
            "vcrpy": least(lambda: opened(vcr.use_cassette(str(small), record_mode="none"))),
        }
        if cassetter is not None:
            loading["cassetter"] = least(lambda: opened(cassetter.use_cassette(small, record_mode="none")))
    return replay, loading


def table(replay: dict[str, Cost], loading: dict[str, float]) -> list[str]:
    """The figures as Markdown."""
    lines = [
        f"| | first ten, µs | last ten, µs | last / first | mean, µs | loading {LOADED}, ms |",
        "|---|---|---|---|---|---|",
    ]
    for name, cost in replay.items():
        micro = [f"{seconds * 1e6:,.0f}" for seconds in (cost.first, cost.last, cost.mean)]
        ratio = f"{cost.last / cost.first:.2f}"
        lines.append(f"| {name} | {micro[0]} | {micro[1]} | {ratio} | {micro[2]} | {loading[name] * 1000:.0f} |")
    return lines


def missed(replay: dict[str, Cost], loading: dict[str, float]) -> list[str]:
    """The targets that the figures do not reach."""
    mine, theirs = replay["handlesfake"], replay["vcrpy"]
    growth, faster = mine.last / mine.first, theirs.mean / mine.mean
    return [
        text
        for text, is_reached in (
            (f"the last ten cost {growth:.2f} times the first ten, wanted {GROWTH}", growth <= GROWTH),
            (f"{faster:.0f} times faster than vcrpy, wanted {FASTER}", faster >= FASTER),
            ("loading is slower than vcrpy's", loading["handlesfake"] <= loading["vcrpy"]),
        )
        if not is_reached
    ]


def main() -> int:
    """Measure, print, and write where that is asked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--write", type=Path)
    options = parser.parse_args()
    replay, loading = measured()
    faster = replay["vcrpy"].mean / replay["handlesfake"].mean
    lines = [
        "# What a replay costs when much is recorded",
        "",
        f"`python -m benchmarks.replay`, Python {platform.python_version()}, {os.cpu_count()} cores: {COUNT:,}",
        "interactions, all of them `POST /handles`, through `requests`, in CPU time; the script says how.",
        "",
        *table(replay, loading),
        "",
        f"In the mean {faster:.0f} times faster than vcrpy. handlesfake's loading includes what its index costs.",
    ]
    problems = missed(replay, loading)
    print("\n".join([*lines, *problems]))
    if options.write:
        options.write.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return 1 if problems else 0


if __name__ == "__main__":
    surroundings.settle()
    sys.exit(main())
