"""Recording real traffic and playing it offline, with every client and real sockets."""

from __future__ import annotations

import json
import os
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import handlesfake
from handlesfake.cassettes.format.loading import load_cassette
from handlesfake.cassettes.people.identities import real
from handlesfake.cassettes.people.pseudonyms import Pseudonyms
from handlesfake.errors import SettingsError
from handlesfake.mpsd.http.message import MPSD_HOST
from tests.cassettes.accounts import CREDENTIALS, GUEST_XUID, HOST_XUID, TOKEN, by_http_client
from tests.cassettes.conftest import SIGNATURE, call, evening
from tests.cassettes.service import COOKIE, DEBUG, Service
from tests.systems.needed import system_has
from tests.transports import CLIENTS, Client, Wire, by_requests

SENDERS: dict[str, Client] = {**CLIENTS, "http.client": by_http_client}


def recorded(path: Path, service: Service, send: Client = by_requests) -> list[Wire]:
    """Record an evening into ``path``."""
    with handlesfake.record(path, credentials=CREDENTIALS, hosts=(service.authority,)) as mpsd:
        return evening(mpsd, send, f"http://{service.authority}")


@pytest.mark.parametrize("send", SENDERS.values(), ids=SENDERS)
def test_a_recorded_evening_plays_offline(send: Client, service: Service, tmp_path: Path) -> None:
    """Each client records real traffic; the same code then gets equal statuses and equal JSON without any service."""
    before = recorded(tmp_path / "lobby.yaml", service, send)
    with handlesfake.replay(tmp_path / "lobby.yaml") as mpsd:
        after = evening(mpsd, send, f"https://{MPSD_HOST}")

    assert 4 == len(service.requests)
    assert [201, 201, 201, 200] == [status for status, _, _ in before]
    assert [201, 201, 201, 200] == [status for status, _, _ in after]
    assert [_with_pseudonyms(body) for _, _, body in before] == [json.loads(body) for _, _, body in after]
    assert [
        "cassette lobby.yaml #1",
        "cassette lobby.yaml #2",
        "cassette lobby.yaml #3",
        "cassette lobby.yaml #4",
    ] == [entry.decided_by for entry in mpsd.journal]


def _with_pseudonyms(body: bytes) -> Any:
    text = body.decode().replace(HOST_XUID, "9000000000000001").replace(GUEST_XUID, "9000000000000002")
    made_up = Pseudonyms(os.environ["MPSD_PSEUDONYM_KEY"].encode())
    return json.loads(re.sub(r'(?<="gamertag":")[^"]+', lambda gamertag: made_up.of("gamertag", gamertag[0]), text))


def test_the_assertions_hold_in_a_replay(service: Service, tmp_path: Path) -> None:
    """What was sent can be asserted of a replay as of a fake."""
    recorded(tmp_path / "lobby.yaml", service)
    with handlesfake.replay(tmp_path / "lobby.yaml") as mpsd:
        evening(mpsd, by_requests, f"https://{MPSD_HOST}")

        mpsd.assert_invited(mpsd.user("guest"), session="lobby-1", times=1, by=mpsd.user("host"))
        mpsd.assert_sent("put_session", times=1)


def test_no_secret_reaches_the_disk(service: Service, tmp_path: Path) -> None:
    """Tokens, signatures, cookies, debug headers, user hashes and the xuids of roles are not in the file."""
    recorded(tmp_path / "lobby.yaml", service)
    text = (tmp_path / "lobby.yaml").read_text()
    unwanted = (
        TOKEN,
        SIGNATURE,
        COOKIE,
        "cookie-of-the-client",
        DEBUG,
        "uhs-",
        HOST_XUID,
        GUEST_XUID,
        "orrelationId:",
    )

    assert "Authorization:\n      - XBL3.0 x=host;removed" in text
    assert [] == [secret for secret in unwanted if secret in text]


def test_a_secret_in_a_body_or_address_is_removed(service: Service, tmp_path: Path) -> None:
    """A token that the code under test repeats elsewhere is found there, too."""
    token = CREDENTIALS["host"]["authorization"].partition(";")[2]
    with handlesfake.record(tmp_path / "x.yaml", credentials=CREDENTIALS, hosts=(service.authority,)) as mpsd:
        url = f"http://{service.authority}/handles/query?token={token}"
        call(by_requests, "POST", url, mpsd.user("host").headers, {"type": "activity", "note": f"my {token}"})

    assert token not in (tmp_path / "x.yaml").read_text()


def test_once_records_once(service: Service, tmp_path: Path) -> None:
    """With the policy once, an existing cassette is replayed, and the service is not asked again."""
    recorded(tmp_path / "lobby.yaml", service)
    first = (tmp_path / "lobby.yaml").read_bytes()
    recorded(tmp_path / "lobby.yaml", service)

    assert 4 == len(service.requests)
    assert first == (tmp_path / "lobby.yaml").read_bytes()


@system_has("modes")
def test_rewrite_records_again(service: Service, tmp_path: Path) -> None:
    """With the policy rewrite, the service is asked, and the file replaced; its mode stays."""
    path = tmp_path / "lobby.yaml"
    recorded(path, service)
    path.chmod(0o640)
    with handlesfake.record(path, record="rewrite", credentials=CREDENTIALS, hosts=(service.authority,)) as mpsd:
        call(by_requests, "GET", f"http://{service.authority}/handles/unknown", mpsd.user("host").headers, None)

    assert 5 == len(service.requests)
    assert 1 == path.read_text().count("- request:")
    assert 0o640 == path.stat().st_mode & 0o777


def test_what_a_rule_made_is_not_recorded(service: Service, tmp_path: Path) -> None:
    """A refusal by a rule is never sent and never written; an answer that a rule lost is written as it came."""
    path = tmp_path / "lobby.yaml"
    with handlesfake.record(path, credentials=CREDENTIALS, hosts=(service.authority,)) as mpsd:
        mpsd.refuse("throttled", times=1)
        mpsd.lose_answer("get_handle", times=1)
        url, headers = f"http://{service.authority}/handles/unknown", mpsd.user("host").headers
        refused = call(by_requests, "GET", url, headers, None)
        with pytest.raises(OSError, match="Connection aborted"):
            call(by_requests, "GET", url, headers, None)

    assert 429 == refused[0]
    assert 1 == len(service.requests)
    assert [("refuse('throttled', times=1)", None), ("lose_answer('get_handle', times=1)", "close")] == [
        (entry.decided_by, entry.fault) for entry in mpsd.journal
    ]
    assert ["code: 404"] == [line.strip() for line in path.read_text().splitlines() if "code:" in line]


def test_an_answer_can_be_lost_in_a_replay(service: Service, tmp_path: Path) -> None:
    """lose_answer works on recorded traffic: the interaction has played, the caller has not heard."""
    recorded(tmp_path / "lobby.yaml", service)
    with handlesfake.replay(tmp_path / "lobby.yaml") as mpsd:
        mpsd.lose_answer("put_session", times=1)
        with pytest.raises(OSError, match="Connection aborted"):
            evening(mpsd, by_requests, f"https://{MPSD_HOST}")

    assert [("lose_answer('put_session', times=1)", 201)] == [
        (entry.decided_by, entry.response.status) for entry in mpsd.journal if entry.response
    ]


def test_nothing_recorded_leaves_nothing_behind(tmp_path: Path) -> None:
    """A recording without a request makes no file and no folder."""
    with handlesfake.record(tmp_path / "a" / "b" / "lobby.yaml"):
        pass

    assert [] == list(tmp_path.iterdir())


@system_has("modes")
def test_a_failed_recording_is_kept_beside(service: Service, tmp_path: Path) -> None:
    """When the block fails, a good cassette stays, and what was recorded is kept as .rejected, for the same people."""
    path = tmp_path / "lobby.yaml"
    recorded(path, service)
    path.chmod(0o600)
    good = path.read_bytes()
    with (
        pytest.raises(ZeroDivisionError),
        handlesfake.record(path, record="rewrite", credentials=CREDENTIALS, hosts=(service.authority,)) as mpsd,
    ):
        call(by_requests, "GET", f"http://{service.authority}/handles/unknown", mpsd.user("host").headers, None)
        raise ZeroDivisionError

    assert good == path.read_bytes()
    assert ["lobby.yaml", "lobby.yaml.rejected"] == sorted(one.name for one in tmp_path.iterdir())
    assert 0o600 == path.with_name("lobby.yaml.rejected").stat().st_mode & 0o777


def test_an_unwritable_folder_is_known_before_anything_is_sent(service: Service, tmp_path: Path) -> None:
    """A file stands where the folder should be: that is said at the start."""
    (tmp_path / "taken").write_text("")
    with pytest.raises(handlesfake.CassetteError) as caught:
        handlesfake.record(tmp_path / "taken" / "lobby.yaml", hosts=(service.authority,)).start()

    assert (
        f"{tmp_path / 'taken/lobby.yaml'}: the cassette cannot be written: File exists ({tmp_path / 'taken'})\n"
        "  nothing was sent; make the folder writable, or name another one"
    ) == str(caught.value)
    assert [] == service.requests


def test_a_role_without_credentials_is_nobody(tmp_path: Path) -> None:
    """While recording, a role must be a real account."""
    with (
        handlesfake.record(tmp_path / "lobby.yaml", credentials={"host": CREDENTIALS["host"]}) as mpsd,
        pytest.raises(handlesfake.SettingsError) as caught,
    ):
        mpsd.user("gest")

    assert (
        "mpsd.user('gest'): a recording needs to know who that really is. The credentials know 'host'.\n"
        '  give {\'gest\': {"xuid": "...", "authorization": "XBL3.0 x=...;..."}} to the fixture mpsd_credentials, '
        "or to handlesfake.record(path, credentials=...)"
    ) == str(caught.value)


def test_arranging_is_an_error_where_nothing_can_be_arranged(tmp_path: Path) -> None:
    """A session with members would be a state; a session alone is a reference."""
    with handlesfake.record(tmp_path / "lobby.yaml", credentials=CREDENTIALS) as mpsd:
        assert "lobby-1" == mpsd.session("lobby-1").ref["name"]
        with pytest.raises(handlesfake.SettingsError) as caught:
            mpsd.session("lobby-1", members=[mpsd.user("host")])

    assert (
        "nothing can be arranged here: the real service has the sessions and friends.\n"
        '  Speak of a session with mpsd.session("name") alone, or let the code under test create it.'
    ) == str(caught.value)


def test_a_real_token_is_not_ours_to_renew_or_end(tmp_path: Path) -> None:
    """What would change nothing is an error that says what does."""
    with handlesfake.record(tmp_path / "lobby.yaml", credentials=CREDENTIALS) as mpsd:
        host = mpsd.user("host")
        with pytest.raises(handlesfake.SettingsError) as renewed:
            host.renew()
        with pytest.raises(handlesfake.SettingsError) as expired:
            host.expire()

    assert (
        "host.renew(): only the real sign-in can give a real account another token.\n"
        "  Let the code under test renew it, as it does in production."
    ) == str(renewed.value)
    assert (
        "host.expire(): the answers here come from real or recorded traffic, which knows nothing of it.\n"
        "  Say instead: mpsd.refuse(\"token_expired\", caller='host', times=1)"
    ) == str(expired.value)


def test_credentials_are_checked(tmp_path: Path) -> None:
    """A wrong credential is named without being shown."""
    wrong: dict[str, Any] = {"host": {"xuid": HOST_XUID, "authorization": "Bearer secret"}}
    with pytest.raises(handlesfake.SettingsError) as caught:
        handlesfake.record(tmp_path / "lobby.yaml", credentials=wrong)

    assert "credentials of 'host': the authorization must read XBL3.0 x=<user hash>;<token>." == str(caught.value)


def test_two_accounts_that_send_the_same_bytes_are_told_apart(service: Service, tmp_path: Path) -> None:
    """Host and Guest read the same session; in a replay each gets the own answer, in whatever order they ask."""
    path = tmp_path / "lobby.yaml"

    def ask(mpsd: handlesfake.Double, base: str, *roles: str) -> list[str]:
        body = {"type": "activity", "sessionRef": mpsd.session("lobby-1").ref, "version": 1}
        answers = [call(by_requests, "POST", f"{base}/handles", mpsd.user(role).headers, body) for role in roles]
        return [json.loads(answer[2])["ownerXuid"] for answer in answers]

    with handlesfake.record(path, credentials=CREDENTIALS, hosts=(service.authority,)) as mpsd:
        ask(mpsd, f"http://{service.authority}", "host", "guest")
    with handlesfake.replay(path) as mpsd:
        owners = ask(mpsd, f"https://{MPSD_HOST}", "guest", "host")

        assert [mpsd.user("guest").xuid, mpsd.user("host").xuid] == owners


def test_threads_lose_nothing(service: Service, tmp_path: Path) -> None:
    """Sixteen threads with five calls each: eighty interactions in the file, each with its own answer."""
    path = tmp_path / "lobby.yaml"
    with handlesfake.record(path, credentials=CREDENTIALS, hosts=(service.authority,)) as mpsd:
        headers = mpsd.user("host").headers

        def send(number: int) -> None:
            for call_number in range(5):
                url = f"http://{service.authority}/handles/{number}-{call_number}"
                call(by_http_client, "GET", url, headers, None)

        with ThreadPoolExecutor(16) as threads:
            list(threads.map(send, range(16)))

    recorded_paths = {interaction.request.path for interaction in load_cassette(path).interactions}
    assert {f"/handles/{number}-{call_number}" for number in range(16) for call_number in range(5)} == recorded_paths


def test_a_disk_that_is_full_leaves_the_old_file(
    service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The whole file or nothing, and no draft is left behind; what was recorded is kept, and the error says where."""
    path = tmp_path / "lobby.yaml"
    recorded(path, service)
    good = path.read_bytes()
    double = handlesfake.record(path, record="rewrite", credentials=CREDENTIALS, hosts=(service.authority,)).start()
    call(by_requests, "GET", f"http://{service.authority}/handles/1", double.user("host").headers, None)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    with pytest.raises(handlesfake.CassetteError) as caught:
        double.stop()
    kept = next(tmp_path.glob(".lobby.yaml.*.journal"))

    assert (
        f"{path}: the cassette cannot be written: No space left on device\n  what was recorded is kept in {kept};\n"
        "  make room, or the folder writable: the next run that names the cassette puts it in"
    ) == str(caught.value)
    assert good == path.read_bytes()
    assert {"lobby.yaml", kept.name} == {one.name for one in tmp_path.iterdir()}


@pytest.mark.parametrize(("xuid", "what"), [("", "empty"), ("host", "another text"), (5, "of type int")])
def test_an_xuid_that_is_none_is_named_by_what_it_is(xuid: object, what: str) -> None:
    """An environment variable that is not set is often an empty text; the value itself is not shown."""
    with pytest.raises(SettingsError) as caught:
        real({"host": {"xuid": xuid}})

    assert f"credentials of 'host': the xuid must be a decimal text, and is {what}." == str(caught.value)


@pytest.mark.parametrize(
    ("credentials", "problem"),
    [
        ("host", 'credentials of type str: write {"host": {"xuid": ...}}.'),
        (["host"], 'credentials of type list: write {"host": {"xuid": ...}}.'),
        (
            {"host": {"xuid": HOST_XUID}, "guest": {"xuid": HOST_XUID}},
            "credentials of 'guest': that xuid is host's already; a role is one person.",
        ),
    ],
)
def test_credentials_that_cannot_be(credentials: Any, problem: str) -> None:
    """Also where nothing checks them before: the hooks for vcrpy would write a cassette that cannot be read."""
    with pytest.raises(SettingsError) as caught:
        real(credentials)

    assert problem == str(caught.value)
