"""The table of peace: every cell that can be run here is, and is what the file and the docs say."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.patience import PATIENCE
from tests.peace.clients import CLIENTS
from tests.peace.table import BOTH, FILE, MPSD, Evening, evenings
from tests.peace.tools import TOOLS

SEEN = json.loads(FILE.read_text(encoding="utf-8"))
ROOT = Path(__file__).parents[2]
EVENINGS = {f"{evening.tool.name} | {evening.order}": evening for evening in evenings()}
STANDING_ABOVE = (
    "responses",
    "requests-mock",
    "respx",
    'respx, using="httpx"',
    "pytest-httpx",
    "aioresponses",
    "vcrpy",
)
"""The tools that take a client's methods away from it."""

ENDING_LAST = ("pytest-httpx", "vcrpy")
"""Those that began before our seam, and whose end it cannot intercept: they put the client's own back."""


@pytest.mark.parametrize("name", EVENINGS)
def test_every_cell_is_as_the_table_says(name: str) -> None:
    """The tool answers for its own, the double for MPSD, and the one that is left goes on when the other ends."""
    evening = EVENINGS[name]
    if evening.unable:
        pytest.skip(evening.unable)
    seen = evening.run()

    assert {client: SEEN["cells"][evening.key(client)] for client in seen} == seen


@pytest.mark.parametrize("name", STANDING_ABOVE)
def test_a_tool_that_stood_before_handlesfake_was_ever_asked(name: str) -> None:
    """In a fresh process the first double starts inside a tool: nothing of ours was there before it."""
    evening = EVENINGS[f"{name} | tool, then mpsd" + ("" if name in ENDING_LAST else "; the tool ends first")]
    if evening.unable:
        pytest.skip(evening.unable)
    command = [sys.executable, "-m", "tests.peace.table", "--only", name, evening.order]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE, check=False)

    assert "" == done.stderr
    seen = json.loads(done.stdout)
    assert {client: SEEN["cells"][evening.key(client)] for client in seen} == seen


def test_no_cell_is_missing_without_its_reason() -> None:
    """Every tool, in every order, with every client: both answered, MPSD alone, or the reason why there is none."""
    keys = {evening.key(client): evening.reason(client) for evening in evenings() for client in CLIENTS}

    assert set(keys) == set(SEEN["cells"])
    assert {key: cell for key, cell in SEEN["cells"].items() if cell not in (BOTH, MPSD)} == {
        key: reason for key, reason in keys.items() if reason
    }


def test_the_versions_that_were_run_are_named() -> None:
    """Each tool of the table has its version."""
    assert {tool.name for tool in TOOLS} == set(SEEN["versions"])


@pytest.mark.parametrize("evening", [one for one in evenings() if not one.unable][:1], ids=["no other tool"])
def test_a_cell_can_fail(evening: Evening, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the double is not asked, the cell says so."""
    monkeypatch.setitem(CLIENTS, "requests", lambda url, headers: (404, "from elsewhere"))

    assert "AssertionError: no other tool gave (404, 'from elsewhere')" in evening.run()["requests"]
