"""Which planted values are in recordings: each value in each place, by kind, beside vcrpy and cassetter.

::

    pip install cassetter brotli zstandard        # may be missing; cassetter's column is then left out
    python -m benchmarks.leak_matrix              # handlesfake on every case; exit status 1 when a target is missed
    python -m benchmarks.leak_matrix --author fifth            # of one author, where all of all take an hour
    python -m benchmarks.leak_matrix --every 3 --peers --write benchmarks/leak_matrix.md
    python -m benchmarks.leak_matrix --list       # and each case that leaks, is rejected, or plays back otherwise

Values and places are data of five authors who had not read the scrubber (benchmarks/planted). Each case is recorded
by requests, httpx, aiohttp or urllib in turn, against a service on loopback. It answers what the place says, and
echoes the request where the place says nothing. What is left in the cassette is searched ignoring case, with gzip,
base64, percent-encoding, digits, UTF-16 and escapes taken off. Cassettes of ordinary values are played back.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import vcr

import handlesfake
from benchmarks.planted_cases import AUTHORS, CREDENTIALS, Case, cases
from benchmarks.planted_service import Echoing, Sent, send, serving
from tests.cassettes.scrubbing.secret_search import bare

try:
    import cassetter
except ImportError:
    cassetter = None  # type: ignore[assignment]  # a column is left out

Opener = Callable[[Path, Echoing, Echoing], AbstractContextManager[Any]]
_USUAL = ("authorization", "cookie", "set-cookie", "x-api-key", "signature")
MOST_UNKNOWN, MOST_PERSONAL, MOST_REJECTED = 0.01, 0.15, 0.02


@contextmanager
def ours(path: Path, mpsd: Echoing, other: Echoing) -> Iterator[None]:
    """Our recording, with a separate key."""
    key = path.parent.parent / "pseudonyms.key"
    if not key.exists():
        key.write_text("a key that only this benchmark has")
    with handlesfake.record(
        path, credentials=CREDENTIALS, hosts=(mpsd.authority,), record_hosts=(other.authority,), pseudonym_key=key
    ):
        yield


def filtered(path: Path, _: Echoing, __: Echoing) -> AbstractContextManager[Any]:
    """Vcrpy with the filters that its users usually set."""
    names = ["token", "access_token", "api_key", "apikey", "key", "password", "client_secret", "refresh_token"]
    return vcr.use_cassette(
        str(path), filter_headers=[*_USUAL], filter_query_parameters=names, filter_post_data_parameters=names
    )


def openers(*, peers: bool) -> dict[str, Opener]:
    """The tools that are compared."""
    found: dict[str, Opener] = {"handlesfake": ours}
    if peers:
        found["vcrpy"] = lambda path, _, __: vcr.use_cassette(str(path))
        found["vcrpy, usual filters"] = filtered
    if peers and cassetter is not None:
        found["cassetter"] = lambda path, _, __: cassetter.use_cassette(path)
    return found


@dataclass
class Row:
    """What happened to the cases of one kind."""

    recorded: int = 0
    leaked: int = 0
    rejected: int = 0
    changed: int = 0
    failed: int = 0


@dataclass
class Result:
    """Of one tool."""

    rows: dict[str, dict[str, Row]] = field(default_factory=dict)
    """Row of the table to kind to what happened."""

    told: list[str] = field(default_factory=list)

    def row(self, case: Case) -> Row:
        """That of ``case``."""
        return self.rows.setdefault(case.value.row, {}).setdefault(case.value.kind, Row())


def measured(opener: Opener, planted: Sequence[Case], *, replays: bool) -> Result:
    """Record each case."""
    result = Result()
    with tempfile.TemporaryDirectory() as folder, serving() as mpsd, serving() as other:
        for case in planted:
            kept = Path(folder) / str(case.number)
            kept.mkdir()
            _one(case, opener, kept, (mpsd, other), result, replays=replays)
    return result


def _one(
    case: Case, opener: Opener, folder: Path, services: tuple[Echoing, Echoing], result: Result, *, replays: bool
) -> None:
    row, path, told = result.row(case), folder / "case.yaml", f"{case.value.kind} | {case.place}"
    heard: Sent | None = None
    try:
        with opener(path, *services):
            heard = send(case, services)
    except handlesfake.CassetteError as error:
        if " and was withheld" in str(error):  # else it was answered 401
            row.rejected += 1
            result.told.append(f"rejected | {told}")
    except Exception as error:  # noqa: BLE001 - a client or a tool that cannot
        row.failed += 1
        result.told.append(f"failed | {told} | {type(error).__name__}: {error}"[:300])
    files = [one for one in folder.iterdir() if one.suffix != ".rejected"]
    row.recorded += bool(files)
    if case.value.group != "ordinary" and leaks(files, case.value.value):
        row.leaked += 1
        result.told.append(f"leak | {told}")
    if case.place in _SECRET_AS_A_WHOLE:
        return
    if replays and case.value.group == "ordinary" and files and heard is not None:
        why = _replayed(case, path, services, heard)
        row.changed += bool(why)
        result.told += [f"changed | {told} | {why}"] if why else []


_SECRET_AS_A_WHOLE = frozenset(
    {
        "claims of a JWT in an answer",
        "connection address with a user and password in JSON",
        "curl command in a bug report",
    }
)
"""Places that are a secret, whatever they hold: an ordinary value in one goes with it."""


def _replayed(case: Case, path: Path, services: tuple[Echoing, Echoing], heard: Sent) -> str:
    """How the replay differs; empty when it does not."""
    hosts = tuple(one.authority for one in services)
    try:
        with handlesfake.replay(path, hosts=hosts[:1], record_hosts=hosts[1:]):
            again = send(case, services)
    except (Exception, handlesfake.NotRecorded) as error:  # noqa: BLE001 - what a client makes of a miss, too
        return str(error).partition("\n")[0][:200]
    if again.status != heard.status or again.body != heard.body:
        return f"{heard.status} {heard.body[:120]!r} became {again.status} {again.body[:120]!r}"
    lost = {name: value for name, value in heard.headers.items() if again.headers.get(name, value) != value}
    return f"header {next(iter(lost.items()))}" if lost else ""


def leaks(files: Iterable[Path], value: str) -> bool:
    """Whether one of ``files`` has ``value``, in any spelling."""
    spellings = {value.lower()}
    if value.isascii() and value.isdigit() and len(value) > 12:
        spellings.add(f"{int(value):x}")
    texts = {text.lower() for path in files for text in bare(path.read_bytes())}
    return any(one in text for text in texts for one in spellings)


def table(results: dict[str, Result]) -> list[str]:
    """The counts as Markdown: by row, then by kind."""
    lines = [f"| | {' | '.join(results)} |", "|---" * (len(results) + 1) + "|"]
    for name in next(iter(results.values())).rows:
        cells = [_sum(result.rows[name].values()) for result in results.values()]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    lines += [
        "",
        "By kind, handlesfake:",
        "",
        "| kind | cases kept | leak | rejected | otherwise in a replay |",
        "|---|---|---|---|---|",
    ]
    for name, kinds in results["handlesfake"].rows.items():
        lines.append(f"| **{name}** | | | | |")
        lines += [
            f"| {kind} | {row.recorded} | {row.leaked} | {row.rejected} | {row.changed} |"
            for kind, row in kinds.items()
        ]
    return lines


def _sum(rows: Iterable[Row]) -> str:
    found = list(rows)
    leaked, recorded = sum(row.leaked for row in found), sum(row.recorded for row in found)
    rejected, changed = sum(row.rejected for row in found), sum(row.changed for row in found)
    more = "".join(f", {count} {what}" for count, what in ((rejected, "rejected"), (changed, "changed")) if count)
    return f"{leaked} of {recorded}{more}"


def missed(result: Result) -> list[str]:
    """The targets that are missed."""
    found = []
    total = {
        name: [
            sum(getattr(row, word) for row in kinds.values())
            for word in ("recorded", "leaked", "rejected", "changed")
        ]
        for name, kinds in result.rows.items()
    }
    for name, (recorded, leaked, rejected, changed) in total.items():
        share = leaked / max(recorded + rejected, 1)
        most = MOST_UNKNOWN if name == "unknown secret" else MOST_PERSONAL if name == "unknown personal" else 0
        if share > most:
            found.append(f"{name}: {leaked} leak")
        if name == "ordinary" and rejected > MOST_REJECTED * (recorded + rejected):
            found.append(f"{name}: {rejected} rejected")
        if name.startswith("ordinary") and changed:
            found.append(f"{name}: {changed} play back otherwise")
    return found


def main(given: Sequence[str] | None = None) -> int:
    """Measure, print, and say whether a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--every", type=int, default=1, metavar="N", help="of N cases one")
    parser.add_argument("--author", default="", choices=AUTHORS, help="values and places of one alone")
    parser.add_argument("--peers", action="store_true", help="vcrpy and cassetter, too")
    parser.add_argument("--list", action="store_true", help="name each case that is not as it should be")
    parser.add_argument("--write", type=Path)
    options = parser.parse_args(given)
    said = "".join(f" {word}" for word in (sys.argv[1:] if given is None else given))
    began = time.monotonic()
    planted = list(cases(options.every, options.author))
    results = {
        tool: measured(opener, planted, replays=tool == "handlesfake")
        for tool, opener in openers(peers=options.peers).items()
    }
    targets = missed(results["handlesfake"])
    spent = time.monotonic() - began
    head = f"{len(planted)} cases for each tool, {spent:.0f} s. Missed: {'; '.join(targets) or 'nothing'}."
    text = "\n".join(
        [
            "# Planted values that recordings keep",
            "",
            f"Made by `python -m benchmarks.leak_matrix{said}`:",
            head,
            "",
            *table(results),
        ]
    )
    print(text)
    print("\n".join(Counter(results["handlesfake"].told)) if options.list else "", end="")
    if options.write:
        with suppress(OSError):
            options.write.write_text(text + "\n", encoding="utf-8")
    return 1 if targets else 0


if __name__ == "__main__":
    sys.exit(main())
