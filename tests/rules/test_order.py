"""Rules that can never fire, and files that include others."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

import handlesfake
from handlesfake.errors import RuleError
from handlesfake.rules.loading import load_rules, load_rules_text
from tests.systems.needed import system_has

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
        "r.yaml, line 3, column 3: this rule can never fire: rule 'a' at r.yaml, line 2, column 3 comes before it "
        "and matches everything that it matches.\n"
        "  Put it before that one, or give that one times, nth or another condition."
    ) == str(caught.value)


@pytest.mark.parametrize(("first", "second"), SEEN.values(), ids=SEEN)
def test_a_rule_that_can_have_its_turn_is_not(first: str, second: str) -> None:
    """Some request passes the first, or passes it at last."""
    assert 2 == len(load_rules_text(pair(first, second), "r.yaml"))


def test_a_state_that_nothing_brings_about_is_refused() -> None:
    """With the nearest of the possible ones."""
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
    """A file that includes another between two of its rules."""
    (tmp_path / "busy.yaml").write_text(
        "rules:\n- {name: a, when: {type: invite}, then: {refuse: throttled}}\n- include: more/late\n"
        "- {name: z, then: {refuse: unavailable}}\n"
    )
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "late.yaml").write_text("rules: [{name: m, when: {type: activity}, then: {delay: 1}}]\n")
    return tmp_path


def test_included_rules_stand_where_they_are_included(folder: Path) -> None:
    """The order is that of the file; places name the file of a rule."""
    rules = load_rules(folder / "busy")

    assert ["a", "m", "z"] == [rule.name for rule in rules]
    assert f"{folder / 'more/late.yaml'}, line 1, column 9" == rules[1].place


INCLUDES = {
    "../busy": "{folder}/more/late.yaml, line 1, column 19: ../busy includes itself",
    "none": (
        "{folder}/more/late.yaml, line 1, column 19: the rule file {folder}/more/none cannot be read: "
        "No such file or directory\n  there are: {folder}/more/late.yaml"
    ),
    ".": (
        "{folder}/more/late.yaml, line 1, column 19: the rule file {folder}/more cannot be read: it is not a regular file\n"
        "  there are: {folder}/busy.yaml"
    ),
    '"a\\0b"': (
        "{folder}/more/late.yaml, line 1, column 19: include must be the path of a rule file, and is 'a\\x00b'"
    ),
}


@pytest.mark.parametrize("included", INCLUDES)
def test_what_cannot_be_included_is_named_where_it_is(included: str, folder: Path) -> None:
    """A circle, and a missing file."""
    (folder / "more" / "late.yaml").write_text(f"rules: [{{include: {included}}}]\n")
    with pytest.raises(RuleError) as caught:
        load_rules(folder / "busy.yaml")

    text = str(caught.value).replace("/more/../", "/")
    assert INCLUDES[included].replace("{folder}", str(folder)) == text


SECRET = "a-word-of-another-file"


def includes(path: Path, included: object) -> Path:
    """A rule file that includes ``included`` alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"rules: [{{include: {json.dumps(str(included))}}}]\n")
    return path


def refused(*paths: Path, root: Path | None = None) -> str:
    """What is said of rule files that cannot be."""
    with pytest.raises(RuleError) as caught:
        load_rules(*paths, root=root)
    return str(caught.value)


@system_has("links")
@pytest.mark.parametrize("name", ["../other.yaml", "../other", "ready/../../other.yaml", "link.yaml", "/{outside}"])
def test_no_include_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    """By dots, by its whole path, or by a link: a good rule file is not read there, and nothing of it is shown."""
    outside = tmp_path / "other.yaml"
    outside.write_text(f"rules: [{{name: {SECRET}, then: {{delay: 1}}}}]\n")
    name = name.replace("/{outside}", str(outside))
    first = includes(tmp_path / "rules" / "first.yaml", name)
    (tmp_path / "rules" / "ready").mkdir()
    (tmp_path / "rules" / "link.yaml").symlink_to(outside)
    text = refused(first)

    assert text.startswith(f"{first}, line 1, column 19: include {name!r:.30}"[:-1])
    assert text.endswith(
        f" leads out of {tmp_path / 'rules'}: nothing outside of that folder is read.\n"
        "  move the file into it, or let the test name both files: rules=[...]"
    )
    assert SECRET not in text


def test_below_rootdir_includes_may_lead_up(tmp_path: Path) -> None:
    """Where the files of a test lie below pytest's rootdir, that is the folder; of any other file it is its own."""
    (tmp_path / "shared.yaml").write_text("rules: [{name: shared, then: {delay: 1}}]\n")
    first = includes(tmp_path / "rules" / "first.yaml", "../shared")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()

    assert ["shared"] == [rule.name for rule in load_rules(first, root=tmp_path)]
    assert f"leads out of {tmp_path / 'rules'}" in refused(first, root=elsewhere)


def test_the_marker_says_where_rootdir_is(pytester: pytest.Pytester) -> None:
    """A rule file of a test may include one of another folder of the same project."""
    (pytester.path / "shared.yaml").write_text("rules: [{name: shared, then: {refuse: throttled}}]\n")
    includes(pytester.path / "rules" / "first.yaml", "../shared")
    pytester.makepyfile(
        """
        import pytest
        from handlesfake.double.double import core_of

        @pytest.mark.mpsd(rules="first")
        def test_it(mpsd):
            assert ["shared"] == [rule.name for rule, _, _ in core_of(mpsd).rules.counts()]
        """
    )

    pytester.runpytest_subprocess().assert_outcomes(passed=1)


@system_has("fifos", "links")
@pytest.mark.parametrize("kind", ["pipe", "folder", "device"])
def test_only_regular_files_are_included(tmp_path: Path, kind: str) -> None:
    """What may never end, or waits for its other end, is not even read."""
    path = tmp_path / "odd"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    else:
        path.symlink_to(os.devnull)
    first = includes(tmp_path / "first.yaml", "odd")
    wanted = "is not a regular file" if kind != "device" else "leads out of"

    assert wanted in refused(first)
    assert "is not a regular file" in refused(first, root=Path("/"))


def test_no_more_is_read_than_a_rule_file_has(tmp_path: Path) -> None:
    """The size is told, and no content."""
    (tmp_path / "large.yaml").write_text(f"rules: # {SECRET}\n" + "# more\n" * 160_000)
    text = refused(includes(tmp_path / "first.yaml", "large"))

    assert text.startswith(f"{tmp_path / 'large.yaml'}: larger than 1048576 bytes: that is not a rule file")


@pytest.mark.parametrize(
    "content", [SECRET, f"{SECRET}: 1", f"- {SECRET}", f"{SECRET}: {SECRET}: {SECRET}", f"*{SECRET}", f"!{SECRET} x"]
)
def test_no_word_of_a_file_that_is_not_a_rule_file_is_shown(tmp_path: Path, content: str) -> None:
    """Keys, values, aliases and tags of YAML, and what is not YAML."""
    (tmp_path / "hosts").write_text(content)
    text = refused(includes(tmp_path / "first.yaml", "hosts"))

    assert f"{tmp_path / 'hosts'}, line 1, column 1: this is not a rule file: a rule file begins with rules:" == text


@pytest.mark.parametrize(
    "name", ["other", "ready/../other", "ready/", "ready", "", "/etc/hosts", "READY/throttled_burst", "ready/x/y"]
)
def test_a_body_includes_ready_scenarios_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """What came over the wire is in no folder: the server does not read its working folder."""
    monkeypatch.chdir(tmp_path)
    includes(tmp_path / "other.yaml", "ready/throttled_burst")
    (tmp_path / "ready").mkdir()
    with pytest.raises(RuleError) as caught:
        load_rules_text(f"rules: [{{include: {json.dumps(name)}}}]".encode(), "the body")
    first, *rest = str(caught.value).splitlines()

    assert first.startswith("the body, line 1, column 19: ")
    assert "other.yaml" not in str(caught.value)
    assert name == "" or rest[0].startswith("  there are: ready/friend_switched_away, ready/")


def test_a_file_called_like_a_ready_one_is_not_for_a_body(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On disk a file of one's own comes first; over the wire the name is that of the package."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ready").mkdir()
    (tmp_path / "ready" / "throttled_burst.yaml").write_text("rules: [{name: own, then: {delay: 1}}]\n")
    body = b"rules: [{include: ready/throttled_burst}]"

    assert ["own"] == [rule.name for rule in load_rules("ready/throttled_burst")]
    assert "own" not in [rule.name for rule in load_rules_text(body, "the body")]


def test_a_rule_may_be_hidden_by_one_of_another_file(tmp_path: Path) -> None:
    """What a test names together is looked at together; each file alone is well."""
    (tmp_path / "all.yaml").write_text("rules: [{name: all, then: {refuse: unavailable}}]\n")
    (tmp_path / "one.yaml").write_text("rules: [{when: {type: invite}, then: {refuse: throttled}}]\n")
    with pytest.raises(RuleError) as caught:
        handlesfake.fake(rules=[tmp_path / "all.yaml", tmp_path / "one"])

    assert (
        f"{tmp_path / 'one.yaml'}, line 1, column 9: this rule can never fire: rule 'all' at {tmp_path / 'all.yaml'}, line 1, "
        "column 9 comes before it and matches everything that it matches.\n"
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
        f"{tmp_path / 'b.yaml'}, line 1, column 9: another rule is called 'busy' already, at {tmp_path / 'a.yaml'}, line 1, "
        "column 9"
    ) == str(caught.value)


def test_one_file_may_wait_for_what_another_brings_about(tmp_path: Path) -> None:
    """Alone it is refused, as its rule could never fire."""
    (tmp_path / "waits.yaml").write_text("rules: [{when: {state: {day: bad}}, then: {refuse: unavailable}}]\n")
    (tmp_path / "brings.yaml").write_text("rules: [{when: {type: invite}, then: {state: {day: bad}}}]\n")

    assert 2 == len(load_rules(tmp_path / "waits", tmp_path / "brings"))
    with pytest.raises(RuleError, match="no rule brings day into the state bad"):
        load_rules(tmp_path / "waits")
