"""Doubles nest: the one that was started last answers, and a claim of another says so."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Callable

import pytest
import requests

import handlesfake
from handlesfake import Double
from handlesfake.errors import OverlappingDoublesWarning
from handlesfake.mpsd.http.message import MPSD_HOST

Claim = Callable[[Double], None]

NEGATIVE: dict[str, Claim] = {
    "assert_not_invited": lambda outer: outer.assert_not_invited("3210"),
    "assert_no_invites": lambda outer: outer.assert_no_invites(),
    "assert_not_sent": lambda outer: outer.assert_not_sent("create_handle"),
    "assert_no_activity": lambda outer: outer.assert_no_activity("3210"),
    "assert_no_assumptions": lambda outer: outer.assert_no_assumptions(),
    "assert_invited": lambda outer: outer.assert_invited("3210", times=0),
    "assert_sent": lambda outer: outer.assert_sent("create_handle", times=0),
}
EXACT: dict[str, Claim] = {
    "times": lambda outer: outer.assert_sent("get_handle", times=1),
    "times of invites": lambda outer: outer.assert_invited(times=0),
}
POSITIVE: dict[str, Claim] = {
    "assert_invited": lambda outer: outer.assert_invited("3210"),
    "assert_sent": lambda outer: outer.assert_sent("create_handle"),
    "assert_activity": lambda outer: outer.assert_activity("3210"),
    "assert_in_order": lambda outer: outer.assert_in_order("create_handle", "get_handle"),
}
GOT = "another double, started in conftest.py:12, got 1 request"
HERE = re.compile(r"started in \S*tests.double.test_nesting\.py:\d+")


def ask() -> None:
    """One request for MPSD, which the nearest double answers."""
    requests.get(f"https://{MPSD_HOST}/handles/1", timeout=30)


def told(error: pytest.ExceptionInfo[AssertionError]) -> str:
    """The text, less the line of this file."""
    return HERE.sub("started in conftest.py:12", str(error.value))


@pytest.mark.parametrize("name", NEGATIVE)
def test_a_negative_claim_of_an_outer_double_is_an_error(name: str) -> None:
    """What it denies may have been sent to the nearer double: it never passes, also once that one has stopped."""
    with handlesfake.fake() as outer:
        NEGATIVE[name](outer)
        with handlesfake.fake():
            ask()
        with pytest.raises(AssertionError) as caught:
            NEGATIVE[name](outer)

    first, *advice = told(caught).splitlines()
    assert f"{name}() cannot be claimed of this double alone: {GOT} meanwhile." == first
    assert "  claim it of that double: the one that was started last answers" == advice[0]


@pytest.mark.parametrize("name", POSITIVE)
def test_a_positive_claim_that_fails_tells_of_the_nearer_double(name: str) -> None:
    """The failure names the double that got the requests, instead of asking whether anything was called."""
    with handlesfake.fake() as outer:
        with handlesfake.fake():
            ask()
        with pytest.raises(AssertionError) as caught:
            POSITIVE[name](outer)

    assert told(caught).endswith(f"\n  {GOT} meanwhile: the one that was started last answers")
    assert "was the code under test called?" not in told(caught)


def test_a_positive_claim_that_holds_passes() -> None:
    """What the outer double got is there, whatever others got."""
    with handlesfake.fake() as outer:
        ask()
        with handlesfake.fake():
            ask()
        outer.assert_sent("get_handle")


@pytest.mark.parametrize("name", EXACT)
def test_how_often_is_not_known_of_an_outer_double(name: str) -> None:
    """``times=`` says that there was no more, and the nearer double may have got more."""
    with handlesfake.fake() as outer:
        ask()
        with handlesfake.fake():
            ask()
        with pytest.raises(AssertionError) as caught:
            EXACT[name](outer)

    assert f"cannot be claimed of this double alone: {GOT} meanwhile." in told(caught).partition("\n")[0]


@pytest.mark.parametrize("name", [name for name in NEGATIVE if name != "assert_no_activity"])
def test_a_double_that_was_never_started_denies_nothing(name: str) -> None:
    """Nothing could be sent to it: that nothing was says nothing of the code under test."""
    forgotten = handlesfake.fake()
    with handlesfake.fake():
        ask()
    with pytest.raises(AssertionError) as caught:
        NEGATIVE[name](forgotten)

    assert (
        f"{name}() cannot be claimed: this double was never started, so that nothing could be sent to it.\n"
        "  start it before the code under test runs:  with handlesfake.fake() as mpsd:" == str(caught.value)
    )
    with forgotten:
        NEGATIVE[name](forgotten)


def test_a_double_behind_a_server_may_deny() -> None:
    """It is reached by its server: it need not be started for the clients of this process."""
    served = handlesfake.fake()
    with handlesfake.serve(served):
        served.assert_no_invites()
    served.assert_no_invites()


def test_a_mark_leaves_out_what_nearer_doubles_got_before() -> None:
    """``since=`` is the way to claim of what came after: the text says it, and it is so."""
    with handlesfake.fake() as outer:
        with handlesfake.fake():
            before = outer.journal.mark()
            ask()
        mark = outer.journal.mark()
        outer.assert_not_sent("create_handle", since=mark)
        with pytest.raises(AssertionError):
            outer.assert_not_sent("create_handle", since=before)
        with pytest.raises(AssertionError) as caught:
            outer.assert_not_sent("create_handle")

    assert "  or only of what came after:  mark = mpsd.journal.mark(), then since=mark" in told(caught)


def test_only_doubles_that_were_nearer_count() -> None:
    """An outer double, one that came after the claiming one had stopped, and one for other hosts took nothing."""
    with handlesfake.fake() as outer:
        ask()
        with handlesfake.fake() as inner, handlesfake.fake(hosts=("elsewhere.example",)):
            inner.assert_no_invites()
            ask()
            inner.assert_no_invites()
    with handlesfake.fake():
        ask()
    inner.assert_no_invites()
    with pytest.raises(AssertionError):
        outer.assert_no_invites()


def test_several_nearer_doubles_are_all_named() -> None:
    """Each with where it was started and how many requests it got."""
    with handlesfake.fake() as outer:
        with handlesfake.fake():
            ask()
            ask()
        with handlesfake.fake():
            ask()
        with pytest.raises(AssertionError) as caught:
            outer.assert_no_invites()

    assert f"{GOT.replace('1 request', '2 requests')}; {GOT} meanwhile." in told(caught)


def test_a_checkpoint_takes_back_what_nearer_doubles_got() -> None:
    """A claim after it is of what was before it."""
    with handlesfake.fake() as outer:
        with outer.checkpoint(), handlesfake.fake():
            ask()
        outer.assert_no_invites()


def test_a_double_of_another_thread_is_a_nearer_one() -> None:
    """The newest double of the process answers, whatever thread has started it."""
    with handlesfake.fake() as outer:
        gate, done = threading.Event(), threading.Event()

        def other() -> None:
            with handlesfake.fake():
                gate.set()
                done.wait(30)

        def start() -> None:
            thread.start()
            gate.wait(30)

        thread = threading.Thread(target=other)
        with pytest.warns(OverlappingDoublesWarning, match="two doubles overlap"):
            start()
        ask()
        done.set()
        thread.join()
        with pytest.raises(AssertionError, match="another double, started in .*, got 1 request meanwhile"):
            outer.assert_no_invites()


def test_an_awaited_claim_says_it_too() -> None:
    """``mpsd.soon`` fails at once: to wait would not bring the requests back."""

    async def claim(outer: Double) -> None:
        await outer.soon.assert_not_invited("3210", within=600)

    with handlesfake.fake() as outer:
        with handlesfake.fake():
            ask()
        with pytest.raises(AssertionError, match="cannot be claimed of this double alone"):
            asyncio.run(claim(outer))
