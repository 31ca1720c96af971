"""Recordings of a second service: imported without its people, replayed, mixed with the fake, and held against it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import requests

import handlesfake
from handlesfake.cli import main
from handlesfake.double.double import core_of
from handlesfake.errors import SettingsError
from tests.services import har

MPA = "https://multiplayeractivity.xboxlive.com"
TITLE = f"{MPA}/titles/1234567890"
REAL, FRIEND, HOST = "2533274999999991", "2533274999999992", "9000000000000001"
ACTIVITY = {
    "sequenceNumber": "12617323303",
    "connectionString": "203.0.113.7:3074",
    "joinRestriction": "Public",
    "maxPlayers": 8,
    "currentPlayers": 2,
    "platform": "Scarlett",
}
SHOWN = {**ACTIVITY, "titleId": 1234567890}
JSON = ("Content-Type", "application/json")


def entry(method: str, url: str, body: Any, status: int, answer: Any = None) -> dict[str, Any]:
    """An exchange as a browser writes it."""
    token = ("Authorization", f"XBL3.0 x=9876543210123456789;{'made-up-' * 8}")
    text = "" if answer is None else json.dumps(answer)
    answered = [JSON] if text else []
    sent = json.dumps(body)
    return har.exchange(method, url, headers=[token, JSON], sent=sent, status=status, answered=answered, text=text)


ENTRIES = [
    entry("PUT", f"{TITLE}/users/{REAL}/activities", ACTIVITY, 204),
    entry(
        "POST",
        f"{TITLE}/activities/query",
        {"users": [REAL, FRIEND]},
        200,
        {"userActivities": [{"userId": REAL, "activities": [SHOWN]}, {"userId": FRIEND, "activities": []}]},
    ),
    entry("POST", f"{TITLE}/invites", {"invitedUsers": [FRIEND], "connectionString": "203.0.113.7:3074"}, 204),
    entry("POST", f"{TITLE}/recentplayers", {"recentPlayers": [{"id": FRIEND, "encounterType": "Teammate"}]}, 204),
    entry("DELETE", f"{TITLE}/users/{REAL}/activities", {"sequenceNumber": "12617323304"}, 204),
]


@pytest.fixture
def cassette(tmp_path: Path) -> Path:
    """The capture as a cassette."""
    capture, path = tmp_path / "a.har", tmp_path / "lobby.yaml"
    har.write(capture, ENTRIES)
    words = ["--to", str(path), "--role", f"host={REAL}", "--host", "multiplayeractivity.xboxlive.com"]
    status = main(["import", str(capture), *words, "--pseudonym-key", str(tmp_path / "key")])

    assert 0 == status
    return path


def put(mpsd: handlesfake.Double, **fields: Any) -> int:
    """The status of an update of the host's activity."""
    host = mpsd.user("host")
    body = {**ACTIVITY, **fields}
    return requests.put(f"{TITLE}/users/{host.xuid}/activities", json=body, headers=host.headers).status_code


def test_its_people_are_gone(cassette: Path) -> None:
    """Users in addresses, lists and answers, the token, and the address of the game are replaced."""
    text = cassette.read_text(encoding="utf-8")

    assert [] == [
        secret for secret in (REAL, FRIEND, "9876543210123456789", "made-up-", "203.0.113.7") if secret in text
    ]
    assert HOST in text


def test_the_fake_agrees(cassette: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What was recorded is what the fake answers."""
    status = main(["verify", str(cassette)])

    assert 0 == status
    assert "5 of 5 exchanges agree in status, headers and body" in capsys.readouterr().out


def test_replayed(cassette: Path) -> None:
    """The sequence number may be another in each run; what was not recorded is an error that names the operation."""
    with handlesfake.replay(cassette, services=["mpa"]) as mpsd:
        accepted = put(mpsd, sequenceNumber="99")
        with mpsd.expect_unanswered(), pytest.raises(handlesfake.NotRecorded) as told:
            requests.post(f"{TITLE}/invites", json={"invitedUsers": ["3210"]}, headers=mpsd.user("host").headers)

    assert (204, "cassette lobby.yaml #1") == (accepted, mpsd.journal[0].decided_by)
    assert "send_invites" in str(told.value)


def test_a_replay_does_not_know_what_is_shown(cassette: Path) -> None:
    """The claim says what to claim instead."""
    with handlesfake.replay(cassette, services=["mpa"]) as mpsd, pytest.raises(SettingsError) as told:
        mpsd.assert_activity("host", service="mpa")

    message = "mpsd.assert_activity(): only a fake knows what MPA shows; claim mpsd.assert_sent()."
    assert message == str(told.value)


def test_mixed_with_the_fake(cassette: Path) -> None:
    """The fake knows what was played, answers what was not recorded, and then is right instead of the recording."""
    with handlesfake.fake(mode="hybrid", cassette=cassette, services=["mpa"]) as mpsd:
        host = mpsd.user("host")
        address = f"{TITLE}/users/{host.xuid}/activities"
        put(mpsd)
        played = requests.get(address, headers=host.headers).json()
        put(mpsd, sequenceNumber="12617323305", currentPlayers=3)
        changed = requests.get(address, headers=host.headers).json()
        requests.post(f"{TITLE}/activities/query", json={"users": [host.xuid]}, headers=host.headers)

        mpsd.assert_activity("host", service="mpa")

    assert [2, 3] == [played["currentPlayers"], changed["currentPlayers"]]
    assert ["cassette lobby.yaml #1", "mpa", "mpa", "mpa", "mpa"] == [one.decided_by for one in mpsd.journal]


def test_held_against_the_fake(cassette: Path) -> None:
    """A test that verifies plays what was recorded, and the fake would have said the same."""
    with handlesfake.fake(mode="verify", cassette=cassette, services=["mpa"]) as mpsd:
        accepted = put(mpsd)

    assert 204 == accepted


def test_without_the_service_it_is_left_alone(cassette: Path) -> None:
    """A replay that does not play the service does not answer for its host."""
    with handlesfake.replay(cassette) as mpsd:
        hosts = core_of(mpsd).engine.hosts

    assert ("sessiondirectory.xboxlive.com",) == hosts
