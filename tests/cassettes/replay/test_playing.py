"""What a replay takes for the same request, and what it says of a request that it does not hold."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
import requests

import handlesfake
from handlesfake.cassettes.cassette import Interaction, labelled
from handlesfake.cassettes.format.writing import dump_cassette
from handlesfake.cassettes.next_steps import record_again
from handlesfake.cassettes.replay.matching import RecordingIndex
from handlesfake.double.double import core_of
from handlesfake.exchange.outcome import Call
from handlesfake.mpsd.http.message import MPSD_HOST, Headers, Request, Response

URL = f"https://{MPSD_HOST}"
REF = {"scid": "7e570100-1111-4222-8333-444455556666", "templateName": "FakeLobby", "name": "lobby-1"}
INVITE: dict[str, Any] = {
    "type": "invite",
    "version": 1,
    "sessionRef": REF,
    "invitedXuid": "9000000000000002",
    "inviteAttributes": {"titleId": "1234567890"},
}
SESSION = "/serviceconfigs/7E570100-1111-4222-8333-444455556666/sessionTemplates/FakeLobby/sessions/lobby-1"


def interaction(number: int, method: str, target: str, body: Any = None, caller: str = "") -> Interaction:
    """One interaction; its answer tells its number."""
    headers = Headers([("Authorization", labelled(caller))] if caller else [])
    raw = b"" if body is None else json.dumps(body).encode()
    answer = Response(201, Headers([("Content-Type", "application/json")]), json.dumps({"n": number}).encode())
    return Interaction(number, Request(method, target, headers, raw), answer)


@pytest.fixture
def cassette(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A recording of Host's invite of Guest, and of two reads of the lobby."""
    monkeypatch.chdir(tmp_path)
    path = Path("cassettes") / "test_party" / "first-night.yaml"
    path.parent.mkdir(parents=True)
    recorded = [
        interaction(1, "POST", "/handles", INVITE, "host"),
        interaction(2, "GET", f"{SESSION}?a=b", None, "host"),
        interaction(3, "GET", f"{SESSION}?a=b", None, "host"),
    ]
    path.write_text(dump_cassette(recorded, {"host": "9000000000000001", "guest": "9000000000000002"}))
    return path


SAME: dict[str, tuple[str, Any]] = {
    "other order and spaces": ("/handles", json.dumps(dict(reversed(INVITE.items())), indent=4)),
    "a title id as a number": ("/handles", json.dumps({**INVITE, "inviteAttributes": {"titleId": 1234567890}})),
    "an address in capitals": ("/HANDLES", json.dumps(INVITE)),
}


@pytest.mark.parametrize(("target", "body"), SAME.values(), ids=SAME)
def test_the_same_request_in_other_words_plays(target: str, body: str, cassette: Path) -> None:
    """A request matches as MPSD reads it."""
    with handlesfake.replay(cassette) as mpsd:
        answer = requests.post(URL + target, data=body, headers=mpsd.user("host").headers, timeout=5)

    assert (201, {"n": 1}) == (answer.status_code, answer.json())


def test_a_gzipped_request_plays(cassette: Path) -> None:
    """The content coding makes no difference."""
    with handlesfake.replay(cassette) as mpsd:
        headers = {**mpsd.user("host").headers, "Content-Encoding": "gzip"}
        body = gzip.compress(json.dumps(INVITE).encode())
        answer = requests.post(f"{URL}/handles", data=body, headers=headers, timeout=5)

    assert {"n": 1} == answer.json()


def again(cassette: Path, method: str, target: str, body: Any = None, times: int = 3, **words: Any) -> list[Any]:
    """What Host gets for the same request again and again: the answer's number, or the error."""
    got: list[Any] = []
    with handlesfake.replay(cassette, **words) as mpsd:
        for _ in range(times):
            try:
                answer = requests.request(
                    method, URL + target, json=body, headers=mpsd.user("host").headers, timeout=5
                )
                got.append(answer.json()["n"])
            except handlesfake.NotRecorded as error:
                got.append(str(error))
        core_of(mpsd).engine.unanswered.clear()  # they are told here
    return got


def test_each_interaction_plays_once_in_order(cassette: Path) -> None:
    """Under ``error``, the same request again gets the next recorded answer, and then none."""
    first, second, third = again(cassette, "GET", f"{SESSION}?a=b", repeats="error")

    assert [2, 3] == [first, second]
    assert (
        "get_session is not in cassettes/test_party/first-night.yaml (3 exchanges, 2 used).\n"
        "  the same request: #2 get_session by host, which was used already; each exchange plays once\n"
        "  if it may come any number of times, say so; it then gets its last answer again:\n"
        "      mpsd_repeats = last\n"
        "  or record it again, with real accounts:\n"
        "      with handlesfake.record('cassettes/test_party/first-night.yaml', record='rewrite', credentials=...) "
        "as mpsd: ..."
    ) == third


def test_a_read_gets_its_last_answer_again(cassette: Path) -> None:
    """How often a client polls is chance; the next recorded answer comes first."""
    assert [2, 3, 3, 3] == again(cassette, "GET", f"{SESSION}?a=b", times=4)


def test_a_write_that_comes_twice_is_an_error(cassette: Path) -> None:
    """A second invite is a change of behaviour, unless it is said to be none."""
    first, second = again(cassette, "POST", "/handles", INVITE, times=2)

    assert 1 == first
    assert "the same request: #1 create_handle by host, which was used already" in second
    assert [1, 1] == again(cassette, "POST", "/handles", INVITE, times=2, repeats="last")


def test_after_a_write_a_read_is_no_longer_known(cassette: Path) -> None:
    """What was read before is not what would be read now."""
    with handlesfake.replay(cassette) as mpsd:
        headers = mpsd.user("host").headers
        for _ in range(2):
            requests.get(f"{URL}{SESSION}?a=b", headers=headers, timeout=5)
        requests.post(f"{URL}/handles", json=INVITE, headers=headers, timeout=5)
        with mpsd.expect_unanswered(), pytest.raises(handlesfake.NotRecorded) as caught:
            requests.get(f"{URL}{SESSION}?a=b", headers=headers, timeout=5)

    assert "  (a read gets its last answer again until something is written)" == str(caught.value).splitlines()[2]


def test_a_miss_shows_the_nearest_by_field(cassette: Path) -> None:
    """What was asked, the nearest, the fields that differ, the command that records."""
    name = "tests/test_party.py::test_a_first_night"
    with (
        handlesfake.replay(cassette, name=name) as mpsd,
        mpsd.expect_unanswered(),
        pytest.raises(handlesfake.NotRecorded) as caught,
    ):
        body = {**INVITE, "invitedXuid": "3210"}
        requests.post(f"{URL}/handles", json=body, headers=mpsd.user("host").headers, timeout=5)

    assert (
        "create_handle is not in cassettes/test_party/first-night.yaml (3 exchanges, 0 used).\n"
        "  nearest: #1 create_handle by host, 1 field differs\n"
        "      invitedXuid   recorded '9000000000000002'   sent '3210'\n"
        "  correct what is sent, or record it again, with real accounts:\n"
        '      pytest "tests/test_party.py::test_a_first_night" --mpsd-record=rewrite'
    ) == str(caught.value)


def test_a_renewed_token_is_the_same_caller(cassette: Path) -> None:
    """Tokens come and go; the role is the caller."""
    with handlesfake.replay(cassette) as mpsd:
        mpsd.user("host").renew()
        answer = requests.post(f"{URL}/handles", json=INVITE, headers=mpsd.user("host").headers, timeout=5)

    assert {"n": 1} == answer.json()


def test_another_caller_is_another_request(cassette: Path) -> None:
    """Guest sends what Host has recorded."""
    with (
        handlesfake.replay(cassette) as mpsd,
        mpsd.expect_unanswered(),
        pytest.raises(handlesfake.NotRecorded) as caught,
    ):
        requests.post(f"{URL}/handles", json=INVITE, headers=mpsd.user("guest").headers, timeout=5)

    assert [
        "  nearest: #1 create_handle by host, 1 field differs",
        "      caller   recorded 'host'   sent 'guest'",
    ] == str(caught.value).splitlines()[1:3]


def test_an_operation_that_was_never_recorded_is_said_so(cassette: Path) -> None:
    """What the cassette holds instead."""
    with (
        handlesfake.replay(cassette) as mpsd,
        mpsd.expect_unanswered(),
        pytest.raises(handlesfake.NotRecorded) as caught,
    ):
        requests.delete(f"{URL}/handles/1", headers=mpsd.user("host").headers, timeout=5)

    assert [
        "delete_handle is not in cassettes/test_party/first-night.yaml (3 exchanges, 0 used).",
        "  it holds: create_handle, get_session",
    ] == str(caught.value).splitlines()[:2]


def test_no_cassette_names_the_nearest_and_the_command(cassette: Path) -> None:
    """Where it was looked for, what is like it, how to record it."""
    day = handlesfake.replay(cassette).clock.now.strftime("%Y-%m-%d")
    wanted = cassette.with_name("first-nite.yaml")
    with pytest.raises(handlesfake.NoCassette) as caught:
        handlesfake.replay(wanted, name="tests/test_party.py::test_a_first_night")

    assert (
        "tests/test_party.py::test_a_first_night replays 'first-nite', and no such recording exists.\n"
        "  looked for  cassettes/test_party/first-nite.yaml\n"
        f"  nearest     cassettes/test_party/first-night.yaml (3 exchanges, {day})\n"
        "  record it once, with real accounts:\n"
        '      pytest "tests/test_party.py::test_a_first_night" --mpsd-record=once'
    ) == str(caught.value)


def test_a_cassette_that_cannot_be_read_is_an_error_at_once(cassette: Path) -> None:
    """Before the test runs, with the place."""
    cassette.write_text("version: 1\n")

    with pytest.raises(
        handlesfake.CassetteError, match=r"first-night\.yaml, line 1, column 1: a cassette has no inter"
    ):
        handlesfake.replay(cassette)


def test_a_cassette_can_be_named_by_a_text(cassette: Path) -> None:
    """``cassette=`` alone means replay, and a text is as good as a path."""
    with handlesfake.fake(cassette=str(cassette)) as mpsd:
        answer = requests.post(f"{URL}/handles", json=INVITE, headers=mpsd.user("host").headers, timeout=5)

    assert {"n": 1} == answer.json()


def test_roles_are_the_cassettes_pseudonyms(cassette: Path) -> None:
    """A test with roles replays anywhere; a role that was not recorded is made up, and differs from the recorded ones."""
    with handlesfake.replay(cassette) as mpsd:
        xuids = [mpsd.user("host").xuid, mpsd.user("guest").xuid, mpsd.user("far").xuid]

    assert ["9000000000000001", "9000000000000002", "9000000000000003"] == xuids


def test_callers_without_a_role_are_bound_one_to_one() -> None:
    """Two unknown tokens are two of the recorded callers, in order of appearance, and stay who they are."""
    recorded = [interaction(number, "POST", "/handles", INVITE, f"user-{1 + number % 2}") for number in range(4)]
    index = RecordingIndex(recorded)
    call = Call(Request("POST", "/handles", Headers(), json.dumps(INVITE).encode()), 0)
    labels = ["b", "a", "b", "a", "b"]

    assert [0, 1, 2, 3, None] == [one.number if (one := index.take(call, label)) else None for label in labels]


def test_recorded_traffic_with_others_is_left_alone(cassette: Path) -> None:
    """A cassette of plain vcrpy may hold other hosts; they are not MPSD."""
    text = cassette.read_text().replace(f"https://{MPSD_HOST}/handles", "https://login.test/handles")
    cassette.write_text(text)

    with (
        handlesfake.replay(cassette) as mpsd,
        mpsd.expect_unanswered(),
        pytest.raises(handlesfake.NotRecorded, match="2 exchanges"),
    ):
        requests.post(f"{URL}/handles", json=INVITE, headers=mpsd.user("host").headers, timeout=5)


def test_a_miss_prints_no_token(cassette: Path) -> None:
    """Neither the caller's own token, wherever it stands, nor what was removed from the recording."""
    with handlesfake.replay(cassette) as mpsd:
        host = mpsd.user("host")
        token = host.authorization.rpartition(";")[2]
        body = {**INVITE, "inviteAttributes": {**INVITE["inviteAttributes"], "context": f"token={token}"}}
        with mpsd.expect_unanswered(), pytest.raises(handlesfake.NotRecorded) as caught:
            requests.post(f"{URL}/handles", json=body, headers=host.headers, timeout=5)

    assert "sent a secret, which is not shown" in str(caught.value)
    assert token not in str(caught.value)


def test_the_command_can_be_typed_where_the_run_was_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A node id is relative to the rootdir; the command is relative to the present folder, above it or below."""
    path = tmp_path / "party" / "cassettes" / "lobby.yaml"
    test = tmp_path / "party" / "tests" / "test_lobby.py"
    test.parent.mkdir(parents=True)
    test.touch()

    def command(folder: Path) -> str:
        monkeypatch.chdir(folder)
        return record_again("tests/test_lobby.py::test_it", path)[1].strip()

    assert 'pytest "tests/test_lobby.py::test_it" --mpsd-record=rewrite' == command(tmp_path / "party")
    assert 'pytest "party/tests/test_lobby.py::test_it" --mpsd-record=rewrite' == command(tmp_path)
    assert 'pytest "test_lobby.py::test_it" --mpsd-record=rewrite' == command(test.parent)


def test_a_request_without_a_token_is_nobodys(cassette: Path) -> None:
    """Host has recorded it; code that has lost its token does not get Host's answer."""
    with (
        handlesfake.replay(cassette) as mpsd,
        mpsd.expect_unanswered(),
        pytest.raises(handlesfake.NotRecorded) as caught,
    ):
        requests.post(f"{URL}/handles", json=INVITE, timeout=5)

    assert [
        "  nearest: #1 create_handle by host, 1 field differs",
        "      caller   recorded 'host'   sent nothing",
    ] == str(caught.value).splitlines()[1:3]


def test_vcrpys_cassettes_play_without_a_token() -> None:
    """Where no user has a role, as in a suite of vcrpy's that has no tokens in its replay, any caller may be meant."""
    call = Call(Request("POST", "/handles", Headers(), json.dumps(INVITE).encode()), 0)
    found = RecordingIndex([interaction(1, "POST", "/handles", INVITE, "user-1")]).take(call, "")

    assert found is not None
    assert 1 == found.number


def test_a_number_of_another_type_is_not_said_to_be_used(cassette: Path) -> None:
    """No field looks different, and the exchange has not played."""
    with (
        handlesfake.replay(cassette) as mpsd,
        mpsd.expect_unanswered(),
        pytest.raises(handlesfake.NotRecorded) as caught,
    ):
        requests.post(f"{URL}/handles", json={**INVITE, "version": 1.0}, headers=mpsd.user("host").headers, timeout=5)

    assert (
        "  nearest: #1 create_handle by host; only the type of a number differs, such as 1 and 1.0 or true"
    ) == str(caught.value).splitlines()[1]
