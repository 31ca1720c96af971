"""What can be said of a double."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import handlesfake
from handlesfake.errors import SettingsError
from handlesfake.mpsd.choices import Choices
from handlesfake.options.options import Options

CASSETTE = Path(__file__).parents[2] / "cassettes" / "test_recorded" / "first-night.yaml"


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
        (
            {"choices": "large"},
            "no set of choices is called 'large'. Known: realistic; a single choice is written name=value.",
        ),
        (
            {"choices": 5},
            "choices=5: write a dict of choices, choices={'invite_to_self': 400}, or the name of a set, ",
        ),
        ({"mode": "replay"}, "mode='replay' needs a cassette: say cassette='lobby'."),
    ],
)
def test_what_cannot_be_is_refused(words: dict[str, Any], message: str) -> None:
    """An unknown or contradictory word is an error that names the nearest known one."""
    with pytest.raises(SettingsError) as caught:
        Options.of(**words)

    assert str(caught.value).startswith(message)


@pytest.mark.parametrize(
    ("word", "said", "options"),
    [
        ("hosts", "localhost:9", ("localhost:9",)),
        ("record_hosts", "Profile.test", ("profile.test",)),
        ("not_secret", "body.levelId", ("body.levelId",)),
        ("volatile_fields", "properties.nonce", ("properties.nonce",)),
        ("rules", "busy.yaml", (Path("busy.yaml"),)),
        ("templates", "lobbies.yaml", (Path("lobbies.yaml"),)),
        ("templates", Path("lobbies.yaml"), (Path("lobbies.yaml"),)),
    ],
)
def test_a_single_text_is_one(word: str, said: object, options: tuple[object, ...]) -> None:
    """Where several can be said, one needs no list around it, and is not taken apart."""
    assert options == getattr(Options.of(**{word: said}), word)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"scid": 5}, "scid=5: write a text, scid='5'."),
        ({"template_name": None}, "template_name=None: write a text."),
        ({"title_id": 1234567890}, "title_id=1234567890: write a text, title_id='1234567890'."),
        (
            {"title_id": "halo"},
            "title_id='halo': write a decimal number below 4294967296 as text, title_id='896928775'.",
        ),
        (
            {"now": "2020"},
            "now='2020': write a time with its offset, such as 2026-01-06T10:00:00Z.",
        ),
        (
            {"now": datetime(2026, 1, 6)},  # noqa: DTZ001 - that is what is refused
            "now=datetime.datetime(2026, 1, 6, 0, 0): "
            "write a time with its offset, such as 2026-01-06T10:00:00Z, or an aware datetime.",
        ),
        (
            {"journal_limit": -1},
            "journal_limit=-1: write how many entries are kept, a whole number from 1 on, or None for all.",
        ),
        ({"strict": "no"}, "strict='no': write strict=True or strict=False."),
        ({"throttling": 1}, "throttling=1: write throttling=True or throttling=False."),
        (
            {"cassette": "lob\0by"},
            "cassette='lob\\x00by': write the path of a file, which is not empty and holds no NUL.",
        ),
        ({"cassette": 5}, "cassette=5: write the path of a file."),
        ({"rules": 5}, "rules=5: write one or several, rules=['one.yaml', 'two.yaml']."),
        (
            {"hosts": "https://mpsd.test/"},
            "hosts='https://mpsd.test/': write a host without scheme and path, 'mpsd.test' or 'mpsd.test:8080'.",
        ),
        ({"max_age": "90d"}, "max_age='90d': write a timedelta, timedelta(days=90)."),
        ({"credentials": "XBL3.0 x=1;secret"}, 'credentials of type str: write {"host": {"xuid": ...}}.'),
    ],
)
def test_a_value_that_cannot_be_is_refused_with_what_to_write(words: dict[str, Any], message: str) -> None:
    """No value reaches the inside of handlesfake to break there: the option is named, and what it takes."""
    with pytest.raises(SettingsError) as caught:
        Options.of(**words)

    assert message == str(caught.value)


def test_now_is_a_time_or_a_text() -> None:
    """An ISO 8601 text with its offset is as good as an aware datetime."""
    assert datetime(2026, 1, 6, 10, tzinfo=UTC) == Options.of(now="2026-01-06T10:00:00Z").start


@pytest.mark.parametrize("double", [handlesfake.fake, lambda: handlesfake.replay(CASSETTE)])
def test_one_member_is_no_list_of_members(double: Callable[[], handlesfake.Double]) -> None:
    """``members=`` takes a list; a single user is refused with the list to write."""
    mpsd = double()
    host = mpsd.user("host")

    with pytest.raises(TypeError) as caught:
        mpsd.session("lobby-1", members=host)  # type: ignore[arg-type]  # that is what is refused

    assert f"mpsd.session(members=): expected a list of users, got {host!r}; write [host]." == str(caught.value)


def test_hosts_compare_without_case() -> None:
    """Host names are kept in lower case."""
    assert ("mpsd.test:8080",) == Options.of(hosts=["MPSD.test:8080"]).hosts


def test_choices_are_said_as_a_dict() -> None:
    """A dict names what is chosen, and the rest keeps its default; ready Choices are taken, too."""
    said = Choices(invite_to_self=400, custom_size_limit=None)

    assert said == Options.of(choices={"invite_to_self": 400, "custom_size_limit": None}).choices
    assert said is Options.of(choices=said).choices
