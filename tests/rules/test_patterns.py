"""Patterns of rules that take too long: the request is unanswered, and rule and pattern are named; a server lives on."""

from __future__ import annotations

from contextlib import suppress

import pytest
import requests

import handlesfake
from handlesfake import patterns
from handlesfake.rules.loading import load_rules_text
from tests.server.lobby import activity, arranged
from tests.server.servers import controlled
from tests.test_patterns import NeverReturns

RULES = [{"name": "odd", "when": {"session": {"matches": "lobby-[0-9]+"}}, "then": {"refuse": "throttled"}}]
SAID = (
    "rule 'odd' at the body, line 1, column 12: {matches: 'lobby-[0-9]+'} was not through with a text of 7 characters "
    "within 1 s: it tries too many ways to match.\n"
    "  write it so that a text can match in one way only: no repeats inside of repeats"
)


@pytest.fixture
def stuck(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every expression is one that is never through."""
    engine = NeverReturns()
    monkeypatch.setattr(patterns, "compiled", lambda *_, **__: engine)


@pytest.mark.usefixtures("stuck")
def test_a_server_says_which_rule_it_was_and_goes_on() -> None:
    """501 with the text, for each request; the rule can be taken out, and then it is as before."""
    with controlled() as remote:
        host, _ = arranged(remote)
        remote.ask("POST", "/rules", {"rules": RULES})
        first, second = remote.post(host, activity()), remote.post(host, activity())
        counts = remote.ask("GET", "/rules").json[0]
        unanswered = remote.ask("GET", "/unanswered").json
        remote.ask("DELETE", "/rules/odd")
        third = remote.post(host, activity())

    assert [501, 501, 201] == [first.status, second.status, third.status]
    assert first.text.strip() == f"POST /handles cannot be decided on: {SAID}".replace("\n", "\n").strip()
    assert [0, 0] == [counts["met"], counts["fired"]]
    assert 2 == len(unanswered)


@pytest.mark.usefixtures("stuck")
def test_a_test_fails_with_it_though_its_code_swallowed_it() -> None:
    """It is an Unanswered, an AssertionError that no retry loop treats as a network failure."""
    with pytest.raises(handlesfake.Unanswered, match="refuse") as caught, handlesfake.fake() as mpsd:
        mpsd.refuse("throttled", session={"matches": "lobby-[0-9]+"})
        mpsd.session("lobby-1", members=[mpsd.user("host")])
        with suppress(AssertionError):
            requests.post(
                "https://sessiondirectory.xboxlive.com/handles",
                json=activity(),
                headers=mpsd.user("host").headers,
                timeout=5,
            )

    assert "refuse('throttled') at " in str(caught.value)
    assert "{matches: 'lobby-[0-9]+'} was not through" in str(caught.value)


@pytest.mark.usefixtures("stuck")
def test_files_with_such_patterns_load() -> None:
    """What is wrong with them without an answer is reported at once; the first request reports the rest."""
    text = (
        b"rules:\n- {name: a, when: {type: {matches: x}}, then: {refuse: throttled}}\n"
        b"- {name: b, when: {type: invite, invitee: guest}, then: {refuse: throttled}}\n"
        b"- {name: c, when: {type: {matches: i}, invitee: guest, operation: create_handle}, then: {delay: 1}}\n"
    )

    assert ["a", "b", "c"] == [rule.name for rule in load_rules_text(text, "r.yaml")]


def test_patterns_are_told_apart_from_globs() -> None:
    """Both in one rule file, on the same field, with the case of names aside."""
    with handlesfake.fake() as mpsd:
        mpsd.refuse("throttled", session={"matches": "LOBBY-[0-9]+"}, times=1)
        mpsd.refuse("unavailable", session={"like": "L?bby-*"}, times=1)
        host = mpsd.user("host")
        mpsd.session("lobby-1", members=[host])
        statuses = [
            requests.post(
                "https://sessiondirectory.xboxlive.com/handles", json=activity(), headers=host.headers, timeout=5
            ).status_code
            for _ in range(3)
        ]

    assert [429, 503, 201] == statuses
