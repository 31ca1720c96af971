"""What is under way: requests that are held, and what happens before and after the service acts."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from functools import partial
from typing import Any

import aiohttp
import pytest
import requests

import handlesfake
from handlesfake.engine.holds import Hold
from handlesfake.errors import RuleError, SettingsError
from tests.faults.clients import CLIENTS, HERE, came_to
from tests.faults.party import HANDLES, POSTS, RUNNERS, activity, post, running, with_httpx
from tests.faults.table import Cell
from tests.patience import PATIENCE
from tests.server.servers import posted, thread

ORIGIN = "https://sessiondirectory.xboxlive.com"


@pytest.fixture
def mpsd() -> Iterator[handlesfake.Double]:
    """A double with separate traffic."""
    with handlesfake.fake() as double:
        yield double


@pytest.mark.parametrize("client", HERE)
def test_a_request_of_every_client_is_held(mpsd: handlesfake.Double, client: str) -> None:
    """It has arrived, and the service has not acted; once it is released, all is as ever."""
    sent = Cell("", None, client, "POST", "fresh").sent(mpsd)
    came: list[str] = []
    with (
        mpsd.hold("create_handle") as held,
        running(lambda: came.append(came_to(CLIENTS[client], ORIGIN, sent, PATIENCE))),
    ):
        held.wait_for(1)
        seen = [
            held.waiting,
            len(mpsd.journal),
            mpsd.journal.in_flight,
            [one.request.path for one in mpsd.journal.waiting],
        ]
        held.release()

    assert [1, 0, 1, ["/handles"]] == seen
    assert ["201"] == came
    assert ("was kept by hold('create_handle')",) == mpsd.journal[0].notes
    assert [0, []] == [held.waiting, mpsd.journal.waiting]


@pytest.mark.parametrize("runner", RUNNERS)
def test_tasks_are_held_and_let_go_in_their_order(mpsd: handlesfake.Double, runner: str) -> None:
    """Four tasks wait at once; those that are released go, the others wait on; in asyncio and in trio."""
    import trio

    asked = activity(mpsd)

    async def look(held: Hold) -> list[int]:
        await held.waiting_for(4)
        seen = [held.waiting, len(mpsd.journal)]
        held.release(1)
        await mpsd.soon.assert_sent("create_handle", times=1, within=PATIENCE)
        seen += [held.waiting, len(mpsd.journal)]
        held.release()
        return seen

    async def with_asyncio(held: Hold) -> list[int]:
        tasks = [asyncio.create_task(with_httpx(asked, None)) for _ in range(4)]
        seen = await look(held)
        await asyncio.gather(*tasks)
        return seen

    async def with_trio(held: Hold) -> list[int]:
        async with trio.open_nursery() as nursery:
            for _ in range(4):
                nursery.start_soon(with_httpx, asked, None)
            return await look(held)

    with mpsd.hold("create_handle") as held:
        main = with_asyncio if runner == "asyncio" else with_trio
        seen = RUNNERS[runner](lambda: main(held))

    assert [4, 0, 3, 1] == seen
    assert [4, 4] == [mpsd.journal.max_in_flight, len(mpsd.journal)]


def test_others_are_served_meanwhile(mpsd: handlesfake.Double) -> None:
    """No lock is held: a request that is not meant passes the one that waits, and arranging goes on."""
    activity(mpsd)
    with mpsd.hold("create_handle", caller="host") as held, running(lambda: post(mpsd)):
        held.wait_for(1)
        status = post(mpsd, "guest")
        mpsd.session("lobby-2", members=[mpsd.user("far")])
        held.release()

    assert 201 == status
    assert ["guest", "host"] == [entry.caller.users[0].role for entry in mpsd.journal if entry.caller]


def test_a_request_to_a_server_is_held() -> None:
    """It waits on the socket, too."""
    came: list[int] = []
    with (
        thread() as (mpsd, url),
        mpsd.hold("create_handle") as held,
        running(lambda: came.append(posted(url).status)),
    ):
        held.wait_for(1)
        held.release()

    assert [201] == came


async def with_a_shared_session(session: Any, asked: dict[str, Any], timeout: float | None) -> int:
    """One POST over a session of aiohttp that stays open."""
    async with session.post(HANDLES, **asked, timeout=aiohttp.ClientTimeout(total=timeout)) as answer:
        return int(answer.status)


@pytest.mark.parametrize("timeout", [None, PATIENCE], ids=["endless", "patient"])
@pytest.mark.parametrize("client", [*POSTS, "a shared session"])
def test_a_held_task_can_be_cancelled(mpsd: handlesfake.Double, client: str, timeout: float | None) -> None:
    """Once the cancelled task has ended, nothing waits any more; the service has not acted."""
    asked = activity(mpsd)

    async def main() -> int:
        async with aiohttp.ClientSession() as session:
            send = POSTS.get(client, partial(with_a_shared_session, session))
            with mpsd.hold() as held:
                task = asyncio.create_task(send(asked, timeout))
                await held.waiting_for(1)
                task.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await task
                return held.waiting

    assert 0 == asyncio.run(main())
    assert [0, 0] == [len(mpsd.journal), mpsd.journal.in_flight]


@pytest.mark.parametrize("client", [*POSTS, "a shared session"])
def test_a_deadline_around_a_held_task_leaves_nothing_to_wait(mpsd: handlesfake.Double, client: str) -> None:
    """No turn of the loop is between the timeout and the end of the hold, which would report what still waited."""
    asked = activity(mpsd)

    async def main() -> tuple[int, int]:
        async with aiohttp.ClientSession() as session:
            send = POSTS.get(client, partial(with_a_shared_session, session))
            with mpsd.hold() as held, pytest.raises(TimeoutError):
                async with asyncio.timeout(None) as deadline:
                    asyncio.create_task(pass_by(held, deadline))  # noqa: RUF006 - it ends the one that waits below
                    await send(asked, None)
            return held.waiting, mpsd.journal.in_flight

    async def pass_by(held: handlesfake.Hold, deadline: asyncio.Timeout) -> None:
        await held.waiting_for(1)
        deadline.reschedule(0)

    assert (0, 0) == asyncio.run(main())
    assert 0 == len(mpsd.journal)


def test_a_client_without_patience_gives_up(mpsd: handlesfake.Double) -> None:
    """Its own read timeout ends the wait, in real time; the service never acted."""
    came: list[str] = []
    asked = activity(mpsd)

    def impatient() -> None:
        try:
            requests.post(HANDLES, **asked, timeout=0.02)
        except requests.RequestException as error:
            came.append(type(error).__name__)

    with mpsd.hold(), running(impatient):
        pass

    assert [["ReadTimeout"], ("timeout", None)] == [came, (mpsd.journal[0].fault, mpsd.journal[0].status)]


def test_a_forgotten_hold_lets_go_with_an_error(mpsd: handlesfake.Double) -> None:
    """No request hangs: they go on when the block ends, which says who still waited."""
    asked = activity(mpsd)
    held = mpsd.hold("create_handle")
    with running(lambda: requests.post(HANDLES, **asked)), pytest.raises(AssertionError) as raised, held:
        held.wait_for(1)

    lines = str(raised.value).splitlines()
    assert "hold('create_handle') has ended, and 1 of the requests that it kept had not been released:" == lines[0]
    assert lines[1].startswith("    POST /handles  tests/faults/test_holding.py:")
    assert "  they go on now. Let them go inside the block: held.release()" == lines[2]
    assert 1 == len(mpsd.journal)


def test_the_end_of_the_double_lets_go_too() -> None:
    """A hold without a block ends with its double, with the same error."""
    mpsd = handlesfake.fake().start()
    asked = activity(mpsd)
    held = mpsd.hold()
    with running(lambda: requests.post(HANDLES, **asked)):
        held.wait_for(1)
        with pytest.raises(AssertionError, match="hold\\(\\) has ended, and 1 of the requests"):
            mpsd.stop()


def test_the_failure_of_the_block_stays_the_failure(mpsd: handlesfake.Double) -> None:
    """An error inside is not hidden by those that still waited."""
    asked, held = activity(mpsd), mpsd.hold()
    with running(lambda: requests.post(HANDLES, **asked)), pytest.raises(ZeroDivisionError), held:
        held.wait_for(1)
        raise ZeroDivisionError


def test_too_few_are_named(mpsd: handlesfake.Double) -> None:
    """Waiting for more than come is a failure with both numbers, and releasing more than wait an error."""
    with mpsd.hold("create_handle") as held:
        with pytest.raises(AssertionError) as failed:
            held.wait_for(2, within=0.01)
        with pytest.raises(SettingsError) as wrong:
            held.release(1)

    assert (
        "hold('create_handle'): 0 of 2 requests came within 0.01 s.\n"
        "  they must be sent by other threads or tasks than the one that waits for them" == str(failed.value)
    )
    assert (
        "hold('create_handle'): release(1), and 0 wait. Wait for them first: held.wait_for(1), or in a task: "
        "await held.waiting_for(1)" == str(wrong.value)
    )


def test_who_would_wait_for_itself_is_told(mpsd: handlesfake.Double) -> None:
    """The thread that holds cannot send, and a loop cannot be blocked: both are errors that say what to do."""
    with mpsd.hold("create_handle") as held:
        with pytest.raises(SettingsError) as own:
            post(mpsd)

        async def main() -> None:
            held.wait_for(1)

        with pytest.raises(SettingsError) as loop:
            asyncio.run(main())

    assert (
        "hold('create_handle'): the thread that holds has sent a request itself, and waits for itself.\n"
        "  send it from another thread, or from a task with an async client" == str(own.value)
    )
    assert "held.wait_for(1) would stop the loop. Write: await held.waiting_for(1)" == str(loop.value)


def test_somebody_else_is_faster(mpsd: handlesfake.Double) -> None:
    """Before: arrived, and the service has not acted; it sees what the act has changed. Once, unless said so."""
    host = mpsd.user("host")
    lobby = mpsd.session("lobby-1", members=[host])
    asked = activity(mpsd)
    seen: list[int] = []
    mpsd.before("create_handle", lambda: (seen.append(len(mpsd.journal)), lobby.join(mpsd.user("guest"))))
    requests.post(HANDLES, **asked), requests.post(HANDLES, **asked)

    assert [[0], 2] == [seen, len(lobby.members)]


def test_after_the_service_and_before_the_caller(mpsd: handlesfake.Double) -> None:
    """After: the service has acted and the caller has not heard; the act may send requests itself."""
    seen: list[int] = []
    asked = activity(mpsd)
    mpsd.after("create_handle", lambda: seen.append(post(mpsd, "guest")), times=1)
    status = requests.post(HANDLES, **asked).status_code

    assert [201, [201]] == [status, seen]
    assert ["host", "guest"] == [entry.caller.users[0].role for entry in mpsd.journal if entry.caller]


@pytest.mark.parametrize("client", POSTS)
def test_an_act_can_be_awaited(mpsd: handlesfake.Double, client: str) -> None:
    """With an async client, the act may be a coroutine function."""
    asked = activity(mpsd)
    mpsd.before("create_handle", lambda: with_httpx(asked, None), times=1)

    assert 201 == asyncio.run(POSTS[client](asked, None))
    mpsd.assert_sent("create_handle", times=2)


def test_an_act_is_a_function(mpsd: handlesfake.Double) -> None:
    """What cannot be called is an error at once, and not in the code under test."""
    with pytest.raises(RuleError) as raised:
        mpsd.before("create_handle", "lobby.join")  # type: ignore[arg-type]  # what is tested

    assert (
        "mpsd.before('create_handle', times=1): what is to be done must be a function without arguments, "
        "and is 'lobby.join'"
    ) == str(raised.value)


def test_an_act_that_has_to_be_awaited_needs_a_loop(mpsd: handlesfake.Double) -> None:
    """A thread cannot await it, and says so."""

    async def act() -> None:
        """Never run."""

    mpsd.before(None, act)
    with pytest.raises(SettingsError) as raised:
        post(mpsd)

    assert (
        "before(times=1): the act has to be awaited, and this request was sent from a thread. Give it a plain function, or send it with an async client."
        == str(raised.value)
    )


def test_what_an_act_raises_reaches_the_caller(mpsd: handlesfake.Double) -> None:
    """The code under test sees it, and the service has not acted."""

    def act() -> None:
        raise ZeroDivisionError

    mpsd.before("create_handle", act)
    with pytest.raises(ZeroDivisionError):
        post(mpsd)

    assert [0, 0] == [len(mpsd.journal), mpsd.journal.in_flight]


def test_a_checkpoint_takes_acts_back(mpsd: handlesfake.Double) -> None:
    """What was to happen before requests inside a checkpoint happens no more behind it."""
    asked = activity(mpsd)
    seen: list[int] = []
    with mpsd.checkpoint():
        mpsd.before("create_handle", lambda: seen.append(1), times=None)
        requests.post(HANDLES, **asked)
    requests.post(HANDLES, **asked)

    assert [1] == seen
