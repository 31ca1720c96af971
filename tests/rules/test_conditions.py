"""What ``when`` can ask of a request beyond equality, and what it can never ask."""

from __future__ import annotations

from typing import Any

import pytest

import handlesfake
from handlesfake.errors import RuleError
from handlesfake.rules.loading import load_rules_text
from tests.rules.party import invite, show

MET: dict[str, dict[str, Any]] = {
    "one of the operations": {"operation": ["get_handle", "create_handle"]},
    "one of the types": {"type": ["activity", "invite"]},
    "one of the callers": {"caller": ["guest", "host"]},
    "one of the sessions": {"session": ["LOBBY-2", "Lobby-1"]},
    "one of the invitees": {"invitee": ["far", "9000000000000002"]},
    "method": {"method": "POST"},
    "one of the methods": {"method": ["PUT", "POST"]},
    "path, without case": {"path": "/Handles"},
    "path that is like": {"path": {"like": "/HAND*"}},
    "no query": {"query": {"absent": True}},
    "header": {"headers": {"X-XBL-Contract-Version": "107"}},
    "header that is like": {"headers": {"authorization": {"like": "XBL3.0 x=*"}}},
    "header that is absent": {"headers": {"If-Match": {"absent": True}}},
    "session that is like": {"session": {"like": "LOBBY-?"}},
    "session of a form": {"session": {"matches": "LOBBY-[0-9]+"}},
    "role that is like": {"caller": {"like": "ho*"}},
    "type that is not absent": {"type": {"absent": False}},
    "one of the values of a field": {"invitedXuid": ["1", "9000000000000002"]},
    "title ids, as numbers": {"inviteAttributes.titleId": [1, 1234567890]},
    "field that is like": {"inviteAttributes": {"titleId": {"like": "1234*"}}},
    "field within bounds": {"version": {"at_least": 1, "at_most": 1.5}},
    "two demands of a session": {"session": {"like": "LOBBY-*", "one_of": ["LOBBY-1"]}},
    "two demands": {"fields": {"x.y": {"at_least": 2, "one_of": [3, 4]}}},
    "whole object that is absent": {"searchAttributes": {"absent": True}},
    "field nobody knows that is absent": {"fields": {"x.z": {"absent": True}}},
    "field with the name of a demand": {"fields": {"x.w": {"equals": {"like": 3}}}},
    "list that equals": {"fields": {"x.v": [1, 2]}},
    "state in which everything begins": {"state": {"outage": "start"}},
}
UNMET: dict[str, dict[str, Any]] = {
    "operations": {"operation": ["get_handle", "delete_handle"]},
    "types": {"type": ["activity", "search"]},
    "callers": {"caller": ["guest", "far"]},
    "method": {"method": "PUT"},
    "path": {"path": "/handles/query"},
    "path that is like": {"path": {"like": "/handles/*"}},
    "query": {"query": "include=relatedInfo"},
    "header": {"headers": {"If-Match": "*"}},
    "header that is there": {"headers": {"authorization": {"absent": True}}},
    "pattern is for all of it": {"session": {"matches": "lobby"}},
    "pattern of a number": {"version": {"like": "1"}},
    "bounds": {"version": {"at_least": 2}},
    "bounds of a text": {"fields": {"invitedXuid": {"at_least": 1}}},
    "field that is there": {"invitedXuid": {"absent": True}},
    "two demands": {"fields": {"x.y": {"at_least": 4, "one_of": [3, 4]}}},
    "list with an item more": {"fields": {"x.v": [1]}},
    "other state": {"state": {"outage": ["begun", "over"]}},
}
MORE = {"x": {"y": 3, "w": {"like": 3}, "v": [1, 2]}}


@pytest.mark.parametrize("when", MET.values(), ids=MET)
def test_a_condition_is_met(when: dict[str, Any], party: handlesfake.Double) -> None:
    """Each condition, met."""
    party.rule({"when": when, "then": {"refuse": "unavailable"}})

    assert 503 == invite(party, **MORE).status_code


@pytest.mark.parametrize("when", UNMET.values(), ids=UNMET)
def test_a_condition_is_not_met(when: dict[str, Any], party: handlesfake.Double) -> None:
    """Each condition, not met."""
    with pytest.raises(AssertionError, match="never acted"), party.checkpoint():
        party.rule({"when": when, "then": {"refuse": "unavailable"}})
        answer = invite(party, **MORE)

    assert 201 == answer.status_code


def test_one_rule_stands_for_several_operations_and_keeps_its_place(party: handlesfake.Double) -> None:
    """The index finds it under each value, once, in its order."""
    party.refuse("unavailable", type=["invite", "activity"], invitee=["guest", "far"], times=1)
    party.refuse("throttled", operation=["create_handle", "get_session"], times=2)

    assert [503, 429, 429, 201] == [invite(party).status_code for _ in range(4)]


def test_chance_is_the_same_on_every_run(party: handlesfake.Double) -> None:
    """With a seed, a rule acts on the same requests; another seed has others."""
    rule = {"when": {"type": "invite"}, "then": {"refuse": "unavailable"}, "probability": 0.5}

    def run(seed: int) -> list[int]:
        with party.checkpoint():
            party.rule({**rule, "seed": seed})
            return [invite(party).status_code for _ in range(8)]

    first = run(1)
    assert {201, 503} == set(first)
    assert first == run(1)
    assert first != run(2)


def test_a_checkpoint_knows_the_states(party: handlesfake.Double) -> None:
    """What a scenario became inside, it is no more afterwards."""
    party.rule({"when": {"state": {"flap": "start"}}, "then": {"refuse": "unavailable", "state": {"flap": "down"}}})
    party.rule({"when": {"state": {"flap": "down"}}, "then": {"refuse": "throttled", "state": {"flap": "start"}}})
    with party.checkpoint():
        show(party)

    assert [503, 429, 503] == [show(party).status_code for _ in range(3)]


WRONG = {
    "{operation: get_session, type: invite}": (
        "line 2, column 34: this rule can never fire: a request of get_session has no type"
    ),
    "{operation: [get_handle, delete_handle], session: a}": (
        "line 2, column 50: this rule can never fire: a request of get_handle or delete_handle has no session"
    ),
    "{type: activity, invitee: guest}": (
        "line 2, column 26: this rule can never fire: only an invite has an invitee"
    ),
    "{operation: put_session, method: POST}": (
        "line 2, column 42: this rule can never fire: a request of put_session is a PUT"
    ),
    "{method: put}": (
        "line 2, column 18: method 'put' is not known; did you mean 'PUT'?\n  known: GET, PUT, POST, DELETE, PATCH, HEAD, OPTIONS"
    ),
    "{method: [GET, PSOT]}": (
        "line 2, column 18: method 'PSOT' is not known; did you mean 'POST'?\n"
        "  known: GET, PUT, POST, DELETE, PATCH, HEAD, OPTIONS"
    ),
    "{path: handles}": "line 2, column 16: path 'handles' can never be: a path begins with /",
    "{path: {like: 'handles*'}}": "line 2, column 16: path 'handles*' can never be: a path begins with /",
    "{path: '/handles?include=relatedInfo'}": (
        "line 2, column 16: path '/handles?include=relatedInfo' can never be: what follows ? belongs under query"
    ),
    "{session: {lik: x}}": (
        "line 2, column 20: a condition has no 'lik'; did you mean 'like'?\n"
        "  known: equals, one_of, like, matches, absent, at_least, at_most"
    ),
    "{session: {matches: '['}}": (
        "line 2, column 29: matches must be a regular expression, but '[' is not: "
        "unterminated character set at position 0"
    ),
    "{version: {at_least: 3, at_most: 1}}": ("line 2, column 42: at_most 1 is below at_least 3: this can never be"),
    "{version: {at_leest: 3}}": (
        "line 2, column 20: no condition is called 'at_leest'; did you mean 'at_least'?\n"
        "  known: equals, one_of, like, matches, absent, at_least, at_most\n"
        "  a field that is called so: {equals: {at_leest: ...}}"
    ),
    "{caller: []}": "line 2, column 18: caller is a list with nothing in it: this can never be",
    "{caller: [9000000000000001]}": (
        "line 2, column 18: caller must be a list of texts, and holds 9000000000000001: "
        'write "9000000000000001", in quotes'
    ),
    "{invitedXuid: [3210]}": ('line 2, column 23: invitedXuid: xuids are texts on the wire; write "3210", in quotes'),
    "{type: {absent: true, like: x}}": ("line 2, column 25: what is absent can be nothing else: this can never be"),
    "{state: outage}": "line 2, column 17: state must be a mapping such as {outage: over}, and is 'outage'",
}


@pytest.mark.parametrize("when", WRONG)
def test_a_condition_that_can_never_be_is_refused(when: str) -> None:
    """With its place, and why."""
    with pytest.raises(RuleError) as caught:
        load_rules_text(f"rules:\n- when: {when}\n  then: {{refuse: throttled}}\n".encode(), "r.yaml")

    assert f"r.yaml, {WRONG[when]}" == str(caught.value)


@pytest.mark.parametrize(
    ("when", "problem"),
    [
        ("{caller: {equals: 5}}", 'caller must be a text: write "5", in quotes'),
        ("{session: {one_of: [lobby-1, 5]}}", 'session must be a text: write "5", in quotes'),
        ("{invitee: {equals: true}}", "invitee must be a text, and is True"),
        ("{query: {at_least: 5}}", "query is a text: at_least and at_most ask for a number"),
        ("{headers: {X-A: {at_most: 5}}}", "X-A is a text: at_least and at_most ask for a number"),
        (
            "{type: {one_of: [invit]}}",
            "type 'invit' is not known; did you mean 'invite'?\n  known: activity, invite, search, transfer",
        ),
        ("{path: {equals: handles}}", "path 'handles' can never be: a path begins with /"),
    ],
)
def test_what_no_text_can_be_is_refused(when: str, problem: str) -> None:
    """A condition on a text that asks for a number, or for a missing word, would silently never match."""
    with pytest.raises(RuleError) as caught:
        load_rules_text(f"rules:\n- when: {when}\n  then: {{refuse: throttled}}\n".encode(), "r.yaml")

    assert problem == str(caught.value).partition(": ")[2]
