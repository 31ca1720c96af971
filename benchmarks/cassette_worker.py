"""A process that measures one thing of one library, and prints the figures as JSON.

::

    python -m benchmarks.cassette_worker replay cassetter       # or load, record; or handlesfake, vcrpy
"""

from __future__ import annotations

import gc
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from benchmarks.replay import Cost, recording, sampled, whole

REPLAYED, LOADED, LOADS = 5000, 1000, 11
Opening = Callable[[Path, Path], AbstractContextManager[Any]]
"""From a cassette, and a folder for what is kept, to a replay."""


def ours(path: Path, kept: Path) -> AbstractContextManager[Any]:
    """Our replay."""
    import handlesfake  # lazily: only the library that is measured is used

    return handlesfake.replay(path, cassette_cache=kept)


def of_cassetter(path: Path, _: Path) -> AbstractContextManager[Any]:
    """That of cassetter."""
    import cassetter  # lazily, as above

    tape: AbstractContextManager[Any] = cassetter.use_cassette(path, record_mode="none")
    return tape


def of_vcrpy(path: Path, _: Path) -> AbstractContextManager[Any]:
    """That of vcrpy."""
    import vcr  # lazily, as above

    tape: AbstractContextManager[Any] = vcr.use_cassette(str(path), record_mode="none")
    return tape


OPENINGS: dict[str, Opening] = {"handlesfake": ours, "cassetter": of_cassetter, "vcrpy": of_vcrpy}


def replay(name: str, folder: Path) -> dict[str, float]:
    """Microseconds of a request, and how many times the first ten the last ten take."""
    path = recording(folder, REPLAYED)
    cost: Cost = (
        sampled(path, REPLAYED) if name == "vcrpy" else whole(OPENINGS[name](path, folder / "kept"), REPLAYED)
    )
    return {"mean": cost.mean * 1e6, "growth": cost.last / cost.first}


def load(name: str, folder: Path) -> dict[str, float]:
    """Milliseconds to open a cassette that has been read before, and to close it, ready for its first request."""
    path, spent = recording(folder, LOADED), []
    for _ in range(LOADS + 1):
        gc.collect()
        began = time.process_time()
        with OPENINGS[name](path, folder / "kept"):
            pass
        spent.append((time.process_time() - began) * 1000)
    return {"load": statistics.median(spent[1:])}


def record(name: str, folder: Path) -> dict[str, float]:
    """Milliseconds that a recording adds to an exchange."""
    from benchmarks import recording as ways  # lazily, as above

    by = {"handlesfake": ways.recorded, "cassetter": ways.recorded_by_cassetter, "vcrpy": ways.recorded_by_vcrpy}
    by[name](folder)  # what is imported and compiled once is not a cost of an exchange
    (folder / "again").mkdir()
    gc.collect()
    return {"record": statistics.fmean(by[name](folder / "again")[0])}


def main(what: str, name: str) -> None:
    """Measure, and print."""
    measures = {"replay": replay, "load": load, "record": record}
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(measures[what](name, Path(folder))))


if __name__ == "__main__":
    main(*sys.argv[1:])
