"""Choices over the control interface: read, changed, and as the server began."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import pytest

from handlesfake.mpsd.choices import Choices
from tests.server.lobby import activity, arranged
from tests.server.servers import controlled

USUAL = asdict(Choices())


def test_choices_are_made_over_what_was_said_before() -> None:
    """A mapping, the name of a set, or a list of these; PUT begins with the usual ones."""
    with controlled() as remote:
        before = remote.ask("GET", "/choices").json
        remote.ask("POST", "/choices", {"invite_to_self": 400})
        added = remote.ask("POST", "/choices", ["realistic", {"rta_sessions": 2}]).json
        put = remote.ask("PUT", "/choices", "activity_bumps: 2").json

    realistic = {"rta_inactive_seconds": 30, "tap_interval": 2.6}

    assert USUAL == before
    assert {**USUAL, "invite_to_self": 400, **realistic, "rta_sessions": 2} == added
    assert {**USUAL, "activity_bumps": 2} == put


def test_the_service_answers_by_them_at_once() -> None:
    """Also where a rule refuses, whose answer is the service's too; a reset takes them back."""
    with controlled() as remote:
        host, _ = arranged(remote)
        remote.ask("POST", "/choices", {"authenticate_header": True})
        remote.ask("POST", "/rules", {"rules": [{"when": {"type": "activity"}, "then": {"refuse": "token_expired"}}]})
        refused = remote.post(host, activity())
        remote.ask("POST", "/reset")
        after = remote.ask("GET", "/choices").json

    assert (401, True) == (refused.status, "WWW-Authenticate" in refused.headers)
    assert USUAL == after


def test_each_world_has_choices_of_its_own() -> None:
    """What is said of one changes no other."""
    with controlled() as remote:
        remote.ask("POST", "/worlds", {})
        remote.ask("POST", "/worlds/w1/choices", {"invite_to_self": 400})
        found = [remote.ask("GET", f"{path}/choices").json["invite_to_self"] for path in ("", "/worlds/w1")]

    assert [201, 400] == found


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ({"invite_to_slef": 400}, "the choice 'invite_to_slef' is not known; did you mean 'invite_to_self'?"),
        ({"invite_to_self": 500}, "the choice invite_to_self cannot be 500; wanted 201 or 400."),
        ({"tap_interval": -1}, "the choice tap_interval cannot be -1; wanted a number from 0 on."),
        ('"realistisch"', "no set of choices is called 'realistisch'; did you mean 'realistic'?"),
        ([5], '5 is not a choice: write {"invite_to_self": 400}, or the name of a set, "realistic".'),
    ],
)
def test_what_cannot_be_is_422(said: Any, problem: str) -> None:
    """The nearest is named, and nothing is changed."""
    with controlled() as remote:
        refused = remote.ask("POST", "/choices", said)
        after = remote.ask("GET", "/choices").json

    assert (422, problem) == (refused.status, refused.text[: len(problem)])
    assert USUAL == after
