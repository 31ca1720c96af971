"""What a recording contains and should not: handlesfake beside vcrpy and cassetter, each with its defaults.

::

    pip install cassetter                     # may be missing; its column is then empty
    python -m benchmarks.leaks                # prints the table; exit status 1 when handlesfake leaks
    python -m benchmarks.leaks --list         # and each thing that was found, by tool
    python -m benchmarks.leaks --write benchmarks/leaks.md

One evening with MPSD, a sign-in, and one exchange for each place that no list names go over loopback by
requests.Session. Every tool records the same. Then each of its files is searched for each planted value. Gzip,
base64, percent-encoding, hex digits, UTF-16 and the escapes of JSON are undone first. The traffic is in
tests/cassettes/planted*.py, by an author who has not read the scrubber. (It is not called secrets.py, since it would
then hide the standard library's module from its neighbours.)
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import vcr

import handlesfake
from tests.cassettes.scrubbing.planted import CREDENTIALS, MPSD
from tests.cassettes.scrubbing.planted_secrets import Exchange, Planted
from tests.cassettes.scrubbing.planted_sign_in import KNOWN, SIGN_IN
from tests.cassettes.scrubbing.planted_unnamed import UNKNOWN, UNNAMED
from tests.cassettes.scrubbing.secret_search import answering, leaks, sent
from tests.transports import by_requests

try:
    import cassetter
except ImportError:
    cassetter = None  # type: ignore[assignment]  # a column stays empty

Opener = Callable[[Path, str, str], AbstractContextManager[Any]]
"""From a path and the authorities of MPSD and of the sign-in to a recording."""

ROWS: dict[str, tuple[Planted, ...]] = {
    "secrets in known places": tuple(one for one in KNOWN if one.is_secret),
    "personal data in known places": tuple(one for one in KNOWN if not one.is_secret),
    "secrets in unnamed places": tuple(one for one in UNKNOWN if one.is_secret),
    "people in unnamed places": tuple(one for one in UNKNOWN if not one.is_secret),
}


def ours(path: Path, mpsd: str, sign_in: str) -> AbstractContextManager[Any]:
    """Our recording, with the key of the pseudonyms beside the folder that is searched."""
    key = path.parent.parent / "pseudonyms.key"
    key.touch(mode=0o600)
    key.write_text("a key that only this benchmark has")
    return handlesfake.record(
        path, credentials=CREDENTIALS, hosts=(mpsd,), record_hosts=(sign_in,), pseudonym_key=key
    )


def openers() -> dict[str, Opener]:
    """The tools that are installed."""
    found: dict[str, Opener] = {"handlesfake": ours, "vcrpy": lambda path, _, __: vcr.use_cassette(str(path))}
    if cassetter is not None:
        found["cassetter"] = lambda path, _, __: cassetter.use_cassette(path)
    return found


def record(opener: Opener, path: Path, mpsd: Sequence[Exchange], sign_in: Sequence[Exchange]) -> None:
    """Let a tool record some traffic; one that refuses to has still left files."""
    with answering(mpsd) as service, answering(sign_in) as other:  # noqa: SIM117 - both outlive the recording
        with suppress(handlesfake.CassetteError), opener(path, service.authority, other.authority):
            sent(mpsd, by_requests, service.authority)
            sent(sign_in, by_requests, other.authority)


def found_in(opener: Opener) -> dict[str, list[Planted]]:
    """What is in the files that a tool left, by row."""
    with tempfile.TemporaryDirectory() as folder:
        kept = Path(folder) / "cassettes"
        kept.mkdir()
        record(opener, kept / "evening.yaml", MPSD, SIGN_IN)
        for number, exchange in enumerate(UNNAMED.values()):
            record(opener, kept / f"unnamed-{number}.yaml", [exchange], [])
        return {row: leaks(kept, planted) for row, planted in ROWS.items()}


def named(tool: str) -> str:
    """The tool with its version."""
    with suppress(PackageNotFoundError):
        return f"{tool} {version(tool)}"
    return tool


def table(found: dict[str, dict[str, list[Planted]]]) -> list[str]:
    """The counts as Markdown."""
    lines = [f"| | planted | {' | '.join(map(named, found))} |", "|---" * (len(found) + 2) + "|"]
    for row, planted in ROWS.items():
        counts = " | ".join(str(len(rows[row])) for rows in found.values())
        lines.append(f"| {row} | {len(planted)} | {counts} |")
    return lines


def main() -> int:
    """Count, print, and say whether ours is without a leak."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--list", action="store_true", help="name each thing that was found")
    parser.add_argument("--write", type=Path, help="write the table to this file, too")
    arguments = parser.parse_args()
    found = {tool: found_in(opener) for tool, opener in openers().items()}
    print("\n".join(table(found)))
    for tool, rows in found.items() if arguments.list else ():
        for one in (one for row in rows.values() for one in row):
            print(f"{tool}: {one.kind}, {one.place}")
    if arguments.write:
        text = "\n".join(table(found))
        arguments.write.write_text(
            f"# Planted values in recordings\n\nMade by `python -m benchmarks.leaks`.\n\n{text}\n"
        )
    return 1 if any(found["handlesfake"].values()) else 0


if __name__ == "__main__":
    sys.exit(main())
