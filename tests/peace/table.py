"""The table of peace: each tool, in each order, with each client.

::

    python -m tests.peace.table                              # run what can be run here, and write it into table.json
    python -m tests.peace.table --only vcrpy "tool, then mpsd"      # run this, and print it

``docs/peace.md`` is made from the file, and a test holds every cell that can be run against it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import handlesfake
from handlesfake.double.double import core_of
from handlesfake.mpsd.http.message import MPSD_HOST
from tests.peace.clients import CLIENTS, NIQUESTS, Get
from tests.peace.tools import TOOLS, Tool

FILE = Path(__file__).with_name("table.json")
ORDERS = {
    "tool, then mpsd": ("tool", "mpsd", "mpsd"),
    "mpsd, then tool": ("mpsd", "tool", "tool"),
    "tool, then mpsd; the tool ends first": ("tool", "mpsd", "tool"),
    "mpsd, then tool; mpsd ends first": ("mpsd", "tool", "mpsd"),
}
"""Which starts first, which second, and which ends first."""

BOTH, MPSD = "both", "mpsd"
"""What was answered: the tool's own and MPSD; or MPSD, the tool having nothing for this client."""

_UNKNOWN = f"https://{MPSD_HOST}/handles/00000000-0000-4000-8000-000000000000"
_NEEDED = {"boto3": "botocore", "httpx2": "httpx2", **dict.fromkeys(NIQUESTS, "niquests")}
"""Clients that not every environment has, and their packages."""


@dataclass(frozen=True)
class Evening:
    """One tool and the double, in one order."""

    tool: Tool
    order: str

    def key(self, client: str) -> str:
        """How the file calls the cell of ``client``."""
        return " | ".join((self.tool.name, self.order, client))

    def reason(self, client: str) -> str:
        """Why there is no cell for ``client``; empty when there is."""
        return self.tool.excluded.get(client) or self.tool.excluded.get(self.order, "")

    @property
    def clients(self) -> list[str]:
        """Those that can be asked with here."""
        return [client for client in CLIENTS if not self.reason(client) and not missing(client)]

    @property
    def unable(self) -> str:
        """Why nothing of it can be run in this environment; empty when it can."""
        if self.order in self.tool.excluded:
            return self.tool.excluded[self.order]
        if self.tool.name == "aioresponses" and _version("aiohttp") >= (3, 14):
            return "aioresponses 0.7.9 fails by itself with aiohttp 3.14: tox -e aioresponses"
        return self.tool.missing

    def run(self) -> dict[str, str]:
        """For each client what was answered while both were active, and after the first had ended."""
        first, second, ends = ORDERS[self.order]
        active: dict[str, ExitStack] = {}
        given: dict[str, Any] = {}
        seen: dict[str, str] = {}
        with ExitStack() as left:
            for one in (first, second):
                active[one] = left.enter_context(ExitStack())
                given[one] = active[one].enter_context(self._started(one))
            for client in self.clients:
                seen[client] = self._asked(given, client)
            active[ends].close()
            del given[ends]
            for client, found in seen.items():
                again = self._asked({**given, "gone": True}, client)
                seen[client] = found if again == found else f"{found}, then {again}"
        return seen

    def _started(self, one: str) -> AbstractContextManager[Any]:
        return self.tool.started() if one == "tool" else handlesfake.fake(name="peace")

    def _asked(self, given: dict[str, Any], client: str) -> str:
        get, own = CLIENTS[client], client in self.tool.clients
        try:
            if "tool" in given and own:
                got = given["tool"](get)
                assert self.tool.expected == got, f"{self.tool.name} gave {got!r}"
            if "mpsd" in given:
                _ask_mpsd(given["mpsd"], get)
        except Exception as error:  # noqa: BLE001 - it is what stands in the cell
            return f"{type(error).__name__}: {error}"
        return BOTH if own else MPSD


def _ask_mpsd(mpsd: handlesfake.Double, get: Get) -> None:
    before = core_of(mpsd).journal.total
    got = get(_UNKNOWN, {"x-xbl-contract-version": "107", "Authorization": "XBL3.0 x=9000000000000001;a"})
    assert got[0] == 404, f"MPSD gave {got!r}"
    assert core_of(mpsd).journal.total == before + 1, "the double was not asked"


def evenings() -> Iterator[Evening]:
    """All there are, also those that cannot be run here."""
    for tool in TOOLS:
        for order in ORDERS:
            yield Evening(tool, order)


def missing(client: str) -> str:
    """The package that ``client`` needs and this environment has not; empty when it is there."""
    needed = _NEEDED.get(client, "")
    try:
        version(needed or "handlesfake")
    except PackageNotFoundError:
        return needed
    return ""


def _version(package: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version(package).split(".")[:2])


def only(name: str, order: str) -> dict[str, str]:
    """What one tool comes to in one order."""
    return next(one for one in evenings() if (one.tool.name, one.order) == (name, order)).run()


def main() -> None:
    """Write what can be run here; what cannot stays as it was. Beside niquests, that is everything except its own cells."""
    if "--only" in sys.argv:
        name, order = sys.argv[-2:]
        sys.stdout.write(json.dumps(only(name, order)))
        return
    kept = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {"versions": {}, "cells": {}}
    found, versions = {}, dict(kept["versions"])
    mine = CLIENTS if missing("niquests") else NIQUESTS
    for evening in evenings():
        seen = {} if evening.unable else {client: cell for client, cell in evening.run().items() if client in mine}
        for client in CLIENTS:
            key = evening.key(client)
            found[key] = evening.reason(client) or seen.get(client) or kept["cells"].get(key, "never run")
        if seen and mine is CLIENTS:
            versions[evening.tool.name] = evening.tool.version
    FILE.write_text(json.dumps({"versions": versions, "cells": found}, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(f"{len(found)} cells written\n")


if __name__ == "__main__":
    main()
