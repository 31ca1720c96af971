"""The tables of ``peace.md``: other tools beside the double, and the versions of clients, as tests have seen them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from docs.making.markdown import table

_TESTS = Path(__file__).parents[2] / "tests"
_SEEN = _TESTS / "peace" / "table.json"
_WORDS = {"both": "both", "mpsd": "MPSD"}


def seen() -> str:
    """Tool by order by client; orders that came to the same are one row."""
    read: dict[str, Any] = json.loads(_SEEN.read_text(encoding="utf-8"))
    rows: dict[str, dict[str, dict[str, str]]] = {}
    for key, cell in read["cells"].items():
        tool, order, client = key.split(" | ")
        rows.setdefault(tool, {}).setdefault(order, {})[client] = cell
    clients = list(next(iter(rows["responses"].values())))
    reasons: dict[str, int] = {}
    lines = []
    for tool, orders in rows.items():
        named = f"{tool} {read['versions'][tool]}" if tool != "no other tool" else tool
        lines += [(named, order, *cells) for order, cells in _merged(orders, reasons)]
    notes = "\n".join(f"[{number}] {reason}." for reason, number in reasons.items())
    return table(["beside", "order", *clients], lines) + f"\n\n{notes}"


def _merged(orders: dict[str, dict[str, str]], reasons: dict[str, int]) -> list[tuple[str, tuple[str, ...]]]:
    found: dict[tuple[str, ...], list[str]] = {}
    for order, cells in orders.items():
        said = tuple(_WORDS.get(cell) or f"[{reasons.setdefault(cell, len(reasons) + 1)}]" for cell in cells.values())
        found.setdefault(said, []).append(order)
    return [("any" if len(names) == len(orders) else " / ".join(names), said) for said, names in found.items()]
