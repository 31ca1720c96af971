"""A process that records: python -m tests.cassettes.prompts CASSETTE POLICY AUTHORITY NAME COUNT."""

from __future__ import annotations

import sys
from pathlib import Path

import handlesfake
from tests.cassettes.accounts import CREDENTIALS, by_http_client


def main() -> None:
    """Ask for COUNT handles, and say each one as soon as its answer is there."""
    path, policy, authority, name, count = sys.argv[1:]
    with handlesfake.record(Path(path), record=policy, credentials=CREDENTIALS, hosts=(authority,)) as mpsd:
        headers = list(mpsd.user("host").headers.items())
        print("ready", flush=True)
        sys.stdin.readline()
        for number in range(int(count)):
            by_http_client("GET", f"http://{authority}/handles/{name}-{number}", headers, b"")
            print(number, flush=True)


if __name__ == "__main__":
    main()
