"""Delays in virtual time, on every road; on a server in real time."""

from __future__ import annotations

import asyncio
import math
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

import handlesfake
from handlesfake.double.double import core_of
from handlesfake.errors import RuleError
from handlesfake.exchange.faults import NAMES
from tests.faults.clients import CLIENTS, HERE, TIMEOUTS, came_to
from tests.faults.party import HANDLES, POSTS, activity, post, seconds, with_httpx
from tests.faults.table import Cell
from tests.patience import PATIENCE
from tests.server.servers import posted, thread

LONG = 3600.0
"""Seconds that no test would really wait."""


@pytest.fixture
def mpsd() -> Iterator[handlesfake.Double]:
    """A double with separate traffic."""
    with handlesfake.fake() as double:
        yield double


def test_a_slow_answer_moves_the_clock_and_takes_no_time(mpsd: handlesfake.Double) -> None:
    """The answer comes at arrival plus the delay, in virtual time only."""
    mpsd.slow(LONG, "create_handle")
    start = mpsd.clock.now

    assert 201 == post(mpsd)
    assert LONG == seconds(mpsd, start)


def test_slow_answers_one_after_the_other_add_up(mpsd: handlesfake.Double) -> None:
    """What does not overlap takes its time twice."""
    mpsd.slow(2)
    start = mpsd.clock.now
    post(mpsd), post(mpsd)

    assert 4.0 == seconds(mpsd, start)


@pytest.mark.parametrize("client", POSTS)
def test_slow_answers_of_concurrent_tasks_overlap(mpsd: handlesfake.Double, client: str) -> None:
    """Twenty tasks at once take as long as one: the clock moves to the latest, never to the sum."""
    mpsd.slow(3)
    start, asked = mpsd.clock.now, activity(mpsd)

    async def main() -> list[int]:
        return await asyncio.gather(*(POSTS[client](asked, None) for _ in range(20)))

    assert [201] * 20 == asyncio.run(main())
    assert 3.0 == seconds(mpsd, start)


def test_slow_answers_of_concurrent_threads_overlap(mpsd: handlesfake.Double) -> None:
    """Eight threads at once take as long as one."""
    mpsd.slow(3)
    start, asked = mpsd.clock.now, activity(mpsd)
    ready = threading.Barrier(8)

    def bot() -> None:
        ready.wait(PATIENCE)
        requests.post(HANDLES, **asked)

    threads = [threading.Thread(target=bot) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert 3.0 == seconds(mpsd, start)
    mpsd.assert_sent("create_handle", times=8)


def test_what_is_faster_is_heard_first(mpsd: handlesfake.Double) -> None:
    """The answer to the first request comes behind those to the two that were sent one after the other meanwhile."""
    mpsd.slow(5, times=1)
    mpsd.slow(1)
    asked = activity(mpsd)
    heard: list[str] = []

    async def main() -> None:
        async def slow() -> None:
            await with_httpx(asked, None)
            heard.append("slow")

        async def fast() -> None:
            for number in range(2):
                await with_httpx(asked, None)
                heard.append(f"fast {number}")

        await asyncio.gather(slow(), fast())

    asyncio.run(main())

    assert ["fast 0", "fast 1", "slow"] == heard


@pytest.mark.parametrize("client", HERE)
def test_a_delay_beyond_the_clients_patience_is_its_timeout_at_once(client: str) -> None:
    """The client's own timeout, without waiting; the service has acted, and the clock has moved by the timeout."""
    sent: list[Any] = []
    with handlesfake.fake() as mpsd:
        cell = Cell("", None, client, "POST", "fresh")
        sent = cell.sent(mpsd)
        mpsd.slow(3 * LONG)
        start = mpsd.clock.now
        got = came_to(CLIENTS[client], "https://sessiondirectory.xboxlive.com", sent, LONG)

        assert TIMEOUTS[client] == got
        assert LONG == seconds(mpsd, start)
        assert ("timeout", 201) == (mpsd.journal[0].fault, mpsd.journal[0].status)


def test_the_whole_timeout_of_aiohttp_counts_too(mpsd: handlesfake.Double) -> None:
    """A delay beyond ``ClientTimeout(total=...)`` is what its timer raises, and no read timeout."""
    mpsd.slow(60)
    asked = activity(mpsd)
    with pytest.raises(asyncio.TimeoutError) as raised:
        asyncio.run(POSTS["aiohttp"](asked, 20))

    assert TimeoutError is raised.type


def test_a_drip_is_faster_than_each_read_and_slower_than_all(mpsd: handlesfake.Double) -> None:
    """Ten pieces in 30 s pass a read timeout of 5 s, which does not limit the whole; they fail with 2 s."""
    mpsd.fault("slow_drip", seconds=30)
    start = mpsd.clock.now

    assert 201 == post(mpsd, timeout=5)
    assert 30.0 == seconds(mpsd, start)
    with pytest.raises(requests.ReadTimeout):
        post(mpsd, timeout=2)


def test_a_fault_can_be_late(mpsd: handlesfake.Double) -> None:
    """The reset comes 8 s after the request."""
    mpsd.fault("reset", seconds=8)
    start = mpsd.clock.now
    with pytest.raises(requests.ConnectionError):
        post(mpsd)

    assert 8.0 == seconds(mpsd, start)


def test_hanging_really_waits_and_can_be_cancelled(mpsd: handlesfake.Double) -> None:
    """A deadline around the call ends it, in asyncio and in trio; the clock of the double stands still."""
    import trio

    mpsd.fault("hang")
    asked = activity(mpsd)

    async def in_trio() -> None:
        async with trio.open_nursery() as nursery:
            with trio.CancelScope() as scope:
                nursery.start_soon(its_time_has_come, 1, lambda: setattr(scope, "deadline", -math.inf))
                await with_httpx(asked, None)
        assert scope.cancelled_caught

    async def in_asyncio(send: Any, count: int) -> None:
        with pytest.raises(asyncio.TimeoutError):
            async with asyncio.timeout(None) as deadline:
                watching = asyncio.create_task(its_time_has_come(count, lambda: deadline.reschedule(-math.inf)))
                await send(asked, None)
        await watching

    async def its_time_has_come(count: int, end: Callable[[], object]) -> None:
        await mpsd.soon.assert_sent("create_handle", times=count, within=PATIENCE)  # it hangs, by now
        end()

    trio.run(in_trio)
    for count, send in enumerate(POSTS.values(), 2):
        asyncio.run(in_asyncio(send, count))

    assert [0, 3] == [mpsd.journal.in_flight, len(mpsd.journal)]


def test_whoever_hangs_is_let_go_when_the_double_stops() -> None:
    """A thread without a timeout ends with the double, with a reset."""
    came: list[BaseException] = []
    with handlesfake.fake() as mpsd:
        mpsd.fault("hang")
        asked = activity(mpsd)

        def hang() -> None:
            try:
                requests.post(HANDLES, **asked)
            except requests.ConnectionError as error:
                came.append(error)

        thread = threading.Thread(target=hang)
        thread.start()
        mpsd.assert_sent("create_handle", within=PATIENCE)
    thread.join(PATIENCE)

    assert ["ConnectionError"] == [type(error).__name__ for error in came]


def test_a_delay_is_real_on_a_server() -> None:
    """A client of a real port waits in real time."""
    with thread() as (mpsd, url):
        mpsd.slow(0.05)
        start, real = mpsd.clock.now, time.monotonic()
        status = posted(url).status

        assert seconds(mpsd, start) >= 0.05

    assert 201 == status
    assert time.monotonic() - real >= 0.05


@pytest.mark.parametrize("wrong", [0, -1, True, "5", float("inf"), float("nan")])
def test_seconds_that_are_none_are_refused(mpsd: handlesfake.Double, wrong: Any) -> None:
    """A delay is a number above 0."""
    with pytest.raises(RuleError) as raised:
        mpsd.slow(wrong)

    assert f"mpsd.slow(): the seconds must be a number above 0, and are {wrong!r}" == str(raised.value)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ("resett", {}),
            f"mpsd.fault('resett'): 'resett' is not known; did you mean 'reset'?\n  known: {', '.join(NAMES)}",
        ),
        (
            ("refused", {"at": "after"}),
            "mpsd.fault('refused', at='after'): refused can never come after the service has acted: "
            "there was no connection",
        ),
        (
            ("truncated_body", {"at": "before"}),
            "mpsd.fault('truncated_body', at='before'): truncated_body can never come before the service has acted: "
            "it needs its answer",
        ),
        (
            ("slow_drip", {"at": "before"}),
            "mpsd.fault('slow_drip', at='before'): slow_drip can never come before the service has acted: nothing fails, "
            "and the service acts",
        ),
        (
            ("reset", {"at": "afterwards"}),
            "mpsd.fault('reset', at='afterwards'): 'afterwards' is not known; did you mean 'after'?\n"
            "  known: before, after",
        ),
    ],
)
def test_a_fault_that_can_never_be_is_refused(mpsd: handlesfake.Double, words: Any, message: str) -> None:
    """The text names what is wrong, and what there is."""
    with pytest.raises(RuleError) as raised:
        mpsd.fault(words[0], **words[1])

    assert message == str(raised.value)


def test_a_fault_that_never_met_a_request_is_known() -> None:
    """Faults made in a test that never acted are told, as every rule of a test."""
    mpsd = handlesfake.fake()
    mpsd.fault("reset", "delete_handle")
    mpsd.before("delete_handle", lambda: None)
    told = [rule.title for rule in core_of(mpsd).tracker.unfired()]

    assert ["fault('reset')", "before('delete_handle', times=1)"] == told


def test_a_duplicate_is_a_request_of_its_own(mpsd: handlesfake.Double) -> None:
    """The journal shows both deliveries, each with its time; the caller hears the second."""
    mpsd.fault("duplicate_delivery", "create_handle", times=1)
    answer = requests.post(HANDLES, **activity(mpsd))
    first, second = mpsd.journal

    assert [201, 201, 1] == [first.status, second.status, second.ticks - first.ticks]
    assert second.answer["id"] == answer.json()["id"] != first.answer["id"]
