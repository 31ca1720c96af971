"""The double itself: what it decorates, what it shows of itself, and the mocks beside it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import requests
import responses

import handlesfake
from handlesfake.double.core import DoubleCore
from handlesfake.double.double import core_of
from handlesfake.double.rules_api import RulesApi
from handlesfake.double.started_doubles import started
from handlesfake.errors import UnroutedWarning
from handlesfake.intercept.registry import registry
from handlesfake.mpsd.http.message import MPSD_HOST
from handlesfake.options.options import Options

URL = f"https://{MPSD_HOST}/handles/1"
SHOWN = [
    "activities",
    "activity",
    "activity_of",
    "after",
    "assert_activity",
    "assert_in_order",
    "assert_invited",
    "assert_no_activity",
    "assert_no_assumptions",
    "assert_no_invites",
    "assert_not_invited",
    "assert_not_sent",
    "assert_sent",
    "assumptions",
    "before",
    "checkpoint",
    "clock",
    "drop_connection",
    "dump",
    "expect_unanswered",
    "fault",
    "friends",
    "hold",
    "invite",
    "invites",
    "journal",
    "load",
    "lose_answer",
    "party",
    "recording",
    "refuse",
    "refused",
    "register_on",
    "rule",
    "service",
    "session",
    "settle",
    "slow",
    "soon",
    "taps",
    "title",
    "user",
]
"""The public words of a double; each new one is one more that everybody has to read."""


def test_a_decorated_function_runs_under_a_double() -> None:
    """Plain and async functions have a double for the time of each call."""

    @handlesfake.fake()
    def plain() -> bool:
        return registry.active_for(MPSD_HOST, 443) is not None

    @handlesfake.fake()
    async def in_a_loop() -> bool:
        return registry.active_for(MPSD_HOST, 443) is not None

    assert (True, True) == (plain(), asyncio.run(in_a_loop()))


def test_a_class_is_not_decorated() -> None:
    """A decorated class would not be a class any more, and its tests never run: the other ways are named."""

    class TestParty:
        pass

    with pytest.raises(TypeError) as caught:
        handlesfake.fake()(TestParty)

    assert (
        "a double decorates functions, and TestParty is a class: its methods would run without the double.\n"
        "  with pytest, put @pytest.mark.mpsd over the class; else start a double in setUp():\n"
        "      self.mpsd = handlesfake.fake().start()\n"
        "      self.addCleanup(self.mpsd.stop)"
    ) == str(caught.value)


def test_a_generator_is_not_decorated() -> None:
    """The call of a generator function runs none of its body: the ``with`` to write inside is named."""

    def world() -> Iterator[None]:
        yield

    async def async_world() -> AsyncIterator[None]:
        yield

    for function in (world, async_world):
        with pytest.raises(TypeError) as caught:
            handlesfake.fake()(function)

        assert (
            f"a double decorates functions, and {function.__name__} is a generator: "
            "its body would run without the double.\n"
            "  write inside it:\n"
            "      with handlesfake.fake() as mpsd:\n"
            "          yield mpsd"
        ) == str(caught.value)


def test_the_calls_of_a_mock_note_what_the_double_answers() -> None:
    """``mpsd.register_on(rsps)``: one list of calls, those for MPSD among them."""
    with handlesfake.fake() as mpsd, responses.RequestsMock() as rsps:
        mpsd.register_on(rsps)
        rsps.get("https://profile.example/me", body="mocked")
        requests.get("https://profile.example/me")
        requests.get(URL, headers=mpsd.user("host").headers)

        assert ["https://profile.example/me", URL] == [call.request.url for call in rsps.calls]


def test_a_double_shows_what_tests_use() -> None:
    """``dir(mpsd)``, which editors complete, is the vocabulary of a test and nothing else."""
    with handlesfake.fake() as mpsd:
        shown = dir(mpsd)

    assert SHOWN == shown


def test_the_faces_of_a_double_share_only_its_core() -> None:
    """What a test is shown keeps nothing itself but the core: nothing else can be assigned, and so lost."""
    mpsd = handlesfake.fake()
    core = core_of(mpsd)

    assert {"_core": core} == vars(mpsd)


def test_a_face_alone_speaks_for_its_core() -> None:
    """A face needs only the core: what it changes is there for every other one."""
    core = DoubleCore(Options())
    RulesApi(core).refuse("throttled", times=1)

    assert ["refuse('throttled', times=1)"] == [rule.title for rule in core.tracker.unfired()]


def test_a_checkpoint_puts_back_whether_the_clock_runs() -> None:
    """A clock that was frozen inside goes on by itself afterwards, as it did before."""
    with handlesfake.fake(clock="system") as mpsd:
        with mpsd.checkpoint():
            mpsd.clock.freeze()
            inside = mpsd.clock.frozen

        assert (True, False) == (inside, mpsd.clock.frozen)


def test_outside_pytest_an_unknown_address_is_a_warning_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no plugin judges, the double itself warns as it stops: each address once, at the line that asked."""
    monkeypatch.setattr(started, "followers", ())
    mpsd = handlesfake.fake().start()
    monkeypatch.setattr(started, "is_judged", False)  # the first double of a session sets it
    for _ in range(2):
        requests.post(f"https://{MPSD_HOST}/handle", timeout=5)
    with pytest.warns(UnroutedWarning) as warned:
        mpsd.stop()

    assert 2 == len(mpsd.journal)
    (one,) = [str(warning.message) for warning in warned]
    assert one.startswith(
        "MPSD has no address POST /handle; the nearest is POST /handles (create_handle). Sent from "
    )
    assert Path(__file__) == Path(warned[0].filename)
