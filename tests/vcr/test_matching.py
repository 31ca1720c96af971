"""The matcher: what MPSD reads as one request, and what vcrpy is told about another one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from vcr.errors import CannotOverwriteExistingCassetteException
from vcr.request import Request

from handlesfake.cassettes.people.pseudonym_key import VARIABLE
from handlesfake.vcr import Hooks
from tests.vcr.conftest import VcrOf
from tests.vcr.traffic import MPSD, SOMEBODY, answered, sent

SCID = "7e570100-1111-4222-8333-444455556666"
ONE, OTHER = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"
HANDLES = "/handles/query?include=relatedInfo&take=5"
ACTIVITY = {"type": "activity", "version": 1, "inviteAttributes": {"titleId": "1234567890"}}


def session(name: str = "lobby-1", template: str = "FakeLobby") -> str:
    """The address of a session."""
    return f"/serviceconfigs/{SCID}/sessionTemplates/{template}/sessions/{name}"


def spelled(body: Any, **more: Any) -> bytes:
    """``body`` as JSON in a different form."""
    return json.dumps(body, **more).encode()


SAME = {
    "the order of keys, and spaces": (sent(spelled(ACTIVITY)), sent(spelled(ACTIVITY, sort_keys=True, indent=1))),
    "a title id as a number": (
        sent(ACTIVITY),
        sent({**ACTIVITY, "inviteAttributes": {"titleId": 1234567890}}),
    ),
    "the case of names in the address": (
        sent(None, session("Lobby-1"), "GET"),
        sent(None, session("lobby-1", "fakelobby"), "GET"),
    ),
    "the order of the query": (
        sent({}, HANDLES),
        sent({}, "/handles/query?take=5&include=relatedInfo"),
    ),
    "other headers": (sent({}), sent({}, **{"x-xbl-contract-version": "107", "User-Agent": "other"})),
    "the fields of a form": (
        sent(b"a=1&b=2", "/token", **{"Content-Type": "application/x-www-form-urlencoded"}),
        sent(b"b=2&a=1", "/token", **{"Content-Type": "application/x-www-form-urlencoded"}),
    ),
}
DIFFERENT = {
    "another operation": (sent(None, session(), "GET"), sent({}, session(), "PUT")),
    "another session": (sent(None, session("lobby-1"), "GET"), sent(None, session("lobby-2"), "GET")),
    "another host": (sent({}), Request("POST", "https://other.test/handles", b"{}", {})),
    "another field": (sent({"type": "activity"}), sent({"type": "invite"})),
    "true for 1": (sent({"version": 1}), sent({"version": True})),
    "another form": (sent(b"a=1&b=2", "/token"), sent(b"a=1&b=3", "/token")),
    "another query": (sent({}, HANDLES), sent({}, "/handles/query?take=6&include=relatedInfo")),
    "another caller": (
        sent({}, Authorization="XBL3.0 x=host;removed"),
        sent({}, Authorization="XBL3.0 x=guest;removed"),
    ),
    "another condition": (sent({}, session(), "PUT"), sent({}, session(), "PUT", **{"If-Match": "*"})),
}


@pytest.mark.parametrize("case", SAME)
def test_what_is_the_same(case: str) -> None:
    """Two spellings of one request match, either way."""
    one, other = SAME[case]

    assert Hooks().matcher(one, other)
    assert Hooks().matcher(other, one)


@pytest.mark.parametrize("case", DIFFERENT)
def test_what_is_another_request(case: str) -> None:
    """Two requests that MPSD would take for two do not match, either way."""
    one, other = DIFFERENT[case]

    for pair in ((one, other), (other, one)):
        with pytest.raises(AssertionError):
            Hooks().matcher(*pair)


def test_new_ids_match_once_a_cassette_was_loaded(vcr_of: VcrOf) -> None:
    """A GUID that a client makes up is another one in each run; one that was recorded means itself."""
    with vcr_of().use_cassette("a.yaml") as cassette:
        for name in (ONE, OTHER):
            cassette.append(sent(None, session(name), "GET"), answered({"name": name}))

    with vcr_of(record_mode="none").use_cassette("a.yaml") as replay:
        known = replay.play_response(sent(None, session(OTHER), "GET"))
        new = replay.play_response(sent(None, session("33333333-3333-4333-8333-333333333333"), "GET"))

    assert b'{"name":"%s"}' % OTHER.encode() == known["body"]["string"].replace(b" ", b"")
    assert b'{"name":"%s"}' % ONE.encode() == new["body"]["string"].replace(b" ", b"")


def test_ids_are_compared_where_nothing_was_loaded() -> None:
    """The matcher alone, without the serializer, has no recorded id, and opens none."""
    with pytest.raises(AssertionError, match=r"sessionRef\.name"):
        Hooks().matcher(sent(None, session(ONE), "GET"), sent(None, session(OTHER), "GET"))


def test_people_without_the_key(vcr_of: VcrOf, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a machine without the key of the recording, a pseudonym matches the person that is sent instead."""
    other = str(int(SOMEBODY) - 7)
    with vcr_of().use_cassette("a.yaml") as cassette:
        cassette.append(sent({"type": "invite", "invitedXuid": SOMEBODY}), answered({}))
        cassette.append(sent({"type": "activity", "invitedXuid": SOMEBODY}), answered({}))

    monkeypatch.setenv(VARIABLE, "another key of the tests")
    with vcr_of(record_mode="none").use_cassette("a.yaml") as replay:
        assert replay.can_play_response_for(sent({"type": "invite", "invitedXuid": other}))
        assert not replay.can_play_response_for(sent({"type": "transfer", "invitedXuid": other}))
        assert not replay.can_play_response_for(sent({"type": "invite", "invitedXuid": "nobody's number"}))


def test_people_with_the_key(vcr_of: VcrOf) -> None:
    """With the key of the recording, another person is another person."""
    with vcr_of().use_cassette("a.yaml") as cassette:
        cassette.append(sent({"type": "invite", "invitedXuid": SOMEBODY}), answered({}))

    with vcr_of(record_mode="none").use_cassette("a.yaml") as replay:
        assert replay.can_play_response_for(sent({"type": "invite", "invitedXuid": SOMEBODY}))
        assert not replay.can_play_response_for(sent({"type": "invite", "invitedXuid": str(int(SOMEBODY) - 7)}))


def test_a_caller_whom_no_cassette_knows_may_be_anybody(vcr_of: VcrOf) -> None:
    """Accounts with unknown tokens play the cassette; known ones are distinguished."""
    with vcr_of(None).use_cassette("a.yaml") as cassette:
        cassette.append(sent({"type": "invite"}, Authorization="XBL3.0 x=1234567;token-number-1"), answered({}))
        cassette.append(sent({"type": "activity"}, Authorization="XBL3.0 x=7654321;token-number-2"), answered({}))

    with vcr_of(None, record_mode="none").use_cassette("a.yaml") as replay:
        assert replay.can_play_response_for(sent({"type": "invite"}, Authorization="XBL3.0 x=99;another-token-1"))
        assert not replay.can_play_response_for(sent({"type": "invite"}, Authorization="XBL3.0 x=7654321;token"))


TOLD = """\
1 field differs
      invitedXuid   recorded '9000000000000002'   sent '3210'"""


def test_vcrpy_shows_where_a_request_differs(vcr_of: VcrOf, tmp_path: Path) -> None:
    """Its error names the recorded request of the same operation, and the fields that differ, in MPSD's words."""
    with vcr_of().use_cassette("a.yaml") as cassette:
        cassette.append(sent(None, session(), "GET"), answered({}))
        cassette.append(sent({"type": "invite", "invitedXuid": "9000000000000002"}), answered({}))

    with vcr_of(record_mode="none").use_cassette("a.yaml") as replay:
        missed = sent({"type": "invite", "invitedXuid": "3210"})
        ((found, fitting, unlike),) = replay.find_requests_with_most_matches(missed)
        error = CannotOverwriteExistingCassetteException(cassette=replay, failed_request=missed)

    assert f"{MPSD}/handles" == found.uri
    assert ["matcher_of_operation"] == fitting
    assert [("matcher", TOLD)] == unlike
    assert "invitedXuid   recorded '9000000000000002'   sent '3210'" in str(error)
