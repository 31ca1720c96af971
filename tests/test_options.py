"""What can be said of a double."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from handlesfake.errors import SettingsError
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
