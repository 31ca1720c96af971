"""The key of the pseudonyms: made once for all workers, never committed, and asked for where it is missed."""

from __future__ import annotations

import json
import stat
from concurrent.futures import ThreadPoolExecutor
from errno import EACCES
from pathlib import Path
from textwrap import dedent
from threading import Barrier

import pytest

import handlesfake
from handlesfake.cassettes.format.loading import load_cassette
from handlesfake.cassettes.people.pseudonym_key import MARK, VARIABLE, default_file, fingerprint, key, known_key
from handlesfake.cassettes.people.pseudonyms import Pseudonyms, is_made_up_xuid
from handlesfake.errors import SettingsError
from handlesfake.mpsd.http.message import MPSD_HOST
from tests.cassettes.accounts import CREDENTIALS
from tests.cassettes.conftest import call
from tests.cassettes.service import Service
from tests.systems.needed import system_has
from tests.transports import by_requests

FRIEND = str((9 << 48) + 4711)
pytestmark = pytest.mark.usefixtures("nobodys_key")

KEY, ANOTHER = "a key for this recording only", "a key of somebody else"


@pytest.fixture
def nobodys_key(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine without a key."""
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "settings"))


def invite(mpsd: handlesfake.Double, base: str, xuid: str = FRIEND) -> int:
    """The host invites a user without a role; the status."""
    host, lobby = mpsd.user("host"), mpsd.session("lobby-1")
    body = {"type": "invite", "version": 1, "sessionRef": lobby.ref, "invitedXuid": xuid}
    titled = {**body, "inviteAttributes": {"titleId": "1234567890"}}
    return call(by_requests, "POST", f"{base}/handles", host.headers, titled)[0]


@pytest.fixture
def lobby(service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An invitation, recorded under a key that is gone then."""
    monkeypatch.setenv(VARIABLE, KEY)
    path = tmp_path / "lobby.yaml"
    with handlesfake.record(path, credentials=CREDENTIALS, hosts=(service.authority,)) as mpsd:
        invite(mpsd, f"http://{service.authority}")
    monkeypatch.delenv(VARIABLE)
    return path


def replayed(path: Path, xuid: str = FRIEND) -> int:
    """The status of the same invitation in a replay."""
    with handlesfake.replay(path) as mpsd:
        return invite(mpsd, f"https://{MPSD_HOST}", xuid)


@system_has("modes")
def test_the_first_recording_makes_a_key(tmp_path: Path) -> None:
    """With the user's own settings, readable only by the user, and marked so that a scan finds it anywhere else."""
    made = key()
    written = default_file().read_text()

    assert tmp_path / "settings" / "handlesfake" / "pseudonym.key" == default_file()
    assert f"{MARK} {made.decode()}\n" == written
    assert 64 == len(made)
    assert 0o600 == stat.S_IMODE(default_file().stat().st_mode)
    assert made == key() == known_key()
    assert [default_file()] == list(default_file().parent.iterdir())


def test_workers_that_begin_at_once_share_one_key(tmp_path: Path) -> None:
    """The first process makes it, whole or not at all; the others take that one."""
    path, start = tmp_path / "shared.key", Barrier(8)

    def make(_: int) -> bytes:
        start.wait()
        return key(path)

    with ThreadPoolExecutor(8) as workers:
        keys = set(workers.map(make, range(8)))

    assert {key(path)} == keys
    assert ["shared.key"] == [one.name for one in tmp_path.iterdir()]


def test_the_variable_wins_over_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """So that a server of a pipeline needs no file."""
    (tmp_path / "a.key").write_text(f"{MARK} {ANOTHER}\n")
    monkeypatch.setenv(VARIABLE, KEY)

    assert KEY.encode() == key(tmp_path / "a.key")


def test_a_replay_makes_no_key(lobby: Path) -> None:
    """It needs none while the test has only roles, and no real people."""
    with handlesfake.replay(lobby) as mpsd:
        made_up = json.loads(load_cassette(lobby).interactions[0].request.body)["invitedXuid"]
        status = invite(mpsd, f"https://{MPSD_HOST}", made_up)

    assert 201 == status
    assert is_made_up_xuid(made_up)
    assert not default_file().exists()


def test_with_the_key_somebody_real_is_known_again(lobby: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A xuid without a role has the same pseudonym in the replay as in the recording."""
    monkeypatch.setenv(VARIABLE, KEY)

    assert 201 == replayed(lobby)


@pytest.mark.parametrize("key", [None, ANOTHER], ids=["no key", "another key"])
def test_without_the_key_whoever_is_sent_is_the_recorded_one(
    key: str | None, lobby: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So a suite that was recorded on one machine replays on every other; the answer has the user that was sent."""
    if key:
        monkeypatch.setenv(VARIABLE, key)
    with handlesfake.replay(lobby) as mpsd:
        host, session = mpsd.user("host"), mpsd.session("lobby-1")
        body = {"type": "invite", "version": 1, "sessionRef": session.ref, "invitedXuid": FRIEND}
        titled = {**body, "inviteAttributes": {"titleId": "1234567890"}}
        status, _, answer = call(by_requests, "POST", f"https://{MPSD_HOST}/handles", host.headers, titled)

    assert (201, FRIEND) == (status, json.loads(answer)["invitedXuid"])


def test_without_the_key_two_people_stay_two(
    service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first that is sent matches the recorded one, and no other does; the miss says what distinguishes them."""
    path, base = tmp_path / "two.yaml", f"http://{service.authority}"
    monkeypatch.setenv(VARIABLE, KEY)
    with handlesfake.record(path, credentials=CREDENTIALS, hosts=(service.authority,)) as mpsd:
        assert [201, 201] == [invite(mpsd, base), invite(mpsd, base)]
    monkeypatch.delenv(VARIABLE)
    monkeypatch.chdir(tmp_path)
    with handlesfake.replay(path) as mpsd, mpsd.expect_unanswered():
        first = invite(mpsd, f"https://{MPSD_HOST}")
        with pytest.raises(handlesfake.NotRecorded) as caught:
            invite(mpsd, f"https://{MPSD_HOST}", SOMEBODY)

    told = str(caught.value).splitlines()
    assert 201 == first
    assert [
        f"      invitedXuid   recorded '{PSEUDONYM}'   sent '{SOMEBODY}'",
        f"  '{PSEUDONYM}' replaces a real xuid; without the key of the recording, it replaces the first one that was sent",
        "  give that person a role, in the test and in the credentials, or give the key:",
        "      MPSD_PSEUDONYM_KEY=... or mpsd_pseudonym_key = FILE",
    ] == [told[2], *told[5:8]]


SOMEBODY = str((9 << 48) + 4712)
PSEUDONYM = Pseudonyms(KEY.encode()).of("xuid", FRIEND)


def test_with_the_key_another_person_is_another(lobby: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the key of the recording, no person matches another."""
    monkeypatch.setenv(VARIABLE, KEY)
    with pytest.raises(handlesfake.NotRecorded) as caught:
        replayed(lobby, SOMEBODY)

    assert (
        f"  '{PSEUDONYM}' replaces a real xuid; with the key of the recording, which is here, it replaces another one than was sent"
        == str(caught.value).splitlines()[3]
    )


def test_a_cassette_tells_its_key_by_eight_digits(lobby: Path) -> None:
    """From which no key follows; none where no pseudonym was needed."""
    assert (fingerprint(KEY.encode()),) == load_cassette(lobby).keys
    assert 8 == len(fingerprint(KEY.encode()))
    assert KEY not in lobby.read_text()


def test_who_is_known_by_the_key_is_no_difference(lobby: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The miss of a request that differs elsewhere, and of one that comes again, confuses no people."""
    monkeypatch.setenv(VARIABLE, KEY)
    with handlesfake.replay(lobby) as mpsd, mpsd.expect_unanswered():
        body = {"type": "invite", "version": 2, "sessionRef": mpsd.session("lobby-1").ref, "invitedXuid": FRIEND}
        titled = {**body, "inviteAttributes": {"titleId": "1234567890"}}
        with pytest.raises(handlesfake.NotRecorded) as other:
            call(by_requests, "POST", f"https://{MPSD_HOST}/handles", mpsd.user("host").headers, titled)
        invite(mpsd, f"https://{MPSD_HOST}")
        with pytest.raises(handlesfake.NotRecorded) as again:
            invite(mpsd, f"https://{MPSD_HOST}")

    assert [
        "  nearest: #1 create_handle by host, 1 field differs",
        "      version   recorded 1   sent 2",
    ] == str(other.value).splitlines()[1:3]
    assert ("  the same request: #1 create_handle by host, which was used already; each exchange plays once") == str(
        again.value
    ).splitlines()[1]


def test_a_role_in_the_place_of_somebody_needs_no_key(lobby: Path) -> None:
    """Then the test is wrong, not the key."""
    with pytest.raises(handlesfake.NotRecorded) as caught:
        replayed(lobby, "9000000000000001")

    assert "key" not in str(caught.value)


BROKEN = {
    "short": (
        b"handlesfake-pseudonym-key: 123",
        "{path} holds 3 characters; the key of the pseudonyms needs 16 at least",
    ),
    "no text": (
        b"\xff\xfe",
        "{path}: the key of the pseudonyms cannot be read: "
        "'utf-8' codec can't decode byte 0xff in position 0: invalid start byte",
    ),
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_key_that_is_none_is_an_error(broken: tuple[bytes, str], tmp_path: Path) -> None:
    """Nothing is recorded under half a key, and no new key replaces it."""
    path = tmp_path / "a.key"
    path.write_bytes(broken[0])
    with pytest.raises(SettingsError) as caught:
        key(path)

    assert broken[1].format(path=path) == str(caught.value)
    assert broken[0] == path.read_bytes()


def test_a_key_that_cannot_be_made_says_what_to_do(tmp_path: Path) -> None:
    """Where there is no folder, and can be none."""
    (tmp_path / "file").touch()
    path = tmp_path / "file" / "a.key"
    with pytest.raises(SettingsError) as caught:
        key(path)

    assert f"{path}: the key of the pseudonyms cannot be read: [Errno 20] Not a directory: '{path}'" == str(
        caught.value
    )


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And the other ways to give a key."""

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(EACCES, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(SettingsError) as caught:
        key(tmp_path / "below" / "a.key")

    assert (
        f"{tmp_path / 'below/a.key'}: the key of the pseudonyms cannot be made: Permission denied\n"
        "  name another file by mpsd_pseudonym_key, or put 16 characters or more into MPSD_PSEUDONYM_KEY"
        == str(caught.value)
    )


def test_an_incomplete_cassette_is_not_replayed(lobby: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error names the places, and the line of the settings that would allow them."""
    monkeypatch.chdir(lobby.parent)
    incomplete = "  incomplete:\n  - body.blob\n  - path\ninteractions:\n"
    lobby.write_text(lobby.read_text().replace("interactions:\n", incomplete, 1))
    with pytest.raises(handlesfake.CassetteError) as caught:
        replayed(lobby)

    assert dedent("""\
        lobby.yaml is incomplete: what looked like a secret was withheld at body.blob, path.
          if they are not secrets, say so in the ini file and record again:
              mpsd_not_secret = body.blob path
          else take them out of the traffic and record it again, with real accounts:
              with handlesfake.record('lobby.yaml', record='rewrite', credentials=...) as mpsd: ...""") == str(
        caught.value
    )
