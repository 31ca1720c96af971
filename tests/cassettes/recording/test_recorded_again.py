"""A recording that is made again without a change is the same file, byte for byte; a change is all that changes."""

from __future__ import annotations

import difflib
import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

import handlesfake
from handlesfake.cassettes.format.loading import load_cassette
from handlesfake.double.double import Double
from tests.cassettes.accounts import CREDENTIALS
from tests.cassettes.conftest import call
from tests.cassettes.service import serving
from tests.transports import CLIENTS, Client

DAY = 864_000_000_000
"""Ticks."""


def night(mpsd: Double, send: Client, base: str, most: int = 4) -> None:
    """Host opens a lobby under a new name, invites Guest by a handle, and both look; nine exchanges."""
    host, guest = mpsd.user("host"), mpsd.user("guest")
    lobby = mpsd.session(str(uuid4()))
    me: dict[str, Any] = {
        "constants": {"system": {"initialize": True}},
        "properties": {
            "system": {
                "active": True,
                "connection": str(uuid4()),
                "subscription": {"id": str(uuid4()), "changeTypes": ["everything"]},
            },
            "custom": {"run": str(uuid4()), "nonce": 2**60 + uuid4().int % 2**50},
        },
    }
    constants = {"system": {"maxMembersCount": most}}

    def ask(method: str, target: str, user: Any, body: Any = None, **more: str) -> Any:
        status, headers, raw = call(send, method, base + target, user.headers | more, body)
        return status, headers, json.loads(raw) if raw else None

    _, headers, _ = ask("PUT", lobby.path, host, {"constants": constants, "members": {"me": me}})
    activity = {"type": "activity", "sessionRef": lobby.ref, "version": 1}
    handle = ask("POST", "/handles", host, activity)[2]["id"]
    invite = {"type": "invite", "sessionRef": lobby.ref, "invitedXuid": guest.xuid, "version": 1}
    ask("POST", "/handles", host, {**invite, "inviteAttributes": {"titleId": "1234567890"}})
    ask("GET", f"/handles/{handle}", guest)
    ask("PUT", f"/handles/{handle}/session", guest, {"members": {"me": me}})
    custom = {"properties": {"custom": {"map": "maze"}}}
    ask("PUT", lobby.path, host, custom, **{"If-Match": headers.first("ETag") or ""})
    ask("GET", lobby.path, guest)
    ask("POST", "/handles/query", guest, {"type": "activity", "owners": {"xuids": [host.xuid]}})
    ask("DELETE", f"/handles/{handle}", host)


def record(path: Path, seed: str, days: int, client: str = "requests", most: int = 4, **words: Any) -> Double:
    """Record a night with a service that makes up the ids of ``seed``, ``days`` later."""
    with (
        serving(seed, days * DAY) as service,
        handlesfake.record(
            path, record="rewrite", credentials=CREDENTIALS, hosts=(service.authority,), **words
        ) as mpsd,
    ):
        night(mpsd, CLIENTS[client], f"http://{service.authority}", most)
    return mpsd


def changed_lines(one: Path, other: Path) -> list[str]:
    """The lines that went and those that came."""
    texts = (path.read_text(encoding="utf-8").splitlines() for path in (one, other))
    return [line for line in difflib.ndiff(*texts) if line[0] in "+-"]


@pytest.mark.parametrize("client", ["requests", "httpx", "aiohttp"])
def test_recorded_again_without_a_change_is_the_same_file(client: str, tmp_path: Path) -> None:
    """Names, ids, ETags, nonces, dates and times are others on each day; the file is not."""
    path, anew = tmp_path / "night.yaml", tmp_path / "anew.yaml"
    record(path, "first", 0, client)
    first = path.read_bytes()
    record(anew, "second", 40, client)
    record(path, "third", 80, client)

    assert len(changed_lines(path, anew)) > 50
    assert first == path.read_bytes()


def test_only_what_has_changed_is_another_line(tmp_path: Path) -> None:
    """A request and its answer say that five may come, in both places, and so do the answers that show the session."""
    path, before = tmp_path / "night.yaml", tmp_path / "before.yaml"
    record(path, "first", 0)
    before.write_bytes(path.read_bytes())
    record(path, "second", 40, most=5)

    assert {'"maxMembersCount": 4', '"maxMembersCount": 5'} == {
        line[2:].strip().strip(",") for line in changed_lines(before, path)
    }


def test_what_was_recorded_again_plays(tmp_path: Path) -> None:
    """The ids of the recording before are those of one whole, with the new names of the run that plays it."""
    path = tmp_path / "night.yaml"
    record(path, "first", 0)
    record(path, "second", 40, most=5)
    with handlesfake.replay(path) as mpsd:
        night(mpsd, CLIENTS["requests"], "https://sessiondirectory.xboxlive.com", most=5)

        assert 9 == len(mpsd.journal)


def test_tests_that_share_a_cassette_record_it_again_together(tmp_path: Path) -> None:
    """Each finds its part of the recording before, although the first to be done has replaced the file."""
    path = tmp_path / "night.yaml"
    for run, seed, days in (("monday", "first", 0), ("tuesday", "second", 1)):
        with serving(seed, days * DAY) as service:
            base = f"http://{service.authority}"
            for _ in range(2):
                with handlesfake.record(
                    path, record="rewrite", credentials=CREDENTIALS, hosts=(service.authority,), run=run
                ) as mpsd:
                    night(mpsd, CLIENTS["requests"], base)
        if run == "monday":
            monday = path.read_bytes()

    assert 18 == len(load_cassette(path).interactions)
    assert monday == path.read_bytes()


def test_the_report_says_what_stays(tmp_path: Path) -> None:
    """How much is of the recording before, and that the file is the same."""
    path = tmp_path / "night.yaml"
    told = []
    for seed, days, most in (("first", 0, 4), ("second", 40, 4), ("third", 80, 5)):
        recording = record(path, seed, days, most=most).recording
        told.append([line for line in recording.lines() if line.startswith("  kept")] if recording else [])

    assert [] == told[0]
    assert ["byte for byte" in told[1][0], "byte for byte" in told[2][0]] == [True, False]
    assert " of the recording before" in told[2][0]


def test_json_cassettes_are_the_same_again_too(tmp_path: Path) -> None:
    """Their layout is another one, and the values are kept in the same way."""
    path = tmp_path / "night.json"
    record(path, "first", 0)
    first = path.read_bytes()
    record(path, "second", 40)

    assert first == path.read_bytes()


def test_a_recording_that_had_grown_too_old_gets_the_new_times(tmp_path: Path) -> None:
    """Else a new recording would be as old as before; its ids stay."""
    path = tmp_path / "night.yaml"
    record(path, "first", 0)
    first = load_cassette(path).interactions
    record(path, "second", 40, max_age=timedelta(days=1))
    second = load_cassette(path).interactions

    assert [one.request.target for one in first] == [one.request.target for one in second]
    assert [one.request.body for one in first] == [one.request.body for one in second]
    assert not {one.response.headers.first("Date") for one in first} & {
        one.response.headers.first("Date") for one in second
    }
