"""What rules do to requests: which one decides, how often, and what comes of it."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import requests

import handlesfake
from handlesfake.double.double import core_of
from handlesfake.mpsd.evidence import Evidence
from handlesfake.mpsd.refusals.catalogue import REFUSALS
from tests.rules.party import URL, gather, invite, show


def test_throttled_twice_then_served(party: handlesfake.Double) -> None:
    """The documented 429: JSON body and Retry-After; the service has not acted; afterwards it does."""
    party.refuse("throttled", times=2, retry_after=5)
    refused, again, served = invite(party), invite(party), invite(party)

    assert [429, 429, 201] == [refused.status_code, again.status_code, served.status_code]
    assert ("5", "application/json") == (refused.headers["Retry-After"], refused.headers["Content-Type"])
    wanted = {"version": 1, "currentRequests": 31, "maxRequests": 30, "periodInSeconds": 15, "limitType": "rate"}
    assert wanted == refused.json()
    first = party.journal[0]
    assert "refuse('throttled', times=2)" == first.decided_by
    assert (Evidence.DOCUMENTED, "host") == (first.evidence, first.caller.users[0].role if first.caller else None)
    party.assert_invited("9000000000000002", times=1)


def test_unavailable_has_no_body_and_says_when_to_come_back(party: handlesfake.Double) -> None:
    """503 without a body, with Retry-After (documented)."""
    party.refuse("unavailable")
    refused = invite(party)

    assert (503, b"", "5") == (refused.status_code, refused.content, refused.headers["Retry-After"])


def test_an_expired_token_is_an_empty_401(party: handlesfake.Double) -> None:
    """401 with an empty body."""
    party.refuse("token_expired", times=1, caller="host")
    refused = invite(party)

    assert (401, b"") == (refused.status_code, refused.content)


@pytest.mark.parametrize("name", REFUSALS)
def test_every_refusal_can_be_had_by_name(name: str, party: handlesfake.Double) -> None:
    """Each has its status and its evidence, and no sentence with a hole in it."""
    party.refuse(name)
    refused = invite(party)

    assert REFUSALS[name].status == refused.status_code
    assert REFUSALS[name].evidence == party.journal[0].evidence
    assert "{" not in refused.text.replace('{"version"', "")


def test_a_lost_answer_is_one_that_the_service_has_given(party: handlesfake.Double) -> None:
    """The service has acted, and the caller never hears."""
    party.lose_answer("create_handle", times=1)
    with pytest.raises(requests.ConnectionError):
        invite(party)

    entry = party.journal[0]
    assert ("close", 201) == (entry.fault, entry.response.status if entry.response else None)
    party.assert_invited(party.user("guest"), times=1)


def test_how_an_answer_is_lost_can_be_said(party: handlesfake.Double) -> None:
    """A read timeout is the client's own exception, at once."""
    party.lose_answer("create_handle", how="timeout")

    with pytest.raises(requests.ReadTimeout):
        invite(party)


def test_a_response_can_be_written(party: handlesfake.Double) -> None:
    """Status, headers and body are the rule's; the service does not act."""
    party.rule(
        {"name": "odd", "then": {"respond": {"status": 500, "headers": {"X-A": "b"}, "body": {"sorry": True}}}}
    )
    answer = invite(party)

    assert (500, {"sorry": True}, "b") == (answer.status_code, answer.json(), answer.headers["X-A"])
    assert "rule 'odd'" == party.journal[0].decided_by
    assert [] == list(party.invites)


CONDITIONS: dict[str, dict[str, Any]] = {
    "operation": {"operation": "create_handle"},
    "type": {"type": "invite"},
    "caller's role": {"caller": "host"},
    "caller's xuid": {"caller": "9000000000000001"},
    "session": {"session": "LOBBY-1"},
    "invitee's role": {"invitee": "guest"},
    "invitee's xuid": {"invitee": "9000000000000002"},
    "a field": {"invitedXuid": "9000000000000002"},
    "a field in snake case": {"invited_xuid": "9000000000000002"},
    "a field within": {"inviteAttributes.titleId": "1234567890"},
    "a number": {"version": 1.0},
    "a title id as a number": {"inviteAttributes.titleId": 1234567890},
    "fields within": {"session_ref": {"name": "lobby-1", "template_name": "FakeLobby"}},
    "a field nobody knows": {"fields": {"x.y": [1, {"z": None}]}},
}
OTHERS: dict[str, dict[str, Any]] = {
    "operation": {"operation": "get_handle"},
    "type": {"type": "activity"},
    "caller": {"caller": "guest"},
    "session": {"session": "lobby-2"},
    "invitee": {"invitee": "far"},
    "field": {"invitedXuid": "9000000000000003"},
    "type of a value": {"version": True},
    "number for a text": {"fields": {"sessionRef.name": 1}},
    "field within": {"inviteAttributes.titleId": "1"},
    "missing field": {"fields": {"x.z": None}},
    "two conditions": {"operation": "create_handle", "caller": "guest"},
}


@pytest.mark.parametrize("when", CONDITIONS.values(), ids=CONDITIONS)
def test_a_rule_acts_on_what_it_is_about(when: dict[str, Any], party: handlesfake.Double) -> None:
    """Each condition, met."""
    party.rule({"when": when, "then": {"refuse": "unavailable"}})

    assert 503 == invite(party, x={"y": [1, {"z": None}]}).status_code


@pytest.mark.parametrize("when", OTHERS.values(), ids=OTHERS)
def test_a_rule_lets_everything_else_pass(when: dict[str, Any], party: handlesfake.Double) -> None:
    """Each condition, not met."""
    with pytest.raises(AssertionError, match="never acted"), party.checkpoint():
        party.rule({"when": when, "then": {"refuse": "unavailable"}})
        answer = invite(party, x={"y": [1, {"z": None}]})

    assert 201 == answer.status_code


def test_the_nth_to_mth_time(party: handlesfake.Double) -> None:
    """The word nth counts what fits, and nothing else."""
    party.rule({"when": {"type": "invite", "nth": "2..3"}, "then": {"refuse": "unavailable"}})
    show(party)

    assert [201, 503, 503, 201] == [invite(party).status_code for _ in range(4)]


def test_the_first_rule_that_fits_decides_alone(party: handlesfake.Double) -> None:
    """Order is the order in which they were given, whatever they are about; a spent one makes way."""
    party.refuse("unavailable", times=1)
    party.refuse("throttled", times=1, invited_xuid=party.user("guest"))
    party.refuse("token_expired", times=1, operation="create_handle")

    assert [503, 429, 401, 201] == [invite(party).status_code for _ in range(4)]


def test_words_take_users_and_sessions(party: handlesfake.Double) -> None:
    """A user counts as the xuid, a session as its name."""
    lobby = party.session("lobby-1")
    party.refuse("throttled", caller=party.user("host"), invitee=party.user("guest"), session=lobby, times=1)
    party.refuse("unavailable", session=lobby.ref, session_ref=lobby.ref, times=1)

    assert [429, 503, 201] == [invite(party).status_code for _ in range(3)]


def test_a_rule_that_never_acted_fails_the_with(tmp_path: Path) -> None:
    """Of a double made by hand, too, with or without pytest; each once, and none of those of files."""
    path = tmp_path / "never.yaml"
    path.write_text("rules: [{name: never, when: {operation: get_handle}, then: {refuse: unavailable}}]")
    with pytest.raises(AssertionError) as raised, handlesfake.fake(rules=[path]) as party:
        gather(party)
        party.refuse("throttled", times=1)
        party.lose_answer("get_handle")
        invite(party)

    told = str(raised.value).splitlines()
    assert told[0].startswith(
        "lose_answer('get_handle') never acted: no request fitted it. Made in tests/rules/test_rul"
    )
    assert "  it waits for operation='get_handle'" == told[1]
    assert told[2].startswith("  nearest: #1 create_handle invite 429   tests/rules/party.py:")
    assert ["      operation   wanted 'get_handle'   sent 'create_handle'"] == told[3:4]
    assert ["  correct its words, or take the rule out"] == told[4:]
    assert [] == core_of(party).tracker.never_acted(tuple(party.journal))


def test_a_type_in_the_place_of_an_operation_is_told_apart() -> None:
    """It is what newcomers write: ``mpsd.refuse("throttled", "invite")``."""
    with handlesfake.fake() as party, pytest.raises(handlesfake.RuleError) as raised:
        party.refuse("throttled", "invite")

    told = "operation 'invite' is not known: it is a type; write the operation create_handle and the type invite"
    assert f"mpsd.refuse('throttled'): {told}" == str(raised.value)


def test_a_rule_that_never_acted_stands_behind_the_tests_own_failure() -> None:
    """What the test itself raises stays what it raises."""
    with pytest.raises(ZeroDivisionError), handlesfake.fake() as party:
        party.refuse("throttled")
        raise ZeroDivisionError


def test_the_rules_of_a_shared_double_may_act_in_some_tests_only() -> None:
    """A double whose tests have checkpoints does not complain of rules that it had before the first of them."""
    with handlesfake.fake() as party:
        party.refuse("throttled")
        with party.checkpoint():
            gather(party)
        entries = len(party.journal)

    assert 0 == entries  # the end of the block raised nothing


def test_a_checkpoint_puts_the_rules_back(party: handlesfake.Double) -> None:
    """Rules, and how often they have acted."""
    party.refuse("throttled", times=2)
    invite(party)
    with party.checkpoint():
        party.refuse("unavailable")
        assert [429, 503] == [invite(party).status_code for _ in range(2)]

    assert [429, 201] == [invite(party).status_code for _ in range(2)]


def test_rules_come_from_files(tmp_path: Any) -> None:
    """rules= names files; their rules come before those of the test, and say what they are called."""
    path = tmp_path / "busy.yaml"
    path.write_text("rules:\n- {name: busy, when: {operation: create_handle}, then: {refuse: throttled}, times: 1}\n")
    with handlesfake.fake(rules=[path]) as party:
        party.refuse("unavailable", times=1)
        party.session("lobby-1", members=[party.user("host")])

        assert [429, 503, 201] == [show(party).status_code for _ in range(3)]
    assert "rule 'busy'" == party.journal[0].decided_by
    assert [] == core_of(party).tracker.unfired()


def test_a_rule_meets_what_is_no_json(party: handlesfake.Double) -> None:
    """A body that cannot be read has no fields; rules about the operation still act."""
    with pytest.raises(AssertionError, match="never acted"), party.checkpoint():
        party.refuse("throttled", invited_xuid="3210")
        party.refuse("unavailable", operation="create_handle")
        answer = requests.post(f"{URL}/handles", data=b"\xff{", headers=party.user("host").headers, timeout=5)

    assert 503 == answer.status_code


WRONG: dict[str, tuple[Any, str]] = {
    "operation": (
        lambda party: party.refuse("throttled", operation="create_handel"),
        "mpsd.refuse('throttled'): operation 'create_handel' is not known; did you mean 'create_handle'?",
    ),
    "field": (
        lambda party: party.refuse("throttled", times=1, invited_xiud="3210"),
        "mpsd.refuse('throttled', times=1): when has no 'invited_xiud'; did you mean 'invited_xuid'?",
    ),
    "field within": (
        lambda party: party.refuse("throttled", invite_attributes={"titel_id": "1"}),
        "mpsd.refuse('throttled'): inviteAttributes has no field 'titel_id'; did you mean 'title_id'?",
    ),
    "an int for a xuid": (
        lambda party: party.refuse("throttled", invited_xuid=3210),
        "mpsd.refuse('throttled'): invited_xuid: xuids are texts on the wire; write \"3210\", in quotes",
    ),
    "how": (
        lambda party: party.lose_answer("create_handle", how="rset"),
        "mpsd.lose_answer('create_handle'): lose_answer 'rset' is not known; did you mean 'reset'?",
    ),
    "times": (
        lambda party: party.refuse("throttled", times=0),
        "mpsd.refuse('throttled', times=0): times must be a whole number from 1, and is 0",
    ),
    "no rule": (
        lambda party: party.rule("throttled"),
        "mpsd.rule(...): a rule must be a mapping with when and then, and is 'throttled'",
    ),
}


@pytest.mark.parametrize(("call", "text"), WRONG.values(), ids=WRONG)
def test_a_wrong_word_is_named_where_it_is_said(call: Any, text: str, party: handlesfake.Double) -> None:
    """The error begins with the call, and names the nearest word."""
    with pytest.raises(handlesfake.RuleError) as caught:
        call(party)

    assert text == str(caught.value).splitlines()[0]


def test_a_rule_sees_a_body_as_mpsd_reads_it(party: handlesfake.Double) -> None:
    """Spaces and escapes make no difference."""
    party.refuse("unavailable", type="activity")
    body = json.dumps({"type": "activity"}, indent=3).replace("activity", "\\u0061ctivity")
    answer = requests.post(f"{URL}/handles", data=body, headers=party.user("host").headers, timeout=5)

    assert 503 == answer.status_code


def test_a_refusal_may_come_after_the_service_has_acted(party: handlesfake.Double) -> None:
    """In Python with the word of the files; the operation stands second, as in the other short forms."""
    party.refuse("unavailable", "create_handle", at="after", times=1)
    heard = invite(party)

    assert 503 == heard.status_code
    party.assert_invited(party.user("guest"), times=1)


@pytest.mark.parametrize("how", ["refuse", "fault", "after"])
def test_a_session_whose_creation_a_rule_prevents_is_not_assumed(how: str) -> None:
    """An activity of it is refused, as it is where the fake itself refused; a rule that acts later prevents nothing."""
    with handlesfake.fake() as mpsd:
        host = mpsd.user("host")
        path = "/serviceconfigs/7e570100-1111-4222-8333-444455556666/sessionTemplates/FakeLobby/sessions/lobby-1"
        ref = {"scid": "7e570100-1111-4222-8333-444455556666", "templateName": "FakeLobby", "name": "lobby-1"}
        if how == "fault":
            mpsd.fault("reset", "put_session")
        else:
            mpsd.refuse("unavailable", "put_session", at=how if how == "after" else "before")
        body = {"members": {"me": {"properties": {"system": {"active": True}}}}}
        with suppress(requests.ConnectionError):
            requests.put(URL + path, json=body, headers=host.headers, timeout=5)
        activity = {"type": "activity", "version": 1, "sessionRef": ref}
        shown = requests.post(f"{URL}/handles", json=activity, headers=host.headers, timeout=5)

    assert (201 if how == "after" else 403) == shown.status_code
