"""Holds and time where several things come together: nested, ended elsewhere, given up, put back."""

from __future__ import annotations

import asyncio
import json
import math
import threading
from collections.abc import Iterator

import pytest
import requests

import handlesfake
from handlesfake.double.double import core_of
from handlesfake.engine.holds import Hold
from tests.faults.party import HANDLES, POSTS, activity, post, running, seconds
from tests.patience import PATIENCE
from tests.server.servers import connected, thread


@pytest.fixture
def mpsd() -> Iterator[handlesfake.Double]:
    """A double with separate traffic."""
    with handlesfake.fake() as double:
        yield double


def test_a_request_passes_one_hold_after_the_other(mpsd: handlesfake.Double) -> None:
    """The one that was opened first keeps it first; the second sees it once the first has let it go."""
    came: list[int] = []
    with (
        mpsd.hold("create_handle") as outer,
        mpsd.hold(type="activity") as inner,
        running(lambda: came.append(post(mpsd))),
    ):
        outer.wait_for(1)
        before = (outer.waiting, inner.waiting)
        outer.release()
        inner.wait_for(1)
        after = (outer.waiting, inner.waiting)
        inner.release()

    assert [(1, 0), (0, 1), [201]] == [before, after, came]


def test_another_thread_may_let_them_go(mpsd: handlesfake.Double) -> None:
    """While the thread that opened the hold does something else, or waits for them."""
    came: list[int] = []
    with mpsd.hold("create_handle") as held:

        def release() -> None:
            held.wait_for(2)
            held.release()

        with running(lambda: came.append(post(mpsd)), lambda: came.append(post(mpsd, "guest")), release):
            pass

    assert [201, 201] == came


def test_time_may_pass_while_requests_are_held(mpsd: handlesfake.Double) -> None:
    """A delay counts from the arrival: what the test has let pass meanwhile is not waited for again."""
    came: list[int] = []
    mpsd.slow(30, "create_handle")
    start = mpsd.clock.now
    with mpsd.hold("create_handle") as held, running(lambda: came.append(post(mpsd))):
        held.wait_for(1)
        mpsd.clock.advance(60)
        held.release()

    assert ([201], 60) == (came, seconds(mpsd, start))


def test_time_may_be_put_back_while_requests_are_held(mpsd: handlesfake.Double) -> None:
    """The answer still comes, at its arrival plus its delay."""
    came: list[int] = []
    mpsd.slow(30, "create_handle")
    start = mpsd.clock.now
    with mpsd.hold("create_handle") as held, running(lambda: came.append(post(mpsd))):
        held.wait_for(1)
        mpsd.clock.set("2026-01-06T10:00:00Z")
        held.release()

    assert ([201], 30) == (came, seconds(mpsd, start))


def test_a_deadline_around_a_held_call_ends_it(mpsd: handlesfake.Double) -> None:
    """No request waits in the hold any more, and the service has not acted: asyncio.wait_for, in both clients."""

    async def main() -> tuple[int, int]:
        with mpsd.hold("create_handle") as held:
            for send in POSTS.values():
                with pytest.raises(asyncio.TimeoutError):
                    async with asyncio.timeout(None) as deadline:
                        watching = asyncio.create_task(once_it_waits(held, deadline))
                        await send(activity(mpsd), None)
                await watching
            return held.waiting, len(mpsd.journal)

    async def once_it_waits(held: Hold, deadline: asyncio.Timeout) -> None:
        await held.waiting_for(1)
        deadline.reschedule(-math.inf)

    assert (0, 0) == asyncio.run(main())


def test_what_a_server_holds_has_arrived_whatever_becomes_of_its_client() -> None:
    """The client goes away meanwhile: once it is released the service acts, and no client gets the answer, as over any network."""
    with thread() as (mpsd, url), mpsd.hold("create_handle") as held:
        asked = activity(mpsd)
        with connected(url) as connection:
            connection.request("POST", "/handles", json.dumps(asked["json"]), asked["headers"])
            held.wait_for(1)
        held.release()

        assert core_of(mpsd).journal.wait(0, PATIENCE)
        assert [201] == [entry.status for entry in mpsd.journal]


def test_a_hold_that_was_released_is_out_of_the_way(mpsd: handlesfake.Double) -> None:
    """Once all of it is released, no request goes through it any more, whether or not its block has ended."""
    engine = core_of(mpsd).engine
    with mpsd.hold("create_handle") as held:
        before = len(engine.steps_before)
        held.release()

        assert (1, 0) == (before, len(engine.steps_before))


def test_a_checkpoint_ends_the_holds_that_were_opened_in_it(mpsd: handlesfake.Double) -> None:
    """Requests that still waited are released, with the same error: after the block no code could release them."""
    came: list[int] = []
    sender = threading.Thread(target=lambda: came.append(post(mpsd)))
    said = r"hold\('create_handle'\) has ended, and 1 of the requests"
    with pytest.raises(AssertionError, match=said), mpsd.checkpoint():
        held = mpsd.hold("create_handle")
        sender.start()
        held.wait_for(1)
    sender.join(PATIENCE)

    assert [201] == came


def test_a_checkpoint_puts_back_how_often_rules_have_acted(mpsd: handlesfake.Double) -> None:
    """Counts, spent rules and the states of scenarios are as before; rules that were made inside are gone."""
    mpsd.rule({"name": "second", "when": {"nth": 2}, "then": {"refuse": "unavailable", "state": {"day": "bad"}}})
    mpsd.rule({"name": "bad", "when": {"state": {"day": "bad"}}, "then": {"refuse": "throttled"}})

    def day() -> list[int]:
        return [post(mpsd) for _ in range(3)]

    with mpsd.checkpoint():
        mpsd.refuse("token_expired", nth=1)
        inside = day()
    again = day()

    assert [401, 503, 429] == inside
    assert [201, 503, 429] == again


def test_a_second_with_of_one_hold_is_an_error(mpsd: handlesfake.Double) -> None:
    """It has ended and would hold no requests: a test that expects more gets an error."""
    held = mpsd.hold("create_handle")
    with held:
        pass
    with pytest.raises(handlesfake.SettingsError) as raised, held:
        pass

    assert ("hold('create_handle') has ended and holds no requests any more. Make another: mpsd.hold(...)") == str(
        raised.value
    )


def test_the_clock_may_be_frozen_and_thawed() -> None:
    """A running clock stands still when it is frozen; delays move it as ever; thawed, it goes on from there."""
    with handlesfake.fake(clock="system") as mpsd:
        mpsd.clock.freeze()
        start = mpsd.clock.now
        mpsd.slow(30, "create_handle", times=1)
        status = requests.post(HANDLES, **activity(mpsd), timeout=60).status_code
        passed = seconds(mpsd, start)
        mpsd.clock.thaw()

        assert (201, 30) == (status, passed)
        assert 30 <= seconds(mpsd, start) < 30 + PATIENCE


def test_both_deliveries_are_held_as_the_one_request_that_was_sent(mpsd: handlesfake.Double) -> None:
    """The network makes two of it behind the hold: one waits, two reach the service."""
    came: list[int] = []
    mpsd.fault("duplicate_delivery", "create_handle")
    with mpsd.hold("create_handle") as held, running(lambda: came.append(post(mpsd))):
        held.wait_for(1)
        waiting = held.waiting
        held.release()

    assert (1, [201], 2) == (waiting, came, len(mpsd.journal))
