"""The table of faults: what each client makes of each, by method, on a fresh and on a kept connection.

::

    python -m tests.faults.table        # run every cell, and write table.json, from which docs/faults.md is made

What cannot be run here stays as it was: niquests has a separate environment.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import handlesfake
from handlesfake.double.double import core_of
from handlesfake.exchange.faults import FAULTS, NAMES
from handlesfake.mpsd.http.message import MPSD_HOST
from tests.faults.clients import CLIENTS, Run, Sent, came_to, of_the_table, with_http_client
from tests.patience import PATIENCE
from tests.server.servers import call, connected, thread

FILE = Path(__file__).with_name("table.json")
METHODS = ("GET", "POST", "PUT", "DELETE")
CONNECTIONS = ("fresh", "kept")
SKIPPED = {("urllib", "kept"): "urllib keeps no connection"}
"""``(client, connection)`` that there is none of, and why."""

REAL_TIMEOUT = 0.05
"""Seconds that a client waits where it really has to."""


CASES = [
    *((name, None) for name in NAMES),
    *((name, "after") for name, kind in FAULTS.items() if kind.service_acts == "either"),
]
"""Each fault as it usually is, and again where it can also come after the service has acted."""


@dataclass(frozen=True)
class Cell:
    """One cell: what the client's user sees, and how often the service was asked and has acted."""

    fault: str
    at: str | None
    client: str
    method: str
    connection: str

    def run(self) -> list[object]:
        """``[what the caller got, how many requests arrived, how often the service acted]``."""
        if self.client == "server":
            with thread() as (mpsd, url):
                said = partial(self._said, mpsd, url) if self._is_silent else lambda: None
                return self._run(mpsd, url, partial(with_http_client, before_reading=said))
        with handlesfake.fake() as mpsd:
            return self._run(mpsd, f"https://{MPSD_HOST}", CLIENTS[self.client])

    def _run(self, mpsd: handlesfake.Double, origin: str, run: Run) -> list[object]:
        sent = self.sent(mpsd)
        seconds = REAL_TIMEOUT if (self.fault, self.client) == ("slow_drip", "server") else None
        mpsd.fault(self.fault, at=self.at, times=1, nth=len(sent), seconds=seconds)
        got = came_to(run, origin, sent, self._timeout)
        core_of(mpsd).journal.wait(
            len(sent) - 1, PATIENCE
        )  # a client that has given up may be faster than its request
        entries = list(mpsd.journal)[len(sent) - 1 :]
        return [got, len(entries), sum(entry.accepted for entry in entries)]

    def sent(self, mpsd: handlesfake.Double) -> list[Sent]:
        """The request of the cell, behind another on the same connection where that is to be kept."""
        host = mpsd.user("host")
        lobby = mpsd.session("lobby-1", members=[host])
        path = f"/serviceconfigs/{lobby.scid}/sessionTemplates/{lobby.template_name}/sessions/{lobby.name}"
        body = json.dumps({"type": "activity", "version": 1, "sessionRef": lobby.ref}).encode()
        asked = {
            "GET": Sent("GET", path, host.headers),
            "POST": Sent("POST", "/handles", host.headers, body),
            "PUT": Sent("PUT", path, host.headers, b'{"properties": {"custom": {"map": "desert"}}}'),
            "DELETE": Sent("DELETE", f"{path}/members/me", host.headers),
        }[self.method]
        return [Sent("GET", path, host.headers), asked] if self.connection == "kept" else [asked]

    def _said(self, mpsd: handlesfake.Double, url: str) -> None:
        """Wait until the server has said what it says before its silence: the short timeout begins with that."""
        core_of(mpsd).journal.wait(1 if self.connection == "kept" else 0, PATIENCE)
        with connected(url) as other:
            call(other, "GET", "/_handlesfake/")

    @property
    def _is_silent(self) -> bool:
        """Whether nothing more comes, and nothing ends."""
        return self.fault in ("hang", "read_timeout", "wrong_content_length")

    @property
    def _timeout(self) -> float:
        """Seconds that the client has: few where it really waits for nothing."""
        return REAL_TIMEOUT if self._is_silent and (self.client == "server" or self.fault == "hang") else PATIENCE

    @property
    def key(self) -> str:
        """How the file calls it."""
        return " | ".join((self.called, self.client, self.method, self.connection))

    @property
    def called(self) -> str:
        """The fault, and when it comes where that is not as usual."""
        return self.fault if self.at is None else f"{self.fault} at={self.at}"


def cells() -> Iterator[Cell]:
    """Every cell that there is."""
    for fault, at in CASES:
        for client in (*CLIENTS, "server"):
            for method in METHODS:
                for connection in CONNECTIONS:
                    if (client, connection) not in SKIPPED:
                        yield Cell(fault, at, client, method, connection)


def main() -> None:
    """Write the file."""
    kept = json.loads(FILE.read_text(encoding="utf-8"))
    seen = {cell.key: kept.get(cell.key) if of_the_table(cell.client) else cell.run() for cell in cells()}
    lines = [f"  {json.dumps(key)}: {json.dumps(found)}" for key, found in seen.items()]
    FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    sys.stdout.write(f"{len(lines)} cells written\n")


if __name__ == "__main__":
    main()
