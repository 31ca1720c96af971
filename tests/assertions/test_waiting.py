"""Claims that wait: blocking threads, awaiting in asyncio and trio, and never for longer than needed."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from unittest.mock import patch

import pytest
import trio

from handlesfake import Double, SettingsError, User
from handlesfake.assertions.waiting import silence, throughout, until
from handlesfake.double.double import core_of
from handlesfake.exchange.entry_log import EntryLog
from handlesfake.traffic.traffic import Traffic
from tests.patience import PATIENCE
from tests.sending import a_double, activity, invite

LONG = float(PATIENCE)
"""Seconds: a thread that waits that long has not been woken."""

SHORT = 0.01


@pytest.fixture
def lobby() -> tuple[Double, User, User]:
    """A double with a host in lobby-1, and a guest who is not."""
    mpsd = a_double()
    host, guest = mpsd.user("host"), mpsd.user("guest")
    mpsd.session("lobby-1", members=[host])
    return mpsd, host, guest


@contextmanager
def once_somebody_waits(mpsd: Double, act: Callable[[], object]) -> Iterator[None]:
    """``act`` in a new thread, as soon as the journal is waited on or listened to."""
    waiting = threading.Event()
    wait, listen = core_of(mpsd).journal.wait, core_of(mpsd).journal.listen

    def waited(_: EntryLog, count: int, timeout: float) -> bool:
        waiting.set()
        return wait(count, timeout)

    def listened(_: EntryLog, listener: Callable[[], None]) -> Callable[[], None]:
        waiting.set()
        return listen(listener)

    def run() -> None:
        assert waiting.wait(LONG)
        act()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        with patch.multiple(EntryLog, wait=waited, listen=listened):  # to know when
            yield
    finally:
        waiting.set()
        thread.join()


# ---- threads


def test_a_claim_waits_for_a_thread(lobby: tuple[Double, User, User]) -> None:
    """``within`` blocks until another thread has sent what is claimed, and no longer."""
    mpsd, host, guest = lobby
    with once_somebody_waits(mpsd, lambda: invite(mpsd, host, guest.xuid)):
        mpsd.assert_invited(guest, within=LONG)

    assert 1 == len(mpsd.invites)


def test_every_claim_of_something_waits(lobby: tuple[Double, User, User]) -> None:
    """Activities, requests and orders are waited for alike."""
    mpsd, host, _ = lobby
    with once_somebody_waits(mpsd, lambda: activity(mpsd, host)):
        mpsd.assert_sent("create_handle", times=1, within=LONG)
    with once_somebody_waits(mpsd, lambda: activity(mpsd, host)):
        mpsd.assert_in_order("create_handle", ("create_handle", {"type": "activity"}), within=LONG)

    mpsd.assert_activity(host, within=LONG)


def test_a_claim_that_does_not_come_true_fails(lobby: tuple[Double, User, User]) -> None:
    """When the time is over the claim fails as it would without waiting."""
    mpsd, _, guest = lobby

    with pytest.raises(AssertionError) as caught:
        mpsd.assert_invited(guest, within=SHORT)

    assert str(caught.value).startswith("Guest 9000000000000002 was not invited; nothing has been sent to MPSD")


def test_never_is_watched_for_all_the_time(lobby: tuple[Double, User, User]) -> None:
    """A claim of nothing holds for so long, and breaks at once when it is sent after all."""
    mpsd, host, guest = lobby
    mpsd.assert_no_invites(within=SHORT)
    mpsd.assert_not_sent("put_session", within=SHORT)

    with (
        once_somebody_waits(mpsd, lambda: invite(mpsd, host, guest.xuid)),
        pytest.raises(AssertionError, match="was invited; assert_not_invited wants it not even tried"),
    ):
        mpsd.assert_not_invited(guest, within=LONG)


@pytest.mark.parametrize(
    ("call", "instead"),
    [
        (
            lambda mpsd: mpsd.assert_invited("3210", times=1, within=2.0),
            'await mpsd.soon.assert_invited("3210", times=1, within=2.0)',
        ),
        (lambda mpsd: mpsd.assert_no_invites(within=1), "await mpsd.soon.assert_no_invites(within=1)"),
        (lambda mpsd: mpsd.settle(0.2), "await mpsd.soon.settle(0.2)"),
    ],
)
@pytest.mark.parametrize("run", [asyncio.run, lambda main: trio.run(lambda: main)])
def test_blocking_a_loop_is_an_error(
    run: Callable[[object], None], call: Callable[[Double], None], instead: str
) -> None:
    """Inside a loop, ``within`` would stop what it waits for: the form to await is printed."""

    async def main() -> None:
        call(a_double())

    with pytest.raises(SettingsError) as caught:
        run(main())

    assert f"this would block the event loop that it runs in. Await it:\n    {instead}" == str(caught.value)


# ---- loops


def test_a_task_is_awaited(lobby: tuple[Double, User, User]) -> None:
    """``mpsd.soon`` lets the loop run until a task has sent what is claimed."""
    mpsd, host, guest = lobby

    async def test() -> None:
        asyncio.get_running_loop().call_soon(lambda: invite(mpsd, host, guest.xuid))
        await mpsd.soon.assert_invited(guest, times=1, within=LONG)

    asyncio.run(test())

    assert [] == core_of(mpsd).soon.never_awaited()


def test_a_thread_wakes_asyncio(lobby: tuple[Double, User, User]) -> None:
    """A request of another thread wakes the loop that awaits it."""
    mpsd, host, guest = lobby

    async def test() -> None:
        await mpsd.soon.assert_invited(guest, within=LONG)

    with once_somebody_waits(mpsd, lambda: invite(mpsd, host, guest.xuid)):
        asyncio.run(test())

    assert 1 == len(mpsd.invites)


def test_a_thread_wakes_trio(lobby: tuple[Double, User, User]) -> None:
    """The same in trio."""
    mpsd, host, guest = lobby

    async def test() -> None:
        await mpsd.soon.assert_invited(guest, within=LONG)

    with once_somebody_waits(mpsd, lambda: invite(mpsd, host, guest.xuid)):
        trio.run(test)

    assert 1 == len(mpsd.invites)


def test_an_awaited_claim_fails_in_time(lobby: tuple[Double, User, User]) -> None:
    """In both loops a claim fails when its time is over, with the text that it has without waiting."""
    mpsd, host, guest = lobby
    activity(mpsd, host)

    async def test() -> None:
        with pytest.raises(AssertionError) as caught:
            await mpsd.soon.assert_invited(guest, within=SHORT)

        assert str(caught.value).startswith("Guest 9000000000000002 was not invited; no invite has been sent.")

    asyncio.run(test())
    trio.run(test)


def test_never_and_silence_are_awaited(lobby: tuple[Double, User, User]) -> None:
    """Claims of nothing and ``settle`` have their awaited forms in both loops."""
    mpsd, host, _ = lobby
    activity(mpsd, host)

    async def test() -> None:
        await mpsd.soon.settle(SHORT)
        await mpsd.soon.assert_no_invites(within=SHORT)
        await mpsd.soon.assert_activity(host, within=LONG)

    asyncio.run(test())
    trio.run(test)

    assert [] == core_of(mpsd).soon.never_awaited()


def test_a_claim_that_was_never_awaited_is_remembered(lobby: tuple[Double, User, User]) -> None:
    """Without ``await`` nothing was claimed: the sentence for the test's failure names the line."""
    mpsd, _, guest = lobby
    mpsd.soon.assert_invited(guest)
    line = test_a_claim_that_was_never_awaited_is_remembered.__code__.co_firstlineno + 3

    assert [
        "mpsd.soon.assert_invited(...) was never awaited, and so has claimed nothing: "
        f"tests/assertions/test_waiting.py:{line} in test_a_claim_that_was_never_awaited_is_remembered\n"
        "  write await before it, or, outside a loop, mpsd.assert_invited(..., within=1.0)"
    ] == core_of(mpsd).soon.never_awaited()
    assert [] == core_of(mpsd).soon.never_awaited()


def test_what_cannot_be_asked_is_an_error_before_it_is_awaited(lobby: tuple[Double, User, User]) -> None:
    """A wrong word is told at the call, and leaves nothing to be awaited."""
    mpsd, _, _ = lobby

    with pytest.raises(TypeError, match="write '3210' instead of 3210"):
        mpsd.soon.assert_invited(3210)  # type: ignore[arg-type] - the mistake under test

    assert [] == core_of(mpsd).soon.never_awaited()


def test_both_forms_have_the_same_claims() -> None:
    """Every assertion that can wait has its twin under the same name."""
    mpsd = a_double()
    names = {name for name in dir(mpsd) if name.startswith("assert_")} | {"settle"}

    assert names - {"assert_no_assumptions"} == {name for name in dir(mpsd.soon) if name in names}


# ---- the waiting itself, on a separate clock


class Hands:
    """A clock that moves by hand."""

    now = 0.0

    def __call__(self) -> float:
        """Seconds."""
        return self.now


def test_until_asks_again_after_each_wake() -> None:
    """The claim is asked at once, after each wake, and a last time when the time is over."""
    hands, answers = Hands(), ["no", "no", "still no"]
    waiting = until(lambda: answers.pop(0), 5, hands)

    assert 5 == next(waiting)
    hands.now = 3

    assert 2 == next(waiting)
    hands.now = 6
    with pytest.raises(AssertionError, match="still no"):
        next(waiting)


def test_throughout_ends_with_the_time() -> None:
    """As long as the claim holds the time is waited for, and then it holds."""
    hands = Hands()
    waiting = throughout(lambda: None, 5, hands)

    assert 5 == next(waiting)
    hands.now = 5

    assert [] == list(waiting)


def test_silence_begins_anew_with_each_request(lobby: tuple[Double, User, User]) -> None:
    """Each request starts the silence over; one that is under way is waited for."""
    mpsd, host, _ = lobby
    hands = Hands()
    waiting = silence(core_of(mpsd).traffic, 2, 60, hands)

    assert 2 == next(waiting)
    hands.now = 1
    activity(mpsd, host)

    assert 2 == next(waiting)
    hands.now = 3
    core_of(mpsd).journal.request_started()

    assert 2 == next(waiting)
    core_of(mpsd).journal.request_finished()
    hands.now = 5

    assert [] == list(waiting)


def test_endless_traffic_does_not_settle() -> None:
    """Who never falls silent is told, after a bounded time."""
    journal, hands = EntryLog(), Hands()
    journal.request_started()
    waiting = silence(Traffic(journal, dict), 1, 3, hands)
    with pytest.raises(AssertionError) as caught:
        for _ in waiting:
            hands.now += 1

    assert (
        "MPSD did not settle in 3 s: 0 requests so far, 1 under way, and never 1 s of silence.\n"
        "  end what goes on sending, or wait for what you need: mpsd.assert_sent(..., within=1.0)"
    ) == str(caught.value)
