"""Rules that can never fire, and files that include others."""

from __future__ import annotations

from pathlib import Path

import pytest

import handlesfake
from handlesfake.errors import RuleError
from handlesfake.rules.loading import load_rules, load_rules_text

HIDDEN = {
    "the same": ("{type: invite}", "{type: invite}"),
    "more than it": ("{}", "{type: invite}"),
    "one of more": ("{operation: [create_handle, get_handle]}", "{operation: get_handle, caller: host}"),
    "a value of several": ("{caller: [host, guest]}", "{caller: guest}"),
    "a field of several": ("{invitedXuid: ['1', '2', '3']}", "{invitedXuid: ['1', '2'], nth: 2}"),
    "a header": ("{headers: {If-Match: a}}", "{headers: {If-Match: a, X-A: b}}"),
    "a path": ("{path: /handles}", "{path: /Handles, method: POST}"),
    "a pattern": ("{session: {like: 'lobby-*'}}", "{session: [Lobby-1, lobby-2]}"),
    "the same pattern": ("{session: {like: 'lobby-*'}}", "{session: {like: 'lobby-*'}, caller: host}"),
    "a range": ("{version: {at_least: 1}}", "{version: 2}"),
    "whatever is there": ("{caller: {absent: false}}", "{caller: host}"),
    "a header in other letters": ("{headers: {if-match: [a, b]}}", "{headers: {If-Match: a}}"),
    "a null": ("{fields: {a: null}}", "{fields: {a: null, b: 1}}"),
    "a state of several": ("{state: {a: [start, b]}}", "{state: {a: start}}"),
}
SEEN = {
    "another": ("{type: invite}", "{type: activity}"),
    "less": ("{type: invite}", "{}"),
    "one of fewer": ("{operation: get_handle}", "{operation: [create_handle, get_handle]}"),
    "no operation": ("{operation: get_handle}", "{caller: host}"),
    "limited": ("{type: invite, nth: 1}", "{type: invite}"),
    "another number": ("{version: 1}", "{version: true}"),
    "other paths": ("{path: /handles}", "{path: {like: '/hand*'}}"),
    "other than a null": ("{fields: {a: null}}", "{fields: {a: 1}}"),
    "another pattern": ("{session: {like: 'lobby-*'}}", "{session: [lobby-1, room-1]}"),
    "a part of a range": ("{version: {at_least: 1}}", "{version: {at_least: 2}}"),
    "more states": ("{state: {a: start}}", "{state: {a: [start, b]}}"),
}


def pair(first: str, second: str) -> bytes:
    """A file with two rules."""
    refuse = "then: {refuse: throttled}"
    return f"rules:\n- {{name: a, when: {first}, {refuse}}}\n- {{when: {second}, {refuse}}}\n".encode()


@pytest.mark.parametrize(("first", "second"), HIDDEN.values(), ids=HIDDEN)
def test_a_rule_behind_one_that_asks_no_more_is_refused(first: str, second: str) -> None:
    """It would never have its turn."""
    with pytest.raises(RuleError) as caught:
        load_rules_text(pair(first, second), "r.yaml")

    assert (
        "r.yaml, line 3, column 3: this rule can never fire: rule 'a' at r.yaml, line 2, column 3 stands before it "
        "and asks for no more than it does.\n"
        "  Put it before that one, or give that one times, nth or another condition."
    ) == str(caught.value)


@pytest.mark.parametrize(("first", "second"), SEEN.values(), ids=SEEN)
def test_a_rule_that_can_have_its_turn_is_not(first: str, second: str) -> None:
    """Some request passes the first, or passes it at last."""
    assert 2 == len(load_rules_text(pair(first, second), "r.yaml"))


def test_a_state_that_nothing_brings_about_is_refused() -> None:
    """With the nearest of those that come about."""
    text = b"""rules:
- {when: {state: {outage: begun}}, then: {refuse: unavailable}}
- {then: {state: {outage: began}}}
"""
    with pytest.raises(RuleError) as caught:
        load_rules_text(text, "r.yaml")

    assert (
        "r.yaml, line 2, column 3: this rule can never fire: no rule brings outage into the state begun; "
        "did you mean 'began'?\n  known: began, start"
    ) == str(caught.value)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A file that includes another between two rules of its own."""
    (tmp_path / "busy.yaml").write_text(
        "rules:\n- {name: a, when: {type: invite}, then: {refuse: throttled}}\n- include: more/late\n"
        "- {name: z, then: {refuse: unavailable}}\n"
    )
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "late.yaml").write_text("rules: [{name: m, when: {type: activity}, then: {delay: 1}}]\n")
    return tmp_path


def test_included_rules_stand_where_they_are_included(folder: Path) -> None:
    """The order is that of the file; places name the file that a rule stands in."""
    rules = load_rules(folder / "busy")

    assert ["a", "m", "z"] == [rule.name for rule in rules]
    assert f"{folder}/more/late.yaml, line 1, column 9" == rules[1].place


INCLUDES = {
    "../busy": "{folder}/more/late.yaml, line 1, column 19: ../busy includes itself",
    "none": (
        "{folder}/more/late.yaml, line 1, column 19: the rule file {folder}/more/none cannot be read: "
        "No such file or directory\n  there are: {folder}/more/late.yaml"
    ),
    ".": (
        "{folder}/more/late.yaml, line 1, column 19: the rule file {folder}/more cannot be read: Is a directory\n"
        "  there are: {folder}/busy.yaml"
    ),
    '"a\\0b"': (
        "{folder}/more/late.yaml, line 1, column 19: include must be the path of a rule file, and is 'a\\x00b'"
    ),
}


@pytest.mark.parametrize("included", INCLUDES)
def test_what_cannot_be_included_is_named_where_it_is(included: str, folder: Path) -> None:
    """A circle, and a file that is not there."""
    (folder / "more" / "late.yaml").write_text(f"rules: [{{include: {included}}}]\n")
    with pytest.raises(RuleError) as caught:
        load_rules(folder / "busy.yaml")

    text = str(caught.value).replace("/more/../", "/")
    assert INCLUDES[included].replace("{folder}", str(folder)) == text


def test_a_body_includes_ready_scenarios_only() -> None:
    """What came over the wire stands in no folder."""
    with pytest.raises(RuleError) as caught:
        load_rules_text(b"rules: [{include: other}]", "the body")

    assert (
        "the body, line 1, column 19: only ready scenarios can be included here, such as ready/throttled_burst"
    ) == str(caught.value)


def test_a_rule_may_be_hidden_by_one_of_another_file(tmp_path: Path) -> None:
    """What a test names together is looked at together; each file alone is well."""
    (tmp_path / "all.yaml").write_text("rules: [{name: all, then: {refuse: unavailable}}]\n")
    (tmp_path / "one.yaml").write_text("rules: [{when: {type: invite}, then: {refuse: throttled}}]\n")
    with pytest.raises(RuleError) as caught:
        handlesfake.fake(rules=[tmp_path / "all.yaml", tmp_path / "one"])

    assert (
        f"{tmp_path}/one.yaml, line 1, column 9: this rule can never fire: rule 'all' at {tmp_path}/all.yaml, line 1, "
        "column 9 stands before it and asks for no more than it does.\n"
        "  Put it before that one, or give that one times, nth or another condition."
    ) == str(caught.value)
    assert 2 == len(load_rules(tmp_path / "one", tmp_path / "all"))


def test_a_name_is_borne_once_in_all_files(tmp_path: Path) -> None:
    """Messages and the control interface call rules by their names."""
    for file in ("a.yaml", "b.yaml"):
        (tmp_path / file).write_text("rules: [{name: busy, then: {refuse: throttled}, times: 1}]\n")
    with pytest.raises(RuleError) as caught:
        load_rules(tmp_path / "a", tmp_path / "b")

    assert (
        f"{tmp_path}/b.yaml, line 1, column 9: another rule is called 'busy' already, at {tmp_path}/a.yaml, line 1, "
        "column 9"
    ) == str(caught.value)


def test_one_file_may_wait_for_what_another_brings_about(tmp_path: Path) -> None:
    """Alone it is refused, as its rule could never fire."""
    (tmp_path / "waits.yaml").write_text("rules: [{when: {state: {day: bad}}, then: {refuse: unavailable}}]\n")
    (tmp_path / "brings.yaml").write_text("rules: [{when: {type: invite}, then: {state: {day: bad}}}]\n")

    assert 2 == len(load_rules(tmp_path / "waits", tmp_path / "brings"))
    with pytest.raises(RuleError, match="no rule brings day into the state bad"):
        load_rules(tmp_path / "waits")
