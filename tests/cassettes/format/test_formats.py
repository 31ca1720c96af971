"""Cassettes of plain vcrpy and pytest-recording play here, and ours play there: YAML and JSON."""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
import requests
import vcr
from hypothesis import given
from hypothesis import strategies as st

import handlesfake
from handlesfake.cassettes.cassette import Interaction, labelled
from handlesfake.cassettes.format.json_format import yaml_to_json
from handlesfake.cassettes.format.loading import load_cassette, load_cassette_text
from handlesfake.cassettes.format.writing import dump_cassette
from handlesfake.errors import CassetteError
from handlesfake.mpsd.http.message import MPSD_HOST, Headers, Request, Response
from tests.cassettes.accounts import CREDENTIALS
from tests.cassettes.conftest import call, evening
from tests.cassettes.service import Service
from tests.transports import Wire, by_requests

URL = f"https://{MPSD_HOST}"
ACTIVITY = {
    "version": 1,
    "type": "activity",
    "sessionRef": {"scid": "7e570100-1111-4222-8333-444455556666", "templateName": "FakeLobby", "name": "lobby-1"},
}
AUTHORIZATION = {"Authorization": "XBL3.0 x=uhs-9000000000000071;made-up", "X-Xbl-Contract-Version": "107"}


def ours() -> list[Interaction]:
    """Two exchanges of Host's, with all that a text can be."""
    headers = Headers([("Authorization", labelled("host")), ("Content-Type", "application/json")])
    body = json.dumps(ACTIVITY).encode()
    created = Response(201, Headers([("X-A", "1"), ("X-A", "2")]), '{"id":"h1","n":[1.0,"é😀"]}'.encode(), "Created")
    return [
        Interaction(1, Request("POST", "/handles", headers, body), created),
        Interaction(2, Request("GET", "/handles/h1", headers), Response(204, Headers(), b"")),
    ]


OLD = tuple(int(part) for part in version("vcrpy").split(".")[:1]) < (9,)


@pytest.mark.parametrize(
    "suffix",
    [
        "yaml",
        pytest.param(
            "json", marks=pytest.mark.skipif(OLD, reason="vcrpy 8 writes no body as JSON that it was sent as bytes")
        ),
    ],
)
def test_a_suite_of_plain_vcrpy_plays_here(suffix: str, service: Service, tmp_path: Path) -> None:
    """What vcrpy recorded from a service is what our replay answers; one request apart is a miss."""
    path = tmp_path / f"theirs.{suffix}"
    with vcr.use_cassette(str(path), serializer=suffix, filter_headers=["authorization"]):
        real = call(by_requests, "POST", f"http://{service.authority}/handles", AUTHORIZATION, ACTIVITY)
    with handlesfake.replay(path, hosts=(service.authority,)) as mpsd:
        ours = call(by_requests, "POST", f"http://{service.authority}/handles", AUTHORIZATION, ACTIVITY)
        with mpsd.expect_unanswered(), pytest.raises(handlesfake.NotRecorded):
            call(by_requests, "POST", f"http://{service.authority}/handles", AUTHORIZATION, ACTIVITY | {"version": 2})

    assert 1 == len(service.requests)
    assert (real[0], json.loads(real[-1])) == (ours[0], json.loads(ours[-1]))
    assert 201 == ours[0]


@pytest.mark.parametrize("suffix", ["yaml", "json"])
def test_a_cassette_of_ours_plays_under_plain_vcrpy(suffix: str, tmp_path: Path) -> None:
    """In its strictest mode, as pytest-recording has it."""
    path = tmp_path / f"ours.{suffix}"
    text = dump_cassette(ours(), {"host": "9000000000000001"})
    path.write_text(yaml_to_json(text) if suffix == "json" else text, encoding="utf-8")
    with vcr.use_cassette(str(path), serializer=suffix, record_mode="none", match_on=["method", "uri"]) as cassette:
        created = requests.post(f"{URL}/handles", json=ACTIVITY, timeout=5)
        read = requests.get(f"{URL}/handles/h1", timeout=5)

        assert cassette.all_played
    assert (201, {"id": "h1", "n": [1.0, "é😀"]}) == (created.status_code, created.json())
    assert 204 == read.status_code


def test_ours_as_json_is_read_as_written() -> None:
    """Every byte of a response, header lines, roles."""
    path = Path("a.json")
    cassette = load_cassette_text(yaml_to_json(dump_cassette(ours(), {"host": "9000000000000001"})).encode(), path)

    assert {"host": "9000000000000001"} == cassette.roles
    assert ours()[0].response == cassette.interactions[0].response
    assert ACTIVITY == cassette.interactions[0].call.document


def test_a_recording_into_json_plays_here_and_under_plain_vcrpy(service: Service, tmp_path: Path) -> None:
    """The name of the file decides; to record the same again leaves every byte."""
    path = tmp_path / "lobby.json"

    def record() -> bytes:
        with handlesfake.record(path, record="rewrite", credentials=CREDENTIALS, hosts=(service.authority,)) as mpsd:
            real.append(evening(mpsd, by_requests, f"http://{service.authority}"))
        return path.read_bytes()

    real: list[list[Wire]] = []
    text = record()
    with handlesfake.replay(path) as mpsd:
        here = evening(mpsd, by_requests, URL)
    with vcr.use_cassette(str(path), serializer="json", record_mode="none") as cassette:
        asked = [one.request for one in load_cassette(path).interactions]
        there = [requests.request(one.method, URL + one.target, data=one.body, timeout=5) for one in asked]

        assert cassette.all_played
    assert [201, 201, 201, 200] == [one[0] for one in real[0]]
    assert [(one[0], json.loads(one[-1])) for one in here] == [(one.status_code, one.json()) for one in there]
    assert {"host": "9000000000000001", "guest": "9000000000000002"} == json.loads(text)["handlesfake"]["roles"]


def test_the_same_recorded_again_into_json_leaves_every_byte(service: Service, tmp_path: Path) -> None:
    """As in YAML; what others recorded meanwhile stays, too."""
    path = tmp_path / "lobby.json"

    def record() -> bytes:
        for name in "ab":
            with handlesfake.record(path, record="all", credentials=CREDENTIALS, hosts=(service.authority,)) as mpsd:
                call(
                    by_requests, "GET", f"http://{service.authority}/handles/{name}", mpsd.user("host").headers, None
                )
            service.requests.clear()  # its clock is the count
        return path.read_bytes()

    first = record()

    assert first == record()
    assert ["/handles/a", "/handles/b"] == [one.request.path for one in load_cassette(path).interactions]


def test_bytes_have_no_place_in_json(service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What vcrpy's JSON cannot say is kept as rejected YAML; the way out is named."""
    path = tmp_path / "lobby.json"
    monkeypatch.setattr(service, "serve", lambda _: Response(200, Headers(), b"\xff\x00"))
    double = handlesfake.record(path, credentials=CREDENTIALS, hosts=(service.authority,)).start()
    call(by_requests, "GET", f"http://{service.authority}/handles/x", double.user("host").headers, None)
    with pytest.raises(CassetteError) as caught:
        double.stop()

    assert (
        f"{path} was not recorded: a body of get_handle by host is not text, and a JSON cassette can hold only "
        f"text; name it lobby.yaml: YAML can\n"
        f"  what was recorded is kept in {tmp_path / 'lobby.yaml.rejected'}, which is never replayed"
    ) == str(caught.value)
    assert b"\xff\x00" == load_cassette(tmp_path / "lobby.yaml.rejected").interactions[0].response.body
    assert ["lobby.yaml.rejected"] == [one.name for one in tmp_path.iterdir()]


GOOD = '{"version": 1, "interactions": [%s]}'
ONE = (
    '{"request": {"method": "GET", "uri": "https://a/", "body": null, "headers": {}},'
    ' "response": {"status": {"code": 200, "message": "OK"}, "headers": {}, "body": {"string": "x"}}}'
)
WRONG: dict[str, str] = {
    "": "a.json, line 1, column 1: a JSON value is missing here; the file may be cut short",
    '{"version": 1': "a.json, line 1, column 14: ',' is missing here; the file may be cut short",
    '{"version": 1,\n "version": 1}': (
        "a.json, line 2, column 2: the key 'version' is here a second time; it is already in line 1 already"
    ),
    "{a: 1}": "a.json, line 1, column 2: a key must be a text in double quotes",
    '{"a": NaN}': "a.json, line 1, column 7: JSON has no NaN: write a number, null, or a text in quotes",
    '{"a": "b': "a.json, line 1, column 7: unterminated string starting at",
    GOOD % ONE + "x": f"a.json, line 1, column {len(GOOD % ONE) + 1}: the text goes on behind its end",
    "[" * 100: "a.json, line 1, column 61: nested deeper than 60 levels",
    GOOD % ONE.replace('"GET"', "7"): "a.json, line 1, column 56: method must be a word, and is '7'",
}


@pytest.mark.parametrize("text", WRONG)
def test_json_that_is_not_wholly_understood_is_refused(text: str) -> None:
    """With line and column, as in YAML."""
    with pytest.raises(CassetteError) as caught:
        load_cassette_text(text.encode(), Path("a.json"))

    assert WRONG[text] == str(caught.value)


PIECES: Any = st.sampled_from(
    [*'{}[],:"\\ \n0', '"a"', "true", "null", "-1.5e3", "\\ud800", "\\u00e9", GOOD % ONE, ONE]
)


@given(st.lists(PIECES, max_size=30).map("".join) | st.text(max_size=80))
def test_any_text_as_json_gives_a_cassette_or_a_cassette_error(text: str) -> None:
    """Only our own error comes out, whatever goes in."""
    try:
        load_cassette_text(text.encode("utf-8", "surrogatepass"), Path("a.json"))
    except CassetteError as error:
        assert str(error).startswith("a.json")  # noqa: PT017 - the message is what is asserted


def test_our_own_cassettes_hold_no_aliases() -> None:
    """Only what hooks of vcrpy have made may have some."""
    text = dump_cassette(ours(), {"host": "9000000000000001"}).replace("version: 1", "version: 1\na: &a b\nc: *a", 1)

    with pytest.raises(CassetteError, match=r"^a\.yaml: our own cassettes hold no aliases"):
        load_cassette_text(text.encode(), Path("a.yaml"))
