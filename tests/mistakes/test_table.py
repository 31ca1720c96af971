"""Each public call against the seven likeliest mistakes: a message of ours, a call that works, or why neither can be.

A row of the table has the call, and what it has to end in: the kind of an error with its whole text; ``then``, which
must be true afterwards, where the call is right; or a sentence that says why there is no such mistake. Long lists of
what is known stand in the texts by name, see :mod:`tests.mistakes.trying`.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

import handlesfake
from tests.mistakes.trying import done, tried, world

MISTAKES = (
    "wrong_type",
    "near_word",
    "empty",
    "negative",
    "list_for_star",
    "role_for_xuid",
    "after_the_start",
)
TABLE: dict[str, dict[str, Any]] = {
    name: row
    for path in sorted(Path(__file__).parent.glob("*.yaml"))
    for name, row in yaml.safe_load(path.read_text(encoding="utf-8")).items()
}
_CLAIMS = ("assert_", "settle", "activity_of")
"""These are tried in ``tests/test_wrong_claims.py``, and in the tests of what waits."""

_LIFE = ("start", "stop")
_FOR_THE_PACKAGE = {
    "mpsd.clock": {"restore", "tick"},
    "mpsd.journal": {
        *("after", "append", "hold_request", "release_request", "listen", "request_finished", "request_started"),
        *("dropped", "lost", "note_passed", "past", "restore", "state", "trimmed_kinds", "wait"),
        *("count", "index"),  # of every sequence
    },
}


def cases() -> Iterator[Any]:
    """Every row of the table that is a call."""
    for name, row in TABLE.items():
        for kind in (*MISTAKES, "more"):
            found = row.get(kind, [])
            for number, case in enumerate(found if isinstance(found, list) else [found]):
                if not isinstance(case, str):
                    yield pytest.param(case, id=f"{name}-{kind}-{number}")


@pytest.mark.parametrize("case", list(cases()))
def test_a_mistake_is_told(case: dict[str, str]) -> None:
    """The error is of the kind and has the text of the table; what is no mistake has the effect that it names."""
    case = dict(case)
    call = case.pop("call")
    if "then" in case:
        with world() as names:
            done(call, names)

            assert eval(case["then"], names)
    else:
        assert tuple(case.items()) == (tried(call),)


def test_every_call_stands_in_the_table() -> None:
    """A new public call has to say what comes of each mistake."""
    assert sorted(public_calls()) == sorted(TABLE)


@pytest.mark.parametrize("name", TABLE)
def test_every_mistake_stands_in_the_table(name: str) -> None:
    """Each of the seven is tried, or cannot be made for the reason that is given."""
    assert list(MISTAKES) == [kind for kind in TABLE[name] if kind != "more"]


def public_calls() -> Iterator[str]:
    """What a test can call, as it writes it."""
    yield from (
        f"handlesfake.{name}" for name in ("fake", "replay", "record", "serve", "Double", "Options", "Choices")
    )
    with world() as names:
        mpsd = names["mpsd"]
        things = {
            "mpsd": mpsd,
            "host": names["host"],
            "service": mpsd.service(),
            "lobby": names["lobby"],
            "held": names["held"],
            "mpsd.clock": mpsd.clock,
            "mpsd.journal": mpsd.journal,
        }
        for name, thing in things.items():
            for word in dir(thing):
                skipped = word.startswith(("_", *_CLAIMS)) or word in (*_LIFE, *_FOR_THE_PACKAGE.get(name, ()))
                if not skipped and inspect.isroutine(inspect.getattr_static(thing, word)):
                    yield f"{name}.{word}"


def test_a_misspelt_caller_of_a_rule_is_told_at_the_end() -> None:
    """A role may be made after the rule that names it: what is misspelt never acts, and that is an error."""
    with pytest.raises(AssertionError, match=r"refuse\('throttled'\)"), handlesfake.fake() as mpsd:
        host = mpsd.user("host")
        mpsd.session("lobby-1", members=[host])
        mpsd.refuse("throttled", caller="hots")
