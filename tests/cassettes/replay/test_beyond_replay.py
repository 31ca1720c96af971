"""Hybrid and verify: a recording teaches the fake, and shows where it is wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import requests

import handlesfake
from handlesfake.cassettes.comparison.verify import Account, verify
from handlesfake.cassettes.format.loading import load_cassette
from handlesfake.cassettes.format.writing import rendered
from handlesfake.cassettes.recording.journal_file import RecordingJournal
from handlesfake.cassettes.scrubbing.findings import Findings
from handlesfake.cli import main
from handlesfake.mpsd.http.message import MPSD_HOST
from tests.cassettes.accounts import CREDENTIALS
from tests.cassettes.service import Service
from tests.patience import PATIENCE

URL = f"https://{MPSD_HOST}"
NIGHT = Path(__file__).parents[3] / "cassettes" / "test_recorded" / "first-night.yaml"
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
    return requests.request(method, URL + target, json=body, headers=mpsd.user(role).headers, timeout=PATIENCE)


# ---- verify


def test_a_recording_of_the_fake_agrees_with_it(capsys: pytest.CaptureFixture[str]) -> None:
    """Ids and times apart, each with its reason; exit status 0."""
    status = main(["verify", str(NIGHT)])
    lines = capsys.readouterr().out.splitlines()

    assert 0 == status
    assert lines[0].endswith("first-night.yaml: as the fake answers")
    assert [
        "4 of 4 exchanges agree in status, headers and body",
        "1 ids normalised: the service makes them up",
        "4 times normalised: the recording and this run happen at different times",
        "1 people normalised: a recording has pseudonyms for them, and the fake makes them up",
    ] == lines[1:]


def long_evening(mpsd: handlesfake.Double, base: str) -> None:
    """Every operation that a party has, some of them refused, by two people and a stranger."""
    host, guest, stranger = mpsd.user("host"), mpsd.user("guest"), mpsd.user("stranger")
    lobby, other = mpsd.session("lobby-1"), mpsd.session(f"{uuid4()}")
    query = {"type": "activity", "scid": lobby.scid, "owners": {"xuids": [host.xuid, guest.xuid]}}

    def ask(who: Any, method: str, target: str, body: Any = None, **headers: str) -> requests.Response:
        return requests.request(method, base + target, json=body, headers=who.headers | headers, timeout=PATIENCE)

    first = ask(host, "PUT", lobby.path, JOIN)
    ask(host, "PUT", other.path, JOIN)
    ask(host, "PUT", lobby.path, {"properties": {"custom": {"map": "garden"}}}, **{"If-Match": first.headers["ETag"]})
    ask(host, "PUT", lobby.path, {"properties": {"custom": {"map": "cellar"}}}, **{"If-Match": first.headers["ETag"]})
    activity = ask(host, "POST", "/handles", {"type": "activity", "sessionRef": lobby.ref, "version": 1})
    invite = {"type": "invite", "sessionRef": lobby.ref, "invitedXuid": guest.xuid, "version": 1}
    invited = ask(host, "POST", "/handles", invite | {"inviteAttributes": {"titleId": "1234567890"}})
    ask(stranger, "POST", "/handles", invite | {"inviteAttributes": {"titleId": "1234567890"}})
    ask(guest, "POST", "/handles/query", query)
    ask(guest, "GET", f"/handles/{activity.json()['id']}")
    ask(guest, "GET", f"/handles/{invited.json()['id']}/session")
    ask(guest, "PUT", f"/handles/{invited.json()['id']}/session", JOIN)
    ask(guest, "POST", "/handles", {"type": "activity", "sessionRef": lobby.ref, "version": 1})
    ask(guest, "POST", "/handles/query?include=relatedInfo", query)
    ask(guest, "GET", lobby.path, **{"If-None-Match": first.headers["ETag"]})
    ask(guest, "GET", f"/serviceconfigs/{lobby.scid}/sessions?xuid={guest.xuid}")
    ask(guest, "GET", f"/handles/{uuid4()}")
    ask(guest, "PUT", lobby.path, {"members": {"me": None}})
    ask(host, "DELETE", f"/handles/{activity.json()['id']}")
    ask(host, "POST", "/handles", {"type": "search", "sessionRef": lobby.ref, "version": 1})
    ask(host, "PUT", lobby.path, {"members": {"me": None}})
    ask(host, "GET", lobby.path)
    ask(host, "GET", lobby.path, **{"X-Xbl-Contract-Version": "1"})


def test_a_long_recording_of_our_own_server_shows_no_difference(service: Service, tmp_path: Path) -> None:
    """Every id comes out as it was recorded, also where it is used again: nothing has to be explained away."""
    path = tmp_path / "evening.yaml"
    people = CREDENTIALS | {"stranger": {"xuid": "9000000000000073", "authorization": "XBL3.0 x=73;made-up-token-3"}}
    with handlesfake.record(path, credentials=people, hosts=(service.authority,)) as mpsd:
        long_evening(mpsd, f"http://{service.authority}")
    account = Account()
    told = [line for one in verify(load_cassette(path)) for line in account.add(one)]

    assert [] == told
    assert (22, 0, 0) == (account.exchanges, account.differ, account.first_sight)
    assert {"times", "people", "sentences", "ids"} >= set(account.normalised)


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
    """It cannot be known before it was shown; afterwards it is known."""
    path = tmp_path / "later.yaml"
    head, _, rest = NIGHT.read_text(encoding="utf-8").partition("- request:")
    last = "- request:" + rest.split("- request:")[-1]
    again = last.removesuffix("...\n")
    path.write_text(f"{head}{again}{last}", encoding="utf-8")

    assert [(True, 0), (False, 0)] == [(one.first_sight, len(one.unlike)) for one in verify(load_cassette(path))]


def test_no_cassette_is_no_agreement(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder without any: exit status 2."""
    assert 2 == main(["verify", str(tmp_path)])
    assert (
        f"handlesfake: no cassette in {tmp_path}: name a .yaml or .json file, or a folder.\n"
    ) == capsys.readouterr().err


def test_a_cassette_that_cannot_be_read_keeps_nobody_from_the_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is told, the others are verified, and the exit status is 2."""
    monkeypatch.chdir(tmp_path)
    Path("a.yaml").write_text("version: 1\n")
    Path("b.yaml").write_bytes(NIGHT.read_bytes())
    status = main(["verify", "."])
    told = capsys.readouterr()

    assert 2 == status
    assert "handlesfake: a.yaml, line 1, column 1: a cassette has no interactions; the file may be cut short\n" == (
        told.err
    )
    assert ["b.yaml: as the fake answers", "4 of 4 exchanges agree in status, headers and body"] == (
        told.out.splitlines()[:2]
    )


def test_a_terminal_sees_how_far_it_has_come(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """On stderr, and wiped away before each line that stays; a pipe gets none of it."""
    monkeypatch.chdir(tmp_path)
    for name in ("a.yaml", "b.yaml"):
        Path(name).write_bytes(NIGHT.read_bytes())
    main(["verify", "."])
    piped = capsys.readouterr()
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    main(["verify", "."])
    shown = capsys.readouterr()

    assert "" == piped.err
    assert piped.out == shown.out
    assert ["1 of 2  a.yaml", "2 of 2  b.yaml"] == [text.strip() for text in shown.err.split("\r") if text.strip()]


def test_a_title_is_verified_by_its_own_templates(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What the file says of the template is what the fake's sessions have."""
    templates = tmp_path / "templates.yaml"
    templates.write_text("FakeLobby: {constants: {system: {inviteProtocol: chat}}}\n")
    status = main(["verify", "--templates", str(templates), str(NIGHT)])

    assert 1 == status
    assert "      body.constants.system.inviteProtocol           recorded 'game'    fake 'chat'" in (
        capsys.readouterr().out.splitlines()
    )


# ---- hybrid


def lobby_ref() -> dict[str, str]:
    """The session of the example."""
    return {"scid": "7e570100-1111-4222-8333-444455556666", "templateName": "FakeLobby", "name": "lobby-1"}


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
    activity = {"type": "activity", "sessionRef": lobby_ref(), "version": 1}
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


def test_what_the_fake_makes_up_in_a_recordings_place_has_the_recorded_ids(path: str) -> None:
    """Another context, which is not recorded: the fake answers, with the id and ETag that the service gave."""
    recorded = load_cassette(NIGHT).interactions
    changed = {**JOIN, "properties": {"custom": {"map": "garden"}}}
    invite = {**json.loads(recorded[2].request.body), "inviteAttributes": {"titleId": "1234567890", "context": "x"}}
    with handlesfake.fake(mode="hybrid", cassette=NIGHT) as mpsd:
        joined = send(mpsd, "host", "PUT", path, changed)
        invited = send(mpsd, "host", "POST", "/handles", invite)
        again = send(mpsd, "host", "POST", "/handles", invite)
        decided = [entry.decided_by for entry in mpsd.journal]

    assert ["mpsd", "mpsd", "mpsd"] == decided
    assert recorded[0].response.headers.first("ETag") == joined.headers["ETag"]
    assert json.loads(recorded[2].response.body)["id"] == invited.json()["id"] != again.json()["id"]


@pytest.mark.parametrize("mode", ["hybrid", "verify"])
def test_somebody_without_a_role_is_known_again_by_the_key(mode: Any, service: Service, tmp_path: Path) -> None:
    """As in a replay: what was scrubbed as it was recorded is found under its pseudonym."""
    invite = {"type": "invite", "sessionRef": lobby_ref(), "invitedXuid": "2814749767105001", "version": 1}
    invite["inviteAttributes"] = {"titleId": "1234567890"}
    cassette = tmp_path / "lobby.yaml"
    with handlesfake.record(cassette, credentials=CREDENTIALS, hosts=(service.authority,)) as mpsd:
        base, host = f"http://{service.authority}", mpsd.user("host")
        requests.put(base + mpsd.session("lobby-1").path, json=JOIN, headers=host.headers, timeout=PATIENCE)
        requests.post(f"{base}/handles", json=invite, headers=host.headers, timeout=PATIENCE)
    with handlesfake.fake(mode=mode, cassette=cassette) as mpsd:
        send(mpsd, "host", "PUT", mpsd.session("lobby-1").path, JOIN)
        send(mpsd, "host", "POST", "/handles", invite)
        decided = [entry.decided_by for entry in mpsd.journal]

    assert "2814749767105001" not in cassette.read_text()
    assert ["cassette lobby.yaml #1", "cassette lobby.yaml #2"] == decided


@pytest.mark.parametrize("mode", ["replay", "hybrid", "verify"])
def test_what_a_killed_recorder_kept_is_there(mode: Any, path: str, tmp_path: Path) -> None:
    """In every mode that plays a cassette: its journal becomes the cassette first."""
    held = load_cassette(NIGHT)
    cassette = tmp_path / "lobby.yaml"
    journal = RecordingJournal(cassette, dict(held.roles))
    for one in held.interactions:
        journal.write(rendered(one), one.call.operation, one.response.status, Findings(), one.number)
    journal._lock.release()  # as its process would by dying
    with handlesfake.fake(mode=mode, cassette=cassette) as mpsd:
        joined = send(mpsd, "host", "PUT", path, JOIN)

    assert 201 == joined.status_code
    assert ["lobby.yaml"] == [one.name for one in tmp_path.iterdir()]
