"""Doubles of threads or tasks that overlap: the newest answers all of them, so the second is warned of."""

from __future__ import annotations

import asyncio
import re
import threading
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import trio

import handlesfake
from handlesfake.errors import OverlappingDoublesWarning
from handlesfake.intercept import refusing
from handlesfake.intercept.registry import registry
from tests.patience import PATIENCE

PLACE = re.compile(r"started in \S*test_overlaps\.py:(\d+)")


@pytest.fixture(autouse=True)
def nothing_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each test here be the first that has doubles which overlap."""
    monkeypatch.setattr(registry, "overlaps", refusing.Overlaps())


@pytest.fixture
def seen() -> Iterator[list[warnings.WarningMessage]]:
    """The warnings of a test, as they come."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield caught


def overlapping(*words: dict[str, Any]) -> None:
    """Doubles of separate threads, each of which starts while those before it are active."""
    with ThreadPoolExecutor(len(words)) as pool:
        gates = [threading.Event() for _ in range(len(words) + 1)]
        gates[0].set()

        def work(number: int) -> None:
            gates[number].wait(PATIENCE)
            try:
                with handlesfake.fake(**words[number]):
                    gates[number + 1].set()
                    gates[-1].wait(PATIENCE)
            finally:
                gates[number + 1].set()

        list(pool.map(work, range(len(words))))


def test_two_threads(seen: list[warnings.WarningMessage]) -> None:
    """The warning is at the line that starts the second, names both, and says what to write."""
    overlapping({}, {})

    (warning,) = seen
    text = str(warning.message)
    assert OverlappingDoublesWarning is warning.category
    assert __file__ == warning.filename
    assert {str(warning.lineno)} == set(PLACE.findall(text))
    assert [
        "two doubles overlap, in separate threads or tasks: one STARTED, and one STARTED.",
        "  the one that was started last answers both, and the other gets nothing",
        "  let each answer where it was started:    handlesfake.fake(isolated=True)",
    ] == PLACE.sub("STARTED", text).splitlines()


def test_the_double_of_the_fixture(seen: list[warnings.WarningMessage], mpsd: handlesfake.Double) -> None:
    """It is called what the test calls it."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(fake).result()

    (warning,) = seen
    text = PLACE.sub("STARTED", str(warning.message))
    assert (
        "two doubles overlap, in separate threads or tasks: the fixture mpsd, and one STARTED."
        == text.splitlines()[0]
    )


def test_it_is_told_once(seen: list[warnings.WarningMessage]) -> None:
    """However often doubles of the same lines overlap."""
    overlapping({}, {}, {})
    overlapping({}, {})

    assert 1 == len(seen)


@pytest.mark.parametrize(
    "words",
    [
        ({"isolated": True}, {"isolated": True}),
        ({"isolated": True}, {}),
        ({}, {"isolated": True}),
        ({}, {"hosts": "mpsd.test"}),
    ],
    ids=["both", "first", "second", "hosts"],
)
def test_those_that_do_not_get_in_each_others_way(
    seen: list[warnings.WarningMessage], words: tuple[dict[str, Any], ...]
) -> None:
    """An isolated one, or one that answers for other hosts."""
    overlapping(*words)

    assert [] == seen


def test_two_tasks(seen: list[warnings.WarningMessage]) -> None:
    """Siblings in one loop of asyncio."""

    async def work(gate: asyncio.Barrier) -> None:
        async with handlesfake.fake():
            await gate.wait()

    async def main() -> None:
        gate = asyncio.Barrier(2)
        await asyncio.gather(work(gate), work(gate))

    asyncio.run(main())

    assert [OverlappingDoublesWarning] == [one.category for one in seen]


def test_two_tasks_of_trio(seen: list[warnings.WarningMessage]) -> None:
    """Siblings in one nursery."""

    async def main() -> None:
        async def work() -> None:
            with handlesfake.fake():
                arrived.append(None)
                if len(arrived) == 2:
                    gate.set()
                await gate.wait()

        arrived: list[None] = []
        gate = trio.Event()
        async with trio.open_nursery() as nursery:
            nursery.start_soon(work)
            nursery.start_soon(work)

    trio.run(main)

    assert [OverlappingDoublesWarning] == [one.category for one in seen]


def fake() -> None:
    """A double that starts and stops."""
    with handlesfake.fake():
        pass


async def fake_async() -> None:
    """The same in a task."""
    fake()


def test_doubles_that_nest(seen: list[warnings.WarningMessage]) -> None:
    """In one thread, in a loop that the thread runs, in a child task, or in a thread of this context."""

    async def main() -> None:
        await fake_async()
        async with handlesfake.fake():
            await asyncio.create_task(fake_async())
            await asyncio.to_thread(fake)

    async def on_trio() -> None:
        with handlesfake.fake():
            async with trio.open_nursery() as nursery:
                nursery.start_soon(fake_async)
            await trio.to_thread.run_sync(fake)

    with handlesfake.fake():
        fake()
        asyncio.run(main())
        trio.run(on_trio)

    assert [] == seen


def _in_a_task(start: Callable[[], Any]) -> None:
    async def main() -> None:
        start()

    asyncio.run(main())


def _in_a_trio_task(start: Callable[[], Any]) -> None:
    async def main() -> None:
        start()

    trio.run(main)


def _in_a_thread(start: Callable[[], Any]) -> None:
    thread = threading.Thread(target=start)
    thread.start()
    thread.join(PATIENCE)


@pytest.mark.parametrize("run", [_in_a_task, _in_a_trio_task, _in_a_thread])
def test_who_has_started_it_is_over(
    seen: list[warnings.WarningMessage], run: Callable[[Callable[[], Any]], None]
) -> None:
    """A double that a helper has started, in a task or thread that ended, is the test's: fixtures do so."""
    mpsd = handlesfake.fake()
    run(mpsd.start)
    try:
        fake()
        asyncio.run(fake_async())
    finally:
        mpsd.stop()

    assert [] == seen


def test_as_an_error_nothing_is_started() -> None:
    """Under a filter that makes it an error, the second double is not active, and the first one answers on."""
    with handlesfake.fake(), ThreadPoolExecutor(1) as pool:
        active = registry.active
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            raised = pool.submit(fake).exception(PATIENCE)

        assert isinstance(raised, OverlappingDoublesWarning)
        assert active == registry.active
