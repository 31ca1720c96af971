"""Hybrid and verify: a recording teaches the fake, and shows where it is wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import requests

import handlesfake
from handlesfake.cassettes.loading import load
from handlesfake.cassettes.verifying import verify
from handlesfake.cli import main
from handlesfake.mpsd.message import MPSD_HOST

URL = f"https://{MPSD_HOST}"
NIGHT = Path(__file__).parents[2] / "cassettes" / "test_recorded" / "first-night.yaml"
JOIN: dict[str, Any] = {
    "members": {"me": {"constants": {"system": {"initialize": True}}, "properties": {"system": {"active": True}}}}
}


@pytest.fixture
def odd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The evening of the example, as a service would record it that answers otherwise in two places."""
    monkeypatch.chdir(tmp_path)
    path = Path("odd.yaml")
    text = NIGHT.read_text(encoding="utf-8").replace('"inviteProtocol": "game"', '"inviteProtocol": "chess"')
    first, found, rest = text.rpartition("code: 200")
    assert found
    path.write_text(f"{first}code: 203{rest}", encoding="utf-8")
    return path


def send(mpsd: handlesfake.Double, role: str, method: str, target: str, body: Any = None) -> requests.Response:
    """One request of the code under test."""
    return requests.request(method, URL + target, json=body, headers=mpsd.user(role).headers, timeout=5)


# ---- verify


def test_a_recording_of_the_fake_agrees_with_it(capsys: pytest.CaptureFixture[str]) -> None:
    """Ids and times apart, each with its reason; exit status 0."""
    status = main(["verify", str(NIGHT)])
    lines = capsys.readouterr().out.splitlines()

    assert 0 == status
    assert lines[0].endswith("first-night.yaml: as the fake answers")
    assert [
        "4 of 4 exchanges agree in status, headers and body",
        "6 ids normalised: the service makes them up",
        "4 times normalised: the recording and this run happen at different times",
        "1 people normalised: a recording has pseudonyms for them, and the fake makes them up",
    ] == lines[1:]


def test_each_difference_is_told_by_field(odd: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Status, headers and body; counted; exit status 1."""
    status = main(["verify", "."])
    lines = capsys.readouterr().out.splitlines()

    assert 1 == status
    assert "odd.yaml: the fake answers otherwise" == lines[0]
    assert "      body.constants.system.inviteProtocol   recorded 'chess'   fake 'game'" in lines
    assert "      status   recorded 203   fake 200" in lines
    assert "differences by field: body.constants.system.inviteProtocol 1, status 1" == lines[-1]


def test_what_was_there_before_the_recording_is_not_compared(tmp_path: Path) -> None:
    """Nobody can know it before it was shown; afterwards it is known."""
    path = tmp_path / "later.yaml"
    head, _, rest = NIGHT.read_text(encoding="utf-8").partition("- request:")
    last = "- request:" + rest.split("- request:")[-1]
    again = last.removesuffix("...\n")
    path.write_text(f"{head}{again}{last}", encoding="utf-8")

    assert [(True, 0), (False, 0)] == [(one.first_sight, len(one.unlike)) for one in verify(load(path))]


def test_no_cassette_is_no_agreement(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder without any: exit status 2."""
    assert 2 == main(["verify", str(tmp_path)])
    assert (
        f"handlesfake: no cassette in {tmp_path}: name a .yaml or .json file, or a folder.\n"
    ) == capsys.readouterr().err


# ---- hybrid


def lobby(mpsd: handlesfake.Double) -> Any:
    """The session of the example."""
    return mpsd.session("lobby-1")


@pytest.fixture
def path() -> str:
    """The address of the example's session."""
    return "/serviceconfigs/7e570100-1111-4222-8333-444455556666/sessiontemplates/FakeLobby/sessions/lobby-1"


def test_a_recording_teaches_the_fake(path: str) -> None:
    """What was not recorded is answered by a fake that knows what was."""
    query = {
        "type": "activity",
        "scid": "7e570100-1111-4222-8333-444455556666",
        "owners": {"xuids": ["9000000000000001"]},
    }
    activity = {
        "type": "activity",
        "sessionRef": {
            "scid": "7e570100-1111-4222-8333-444455556666",
            "templateName": "FakeLobby",
            "name": "lobby-1",
        },
        "version": 1,
    }
    with handlesfake.fake(mode="hybrid", cassette=NIGHT) as mpsd:
        send(mpsd, "host", "PUT", path, JOIN)
        created = send(mpsd, "host", "POST", "/handles", activity)
        listed = send(mpsd, "host", "POST", "/handles/query", query)
        decided = [entry.decided_by for entry in mpsd.journal]

    assert ["cassette first-night.yaml #1", "cassette first-night.yaml #2", "mpsd"] == decided
    assert created.json()["id"] == listed.json()["results"][0]["id"]


def test_after_a_write_of_the_fakes_the_recording_is_of_another_past(path: str) -> None:
    """Guest joins, which was not recorded: the recorded reading of the lobby shows nothing of it, and is out."""
    with handlesfake.fake(mode="hybrid", cassette=NIGHT) as mpsd:
        send(mpsd, "host", "PUT", path, JOIN)
        joined = send(mpsd, "guest", "PUT", path, JOIN)
        seen = send(mpsd, "guest", "GET", path)
        decided = [entry.decided_by for entry in mpsd.journal]

    assert ["cassette first-night.yaml #1", "mpsd", "mpsd"] == decided
    assert 200 == joined.status_code
    assert ["9000000000000001", "9000000000000002"] == [
        member["constants"]["system"]["xuid"] for member in seen.json()["members"].values()
    ]


def test_until_then_the_recording_plays(path: str) -> None:
    """Each recorded call is answered as recorded."""
    with handlesfake.fake(mode="hybrid", cassette=NIGHT) as mpsd:
        send(mpsd, "host", "PUT", path, JOIN)
        send(mpsd, "guest", "GET", path)
        decided = [entry.decided_by for entry in mpsd.journal]

    assert ["cassette first-night.yaml #1", "cassette first-night.yaml #4"] == decided
