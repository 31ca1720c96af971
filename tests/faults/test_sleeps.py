"""Sleeps in virtual time: whose are skipped, whose are not, and which attempts came too early."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import freezegun
import pytest
import requests
import time_machine
import urllib3

import handlesfake
from tests.faults.party import HANDLES, POSTS, RUNNERS, activity, post, seconds, with_httpx

LONG = 3600.0
"""Seconds that no test would really sleep."""


@pytest.fixture
def mpsd() -> Iterator[handlesfake.Double]:
    """A double whose traffic is nobody else's."""
    with handlesfake.fake() as double:
        yield double


@pytest.mark.parametrize("name", ["throttled", "unavailable"])
def test_who_was_told_to_wait_waits_in_virtual_time(mpsd: handlesfake.Double, name: str) -> None:
    """After a 429 or a 503, time.sleep() of that thread moves the clock instead."""
    mpsd.refuse(name, times=1)
    start = mpsd.clock.now
    with mpsd.clock.skip_sleeps():
        post(mpsd)
        time.sleep(LONG)

    assert LONG == seconds(mpsd, start)


def test_who_met_a_fault_waits_in_virtual_time(mpsd: handlesfake.Double) -> None:
    """A back-off after a reset takes no time."""
    mpsd.fault("reset", times=1)
    start = mpsd.clock.now
    with mpsd.clock.skip_sleeps():
        with pytest.raises(requests.ConnectionError):
            post(mpsd)
        time.sleep(LONG)

    assert LONG == seconds(mpsd, start)


def test_retries_of_urllib3_wait_in_virtual_time(mpsd: handlesfake.Double) -> None:
    """The client's own Retry, which honours Retry-After, runs at once; no attempt is too early."""
    mpsd.refuse("throttled", times=2, retry_after=300)
    asked, start = activity(mpsd), mpsd.clock.now
    retry = urllib3.Retry(3, status_forcelist=[429], allowed_methods=None)
    with mpsd.clock.skip_sleeps(), urllib3.PoolManager(retries=retry) as pool:
        status = pool.request("POST", HANDLES, json=asked["json"], headers=asked["headers"]).status

    assert [201, 600.0] == [status, seconds(mpsd, start)]
    assert [(), (), ()] == [entry.notes for entry in mpsd.journal]


@pytest.mark.parametrize("runner", RUNNERS)
def test_tasks_wait_in_virtual_time_together(mpsd: handlesfake.Double, runner: str) -> None:
    """Ten tasks that sleep after their 429 move the clock to the latest, in asyncio and in trio."""
    import trio

    mpsd.refuse("throttled", times=10, retry_after=60)
    asked, start = activity(mpsd), mpsd.clock.now

    async def retrying() -> None:
        while await with_httpx(asked, None) == 429:
            if runner == "asyncio":
                await asyncio.sleep(60)
            else:
                await trio.sleep(60)

    async def with_asyncio() -> None:
        await asyncio.gather(*(retrying() for _ in range(10)))

    async def with_trio() -> None:
        async with trio.open_nursery() as nursery:
            for _ in range(10):
                nursery.start_soon(retrying)

    with mpsd.clock.skip_sleeps():
        RUNNERS[runner](with_asyncio if runner == "asyncio" else with_trio)

    assert 60.0 == seconds(mpsd, start)
    mpsd.assert_sent("create_handle", times=20)


def test_the_task_that_waits_is_the_callers_in_aiohttp(mpsd: handlesfake.Double) -> None:
    """Aiohttp's request is served in a task of ours; the one that is told to wait is the user's."""
    mpsd.refuse("throttled", times=1)
    asked, start = activity(mpsd), mpsd.clock.now

    async def main() -> int:
        await POSTS["aiohttp"](asked, None)
        await asyncio.sleep(LONG)
        return await POSTS["aiohttp"](asked, None)

    with mpsd.clock.skip_sleeps():
        assert 201 == asyncio.run(main())

    assert LONG == seconds(mpsd, start)


def test_a_heartbeat_goes_on_in_real_time(mpsd: handlesfake.Double) -> None:
    """A thread that nobody told to wait really sleeps, and so does one whose last answer was a yes."""
    beats: list[float] = []

    def heartbeat() -> None:
        post(mpsd, "guest")
        real = time.monotonic()
        time.sleep(0.02)
        beats.append(time.monotonic() - real)

    activity(mpsd, "guest"), activity(mpsd)
    mpsd.refuse("throttled", times=1, caller="host")
    start = mpsd.clock.now
    with mpsd.clock.skip_sleeps():
        post(mpsd)
        thread = threading.Thread(target=heartbeat)
        thread.start()
        thread.join()
        post(mpsd)
        real = time.monotonic()
        time.sleep(0.02)
        beats.append(time.monotonic() - real)

    assert 0.0 == seconds(mpsd, start)
    assert all(beat >= 0.02 for beat in beats)


def test_nothing_is_left_in_the_place_of_a_sleep(mpsd: handlesfake.Double) -> None:
    """After the last block the modules have their own functions back, whichever block ends first."""
    import trio

    own: tuple[Callable[..., Any], ...] = (time.sleep, asyncio.sleep, trio.sleep)
    first, second = mpsd.clock.skip_sleeps(), handlesfake.fake().clock.skip_sleeps()
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    between = time.sleep
    second.__exit__(None, None, None)

    assert between is not own[0]
    assert own == (time.sleep, asyncio.sleep, trio.sleep)


def test_the_result_of_a_skipped_sleep_is_kept(mpsd: handlesfake.Double) -> None:
    """asyncio.sleep(delay, result) gives its result; sleep(0) and who was told nothing are asyncio's own business."""
    mpsd.refuse("throttled", times=1)
    asked, start = activity(mpsd), mpsd.clock.now

    async def main() -> list[Any]:
        before = await asyncio.sleep(0.001, "really")
        await with_httpx(asked, None)
        return [before, await asyncio.sleep(5, "a"), await asyncio.sleep(delay=5, result="b"), await asyncio.sleep(0)]

    with mpsd.clock.skip_sleeps():
        found = asyncio.run(main())

    assert ["really", "a", "b", None] == found
    assert 10.0 == seconds(mpsd, start)


def test_the_clocks_own_sleeps_are_always_virtual(mpsd: handlesfake.Double) -> None:
    """What skip_sleeps() cannot see is given clock.sleep, or await clock.asleep."""
    start = mpsd.clock.now
    mpsd.clock.sleep(LONG)
    asyncio.run(mpsd.clock.asleep(LONG))
    mpsd.clock.sleep(-1)

    assert 2 * LONG == seconds(mpsd, start)


def test_who_sleeps_shorter_wakes_first(mpsd: handlesfake.Double) -> None:
    """Tasks wake in the order of their time, whatever the order of their start."""
    woken: list[int] = []

    async def sleep(minutes: int) -> None:
        await mpsd.clock.asleep(60 * minutes)
        woken.append(minutes)

    async def main() -> None:
        await asyncio.gather(*(sleep(minutes) for minutes in (3, 1, 2)))

    asyncio.run(main())

    assert [1, 2, 3] == woken


def test_an_attempt_before_its_time_is_marked(mpsd: handlesfake.Double) -> None:
    """The journal says by how much it came too early, and that of which answer; a later one is not marked."""
    mpsd.refuse("throttled", times=2, retry_after=5)
    post(mpsd)
    mpsd.clock.advance(2)
    post(mpsd)
    mpsd.clock.advance(5)
    post(mpsd)

    early = "3 s too early: #1 asked to wait 5 s (Retry-After)"
    assert [(), (early,), ()] == [entry.notes for entry in mpsd.journal]


def test_who_really_slept_is_not_too_early(mpsd: handlesfake.Double, monkeypatch: pytest.MonkeyPatch) -> None:
    """Real time is as good: code that slept five real seconds has waited."""
    real = [100.0]
    monkeypatch.setattr("handlesfake.engine.early_retries.monotonic", lambda: real[0])
    mpsd.refuse("throttled", times=1, retry_after=5)
    post(mpsd)
    real[0] += 5
    post(mpsd)

    assert [(), ()] == [entry.notes for entry in mpsd.journal]


def test_another_player_is_not_too_early(mpsd: handlesfake.Double) -> None:
    """A Retry-After is for who was told it."""
    activity(mpsd), activity(mpsd, "guest")
    mpsd.refuse("throttled", times=1, retry_after=5)
    post(mpsd), post(mpsd, "guest")

    assert [(), ()] == [entry.notes for entry in mpsd.journal]


MOMENT = datetime(2031, 5, 4, 3, 2, 1, tzinfo=UTC)
MACHINES: dict[str, Callable[[datetime], Any]] = {
    "time-machine": lambda moment: time_machine.travel(moment, tick=False),
    "freezegun": freezegun.freeze_time,
}


@pytest.mark.parametrize("machine", MACHINES)
def test_the_systems_clock_follows_a_time_machine(machine: str) -> None:
    """With clock="system" the service's time is that of time-machine and freezegun, forth and back again."""
    with handlesfake.fake(clock="system") as mpsd:
        before = mpsd.clock.now
        with MACHINES[machine](MOMENT):
            post(mpsd)
            inside = mpsd.clock.now
            mpsd.slow(30, times=1)
            post(mpsd)
            later = mpsd.clock.now

        assert abs((inside - MOMENT).total_seconds()) < 1
        assert 30.0 == round((later - inside).total_seconds(), 3)
        assert (mpsd.clock.now - before).total_seconds() < LONG
