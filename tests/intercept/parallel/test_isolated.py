"""``isolated=True``: a double that answers where it was started, and nowhere else."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import http.client
import re
import socket
import threading
import unittest
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import aiohttp
import httpx
import pytest
import requests
import trio

import handlesfake
from handlesfake import Double, Escaped
from handlesfake.intercept.registry import registry
from handlesfake.mpsd.http.message import MPSD_HOST
from handlesfake.options.options import Options
from tests.patience import PATIENCE

URL = f"https://{MPSD_HOST}/handles/1"
ROUNDS = 3
HERE = re.compile(r"started in \S*test_isolated\.py:\d+")


def ask() -> int:
    """One request for MPSD, from this thread."""
    return requests.get(URL, timeout=PATIENCE).status_code


async def ask_async(client: httpx.AsyncClient) -> int:
    """One request, from this task."""
    return (await client.get(URL)).status_code


def in_thread(function: Callable[[], Any]) -> Any:
    """What ``function`` gives in a new thread, which knows nothing about this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(contextvars.Context().run, function).result(PATIENCE)


# ---- where it answers


def test_threads_have_a_double_each() -> None:
    """Three threads at once, each with its own double, and one session for all of them."""
    gate = threading.Barrier(3, timeout=PATIENCE)

    def work(session: requests.Session) -> tuple[int, int]:
        with handlesfake.fake(isolated=True) as mpsd:
            before = len(mpsd.journal)
            for _ in range(ROUNDS):
                gate.wait()
                session.get(URL, timeout=PATIENCE)
            gate.wait()
            return before, len(mpsd.journal)

    with requests.Session() as session, ThreadPoolExecutor(3) as pool:
        got = list(pool.map(work, [session] * 3))

    assert [(0, ROUNDS)] * 3 == got


@pytest.mark.parametrize("client", ["httpx", "aiohttp"])
def test_tasks_have_a_double_each(client: str) -> None:
    """The same in tasks of asyncio that share a client, whose connections are kept."""

    async def work(get: Callable[[], Any], turn: Any) -> int:
        async with handlesfake.fake(isolated=True) as mpsd:
            for _ in range(ROUNDS):
                await turn()
                await get()
            await turn()
            return len(mpsd.journal)

    async def with_httpx() -> list[int]:
        async with httpx.AsyncClient() as session:
            return await together(lambda: session.get(URL))

    async def with_aiohttp() -> list[int]:
        async def get() -> None:
            async with session.get(URL) as answer:
                await answer.read()

        async with aiohttp.ClientSession() as session:
            return await together(get)

    async def together(get: Callable[[], Any]) -> list[int]:
        return await asyncio.gather(*(work(get, lambda: asyncio.sleep(0)) for _ in range(3)))

    assert [ROUNDS] * 3 == asyncio.run(with_httpx() if client == "httpx" else with_aiohttp())


def test_tasks_of_trio_have_a_double_each() -> None:
    """The same in tasks of trio."""
    got: list[int] = []

    async def work(client: httpx.AsyncClient) -> None:
        with handlesfake.fake(isolated=True) as mpsd:
            for _ in range(ROUNDS):
                await trio.lowlevel.checkpoint()
                await ask_async(client)
            await trio.lowlevel.checkpoint()
            got.append(len(mpsd.journal))

    async def main() -> None:
        async with httpx.AsyncClient() as client, trio.open_nursery() as nursery:
            for _ in range(3):
                nursery.start_soon(work, client)

    trio.run(main)

    assert [ROUNDS] * 3 == got


def test_contexts_that_are_copied_from_its_own() -> None:
    """A child task, ``asyncio.to_thread()``, an executor that is given the context: each asks the double."""

    async def main() -> None:
        async with httpx.AsyncClient() as client:
            await asyncio.create_task(ask_async(client))
        await asyncio.to_thread(ask)
        context = contextvars.copy_context()
        await asyncio.get_running_loop().run_in_executor(None, context.run, ask)

    with handlesfake.fake(isolated=True) as mpsd:
        asyncio.run(main())
        thread = threading.Thread(target=contextvars.copy_context().run, args=(ask,))
        thread.start()
        thread.join(PATIENCE)

    assert 4 == len(mpsd.journal)


def test_threads_of_trio_have_the_context_of_their_task() -> None:
    """``trio.to_thread.run_sync()``."""
    with handlesfake.fake(isolated=True) as mpsd:
        trio.run(trio.to_thread.run_sync, ask)

    assert 1 == len(mpsd.journal)


def test_a_decorated_function_of_threads() -> None:
    """A call has a double, which is where the call is."""

    @handlesfake.fake(isolated=True)
    def work(number: int) -> int:
        gate.wait()
        return ask()

    gate = threading.Barrier(3, timeout=PATIENCE)
    with ThreadPoolExecutor(3) as pool:
        assert [400] * 3 == list(pool.map(work, range(3)))


class _Case(unittest.IsolatedAsyncioTestCase):
    """A case of unittest whose double is made before its loop runs the test."""

    def setUp(self) -> None:
        self.mpsd = handlesfake.fake(isolated=True).start()
        self.addCleanup(self.mpsd.stop)

    async def test_it(self) -> None:
        """The test asks."""
        async with httpx.AsyncClient() as client:
            await ask_async(client)
        self.mpsd.assert_sent("get_handle", times=1)


def test_an_async_case_of_unittest() -> None:
    """``setUp()`` and the test are of one context."""
    result = unittest.TestResult()
    _Case("test_it").run(result)

    assert (1, [], []) == (result.testsRun, result.errors, result.failures)


CASSETTE = f"""\
interactions:
- request: {{body: null, headers: {{}}, method: GET, uri: '{URL}'}}
  response:
    body: {{string: recorded}}
    headers: {{Content-Type: [text/plain]}}
    status: {{code: 200, message: OK}}
version: 1
"""


def test_threads_replay_one_cassette_each_from_its_beginning(tmp_path: Path) -> None:
    """``replay()`` takes the word, too: what was recorded once is played to each."""
    gate = threading.Barrier(3, timeout=PATIENCE)
    path = tmp_path / "lobby.yaml"
    path.write_text(CASSETTE)

    def work(number: int) -> str:
        with handlesfake.replay(path, isolated=True, repeats="error"):
            gate.wait()
            got = requests.get(URL, timeout=PATIENCE).text
            gate.wait()
            return f"{got} {number}"

    with ThreadPoolExecutor(3) as pool:
        assert ["recorded 0", "recorded 1", "recorded 2"] == list(pool.map(work, range(3)))


def test_its_server_answers_everybody() -> None:
    """Who asks for a port has found it: contexts do not cross a socket."""
    with handlesfake.fake(isolated=True) as mpsd, handlesfake.serve(mpsd) as server:
        status = in_thread(
            lambda: requests.get(f"{server.url}/handles/1", verify=str(server.ca_file), timeout=PATIENCE).status_code
        )

    assert (400, 1) == (status, len(mpsd.journal))


def test_a_loop_that_is_older_runs_in_its_thread() -> None:
    """``asyncio.Runner`` keeps the context it was made in, as a plugin's loop of wider scope does."""

    async def main() -> None:
        async with httpx.AsyncClient() as client:
            await ask_async(client)

    with asyncio.Runner() as runner:
        runner.get_loop()
        with handlesfake.fake(isolated=True) as outer:
            runner.run(main())
            with handlesfake.fake(isolated=True) as inner:
                runner.run(main())
                with handlesfake.fake() as plain:
                    runner.run(main())

    assert [1, 1, 1] == [len(double.journal) for double in (outer, inner, plain)]


def test_doubles_of_one_thread_that_do_not_nest_are_not_guessed() -> None:
    """Each was started in a separate context, and the request comes from neither."""
    doubles = [handlesfake.fake(isolated=True) for _ in range(2)]
    own = [contextvars.copy_context() for _ in doubles]
    for context, double in zip(own, doubles, strict=True):
        context.run(double.start)
    try:
        with pytest.raises(Escaped, match="was sent outside of them"):
            ask()
        own[0].run(ask)
        doubles[1].stop()
        ask()
    finally:
        for double in doubles:
            double.stop()

    assert [2, 0] == [len(double.journal) for double in doubles]


# ---- where it does not


def test_a_thread_outside_is_refused() -> None:
    """A bare thread has no context of the double: its request is refused, told with the way out, and counts for none."""
    with handlesfake.fake(isolated=True) as mpsd, pytest.raises(Escaped) as raised:
        in_thread(ask)

    first, isolated, sent, *ways = HERE.sub("started in conftest.py:12", str(raised.value)).splitlines()
    assert (
        f"a request for {MPSD_HOST} was refused: the double that is active is isolated, and it was sent outside of it."
        == first
    )
    assert "  isolated: handlesfake, started in conftest.py:12" == isolated
    assert re.fullmatch(r"  sent by thread '\S+', whose context does not come from there", sent)
    assert [
        "  send it from a task or asyncio.to_thread(); give a thread or executor the context of the test,",
        "      threading.Thread(target=contextvars.copy_context().run, args=(work,))",
        "  or make the double without isolated=True, for every thread and task of the process",
    ] == ways
    assert 0 == len(mpsd.journal)
    assert [raised.value] == registry.escapes[-1:]


def test_a_task_outside_is_refused() -> None:
    """A task that is older than the double, by its name; of several doubles the first few are named."""

    async def older(gate: asyncio.Event) -> str:
        await gate.wait()
        async with httpx.AsyncClient() as client:
            with pytest.raises(Escaped) as raised:
                await ask_async(client)
        return str(raised.value)

    async def main() -> str:
        gate = asyncio.Event()
        task = asyncio.create_task(older(gate), name="poller")
        doubles = [Double(Options.of(isolated=True, name=f"test_{number}")) for number in range(5)]
        for double in doubles:
            double.start()
        gate.set()
        try:
            return await task
        finally:
            for double in doubles:
                double.stop()

    first, isolated, sent, *_ = HERE.sub("conftest.py:12", asyncio.run(main())).splitlines()
    assert first.endswith("the doubles that are active are isolated, and it was sent outside of them.")
    assert "  isolated: test_0, conftest.py:12; test_1, conftest.py:12; test_2, conftest.py:12; 2 more" == isolated
    assert "  sent by task 'poller', whose context does not come from there" == sent


@pytest.mark.parametrize("host", ["mpsd.test", "127.0.0.1:9"])
def test_its_other_hosts_are_refused_outside_too(host: str) -> None:
    """Whatever it takes for MPSD, on this machine too, is nothing else as long as it is active."""
    with handlesfake.fake(isolated=True, hosts=host), pytest.raises(Escaped, match=f"a request for {host[:9]}"):
        in_thread(lambda: requests.get(f"http://{host}/handles/1", timeout=PATIENCE))


def test_a_look_up_outside_is_refused() -> None:
    """The net under the seams tells the same."""
    with handlesfake.fake(isolated=True), pytest.raises(Escaped, match="was sent outside of it"):
        in_thread(lambda: socket.getaddrinfo(MPSD_HOST, 443))


def test_another_double_answers_outside() -> None:
    """One that is not isolated answers all others, whichever was started first."""
    with handlesfake.fake() as early, handlesfake.fake(isolated=True) as apart:
        in_thread(ask)
        ask()
    with handlesfake.fake(isolated=True) as own:
        late = Double()
        in_thread(late.start)
        ask()
        in_thread(ask)
        in_thread(late.stop)

    assert [1, 1, 1, 1] == [len(mpsd.journal) for mpsd in (early, apart, own, late)]


def test_doubles_nest_in_its_context() -> None:
    """There the newest answers, isolated or not; what it does not take goes to those around it."""
    with handlesfake.fake(isolated=True) as outer:
        with handlesfake.fake() as inner:
            ask()
        with handlesfake.fake(isolated=True) as second, handlesfake.fake(isolated=True, hosts="mpsd.test") as third:
            ask()
            requests.get("http://mpsd.test/handles/1", timeout=PATIENCE)
        ask()

    assert [1, 1, 1, 1] == [len(mpsd.journal) for mpsd in (outer, inner, second, third)]


def test_a_kept_connection_leads_where_each_request_was_sent() -> None:
    """One connection, used inside and outside by turns: the double of the place answers."""
    connection = http.client.HTTPSConnection(MPSD_HOST, timeout=PATIENCE)

    def get() -> None:
        connection.request("GET", "/handles/1")
        connection.getresponse().read()

    with handlesfake.fake() as everywhere, handlesfake.fake(isolated=True) as apart:
        for _ in range(ROUNDS):
            get()
            in_thread(get)

    assert [ROUNDS, ROUNDS] == [len(mpsd.journal) for mpsd in (everywhere, apart)]


def test_once_it_has_stopped_its_context_is_as_any_other() -> None:
    """Its task is refused, or answered by the double that all others have; a double may be started again."""
    mpsd = handlesfake.fake(isolated=True)
    with mpsd:
        ask()
    with pytest.raises(Escaped, match="the double of handlesfake has stopped, and no other is active"):
        ask()
    with handlesfake.fake() as other:
        ask()
    with mpsd:
        ask()

    assert [2, 1] == [len(double.journal) for double in (mpsd, other)]


def test_it_may_be_stopped_elsewhere() -> None:
    """Started in one task and stopped in another, it answers neither any more."""
    mpsd = handlesfake.fake(isolated=True).start()
    in_thread(mpsd.stop)

    with pytest.raises(Escaped, match="has stopped, and no other is active"):
        ask()


# ---- what others hear of it


def test_isolated_doubles_pass_nothing_by() -> None:
    """A negative claim of one holds, whatever another one got that it would never have had."""
    with handlesfake.fake(isolated=True) as mpsd:

        def work() -> None:
            with handlesfake.fake(isolated=True) as other:
                ask()
                other.assert_sent("get_handle", times=1)

        in_thread(work)
        mpsd.assert_not_sent("get_handle")
        mpsd.assert_no_invites()


def test_a_double_around_it_was_passed_by() -> None:
    """One that all others have would have got the request: its negative claims are refused."""
    with handlesfake.fake() as outer:
        with handlesfake.fake(isolated=True):
            ask()
        with pytest.raises(AssertionError) as raised:
            outer.assert_no_invites()

    first, second, *_ = str(raised.value).splitlines()
    assert first.startswith(
        "assert_no_invites() cannot be claimed of this double alone: an isolated double, started in "
    )
    assert "  claim it of that double: an isolated one answers in its own context" == second


def test_one_that_was_started_later_was_passed_by_too() -> None:
    """What is said of it does not call the isolated one the last that was started."""
    later: list[handlesfake.Double] = []
    with handlesfake.fake(isolated=True), contextlib.ExitStack() as stack:
        in_thread(lambda: later.append(stack.enter_context(handlesfake.fake())))
        ask()
        with pytest.raises(AssertionError) as raised:
            later[0].assert_sent("get_handle")

    last = str(raised.value).splitlines()[-1]
    assert last.startswith("  an isolated double, started in ")
    assert last.endswith(", got 1 request meanwhile: an isolated one answers in its own context")


def test_what_it_may_be() -> None:
    """True or False, and nothing else."""
    with pytest.raises(handlesfake.SettingsError) as raised:
        handlesfake.fake(isolated="yes")

    assert "isolated='yes': write isolated=True or isolated=False." == str(raised.value)
