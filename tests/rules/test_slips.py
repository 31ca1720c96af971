"""What people write by mistake: a word at the wrong level, a delay beyond the calendar, a body that cannot be."""

from __future__ import annotations

import pytest

import handlesfake
from handlesfake.errors import RuleError
from handlesfake.rules.loading import load_rules_text
from tests.rules.party import invite, show

SLIPS = {
    "then: {refuse: throttled, times: 2}": (
        "line 2, column 29: then has no 'times': it belongs beside then, not in it"
    ),
    "then: {fault: slow_drip, seconds: 3}": (
        "line 2, column 28: then has no 'seconds': how long a fault or an answer takes is called delay: 3"
    ),
    "then: {status: 503}": (
        "line 2, column 10: then has no 'status': it belongs in respond: {status: 503}, or in change"
    ),
    "then: {set: {a: 1}}": "line 2, column 10: then has no 'set': it belongs in change: {set: {field: value}}",
    "then: {refuse: throttled, nth: 2}": "line 2, column 29: then has no 'nth': it belongs in when",
    "then: {delay: 1e12}": (
        "line 2, column 17: delay must be at most 31536000 seconds, a year, and is 1000000000000.0"
    ),
    'then: {respond: {status: 200, headers: {"X\\nY": a}}}': (
        "line 2, column 51: the header 'X\\nY' must be one line of text, and is 'a'"
    ),
}


@pytest.mark.parametrize("rule", SLIPS)
def test_a_slip_in_a_file_is_named_with_where_it_belongs(rule: str) -> None:
    """Word for word, at its own line and column."""
    with pytest.raises(RuleError) as caught:
        load_rules_text(f"rules:\n- {rule}\n".encode(), "r.yaml")

    assert f"r.yaml, {SLIPS[rule]}" == str(caught.value)


def test_how_often_is_no_condition_in_a_file() -> None:
    """``times`` under ``when`` belongs one level up, and the message says so first."""
    with pytest.raises(RuleError) as caught:
        load_rules_text(b"rules:\n- when: {type: invite, times: 2}\n  then: {refuse: throttled}\n", "r.yaml")

    first = str(caught.value).partition("\n")[0]
    assert first == "r.yaml, line 2, column 24: when has no 'times': it belongs beside when, not in it"


def test_a_mistyped_word_of_a_call_is_recognised(party: handlesfake.Double) -> None:
    """It arrives among the conditions, and is not a field of a request."""
    with pytest.raises(RuleError) as caught:
        party.refuse("throttled", tims=1)

    first = str(caught.value).partition("\n")[0]
    assert first == "mpsd.refuse('throttled'): when has no 'tims'; did you mean 'times'?"


def test_a_delay_beyond_the_calendar_is_refused_at_once(party: handlesfake.Double) -> None:
    """Else the clock would stand where no date can be told, and fail all that follows."""
    with pytest.raises(RuleError) as caught:
        party.slow(1e12)

    assert "mpsd.slow(): the seconds must be at most 31536000, a year, and are 1000000000000.0" == str(caught.value)


def test_a_body_that_is_no_json_is_refused_as_the_rule_is_made(party: handlesfake.Double) -> None:
    """With the words of the rule, and no error of the JSON library."""
    with pytest.raises(RuleError) as caught:
        party.rule({"then": {"respond": {"status": 200, "body": {1, 2}}}})

    expected = "mpsd.rule(...): body must be a text or what JSON can say: Object of type set is not JSON serializable"
    assert expected == str(caught.value)


def test_a_condition_on_the_session_in_python(party: handlesfake.Double) -> None:
    """A mapping is a condition unless it is a reference, which has a name."""
    party.refuse("throttled", session={"like": "LOBBY-*"}, times=1)
    party.refuse("unavailable", session={"name": "lobby-1"}, times=1)

    assert [429, 503, 201] == [answer.status_code for answer in (show(party), show(party), invite(party))]
