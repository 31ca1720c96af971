"""vcrpy with the hooks, over the clients: recorded against a server, and replayed when it is gone."""

from __future__ import annotations

from pathlib import Path

import pytest
from vcr.cassette import Cassette
from vcr.errors import CannotOverwriteExistingCassetteException

import handlesfake
from tests.cassettes.accounts import CREDENTIALS, GUEST_XUID, HOST_XUID, TOKEN
from tests.cassettes.conftest import SIGNATURE
from tests.cassettes.service import COOKIE, DEBUG, Service, serving
from tests.transports import CLIENTS
from tests.vcr.conftest import VcrOf
from tests.vcr.evening import GUEST, HOST, SESSION, call, evening

NOBODY_ELSE = {"host": "XBL3.0 x=host;made-up", "guest": "XBL3.0 x=guest;made-up", "invited": "9000000000000002"}
"""Who takes part in a replay on another machine, which knows the roles alone."""

SECRETS = (TOKEN, HOST_XUID, GUEST_XUID, SIGNATURE, COOKIE, DEBUG, "cookie-of-the-client", "uhs-", "RealTag")

client = pytest.mark.parametrize("client", ["requests", "urllib3", "httpx", "httpx asyncio", "aiohttp"])


def recorded(vcr_of: VcrOf, send: str, name: str = "evening.yaml", **settings: object) -> str:
    """Record an evening, and let its server go; the address that it had."""
    with serving() as service:
        base = f"http://{service.authority}"
        with vcr_of(**settings).use_cassette(name):
            evening(CLIENTS[send], base)
    return base


@client
def test_a_recording_replays_with_the_server_gone(client: str, vcr_of: VcrOf) -> None:
    """Each client gets the same statuses again, from a replay without accounts; every exchange has played."""
    base = recorded(vcr_of, client)

    with vcr_of(None, record_mode="none").use_cassette("evening.yaml") as cassette:
        answers = evening(CLIENTS[client], base, **NOBODY_ELSE)

    assert [201, 201, 201, 200] == [status for status, _, _ in answers]
    assert b'"9000000000000002"' in answers[2][2]
    assert cassette.all_played


@client
def test_a_recording_replays_with_the_same_accounts(client: str, vcr_of: VcrOf) -> None:
    """A real person is found again by the pseudonym in the cassette."""
    base = recorded(vcr_of, client)

    with vcr_of(record_mode="none").use_cassette("evening.yaml") as cassette:
        evening(CLIENTS[client], base)

    assert cassette.all_played


@client
def test_no_secret_and_no_person_is_written(client: str, vcr_of: VcrOf, tmp_path: Path) -> None:
    """Tokens, signatures, cookies, debug lines and real xuids are nowhere in the cassette; the roles are."""
    recorded(vcr_of, client)

    text = tmp_path.joinpath("evening.yaml").read_text()

    assert [] == [secret for secret in SECRETS if secret in text]
    assert "    host: '9000000000000001'\n    guest: '9000000000000002'\n" in text


@client
def test_our_own_replay_plays_it(client: str, vcr_of: VcrOf, tmp_path: Path) -> None:
    """What the hooks have had written is a cassette of ours: each exchange plays, by role."""
    base = recorded(vcr_of, client)

    with handlesfake.replay(tmp_path / "evening.yaml", hosts=[base.removeprefix("http://")]) as mpsd:
        host, guest = mpsd.user("host"), mpsd.user("guest")
        people = {"host": host.authorization, "guest": guest.authorization, "invited": guest.xuid}
        evening(CLIENTS[client], base, **people)

        mpsd.assert_invited(guest, times=1)
        assert [201, 201, 201, 200] == [entry.status for entry in mpsd.journal]


def test_a_recording_in_json(vcr_of: VcrOf, tmp_path: Path) -> None:
    """The serializer ``json`` writes JSON, which vcrpy and we replay."""
    base = recorded(vcr_of, "requests", "evening.json", serializer="json")

    with vcr_of(None, record_mode="none", serializer="json").use_cassette("evening.json") as cassette:
        evening(CLIENTS["requests"], base, **NOBODY_ELSE)

    assert cassette.all_played
    with handlesfake.replay(tmp_path / "evening.json") as mpsd:
        assert "9000000000000002" == mpsd.user("guest").xuid


def test_the_cassette_is_as_ours_is_laid_out(vcr_of: VcrOf, tmp_path: Path) -> None:
    """JSON is written over several lines, in requests and in answers, although it came in one."""
    recorded(vcr_of, "requests")

    lines = tmp_path.joinpath("evening.yaml").read_text().splitlines()

    assert ["version: 1", "handlesfake:", "..."] == [lines[0], lines[1], lines[-1]]
    assert '        "invitedXuid": "9000000000000002",' in lines
    assert '          "count": 1,' in "\n".join(lines)


# ---- record modes


@pytest.fixture
def base(service: Service) -> str:
    """The address of a real MPSD, which stays."""
    return f"http://{service.authority}"


@pytest.fixture
def service() -> object:
    """A real MPSD on loopback."""
    with serving() as running:
        yield running


def test_once_records_once(vcr_of: VcrOf, service: Service, base: str) -> None:
    """With an existing cassette nothing is asked for, and what it does not hold is vcrpy's error."""
    send = CLIENTS["requests"]
    with vcr_of().use_cassette("evening.yaml"):
        evening(send, base)

    with vcr_of().use_cassette("evening.yaml"):
        evening(send, base)
        with pytest.raises(CannotOverwriteExistingCassetteException):
            call(send, "DELETE", f"{base}/handles/7e570100-0000-4000-8000-000000000001", HOST, None)

    assert 4 == len(service.requests)


def test_new_episodes_keep_what_was_recorded(vcr_of: VcrOf, service: Service, base: str, tmp_path: Path) -> None:
    """What the cassette holds plays, the rest is recorded behind it, and the text of the old ones stays."""
    send, path = CLIENTS["requests"], tmp_path / "evening.yaml"
    with vcr_of().use_cassette(path.name):
        evening(send, base)
    before = path.read_text().removesuffix("...\n")

    with vcr_of(record_mode="new_episodes").use_cassette(path.name):
        evening(send, base)
        call(send, "GET", f"{base}{SESSION}/members/0", GUEST, None)

    assert 5 == len(service.requests)
    assert path.read_text().startswith(before)


def test_all_takes_the_place_of_the_same_requests(vcr_of: VcrOf, base: str, tmp_path: Path) -> None:
    """Recorded again, a cassette holds each exchange once: new ids in each run do not make another request."""
    if not hasattr(Cassette, "_rerecorded_interactions"):
        pytest.skip("this vcrpy appends")
    send, path = CLIENTS["requests"], tmp_path / "evening.yaml"
    with vcr_of().use_cassette(path.name):
        evening(send, base)

    with vcr_of(record_mode="all").use_cassette(path.name):
        evening(send, base)

    assert 4 == path.read_text().count("- request:\n")


def test_none_asks_nobody(vcr_of: VcrOf, service: Service, base: str) -> None:
    """Without a cassette nothing is asked for."""
    with (
        vcr_of(record_mode="none").use_cassette("evening.yaml"),
        pytest.raises(CannotOverwriteExistingCassetteException),
    ):
        evening(CLIENTS["requests"], base)

    assert [] == service.requests


# ---- existing cassettes


def test_vcrpys_own_cassette_plays_as_it_stands(vcr_of: VcrOf, service: Service, base: str, tmp_path: Path) -> None:
    """A cassette that vcrpy recorded without the hooks plays its own answers, real people and all."""
    import vcr

    send, path = CLIENTS["requests"], tmp_path / "old.yaml"
    with vcr.use_cassette(str(path)):
        before = evening(send, base)
    text = path.read_text()

    with vcr_of(record_mode="none").use_cassette(path.name) as cassette:
        after = evening(send, base)

    assert [(status, body) for status, _, body in before] == [(status, body) for status, _, body in after]
    assert cassette.all_played
    assert text == path.read_text()


def test_vcrpys_own_cassette_is_scrubbed_when_it_is_written_again(vcr_of: VcrOf, base: str, tmp_path: Path) -> None:
    """One new episode makes the whole file one of ours: the secrets in it are gone."""
    import vcr

    send, path = CLIENTS["requests"], tmp_path / "old.yaml"
    with vcr.use_cassette(str(path)):
        evening(send, base)
    assert TOKEN in path.read_text()

    with vcr_of(record_mode="new_episodes").use_cassette(path.name):
        call(send, "GET", f"{base}{SESSION}/members/0", GUEST, None)

    text = path.read_text()
    assert [] == [secret for secret in SECRETS if secret in text]
    assert 5 == text.count("- request:\n")
    with vcr_of(None, record_mode="none").use_cassette(path.name) as cassette:
        evening(send, base, **NOBODY_ELSE)
    assert 4 == cassette.play_count


def test_what_we_have_recorded_keeps_its_roles(vcr_of: VcrOf, service: Service, base: str, tmp_path: Path) -> None:
    """A cassette of ours is written again by vcrpy, and who its roles are stays in it, and who recorded it."""
    send, path = CLIENTS["requests"], tmp_path / "ours.yaml"
    with handlesfake.record(path, credentials=CREDENTIALS, hosts=[service.authority]):
        evening(send, base)
    text = path.read_text().replace(
        "interactions:", "  tests:\n  - tests/test_party.py::test_party\ninteractions:", 1
    )
    path.write_text(text)

    with vcr_of(None, record_mode="new_episodes").use_cassette(path.name):
        call(send, "GET", f"{base}{SESSION}/members/0", GUEST, None)

    written = path.read_text()
    head = text.partition("interactions:")[0].replace("  keys:", "")
    assert [] == [line for line in head.splitlines() if line not in written]
    assert 5 == written.count("- request:\n")
