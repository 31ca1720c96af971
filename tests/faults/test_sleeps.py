"""Sleeps in virtual time: whose are skipped, whose are not, and which attempts came too early."""

from __future__ import annotations

import asyncio
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from types import ModuleType
from typing import Any

import freezegun
import pytest
import requests
import time_machine
import urllib3

import handlesfake
from handlesfake.double.double import core_of
from tests.faults.party import HANDLES, POSTS, RUNNERS, activity, post, seconds, with_httpx

LONG = 3600.0
"""Seconds that no test would really sleep."""


@pytest.fixture
def mpsd() -> Iterator[handlesfake.Double]:
    """A double with separate traffic."""
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
    """A thread that was not told to wait really sleeps, and so does one whose last answer was a yes."""
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


HOLDERS = {
    "time": ("from time import sleep", "sleep(3600)"),
    "time, renamed": ("from time import sleep as pause", "pause(3600)"),
    "asyncio": ("from asyncio import sleep", "asyncio.run(sleep(3600))"),
    "anyio": ("import anyio, anyio._backends._asyncio", "asyncio.run(anyio.sleep(3600))"),
    "anyio on trio": ("import anyio, anyio._backends._trio", "anyio.run(anyio.sleep, 3600, backend='trio')"),
}
"""How modules come to a sleep, and how they call it."""


@pytest.mark.parametrize("when", ["before", "inside", "in an earlier block"])
@pytest.mark.parametrize("held", HOLDERS)
def test_a_sleep_that_a_module_holds_by_name_is_skipped(
    mpsd: handlesfake.Double, held: str, when: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whenever it was imported: the module has its own again afterwards."""
    how, call = HOLDERS[held]
    module = ModuleType("holds_a_sleep")
    here = threading.get_ident()  # what other tests have left running in threads sleeps on
    clock_here = lambda seconds: mpsd.clock if threading.get_ident() == here else None  # noqa: E731
    monkeypatch.setattr("handlesfake.timing.skipping._clock_for", clock_here)
    own = {time.sleep, asyncio.sleep}
    start = mpsd.clock.now

    def arrive() -> None:
        exec(how, vars(module))
        monkeypatch.setitem(sys.modules, "holds_a_sleep", module)

    if when == "before":
        arrive()
    if when == "in an earlier block":
        with mpsd.clock.skip_sleeps():
            arrive()
    with mpsd.clock.skip_sleeps():
        if when == "inside":
            arrive()
        exec(f"import asyncio; {call}", vars(module))

    assert LONG == seconds(mpsd, start)
    assert own == {time.sleep, asyncio.sleep}
    held_now = [value for name, value in vars(module).items() if name in ("sleep", "pause")]
    assert set() == {*held_now} - own


class CallsItselfAModule:
    """As the libraries of cffi do: it can be held neither weakly nor by its hash."""

    __slots__ = ()
    __class__ = ModuleType  # type: ignore[assignment]
    __hash__ = None  # type: ignore[assignment]


class ModuleWithoutHash(ModuleType):
    """A module that is compared in its own way."""

    __hash__ = None  # type: ignore[assignment]

    def __eq__(self, other: object) -> bool:
        raise AssertionError("it was compared")


def test_what_else_stands_among_the_modules_is_left_alone(
    mpsd: handlesfake.Double, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What only calls itself a module is left alone; a module of its own class is patched."""
    module = ModuleWithoutHash("compared_in_its_own_way")
    own = vars(module)["sleep"] = time.sleep
    monkeypatch.setitem(sys.modules, "calls_itself_a_module", CallsItselfAModule())
    monkeypatch.setitem(sys.modules, "is_none", None)
    monkeypatch.setitem(sys.modules, "compared_in_its_own_way", module)
    with mpsd.clock.skip_sleeps():
        inside = vars(module)["sleep"]

    assert inside is not own
    assert vars(module)["sleep"] is own


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


def test_a_monotonic_clock_of_virtual_time(mpsd: handlesfake.Double) -> None:
    """It goes on with the clock, and never back."""
    readings = [mpsd.clock.monotonic()]
    mpsd.clock.advance(30)
    readings.append(mpsd.clock.monotonic())
    mpsd.clock.set("2001-01-01T00:00:00Z")
    readings.append(mpsd.clock.monotonic())
    mpsd.clock.sleep(5)
    readings.append(mpsd.clock.monotonic())

    assert [0, 30, 30, 35] == [round(one - readings[0]) for one in readings]


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


def test_who_really_slept_is_not_too_early_and_told_so(
    mpsd: handlesfake.Double, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Real time is as good; the journal says how much of it has passed, and how none would."""
    real = [100.0]
    monkeypatch.setattr("handlesfake.engine.early_retries.monotonic", lambda: real[0])
    mpsd.refuse("throttled", times=1, retry_after=5)
    post(mpsd)
    real[0] += 5.25
    post(mpsd)
    real[0] += 5
    post(mpsd)

    told = "really waited 5.2 s: #1 asked to wait 5 s (Retry-After); in virtual time: with mpsd.clock.skip_sleeps()"
    assert [(), (told,), ()] == [entry.notes for entry in mpsd.journal]
    assert 5.25 == core_of(mpsd).engine.waited_really


def test_who_really_slept_where_sleeps_are_skipped_is_told_another_way(
    mpsd: handlesfake.Double, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An object or a default argument holds a sleep: naming skip_sleeps() again would not help."""
    real = [100.0]
    monkeypatch.setattr("handlesfake.engine.early_retries.monotonic", lambda: real[0])
    mpsd.refuse("throttled", times=1, retry_after=5)
    with mpsd.clock.skip_sleeps():
        post(mpsd)
        real[0] += 5
        post(mpsd)

    told = "skip_sleeps() did not see that sleep: use mpsd.clock.sleep, or asleep, instead"
    assert [f"really waited 5.0 s: #1 asked to wait 5 s (Retry-After); {told}"] == [*mpsd.journal[1].notes]


def test_what_two_readings_of_a_clock_lose_is_not_too_early(mpsd: handlesfake.Double) -> None:
    """``anyio.sleep_until(anyio.current_time() + 5)`` sleeps some microseconds less than 5 s."""
    mpsd.refuse("throttled", times=2, retry_after=5)
    post(mpsd)
    mpsd.clock.advance(4.9999)
    post(mpsd)
    mpsd.clock.advance(4.9)
    post(mpsd)

    assert [(), (), ("1 s too early: #2 asked to wait 5 s (Retry-After)",)] == [entry.notes for entry in mpsd.journal]


@pytest.mark.parametrize("library", ["trio", "anyio"])
def test_a_sleep_until_a_time_is_skipped(mpsd: handlesfake.Double, library: str) -> None:
    """The time is one of the loop's clock; the wait is still virtual."""
    import anyio
    import trio

    mpsd.refuse("throttled", times=1, retry_after=3600)
    asked, start = activity(mpsd), mpsd.clock.now
    module: Any = {"trio": trio, "anyio": anyio}[library]

    async def main() -> None:
        await with_httpx(asked, None)
        await module.sleep_until(module.current_time() + LONG)
        await with_httpx(asked, None)

    with mpsd.clock.skip_sleeps():
        trio.run(main)

    assert LONG == round(seconds(mpsd, start))
    assert [(), ()] == [entry.notes for entry in mpsd.journal]


def test_what_is_waited_at_once_counts_once(mpsd: handlesfake.Double, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two players that wait for the same five seconds have cost the test five."""
    real = [100.0]
    monkeypatch.setattr("handlesfake.engine.early_retries.monotonic", lambda: real[0])
    activity(mpsd), activity(mpsd, "guest")
    mpsd.refuse("throttled", times=2, retry_after=5)
    post(mpsd), post(mpsd, "guest")
    real[0] += 5
    post(mpsd), post(mpsd, "guest")

    assert 5.0 == core_of(mpsd).engine.waited_really


def test_a_virtual_wait_costs_nothing(mpsd: handlesfake.Double) -> None:
    """Where the virtual clock has moved on, nothing was waited for."""
    mpsd.refuse("throttled", times=1, retry_after=5)
    post(mpsd)
    mpsd.clock.advance(5)
    post(mpsd)

    assert 0.0 == core_of(mpsd).engine.waited_really


def test_another_player_is_not_too_early(mpsd: handlesfake.Double) -> None:
    """A Retry-After is for its receiver."""
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
