"""What answers say of when can be moved to the double's clock."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
import requests

import handlesfake
from handlesfake.cassettes.cassette import Interaction, labelled
from handlesfake.cassettes.format.writing import dump_cassette
from handlesfake.mpsd.http.message import MPSD_HOST, Headers, Request, Response

NOW = datetime(2030, 5, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def cassette(tmp_path: Path) -> Path:
    """Two answers of January 2026, a minute apart, about one handle; then one that does not say when it came."""
    path = tmp_path / "a.yaml"
    sent = Headers([("Authorization", labelled("host"))])
    body = json.dumps({"createTime": "2026-01-06T09:59:58.1234567Z", "other": "2026-01-06T09:59:58Z"}).encode()
    recorded = []
    for minute in (0, 1):
        came = Headers(
            [
                ("Date", f"Tue, 06 Jan 2026 10:0{minute}:00 GMT"),
                ("Expires", "-1" if minute else "Tue, 06 Jan 2026 10:00:30 GMT"),
                ("Retry-After", f"Tue, 06 Jan 2026 10:0{minute}:05 GMT" if minute else "5"),
            ]
        )
        recorded.append(
            Interaction(minute + 1, Request("GET", f"/handles/{minute}", sent), Response(200, came, body))
        )
    recorded.append(Interaction(3, Request("GET", "/handles/2", sent), Response(200, Headers(), body)))
    path.write_text(dump_cassette(recorded, {"host": "9000000000000001"}))
    return path


def test_times_move_with_the_clock(cassette: Path) -> None:
    """Date is now, the rest keeps its distance, and what was said once of a handle stays said."""
    with handlesfake.replay(cassette, shift_times=True, now=NOW) as mpsd:
        get = lambda number: requests.get(  # noqa: E731
            f"https://{MPSD_HOST}/handles/{number}", headers=mpsd.user("host").headers, timeout=5
        )
        first = get(0)
        mpsd.clock.advance(600)
        second, third = get(1), get(2)

    assert ("Wed, 01 May 2030 12:00:00 GMT", "Wed, 01 May 2030 12:00:30 GMT", "5") == tuple(
        first.headers[name] for name in ("Date", "Expires", "Retry-After")
    )
    assert ("Wed, 01 May 2030 12:10:00 GMT", "-1", "Wed, 01 May 2030 12:10:05 GMT") == tuple(
        second.headers[name] for name in ("Date", "Expires", "Retry-After")
    )
    # each request is a tick later than the one before
    assert first.json()["createTime"].startswith("2030-05-01T11:59:58.12345")
    assert first.json()["createTime"] == second.json()["createTime"]
    assert "2026-01-06T09:59:58Z" == first.json()["other"]
    assert "2026-01-06T09:59:58.1234567Z" == third.json()["createTime"]


def test_times_stay_as_recorded_by_default(cassette: Path) -> None:
    """Byte for byte."""
    with handlesfake.replay(cassette, now=NOW) as mpsd:
        answer = requests.get(f"https://{MPSD_HOST}/handles/0", headers=mpsd.user("host").headers, timeout=5)

    assert "Tue, 06 Jan 2026 10:00:00 GMT" == answer.headers["Date"]
    assert "2026-01-06T09:59:58.1234567Z" == answer.json()["createTime"]
