"""What ``handlesfake scan`` finds in files of many tools, what it raises false alarms about, and how long it takes.

::

    python -m benchmarks.scanning                      # planted files; exit status 1 when a value is not found
    python -m benchmarks.scanning FOLDER               # and public cassettes in FOLDER: alarms and time
    python -m benchmarks.scanning FOLDER --list        # and each alarm, by file and line
    python -m benchmarks.scanning FOLDER --write benchmarks/scanning.md

The planted files are in tests/cassettes/audit/planted_files.py: the same sixteen values in the layout of each tool,
one value a file. "Lines alone" is what the same rules find in the same text without its structure.

Findings in public cassettes are judged by their kind. Cookies, credentials and people are not false alarms;
everything else is one, "looks like a secret" always. Cassettes of public repositories that use vcrpy will do; they
are not kept here. Those of scanning.md are 138 files, drawn at random, at most 18 of each project. The projects are
github3.py, habanero, llm, octokit.rb, openllmetry, opentelemetry-python-contrib, praw and pydantic-ai. Three others
(dns-lexicon, go-vcr, notebooklm-py) were in an earlier draw.
"""

from __future__ import annotations

import argparse
import platform
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from benchmarks import surroundings
from handlesfake.cassettes.audit.leak import Leak
from handlesfake.cassettes.audit.scanning import line_by_line, scan
from tests.cassettes.audit.planted_files import FILES, VALUES, Planted, lines_of

LOOKS = "looks like a secret"
RIGHT = frozenset(
    {
        "authorization", "cookie", "date of birth", "gamertag", "ip address", "mac address", "machine name",
        "mail address", "password", "phone number", "picture", "place", "postal address", "set-cookie", "user name",
        "x-amz-credential", "x-amz-security-token", "x-amz-signature", "xuid",
    }
)  # fmt: skip
"""Kinds of which a finding is right, whether or not it matters to anybody."""

PARTS = (0.25, 0.5, 1.0)
"""How much of the largest file is scanned, to see how the time grows."""


def planted() -> tuple[list[str], bool]:
    """The table of planted files, and whether each value was found."""
    rows = ["| file | values | found | wrong lines | lines alone |", "| --- | --- | --- | --- | --- |"]
    is_whole = True
    for name, make in FILES.items():
        held = found = wrong = plain = 0
        for place, value in VALUES.items():
            text = make(Planted(place))
            lines = lines_of(value, text)
            told = {leak.line for leak in _scanned(name, text)}
            held += bool(lines)
            found += bool(lines) and not lines - told
            wrong += len(told - lines)
            plain += bool(lines) and not lines - {line for line, kind in line_by_line(text) if kind != LOOKS}
        is_whole &= held == found and not wrong
        rows.append(f"| {name} | {held} | {found} | {wrong} | {plain} |")
    return rows, is_whole


def _scanned(name: str, text: str) -> list[Leak]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_text(text, encoding="utf-8")
        return scan(path)


def public(folder: Path) -> tuple[list[str], list[Leak]]:
    """What was found in the files below ``folder``, and each false alarm."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    lines = size = 0
    kinds: Counter[str] = Counter()
    alarms = []
    began = time.process_time()
    for path in files:
        raw = path.read_bytes()
        lines, size = lines + raw.count(b"\n"), size + len(raw)
        for leak in scan(path):
            kinds[leak.kind] += 1
            if leak.kind.lower() not in RIGHT:
                alarms.append(leak)
    took = time.process_time() - began
    looks = sum(leak.kind == LOOKS for leak in alarms)
    table = [
        "| what | how much |",
        "| --- | --- |",
        f"| files, lines, MB | {len(files)}, {lines:,}, {size / 1e6:.1f} |",
        f"| false alarms called certain, per 1,000 lines | {1000 * (len(alarms) - looks) / lines:.2f} |",
        f'| "{LOOKS}", per 1,000 lines | {1000 * looks / lines:.2f} |',
        f"| cookies, credentials and people, per 1,000 lines | {1000 * (kinds.total() - len(alarms)) / lines:.2f} |",
        f"| seconds a MB | {took / (size / 1e6):.2f} |",
        *(f"| {what} | {seconds} |" for what, seconds in _growth(max(files, key=lambda path: path.stat().st_size))),
    ]
    most = [f"`{kind}` {count}" for kind, count in Counter(leak.kind for leak in alarms).most_common(8)]
    return [*table, "", f"The most frequent alarms: {', '.join(most)}."], alarms


def _growth(largest: Path) -> Iterator[tuple[str, str]]:
    text = largest.read_text(encoding="utf-8", errors="replace")
    for part in PARTS:
        piece = text[: int(len(text) * part)]
        began = time.process_time()
        _scanned(largest.name, piece)
        yield f"seconds for {len(piece) / 1e6:.2f} MB of the largest file", f"{time.process_time() - began:.2f}"


def main(arguments: list[str] | None = None) -> int:
    """Print what is asked for; 1 when a planted value was not found."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scanning")
    parser.add_argument("folder", type=Path, nargs="?", help="cassettes that are public")
    parser.add_argument("--list", action="store_true", help="print each false alarm")
    parser.add_argument("--write", type=Path, help="a file to write the tables into")
    options = parser.parse_args(arguments)
    rows, is_whole = planted()
    text = [
        "# What a scan finds, and how long it takes",
        "",
        f"Python {platform.python_version()}; CPU time.",
        "",
        *rows,
    ]
    if options.folder is not None:
        table, alarms = public(options.folder)
        text += ["", "## Public cassettes", "", *table]
        if options.list:
            print(*alarms, sep="\n")
    print("\n".join(text))
    if options.write is not None:
        options.write.write_text("\n".join(text) + "\n", encoding="utf-8")
    return 0 if is_whole else 1


if __name__ == "__main__":
    surroundings.settle()
    sys.exit(main())
