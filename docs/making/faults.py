"""The tables of ``faults.md``: the faults, and what each client makes of them, as its test has seen it."""

from __future__ import annotations

import json
from pathlib import Path

from docs.making.markdown import code, table
from handlesfake.faults import DUPLICATE, KINDS, SLOW_DRIP

_SEEN = Path(__file__).parents[2] / "tests" / "faults" / "table.json"
_ACTING = {"never": "no", "always": "yes", "either": "no; `at=\"after\"`: yes"}
_METHODS = ("POST", "PUT", "DELETE")


def names() -> str:
    """Every fault, what happens, what crosses the wire, and whether the service has acted."""
    rows = [(code(kind.name), kind.story, kind.crosses, _ACTING[kind.acting]) for kind in KINDS.values()]
    rows.append((code(SLOW_DRIP), "the answer drips in, ten pieces in `seconds`", "the answer, slowly", "yes"))
    rows.append((code(DUPLICATE), "the request arrives twice", "one request", "twice"))
    return table(["fault", "what happens", "what crosses the wire", "the service has acted"], rows)


def seen() -> str:
    """One table for each fault: clients by methods, fresh and kept."""
    found: dict[str, dict[tuple[str, str], dict[str, str]]] = {}
    for key, (got, asked, acted) in json.loads(_SEEN.read_text(encoding="utf-8")).items():
        fault, client, method, connection = key.split(" | ")
        row = found.setdefault(fault, {}).setdefault((client, connection), {})
        row[method] = _cell(got, asked, acted)
    return "\n\n".join(f"### `{fault}`\n\n{_by_client(rows)}" for fault, rows in found.items())


def _by_client(rows: dict[tuple[str, str], dict[str, str]]) -> str:
    lines: list[tuple[str, ...]] = []
    for (client, connection), cells in rows.items():
        said = tuple(cells[method] for method in _METHODS)
        if lines and lines[-1][0] == client and lines[-1][2:] == said:
            lines[-1] = (client, "fresh, kept", *said)
        else:
            lines.append((client, connection, *said))
    return table(["client", "connection", *_METHODS], lines)


def _cell(got: str, asked: int, acted: int) -> str:
    twice = f", sent {asked} times" if asked > 1 else ""
    return f"{code(got)}{twice}, acted {acted}"
