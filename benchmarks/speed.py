"""What a call costs beside the peers, and what the plugin costs: the tables of speed.md.

::

    pip install -e . -r benchmarks/requirements.txt
    python -m benchmarks.speed                            # prints the tables, some minutes; exit status 1 on a miss
    python -m benchmarks.speed --write benchmarks/speed.md

Each contender runs in a separate process, in which no other has patched anything. A round asks all of them in turn,
so that other work of the machine falls on all. A figure is the median of the rounds. All of it is CPU time, of
threads and child processes too. The call is one ``POST /handles`` with a JSON body, through a client that keeps its
connection, and its answer is read as JSON. The peers answer with constant bytes; the fake reads the request, creates
the handle, writes its journal and asks its rules.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from benchmarks import suites, surroundings

OURS = "handlesfake"
SEAM, ADAPTER, MOCK = "our seam, and no service", "floor: a canned adapter", "floor: httpx.MockTransport"
WARM, ROUNDS, SESSIONS, UNUSED, FIRSTS = 2, 11, 5, 31, 31
CLIENTS = ("requests", "urllib3", "httpx", "aiohttp")
PEERS = ("responses", "requests-mock", "respx", "pytest-httpx", "vcrpy", "cassetter", "pytest-httpserver")


@dataclass(frozen=True)
class Row:
    """Who takes part, and how much of a peer's cost is allowed."""

    what: str
    contenders: Sequence[str]
    peer: str = ""
    times: float = 0.0
    most: float = 0.0
    """Microseconds; 0 where a peer is the measure."""


ROWS = (
    Row(
        "requests",
        (OURS, "responses", "requests-mock", "vcrpy", "cassetter", "pytest-httpserver", SEAM, ADAPTER),
        "responses",
        1.5,
    ),
    Row("httpx", (OURS, "respx", "pytest-httpx", "vcrpy", "cassetter", SEAM, MOCK), "respx", 1.2),
    Row("httpx, async", (OURS, "respx", "pytest-httpx", "vcrpy", "cassetter", SEAM, MOCK), "respx", 1.2),
    Row("aiohttp", (OURS, "vcrpy", "cassetter", SEAM), "vcrpy", 2.0),
    Row("urllib3", (OURS, "vcrpy", "cassetter", "pytest-httpserver", SEAM), "vcrpy", 0.75),
    Row("entering", (OURS, "responses", "requests-mock", "respx"), most=500),
    Row("httpx.Client()", (OURS, "respx", "pytest-httpx"), most=1000),
)
FIRST_MOST = 50
"""Milliseconds that the first double of a process may take."""

PROCESSES = {"requests": ("responses", 1.25), "httpx": ("", 1.0)}
"""Client to whose processes are the measure, by default the fastest peer's, and how much of them is
allowed."""

TITLES = {
    "entering": "enter and leave the double",
    "httpx.Client()": "make and close an `httpx.Client()` beside it",
}


@dataclass
class Table:
    """The lines of the report, and what was missed."""

    lines: list[str] = field(default_factory=list)
    short: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)

    def judge(self, what: str, figure: float, target: float, unit: str) -> str:
        """``holds``, or by how much it was missed."""
        if figure <= target:
            return "holds"
        self.missed.append(f"{what}: {figure:.2f} {unit}, wanted {target:g}")
        return f"missed by {figure / target - 1:.0%}"


@contextmanager
def worker(what: str, contender: str) -> Iterator[subprocess.Popen[str]]:
    """The process of one contender."""
    command = [sys.executable, "-m", "benchmarks.calls", what, contender]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process
        assert process.stdin is not None
        process.stdin.close()


def once(process: subprocess.Popen[str]) -> float:
    """Microseconds of one round."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("\n")
    process.stdin.flush()
    return float(process.stdout.readline())


def costs(row: Row) -> dict[str, float]:
    """Microseconds by contender."""
    found: dict[str, list[float]] = {name: [] for name in row.contenders}
    with ExitStack() as stack:
        workers = {name: stack.enter_context(worker(row.what, name)) for name in row.contenders}
        for number in range(WARM + ROUNDS):
            for name, process in workers.items():
                cost = once(process)
                if number >= WARM:
                    found[name].append(cost)
    return {name: statistics.median(each) for name, each in found.items()}


def sessions(texts: Mapping[str, tuple[str, str]], rounds: int = SESSIONS) -> dict[str, list[float]]:
    """Seconds of whole processes, round by round, by name of ``(plugin, suite)``."""
    found: dict[str, list[float]] = {name: [] for name in texts}
    with tempfile.TemporaryDirectory() as folder:
        for number in range(1 + rounds):  # the first writes what is compiled
            for name, (plugin, text) in texts.items():
                seconds = suites.seconds(Path(folder), text, plugin)
                if number:
                    found[name].append(seconds)
    return found


def calls(table: Table) -> None:
    """The first table: calls through clients."""
    table.lines += ["| | who | µs | of the peer | target | |", "|---|---|---|---|---|---|"]
    for row in ROWS:
        found = costs(row)
        mine, title = found[OURS], TITLES.get(row.what, f"a call through {row.what}")
        if row.peer:
            ratio = mine / found[row.peer]
            said = table.judge(title, ratio, row.times, f"times {row.peer}")
            target = f"{ratio:.2f} x | {row.times:g} x {row.peer} | {said}"
        else:
            target = f" | {row.most:g} µs | {table.judge(title, mine, row.most, 'µs')}"
        table.lines.append(f"| {title} | **{OURS}** | **{mine:,.0f}** | {target} |")
        table.lines += [f"| | {name} | {cost:,.0f} | | | |" for name, cost in found.items() if name != OURS]
        table.short.append(short(title, found))


FIRST = """import time
started = time.process_time()
import handlesfake
with handlesfake.fake():
    pass
print(time.process_time() - started)"""


def first(table: Table) -> None:
    """The first double of a process, from the import on."""
    found = [float(subprocess.check_output([sys.executable, "-c", FIRST], text=True)) for _ in range(FIRSTS)]
    cost = statistics.median(found) * 1e3
    said = table.judge("the first double of a process", cost, FIRST_MOST, "ms")
    table.lines += [
        "",
        f"The first double of a process, from `import handlesfake`: **{cost:.0f} ms**, at most {FIRST_MOST}: {said}.",
    ]
    table.short.append(f"| the first double of a process, ms | {cost:.0f} | |")


def processes(table: Table) -> None:
    """The second table: whole sessions of pytest."""
    table.lines += ["", f"| {suites.TESTS} tests, one request each | who | seconds | |", "|---|---|---|---|"]
    for client, texts in suites.SUITES.items():
        found = {name: statistics.median(each) for name, each in sessions(texts).items()}
        peer, times = PROCESSES[client]
        peer = peer or min(found.keys() - {OURS}, key=found.__getitem__)
        ratio = found[OURS] / found[peer]
        said = table.judge(f"{suites.TESTS} tests through {client}", ratio, times, f"times {peer}")
        for name, cost in found.items():
            bold = "**" if name == OURS else ""
            verdict = f"{ratio:.2f} x {peer}, at most {times:g}: {said}" if name == OURS else ""
            table.lines.append(f"| through {client} | {bold}{name}{bold} | {bold}{cost:.2f}{bold} | {verdict} |")
        table.short.append(short(f"{suites.TESTS} tests of one request, {client}, ms", found, 1000))


def unused(table: Table) -> None:
    """The third table: the plugin in a suite that does not use it."""
    plugin = "handlesfake.pytest_plugin"
    texts = {
        f"{kind}, {name}": (loaded, text)
        for kind, text in (("empty", suites.EMPTY), ("many", suites.UNUSED))
        for name, loaded in (("without", ""), ("with", plugin))
    }
    found = sessions(texts, UNUSED)
    start = between(found, "empty") * 1e3
    each = (between(found, "many") * 1e6 - start * 1e3) / suites.MANY
    table.lines += ["", "| the plugin, unused | | target | |", "|---|---|---|---|"]
    table.lines.append(f"| start of pytest | {start:.1f} ms | 10 ms | {table.judge('start', start, 10, 'ms')} |")
    table.lines.append(f"| each test | {each:.1f} µs | 0 µs | within the noise of the machine when below 5 |")
    table.short.append(f"| the plugin, unused | {start:.0f} ms at the start, {max(each, 0):.0f} µs a test | |")


def between(found: Mapping[str, Sequence[float]], kind: str) -> float:
    """Seconds that the plugin adds: the median of the differences of each round."""
    pairs = zip(found[f"{kind}, with"], found[f"{kind}, without"], strict=True)
    return statistics.median(loaded - bare for loaded, bare in pairs)


def short(title: str, found: Mapping[str, float], factor: float = 1.0) -> str:
    """One line for the README."""
    others = [
        f"{name} {cost * factor:,.0f}" for name, cost in found.items() if name not in (OURS, SEAM, ADAPTER, MOCK)
    ]
    return f"| {title} | {found[OURS] * factor:,.0f} | {', '.join(others)} |"


def versions() -> str:
    """Who took part, by release."""
    return ", ".join(f"{name} {version(name)}" for name in (*CLIENTS, *PEERS, "pytest"))


def main() -> int:
    """Measure, print, and write where that is asked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--write", type=Path)
    options = parser.parse_args()
    table = Table()
    calls(table)
    first(table)
    processes(table)
    unused(table)
    text = "\n".join([*head(), *table.lines, "", *notes(), "", "## In short", "", *brief(table)])
    print(text, *table.missed, sep="\n")
    if options.write:
        options.write.write_text(text + "\n", encoding="utf-8")
    return 1 if table.missed else 0


def head() -> list[str]:
    """The text above the tables."""
    return [
        "# What a call costs, beside the peers",
        "",
        f"`python -m benchmarks.speed`, Python {platform.python_version()}, {os.cpu_count()} cores. CPU time;",
        f"medians of {ROUNDS} rounds, in each of which all take their turn.",
        f"Surroundings: {surroundings.SAID}. The script says how it is measured.",
        "",
        f"With {versions()}.",
        "",
    ]


def notes() -> list[str]:
    """What the figures do not say by themselves."""
    path = Path(__file__).with_name("speed_notes.md")
    return path.read_text(encoding="utf-8").splitlines()


def brief(table: Table) -> list[str]:
    """The table for the README."""
    return ["| CPU µs | handlesfake | the others, which answer constant bytes |", "|---|---|---|", *table.short]


if __name__ == "__main__":
    surroundings.settle()
    sys.exit(main())
