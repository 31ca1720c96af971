"""What can be said of a double."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from handlesfake.errors import SettingsError
from handlesfake.mpsd.choices import Choices
from handlesfake.options import Options


@pytest.mark.parametrize(
    ("words", "mode"),
    [
        ({}, "fake"),
        ({"cassette": Path("a.yaml")}, "replay"),
        ({"cassette": Path("a.yaml"), "mode": "hybrid"}, "hybrid"),
        ({"cassette": Path("a.yaml"), "mode": "record"}, "record"),
        ({"mode": "real"}, "real"),
    ],
)
def test_the_mode_follows_from_the_words(words: dict[str, Any], mode: str) -> None:
    """A cassette alone means replay, nothing at all means fake."""
    assert mode == Options.of(**words).effective_mode


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            {"stict": True},
            "option 'stict' is not known; did you mean 'strict'? ",
        ),
        (
            {"mode": "fakee"},
            "mode 'fakee' is not known; did you mean 'fake'? Known: fake, replay, hybrid, record, verify, real.",
        ),
        (
            {"dialect": "seen"},
            "dialect 'seen' is not known. Known: observed, documented.",
        ),
        (
            {"mode": "fake", "cassette": Path("lobby")},
            "mode='fake' and cassette='lobby' contradict each other: a fake answers by itself. "
            "Leave out the mode to replay the cassette, or the cassette to fake.",
        ),
        (
            {"choices": {"invite_to_selv": 400}},
            "the choice 'invite_to_selv' is not known; did you mean 'invite_to_self'? Known: invite_",
        ),
        ({"choices": {"invite_to_self": 500}}, "the choice invite_to_self cannot be 500; wanted 201 or 400."),
        (
            {"choices": {"second_search": "keep"}},
            "the choice second_search cannot be 'keep'; wanted 'replace' or 409.",
        ),
        ({"choices": {"noop_bumps": 1}}, "the choice noop_bumps cannot be 1; wanted True or False."),
        (
            {"choices": {"invite_bumps": -1}},
            "the choice invite_bumps cannot be -1; wanted a whole number from 0 on.",
        ),
        (
            {"choices": {"custom_size_limit": "1k"}},
            "the choice custom_size_limit cannot be '1k'; wanted a whole number from 0 on or None.",
        ),
        ({"choices": "large"}, "choices='large': write a dict of choices, choices={'invite_to_self': 400}."),
        ({"mode": "replay"}, "mode='replay' needs a cassette: say cassette='lobby'."),
    ],
)
def test_what_cannot_be_is_refused(words: dict[str, Any], message: str) -> None:
    """An unknown or contradictory word is an error that names the nearest known one."""
    with pytest.raises(SettingsError) as caught:
        Options.of(**words)

    assert str(caught.value).startswith(message)


def test_hosts_compare_without_case() -> None:
    """Host names are kept in lower case."""
    assert ("mpsd.test:8080",) == Options.of(hosts=["MPSD.test:8080"]).hosts


def test_choices_are_said_as_a_dict() -> None:
    """A dict names what is chosen, and the rest keeps its default; ready Choices are taken, too."""
    said = Choices(invite_to_self=400, custom_size_limit=None)

    assert said == Options.of(choices={"invite_to_self": 400, "custom_size_limit": None}).choices
    assert said is Options.of(choices=said).choices
