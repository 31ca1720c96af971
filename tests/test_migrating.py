"""What `docs/migrating.md` says of WireMock; `tests/test_docs.py` runs all other blocks of the page.

``tox -e wiremock`` runs the mapping in WireMock itself, which needs Java.
"""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from handlesfake.exchange.faults import FAULTS, SLOW_DRIP
from tests.patience import PATIENCE

PAGE = (Path(__file__).parents[1] / "docs" / "migrating.md").read_text(encoding="utf-8")
JAR = os.environ.get("WIREMOCK_JAR", "")
INVITE = {"type": "invite", "version": 1, "invitedXuid": "3210"}

_STUB = {"scenarioName", "requiredScenarioState", "newScenarioState", "request", "response"}
_REQUEST = {"method", "urlPath", "bodyPatterns"}
_RESPONSE = {"status", "headers", "jsonBody"}
"""Words of WireMock's own format for mappings, as far as the page has them."""


@pytest.fixture(scope="module")
def mappings() -> dict[str, Any]:
    """The mapping of the page."""
    return json.loads(re.findall(r"^```json\n(.*?)^```$", PAGE, re.M | re.S)[0])


def test_the_mapping_has_the_words_of_wiremock(mappings: dict[str, Any]) -> None:
    """A word that WireMock does not have would show a before that never was."""
    stubs = mappings["mappings"]

    assert [429, 201] == [stub["response"]["status"] for stub in stubs]
    assert [set(), set(), set()] == [
        {word for stub in stubs for word in stub} - _STUB,
        {word for stub in stubs for word in stub["request"]} - _REQUEST,
        {word for stub in stubs for word in stub["response"]} - _RESPONSE,
    ]


def test_the_faults_beside_wiremocks_are_ours() -> None:
    """Each fault in the table can be written in a rule."""
    named = re.findall(r"`fault: (\w+)` \|$", PAGE, re.M)

    assert 5 == len(named)
    assert set(named) <= {*FAULTS, SLOW_DRIP}


@pytest.fixture
def wiremock(tmp_path: Path, mappings: dict[str, Any]) -> Iterator[str]:
    """The address of a WireMock that has the mapping of the page."""
    if not JAR:
        pytest.skip("tox -e wiremock has a WireMock")
    tmp_path.joinpath("mappings").mkdir()
    tmp_path.joinpath("mappings", "busy.json").write_text(json.dumps(mappings), encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    options = ["--port", str(port), "--bind-address", "127.0.0.1", "--root-dir", str(tmp_path)]
    process = subprocess.Popen(["java", "-jar", JAR, *options], stdout=subprocess.DEVNULL)
    try:
        yield _ready(f"http://127.0.0.1:{port}")
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _ready(url: str) -> str:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            requests.get(f"{url}/__admin/mappings", timeout=PATIENCE).raise_for_status()
        except requests.RequestException:
            time.sleep(0.1)
        else:
            return url
    raise AssertionError("WireMock does not answer")


def test_wiremock_answers_as_the_page_says(wiremock: str) -> None:
    """Busy once, then well: the before of the page, and the call that counts."""
    answers = [requests.post(f"{wiremock}/handles", json=INVITE, timeout=PATIENCE) for _ in range(2)]
    wanted = {"method": "POST", "urlPath": "/handles"}
    counted = requests.post(f"{wiremock}/__admin/requests/count", json=wanted, timeout=PATIENCE)

    assert [(429, "5"), (201, None)] == [(one.status_code, one.headers.get("Retry-After")) for one in answers]
    assert "3210" == answers[1].json()["invitedXuid"]
    assert 2 == counted.json()["count"]


@pytest.mark.parametrize("fault", re.findall(r"^\| `fault`: `(\w+)` ", PAGE, re.M))
def test_wiremock_has_the_faults_of_the_table(wiremock: str, fault: str) -> None:
    """A client gets its own network error, as with ours."""
    stub = {"request": {"urlPath": "/broken"}, "response": {"status": 200, "fault": fault}}
    requests.post(f"{wiremock}/__admin/mappings", json=stub, timeout=PATIENCE).raise_for_status()

    with pytest.raises(requests.RequestException):
        requests.get(f"{wiremock}/broken", timeout=PATIENCE)
