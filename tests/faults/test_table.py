"""The table of faults: every cell is run, and is what the file and the docs say."""

from __future__ import annotations

import json

import pytest

from handlesfake.exchange.faults import NAMES
from tests.faults.clients import CLIENTS, of_the_table
from tests.faults.table import CASES, CONNECTIONS, FILE, METHODS, SKIPPED, cells

SEEN = json.loads(FILE.read_text(encoding="utf-8"))
RUNS = sorted({(cell.called, cell.client) for cell in cells()})


@pytest.mark.parametrize(("fault", "client"), RUNS, ids=lambda word: word.replace(" ", "-").replace("=", "-"))
def test_every_cell_is_as_the_table_says(fault: str, client: str) -> None:
    """The caller gets that exception or status, the service is asked so often, and acts so often."""
    if reason := of_the_table(client):
        pytest.skip(reason)
    mine = [cell for cell in cells() if (cell.called, cell.client) == (fault, client)]
    seen = {cell.key: cell.run() for cell in mine}

    assert {key: SEEN[key] for key in seen} == seen


def test_no_cell_is_missing_without_its_reason() -> None:
    """Every fault, with every client and the server, by every method, fresh and kept; what is left out says why."""
    whole = len(CASES) * (len(CLIENTS) + 1) * len(METHODS) * len(CONNECTIONS)
    left_out = len(CASES) * len(METHODS) * len(SKIPPED)

    assert {*NAMES} == {name for name, _ in CASES}
    assert whole - left_out == len(SEEN)
    assert {cell.key for cell in cells()} == set(SEEN)
    assert all(SKIPPED.values())
