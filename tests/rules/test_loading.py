"""Rule files: what they can say, and what is said of those that say something else."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlesfake.errors import RuleError
from handlesfake.exchange.outcome import ConnectionEnd
from handlesfake.mpsd.http.message import Headers, Response
from handlesfake.rules.loading import load_rules, load_rules_text
from handlesfake.rules.rule import When
from handlesfake.rules.then.actions import LoseAnswer, Refuse, Respond
from handlesfake.rules.then.consequences import DOINGS
from handlesfake.rules.when import conditions
from handlesfake.services.table import operation_names

WHOLE = b"""
rules:
  - name: busy
    when:
      operation: create_handle
      type: invite
      caller: host
      session: Lobby-1
      invitee: guest
      invitedXuid: "3210"
      inviteAttributes.titleId: 1234567890
      fields: {x.y: [1, null, true, NO, 012]}
      nth: 3..5
    then: {refuse: throttled, retry_after: 7}
    times: 2
  - then: {respond: {status: 500, headers: {X-A: [1, b]}, body: {sorry: yes}}}
    times: 4
  - {name: lost, when: {nth: 2}, then: {lose_answer: reset}}
  - {when: {nth: 2..}, then: {respond: {status: 200, body: "as is"}}}
"""


def test_a_rule_file_can_say_all_of_it() -> None:
    """Each word of the vocabulary is read, YAML 1.1's surprises apart; an unnamed rule is called by its place."""
    busy, sorry, lost, late = load_rules_text(WHOLE, "busy.yaml")

    assert (
        When(
            operations=("create_handle",),
            type="invite",
            caller="host",
            session="lobby-1",
            invitee="guest",
            fields=(
                (("invitedXuid",), "3210"),
                (("inviteAttributes", "titleId"), "1234567890"),
                (("x", "y"), [1, None, True, "NO", "012"]),
            ),
            nth=(3, 5),
        )
        == busy.when
    )
    assert ("rule 'busy'", "busy.yaml, line 3, column 5", 2) == (busy.title, busy.place, busy.times)
    assert Refuse("throttled", 7) == busy.then
    headers = Headers([("Content-Type", "application/json"), ("X-A", "1"), ("X-A", "b")])
    assert Respond(Response(500, headers, b'{"sorry":"yes"}')) == sorry.then
    assert "rule at busy.yaml, line 16, column 5" == sorry.title
    assert (LoseAnswer(ConnectionEnd.RESET), (2, 2)) == (lost.then, lost.when.nth)
    assert (Respond(Response(200, Headers(), b"as is")), (2, None)) == (late.then, late.when.nth)


WRONG = {
    "": "r.yaml, line 1, column 1: the file is empty; a rule file begins with rules:",
    "# to be written\n": "r.yaml, line 1, column 1: the file is empty; a rule file begins with rules:",
    "throttled": "r.yaml, line 1, column 1: a rule file is a mapping that begins with rules:, and this is not",
    "- then: {delay: 1}": (
        "r.yaml, line 1, column 1: a rule file is a mapping that begins with rules:; put rules: above it"
    ),
    "rules: []": "r.yaml, line 1, column 8: rules must be a list with at least one rule, each with then",
    "rules: {then: {delay: 1}}": (
        "r.yaml, line 1, column 8: rules must be a list with at least one rule, each with then"
    ),
    "story: none": "r.yaml, line 1, column 1: a rule file needs rules: a list with at least one rule, each with then",
    "version: 1\ninteractions: []": (
        "r.yaml, line 2, column 15: this is a cassette and no rule file: give it as cassette="
    ),
    "rules:\n\t- then: {delay: 1}": "r.yaml, line 2, column 1: a tab stands here; YAML is indented by spaces",
    "rules:\n- then: {delay: 1\n": (
        "r.yaml, line 3, column 1: did not find expected ',' or '}' while parsing a flow mapping, "
        "which began in line 2, column 9"
    ),
    "rules:\n- then: {delay: 1]}": "r.yaml, line 2, column 18: did not find expected ',' or '}'",
    "rules: [{then: {delay: 1}}]\n---\nrules: []": (
        "r.yaml, line 2, column 1: a second document begins here; one is read"
    ),
    "rules:\n- then: throttled": "r.yaml, line 2, column 9: then must be a mapping, and is 'throttled'",
    "rules:\n- then: {delay: 1}\n  when: invite": (
        "r.yaml, line 3, column 9: when must be a mapping, and is 'invite'"
    ),
    "rules:\n- then: {delay: 5s}": (
        "r.yaml, line 2, column 17: delay must be a number of seconds, above 0, and is '5s'"
    ),
    "rules:\n- then: {refuse: throttled, retry_after: soon}": (
        "r.yaml, line 2, column 42: retry_after must be a whole number from 0, and is 'soon'"
    ),
    "rules:\n- then: {respond: {status: 600}}": (
        "r.yaml, line 2, column 28: status must be from 200 to 599, and is 600"
    ),
    "rules:\n- then: {refuse: throttled}\n  probability: 1.5": (
        "r.yaml, line 3, column 16: probability must be above 0 and at most 1, and is 1.5"
    ),
    "rules:\n- then: {refuse: throttled}\n  probability: 0": (
        "r.yaml, line 3, column 16: probability must be above 0 and at most 1, and is 0: this rule can never fire"
    ),
    "rules:\n- then: {refuse: throttled}\n  probability: half": (
        "r.yaml, line 3, column 16: probability must be a number, and is 'half'"
    ),
    "rules:\n- then: {refuse: throttled}\n  seed: 3": ("r.yaml, line 3, column 3: seed goes with probability only"),
    "rules:\n- then: {fault: reset, at: affter}": (
        "r.yaml, line 2, column 28: at 'affter' is not known; did you mean 'after'?\n  known: before, after"
    ),
    "rules:\n- then: {delay: 1}\n  when: {state: begun}": (
        "r.yaml, line 3, column 17: state must be a mapping such as {outage: over}, and is 'begun'"
    ),
    "rules:\n- then: {delay: 1}\n  when: {type: }": (
        "r.yaml, line 3, column 16: type has no value\n  known: activity, invite, search, transfer"
    ),
    "rules:\n- then: {delay: 1}\n  when:\n    inviteAttributes:\n      titelId: 1": (
        "r.yaml, line 5, column 7: inviteAttributes has no field 'titelId'; did you mean 'titleId'?\n"
        "  known: titleId, context, contextString, senderString"
    ),
    "rules:\n- include: ready/throtled_burst": (
        "r.yaml, line 2, column 12: only ready scenarios can be included here, and 'ready/throtled_burst' is not one; "
        "did you mean 'throttled_burst'?\n"
        "  there are: ready/friend_switched_away, ready/gateway_page, ready/half_an_answer, "
        "ready/lost_answer_after_commit, ready/no_body_with_an_activity, ready/owner_inactive, "
        "ready/precondition_failed, ready/privacy_block, ready/reset_before_answer, ready/service_unavailable_flap, "
        "ready/session_full, ready/slow_service, ready/throttled_burst, ready/token_expired_once, "
        "ready/unknown_fields"
    ),
    "rules:\n- {include: ready/throttled_burst, times: 2}": (
        "r.yaml, line 2, column 36: an include has no 'times'.\n  known: include"
    ),
    "rule: []": "r.yaml, line 1, column 1: a rule file has no 'rule'; did you mean 'rules'?\n  known: story, rules",
    "rules: [x]": "r.yaml, line 1, column 9: a rule must be a mapping with when and then, and is 'x'",
    "rules:\n- when: {}\n": (f"r.yaml, line 2, column 3: a rule needs then, with one of: {', '.join(DOINGS)}"),
    "rules:\n- then: {refuse: throttled}\n  wen: {}": (
        "r.yaml, line 3, column 3: a rule has no 'wen'; did you mean 'when'?\n"
        "  known: name, when, then, times, probability, seed"
    ),
    "rules:\n- then: {}": (f"r.yaml, line 2, column 9: then says nothing to do; one of: {', '.join(DOINGS)}"),
    "rules:\n- then: {refuse: throttled, lose_answer: close}": (
        "r.yaml, line 2, column 9: then says refuse and lose_answer, and can do one only; "
        f"one of: {', '.join(DOINGS)}"
    ),
    "rules:\n- then: {lose_answer: close, retry_after: 1}": (
        "r.yaml, line 2, column 30: retry_after goes with refuse only"
    ),
    "rules:\n- then: {lose_answer: clos}": (
        "r.yaml, line 2, column 23: lose_answer 'clos' is not known; did you mean 'close'?\n"
        "  known: close, reset, timeout"
    ),
    "rules:\n- then: {refuse: throttled}\n  times: 0": (
        "r.yaml, line 3, column 10: times must be a whole number from 1, and is 0"
    ),
    "rules:\n- then: {refuse: throttled}\n  when: {operation: create_handel}": (
        "r.yaml, line 3, column 21: operation 'create_handel' is not known; did you mean 'create_handle'?\n"
        f"  known: {', '.join(operation_names())}"
    ),
    "rules:\n- then: {refuse: throttled}\n  when: {type: invit}": (
        "r.yaml, line 3, column 16: type 'invit' is not known; did you mean 'invite'?\n"
        "  known: activity, invite, search, transfer"
    ),
    "rules:\n- then: {refuse: throttled}\n  when: {operation: create_handle, invitedXuids: '1'}": (
        "r.yaml, line 3, column 36: when, about create_handle, has no 'invitedXuids'; did you mean 'invitedXuid'?\n"
        f"  known: {', '.join(word for word in conditions.WORDS if word != 'fields')}\n"
        "  and the fields of the request: type, version, sessionRef, id, invitedXuid, inviteAttributes, "
        "searchAttributes, originSessionRef\n"
        "  any other field of the body belongs under fields: {name: value}"
    ),
    "rules:\n- then: {refuse: throttled}\n  when: {invitedXuid: 3210}": (
        'r.yaml, line 3, column 23: invitedXuid: xuids are texts on the wire; write "3210", in quotes'
    ),
    "rules:\n- then: {refuse: throttled}\n  when: {caller: 3210}": (
        'r.yaml, line 3, column 18: caller must be a text: write "3210", in quotes'
    ),
    "rules:\n- then: {refuse: throttled}\n  when: {nth: 5..3}": (
        "r.yaml, line 3, column 15: nth 5..3 can never be: 3 comes before 5"
    ),
    "rules:\n- then: {refuse: throttled}\n  when: {nth: 0}": (
        "r.yaml, line 3, column 15: nth must be 3, 3..5 or 3.. (from 1 on), and is 0"
    ),
    "rules:\n- then: {respond: {}}": "r.yaml, line 2, column 19: respond needs a status",
    "rules:\n- then: {respond: {status: 99}}": (
        "r.yaml, line 2, column 28: status must be a whole number from 200, and is 99"
    ),
    'rules:\n- then: {respond: {status: 200, headers: {A: "b\\nc"}}}': (
        "r.yaml, line 2, column 46: the header A must be one line of text, and is 'b\\nc'"
    ),
    "rules:\n- then: {refuse: throttled}\n  then: {refuse: throttled}": (
        "r.yaml, line 3, column 3: the key 'then' is here a second time; it is already in line 2 already"
    ),
    "rules:\n- {name: a, then: {refuse: throttled}}\n- {name: a, then: {refuse: throttled}}": (
        "r.yaml, line 3, column 3: another rule is called 'a' already, at r.yaml, line 2, column 3"
    ),
    "rules: !!python/name:os.system": "r.yaml, line 1, column 8: the tag !!python/name:os.system is not read",
    "rules: [": "r.yaml, line 2, column 1: did not find expected node content",
}


@pytest.mark.parametrize("text", WRONG)
def test_a_wrong_file_is_refused_with_its_place(text: str) -> None:
    """File, line, column, the nearest word and the known ones."""
    with pytest.raises(RuleError) as caught:
        load_rules_text(text.encode() + b"\n" * text.endswith("["), "r.yaml")

    assert WRONG[text] == str(caught.value)


def test_a_misspelt_refusal_lists_them_all() -> None:
    """Every refusal with its status and what it rests on."""
    with pytest.raises(RuleError) as caught:
        load_rules_text(b"rules:\n- then: {refuse: throtled}", "r.yaml")
    lines = str(caught.value).splitlines()

    assert (
        "r.yaml, line 2, column 18: no refusal is called 'throtled'; did you mean 'throttled'? There are:" == lines[0]
    )
    assert "  throttled                429  documented" in lines
    assert "  token_expired            401  inferred" in lines


def test_a_status_instead_of_a_refusal_lists_those_that_have_it() -> None:
    """A list of one name, and no hundred others to read."""
    with pytest.raises(RuleError) as caught:
        load_rules_text(b"rules:\n- then: {refuse: 429}", "r.yaml")

    assert (
        "r.yaml, line 2, column 18: no refusal is called 429, which is a status. With this status there are:\n"
        "  throttled                429  documented"
    ) == str(caught.value)


def test_a_file_that_is_not_there_names_those_that_are(tmp_path: Path) -> None:
    """The other rule files of the folder are listed."""
    (tmp_path / "busy.yaml").write_text("")
    with pytest.raises(RuleError) as caught:
        load_rules(tmp_path / "bussy.yaml")

    assert (
        f"the rule file {tmp_path / 'bussy.yaml'} cannot be read: No such file or directory; "
        "did you mean 'busy'?\n"
        f"  there are: {tmp_path / 'busy.yaml'}"
    ) == str(caught.value)


WORDS = st.sampled_from(
    [
        "rules:",
        "\n- ",
        "\n  ",
        "when:",
        "then:",
        "{",
        "}",
        "[",
        "]",
        "refuse: throttled",
        "operation: ",
        "create_handle",
        "nth: ",
        "3..5",
        ",",
        " ",
        "&a ",
        "*a",
        "!!binary ",
        "!!str ",
        "'",
        '"',
        "<<: ",
        "\t",
        "? ",
        "|",
        "\x00",
        "é",
        "\n",
        "respond: ",
        "status: 200",
        "headers: ",
        "body: ",
        "lose_answer: close",
        "times: 1",
        "invitedXuid: ",
        "fields: ",
    ]
)


@given(st.lists(WORDS, max_size=25).map("".join) | st.text(max_size=60))
def test_any_text_gives_rules_or_a_rule_error(text: str) -> None:
    """Only our own error comes out, whatever goes in."""
    try:
        load_rules_text(text.encode("utf-8", "surrogatepass"), "r.yaml")
    except RuleError as error:
        assert str(error).startswith("r.yaml")  # noqa: PT017 - the message is what is asserted
