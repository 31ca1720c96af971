"""What ``then`` can make of a request beyond a refusal, and what it can never be."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
import requests

import handlesfake
from handlesfake.errors import RuleError
from handlesfake.exchange.faults import NAMES
from handlesfake.mpsd.http.message import Headers, Response
from handlesfake.rules.loading import load_rules_text
from handlesfake.rules.then.consequences import DOINGS
from handlesfake.rules.then.edits import Edits
from tests.rules.party import URL, invite, show


def test_the_answer_of_the_service_can_be_changed(party: handlesfake.Double) -> None:
    """Status, fields and headers; the service has acted, and the journal knows who changed it."""
    change = {
        "status": 200,
        "set": {"inviteAttributes.titleId": "7", "made.up": True},
        "remove": ["id", "sessionRef.scid"],
        "headers": {
            "set": {"Content-Type": "text/json"},
            "add": {"X-A": [1, 2]},
            "remove": ["X-Content-Type-Options"],
        },
    }
    party.rule({"name": "odd", "when": {"type": "invite"}, "then": {"change": change}})
    answer = invite(party)

    found = answer.json()
    assert (200, "7", {"up": True}) == (answer.status_code, found["inviteAttributes"]["titleId"], found["made"])
    assert {"name", "templateName"} == {*found["sessionRef"]}
    assert "id" not in found
    assert ("text/json", "1, 2") == (answer.headers["Content-Type"], answer.headers["X-A"])
    entry = party.journal[0]
    assert ("mpsd, changed by rule 'odd'", None) == (entry.decided_by, entry.evidence)
    party.assert_invited(party.user("guest"))


EDITS: dict[str, tuple[Edits, bytes, bytes | None]] = {
    "set makes objects": (Edits(put=((("a", "b"), 1),)), b"{}", b'{"a":{"b":1}}'),
    "set in each": (Edits(put=((("r", "*", "x"), 1),)), b'{"r":[{},{"x":0}]}', b'{"r":[{"x":1},{"x":1}]}'),
    "set in the second": (Edits(put=((("1",), 0),)), b"[1,2]", b"[1,0]"),
    "nothing to set": (Edits(put=((("7",), 0),)), b"[1,2]", b"[1,2]"),
    "remove each": (Edits(removed=(("r", "*"),)), b'{"r":[1,2,3]}', b'{"r":[]}'),
    "remove what is not there": (Edits(removed=(("r", "s"),)), b"{}", b"{}"),
    "add to a list": (Edits(added=((("r",), 3),)), b'{"r":[1]}', b'{"r":[1,3]}'),
    "add what is not there": (Edits(added=((("r",), 3),)), b"{}", b'{"r":3}'),
    "add leaves what is there": (Edits(added=((("r",), 3),)), b'{"r":1}', b'{"r":1}'),
    "no JSON": (Edits(removed=(("r",),)), b"", None),
    "no object": (Edits(removed=(("r",),)), b"3", None),
    "nothing to do": (Edits(), b"as is", b"as is"),
}


@pytest.mark.parametrize(("edits", "before", "after"), EDITS.values(), ids=EDITS)
def test_an_edit(edits: Edits, before: bytes, after: bytes | None) -> None:
    """Objects on the way are made; ``*`` is every one; what is not an object or list cannot be edited."""
    assert after == edits.of(before)


def test_a_change_that_finds_no_fields_says_so(party: handlesfake.Double) -> None:
    """The status is changed, the empty body of the 204 is not, and the journal notes it."""
    handle = show(party).json()["id"]
    party.rule({"name": "odd", "then": {"change": {"status": 500, "set": {"a": 1}}}})
    answer = requests.delete(f"{URL}/handles/{handle}", headers=party.user("host").headers, timeout=5)

    assert (500, b"") == (answer.status_code, answer.content)
    assert ("the answer is not a JSON object or list: rule 'odd' left its body as it was",) == party.journal[1].notes


def test_a_refusal_after_the_service_has_acted(party: handlesfake.Double) -> None:
    """The caller hears 503, and the activity is set."""
    party.rule({"when": {"type": "activity"}, "then": {"refuse": "unavailable", "at": "after"}})
    refused = show(party)

    entry = party.journal[0]
    assert (503, 201) == (refused.status_code, entry.original.status if entry.original else None)
    assert (True, []) == (entry.accepted, party.refused)
    assert party.activity_of(party.user("host")) is not None
    assert party.activities[0].id == party.activity_of(party.user("host")).id


LATE = {
    "lose_answer: close": ({"lose_answer": "close"}, "201, lost: connection closed"),
    "refuse at after": ({"refuse": "unavailable", "at": "after"}, "201, heard as 503 unavailable"),
    "respond at after": ({"respond": {"status": 502}, "at": "after"}, "201, heard as 502"),
    "change": ({"change": {"status": 500}}, "201, heard as 500"),
}


@pytest.mark.parametrize(("then", "told"), LATE.values(), ids=LATE)
def test_an_invite_counts_however_its_answer_went_wrong(
    then: dict[str, Any], told: str, party: handlesfake.Double
) -> None:
    """The service has accepted it: a client that sends it again sends it once too often, and the message shows why."""
    party.rule({"name": "late", "then": then, "times": 1})
    with suppress(requests.ConnectionError):
        invite(party)
    party.assert_invited(party.user("guest"), times=1)
    first = party.invites[0]
    invite(party)
    with pytest.raises(AssertionError) as raised:
        party.assert_invited(party.user("guest"), times=1)

    assert ("9000000000000002", True) == (first.invited_xuid, first.id != party.invites[1].id)
    lines = str(raised.value).splitlines()
    assert "Guest 9000000000000002 was invited 2 times, wanted 1:" == lines[0]
    assert told in lines[1]
    assert "  201  " in lines[2]


def test_a_no_that_is_heard_as_a_yes_is_still_a_no(party: handlesfake.Double) -> None:
    """What counts is what the service did, and not what a rule made of its answer."""
    party.rule({"name": "liar", "then": {"change": {"status": 201}}, "times": 1})
    heard = invite(party, sessionRef={**party.session("lobby-1").ref, "name": "lobby-2"})
    with pytest.raises(AssertionError) as raised:
        party.assert_invited(party.user("guest"))

    assert 201 == heard.status_code
    assert "heard as 201" in str(raised.value)
    assert 1 == len(party.refused)


def test_a_scenario_goes_from_state_to_state(party: handlesfake.Double) -> None:
    """A state alone lets the service answer; what the next request meets depends on it."""
    party.rule({"when": {"type": "activity"}, "then": {"state": {"outage": "begun"}}})
    party.rule({"when": {"state": {"outage": "begun"}}, "then": {"refuse": "unavailable"}})
    before, shown, after = invite(party), show(party), invite(party)

    assert [201, 201, 503] == [before.status_code, shown.status_code, after.status_code]
    assert "mpsd" == party.journal[1].decided_by


@pytest.mark.parametrize(
    ("then", "error"),
    [
        ({"fault": "reset"}, requests.ConnectionError),
        ({"fault": "reset", "at": "after"}, requests.ConnectionError),
        ({"fault": "read_timeout"}, requests.ReadTimeout),
        ({"fault": "read_timeout", "delay": 2}, requests.ReadTimeout),
        ({"delay": 60}, requests.ReadTimeout),
        ({"refuse": "unavailable", "delay": 60}, requests.ReadTimeout),
    ],
)
def test_the_network_fails_as_a_rule_says(
    then: dict[str, Any], error: type[Exception], party: handlesfake.Double
) -> None:
    """Each is the client's own exception, and costs no real time."""
    party.rule({"then": then})

    with pytest.raises(error):
        invite(party)


def test_a_short_delay_only_moves_the_clock(party: handlesfake.Double) -> None:
    """The answer comes, three seconds later by the double's clock."""
    party.rule({"then": {"delay": 3}})
    before = party.clock.now
    answer = invite(party)

    assert 201 == answer.status_code
    assert 3 == round((party.clock.now - before).total_seconds())


WRONG = {
    "{at: after}": f"line 2, column 9: then says nothing to do; one of: {', '.join(DOINGS)}",
    "{delay: 1, at: after}": "line 2, column 20: at says when something is done, and nothing is",
    "{lose_answer: close, at: before}": (
        "line 2, column 34: lose_answer can never come before the service has acted: it needs its answer"
    ),
    "{fault: refused, at: after}": (
        "line 2, column 30: refused can never come after the service has acted: there was no connection"
    ),
    "{fault: truncated_body, at: before}": (
        "line 2, column 37: truncated_body can never come before the service has acted: it needs its answer"
    ),
    "{respond: {status: 204, body: x}}": ("line 2, column 33: a response with the status 204 can never have a body"),
    "{change: {}}": "line 2, column 18: change changes nothing; it can: status, set, add, remove, headers",
    "{change: {set: {a..b: 1}}}": (
        "line 2, column 25: 'a..b' is not a place in an answer; write results.0.id, with * for every one"
    ),
    "{change: {sett: {a: 1}}}": (
        "line 2, column 19: change has no 'sett'; did you mean 'set'?\n  known: status, set, add, remove, headers"
    ),
    "{delay: 0}": "line 2, column 17: delay must be a number of seconds, above 0, and is 0",
    "{state: {}}": ("line 2, column 17: state must be a mapping such as {outage: over}, and is empty"),
    "{fault: rest}": (
        f"line 2, column 17: fault 'rest' is not known; did you mean 'reset'?\n  known: {', '.join(NAMES)}"
    ),
}


@pytest.mark.parametrize("then", WRONG)
def test_a_consequence_that_can_never_be_is_refused(then: str) -> None:
    """With its place, and why."""
    with pytest.raises(RuleError) as caught:
        load_rules_text(f"rules:\n- then: {then}\n".encode(), "r.yaml")

    assert f"r.yaml, {WRONG[then]}" == str(caught.value)


CHANCES = {
    "probability: 0": (
        "line 3, column 16: probability must be above 0 and at most 1, and is 0: this rule can never fire"
    ),
    "probability: 2": "line 3, column 16: probability must be above 0 and at most 1, and is 2",
    "seed: 2": "line 3, column 3: seed goes with probability only",
}


@pytest.mark.parametrize("chance", CHANCES)
def test_a_chance_that_can_never_be_is_refused(chance: str) -> None:
    """None at all is not a chance."""
    with pytest.raises(RuleError) as caught:
        load_rules_text(f"rules:\n- then: {{refuse: throttled}}\n  {chance}\n".encode(), "r.yaml")

    assert f"r.yaml, {CHANCES[chance]}" == str(caught.value)


def test_a_response_keeps_its_own_content_type() -> None:
    """A JSON body brings its own only where the rule names no other."""
    (rule,) = load_rules_text(
        b"rules: [{then: {respond: {status: 200, headers: {content-type: a/b}, body: [1]}}}]", "r.yaml"
    )

    assert Response(200, Headers([("content-type", "a/b")]), b"[1]") == rule.then.response  # type: ignore[attr-defined]


NOTES = {
    "a delay": ({"delay": 3}, [("3 s late by rule 'odd'",)]),
    "a state": ({"state": {"day": "bad"}}, [("brings on another state by rule 'odd'",)]),
    "a duplicate": (
        {"fault": "duplicate_delivery"},
        [("delivered twice by rule 'odd'",), ("the second delivery by rule 'odd'",)],
    ),
}


@pytest.mark.parametrize(("then", "notes"), NOTES.values(), ids=NOTES)
def test_what_the_service_decided_names_the_rule_that_had_a_part_in_it(
    then: dict[str, Any], notes: list[tuple[str, ...]], party: handlesfake.Double
) -> None:
    """The journal says that the service answered, and why it is still odd."""
    party.rule({"name": "odd", "then": then})
    invite(party)

    assert [("mpsd", one) for one in notes] == [(entry.decided_by, entry.notes) for entry in party.journal]
