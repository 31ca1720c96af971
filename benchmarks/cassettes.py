"""What cassettes cost, to replay, to load and to record, beside cassetter and vcrpy: the table of cassettes.md.

::

    pip install --upgrade -r benchmarks/requirements.txt vcrpy pytest-recording
    python -m benchmarks.cassettes                              # some minutes; exit status 1 on a miss
    python -m benchmarks.cassettes --write benchmarks/cassettes.md

Bytecode is compiled first, and every process has the same 36 variables. Each figure is CPU time of a separate
process. A round asks every library in turn, so that other work of the machine falls on all of them. A figure is the
median of the rounds. Every library reads the same files, in its own default settings.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks import cassette_suites, surroundings

OURS, PEER = "handlesfake", "cassetter"
ROUNDS = 9
SUITES = ("handlesfake", "handlesfake, nothing kept", "cassetter", "vcrpy")


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    what: str
    unit: str
    figures: Mapping[str, float]
    most: float
    """What ours may be at most: in ``unit``, or as a part of cassetter's."""

    is_part: bool = True

    @property
    def reached(self) -> float:
        """What is held against ``most``."""
        return self.figures[OURS] / self.figures[PEER] if self.is_part else self.figures[OURS]

    def line(self, names: list[str]) -> str:
        """As Markdown."""
        cells = [_written(self.figures[name]) if name in self.figures else "" for name in names]
        limit = f"{self.most:g} x" if self.is_part else f"{self.most:g}"
        ours = f"{self.reached:.2f} x" if self.is_part else f"{self.reached:.3f}"
        verdict = "holds" if self.reached <= self.most else "missed"
        return f"| {self.what}, {self.unit} | {' | '.join(cells)} | {ours} | {limit} | {verdict} |"


def _written(figure: float) -> str:
    return f"{figure:,.0f}" if figure >= 100 else f"{figure:.3g}"


def asked(home: Path, what: str, name: str) -> dict[str, float]:
    """The figures of one worker."""
    run = subprocess.run(
        [sys.executable, "-m", "benchmarks.cassette_worker", what, name],
        cwd=home,
        env=surroundings.environment(home),
        capture_output=True,
        text=True,
        check=False,
    )
    if run.returncode:
        raise RuntimeError(f"{what}, {name}: {run.stdout}{run.stderr}")
    found: dict[str, float] = json.loads(run.stdout.splitlines()[-1])
    return found


def medians(rounds: list[dict[str, dict[str, float]]]) -> dict[str, dict[str, float]]:
    """By figure and library."""
    found: dict[str, dict[str, float]] = {}
    for name, figures in rounds[0].items():
        for figure in figures:
            found.setdefault(figure, {})[name] = statistics.median(one[name][figure] for one in rounds)
    return found


def measured(home: Path, rounds: int) -> list[Row]:
    """Every row."""
    suites = cassette_suites.written(home)
    environment = surroundings.environment(home)
    tests: dict[str, Callable[[], float]] = {
        name: lambda name=name: cassette_suites.seconds(suites, name, environment)  # type: ignore[misc]
        for name in SUITES
    }
    for run in tests.values():
        run()  # what is kept for the next run is kept now
    workers = dict.fromkeys((OURS, PEER), ("replay", "load", "record"))
    told: list[dict[str, dict[str, float]]] = []
    for _ in range(rounds):
        one = {name: {"suite": run()} for name, run in tests.items()}
        for name, whats in workers.items():
            for what in whats:
                one[name] |= asked(home, what, name)
        told.append(one)
    found = medians(told)
    for what in ("replay", "load", "record"):  # of what takes minutes, one round is enough
        for figure, value in asked(home, what, "vcrpy").items():
            found[figure]["vcrpy"] = value
    count, each = cassette_suites.CASSETTES, cassette_suites.EACH
    return [
        Row(f"whole process: {count} tests, each of a cassette with {each} exchanges", "ms", found["suite"], 1.0),
        Row("replay of 5,000 on one address: mean of a request", "µs", found["mean"], 1.0),
        Row("the same: last ten / first ten", "times", found["growth"], 1.05, is_part=False),
        Row("loading 1,000 again", "ms", found["load"], 1.0),
        Row("recording adds to an exchange", "ms", found["record"], 0.2, is_part=False),
    ]


def main() -> int:
    """Measure, print, and write where that is asked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--write", type=Path)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    options = parser.parse_args()
    surroundings.compile_all()
    with tempfile.TemporaryDirectory() as folder:
        rows = measured(Path(folder), options.rounds)
    names = [*SUITES]
    made = surroundings.versions("cassetter", "vcrpy", "pytest-recording", "pytest", "requests", "urllib3")
    lines = [
        "# What cassettes cost",
        "",
        f"`python -m benchmarks.cassettes`: {made}.",
        f"CPU time, median of {options.rounds} rounds; the script says how. `nothing kept` is without the cache.",
        "",
        f"| | {' | '.join(names)} | reached | at most | |",
        f"|---|{'---|' * (len(names) + 3)}",
        *(row.line(names) for row in rows),
    ]
    print("\n".join(lines))
    if options.write:
        options.write.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return 0 if all(row.reached <= row.most for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
