"""The tables of ``faults.md``: the faults, and what each client makes of them, as its test has seen it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

from docs.making.markdown import code, table
from handlesfake.exchange.faults import DUPLICATE, FAULTS, SLOW_DRIP

_SEEN = Path(__file__).parents[2] / "tests" / "faults" / "table.json"
_ACTING = {"never": "no", "always": "yes", "either": 'no; `at="after"`: yes'}
Seen: TypeAlias = tuple[str, int, int]
"""What the caller gets, how many requests arrive, how often the service acts."""

Where: TypeAlias = tuple[str, str]
"""A method, and a connection: ``("PUT", "kept")``."""

Line: TypeAlias = tuple[str, str, str, str, str]
_METHODS = ("GET", "POST", "PUT", "DELETE")


def names() -> str:
    """Every fault, what happens, what crosses the wire, and whether the service has acted."""
    rows = [(code(kind.name), kind.story, kind.on_the_wire, _ACTING[kind.service_acts]) for kind in FAULTS.values()]
    rows.append(
        (
            code(SLOW_DRIP),
            "the answer drips in, ten pieces in `seconds` (in a file: `delay`)",
            "the answer, slowly",
            "yes",
        )
    )
    rows.append((code(DUPLICATE), "the request arrives twice", "one request", "twice"))
    return table(["fault", "what happens", "what crosses the wire", "the service has acted"], rows)


def seen() -> str:
    """One table for each fault: who gets what, by which methods and on which connections."""
    found: dict[str, dict[str, dict[Seen, list[Where]]]] = {}
    for key, (got, asked, acted) in json.loads(_SEEN.read_text(encoding="utf-8")).items():
        fault, client, method, connection = key.split(" | ")
        of_client = found.setdefault(fault, {}).setdefault(client, {})
        of_client.setdefault((got, asked, acted), []).append((method, connection))
    return "\n\n".join(f"### {_heading(fault)}\n\n{_table(clients)}" for fault, clients in found.items())


def _heading(fault: str) -> str:
    name, _, at = fault.partition(" at=")
    return f"`{name}`" if not at else f'`{name}`, `at="{at}"`'


def _table(clients: dict[str, dict[Seen, list[Where]]]) -> str:
    """Clients that get the same share their lines."""
    sharing: dict[tuple[Line, ...], list[str]] = {}
    for client, cells in clients.items():
        sharing.setdefault(tuple(_lines(cells)), []).append(client)
    rows = [(", ".join(names), *line) for lines, names in sharing.items() for line in lines]
    return table(["client", "method", "connection", "the caller gets", "requests", "acted"], rows)


def _lines(cells: dict[Seen, list[Where]]) -> Iterator[Line]:
    connections = {connection for wheres in cells.values() for _, connection in wheres}
    for (got, asked, acted), wheres in cells.items():
        by_methods: dict[tuple[str, ...], list[str]] = {}
        for connection in ("fresh", "kept"):
            methods = tuple(method for method, on in wheres if on == connection)
            if methods:
                by_methods.setdefault(methods, []).append(connection)
        for methods, on in by_methods.items():
            every = "every" if len(methods) == len(_METHODS) else ", ".join(methods)
            either = "either" if len(on) == 2 else on[0] if len(connections) == 2 else f"{on[0]} only"
            yield every, either, code(got), str(asked), str(acted)
