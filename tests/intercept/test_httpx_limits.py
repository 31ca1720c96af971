"""The limits of httpx and httpx2: beside a double, a pool opens as many connections as beside a server, and no more."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import httpx
import httpx2
import pytest
import trio
import trio.testing

import handlesfake
from handlesfake.errors import Escaped
from handlesfake.exchange.outcome import ConnectionEnd, Fault
from handlesfake.intercept.clients.httpx_pool import Connections
from handlesfake.intercept.registry import registry
from tests.intercept.loopback import Loopback
from tests.intercept.stub import CREATED, URL, Stub
from tests.patience import PATIENCE

SOON = 0.01
"""Seconds after which a pool has given up for certain: all of its connections are open until the test goes on."""

Start = Callable[..., Stub]
Scene = Callable[..., Awaitable[Any]]


class Sync:
    """The sync side of a client, with the words of the async one."""

    def __init__(self, client: ModuleType, **options: Any) -> None:
        self._client = client.Client(**options)

    async def __aenter__(self) -> Sync:
        return self

    async def __aexit__(self, *_: object) -> None:
        self._client.close()

    async def begin(self, url: str, headers: Any = None) -> Any:
        """Send a request; nothing of the body of its answer is read."""
        return self._client.send(self._client.build_request("POST", url, headers=headers), stream=True)

    async def read(self, response: Any) -> None:
        """Read the body to its end."""
        response.read()

    async def end(self, response: Any) -> None:
        """Close an answer, read or not."""
        response.close()


class Async:
    """The async side, with the same words."""

    def __init__(self, client: ModuleType, **options: Any) -> None:
        self._client = client.AsyncClient(**options)

    async def __aenter__(self) -> Async:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.aclose()

    async def begin(self, url: str, headers: Any = None) -> Any:
        """Send a request; nothing of the body of its answer is read."""
        return await self._client.send(self._client.build_request("POST", url, headers=headers), stream=True)

    async def read(self, response: Any) -> None:
        """Read the body to its end."""
        await response.aread()

    async def end(self, response: Any) -> None:
        """Close an answer, read or not."""
        await response.aclose()


@dataclass(frozen=True)
class Road:
    """One way to send with ``client``."""

    client: ModuleType
    side: type[Sync | Async]
    run: Callable[..., Any]

    def opened(self, connections: int | None, pool: float | None = SOON, **options: Any) -> Sync | Async:
        """A client that may open so many connections, and how long a request waits for one."""
        limits, timeout = self.client.Limits(max_connections=connections), self.client.Timeout(PATIENCE, pool=pool)
        return self.side(self.client, **{"limits": limits, "timeout": timeout, "verify": False, **options})

    def transport(self, connections: int) -> Any:
        """A transport of the user's own, with limits."""
        kind = self.client.HTTPTransport if self.side is Sync else self.client.AsyncHTTPTransport
        return kind(verify=False, limits=self.client.Limits(max_connections=connections))


def _asyncio(scene: Scene) -> Any:
    async def main() -> Any:
        return await scene()

    return asyncio.run(main())


ROADS = {
    f"{client.__name__}-{name}": Road(client, side, run)
    for client in (httpx, httpx2)
    for name, side, run in (("sync", Sync, _asyncio), ("asyncio", Async, _asyncio), ("trio", Async, trio.run))
}


@pytest.fixture(params=ROADS.values(), ids=ROADS.keys())
def road(request: pytest.FixtureRequest) -> Road:
    """Each client, each way."""
    found: Road = request.param
    return found


@pytest.fixture(params=["double", "server"])
def url(request: pytest.FixtureRequest) -> str:
    """What answers: a double, and the real server that the double must not differ from."""
    if request.param == "double":
        request.getfixturevalue("double")
        return URL
    server: Loopback = request.getfixturevalue("server")
    return f"http://{server.authority}/handles"


def test_one_more_than_may_be_open_is_a_pool_timeout(road: Road, url: str) -> None:
    """A connection is open until its answer is closed, read or not."""

    async def scene() -> list[int]:
        async with road.opened(2) as session:
            first, second = await session.begin(url), await session.begin(url)
            with pytest.raises(road.client.PoolTimeout) as raised:
                await session.begin(url)
            assert ("", url) == (str(raised.value), str(raised.value.request.url))
            await session.end(second)
            third = await session.begin(url)
            with pytest.raises(road.client.PoolTimeout):
                await session.begin(url)
            await session.read(first)  # which closes it
            fourth = await session.begin(url)
            for response in (third, fourth):
                await session.end(response)
            return [response.status_code for response in (first, second, third, fourth)]

    assert 1 == len(set(road.run(scene)))


@pytest.mark.parametrize("place", ["transport", "mounts"])
def test_the_limits_are_those_of_the_transport(road: Road, url: str, place: str) -> None:
    """One that the user made, for the whole client or mounted, has its own."""
    scheme = url.partition(":")[0]
    transport = road.transport(1)
    options = {"transport": transport} if place == "transport" else {"mounts": {f"{scheme}://": transport}}

    async def scene() -> None:
        async with road.opened(5, **options) as session:
            first = await session.begin(url)
            with pytest.raises(road.client.PoolTimeout):
                await session.begin(url)
            await session.end(first)

    road.run(scene)


def test_a_pool_that_was_closed_begins_again_with_none(road: Road, url: str) -> None:
    """An answer that was still open as its client was closed takes no room from the next client of the transport."""

    async def scene() -> None:
        transport = road.transport(1)
        async with road.opened(1, transport=transport) as session:
            await session.begin(url)
        async with road.opened(1, transport=transport) as session:
            second = await session.begin(url)
            with pytest.raises(road.client.PoolTimeout):
                await session.begin(url)
            await session.end(second)

    road.run(scene)


def test_answers_that_are_read_leave_nothing_open(road: Road, url: str) -> None:
    """As many requests as one likes go one after the other through a single connection."""

    async def scene() -> None:
        async with road.opened(1) as session:
            for _ in range(3):
                response = await session.begin(url)
                await session.read(response)
                await session.end(response)  # twice is as good as once
            last = await session.begin(url)
            with pytest.raises(road.client.PoolTimeout):
                await session.begin(url)
            await session.end(last)

    road.run(scene)


def test_without_a_limit_any_number_is_open(road: Road, url: str) -> None:
    """``max_connections=None``."""

    async def scene() -> None:
        async with road.opened(None) as session:
            opened = [await session.begin(url) for _ in range(5)]
            for response in opened:
                await session.end(response)

    road.run(scene)


@pytest.mark.parametrize(
    "failing",
    [Fault(ConnectionEnd.REFUSED, "stub"), Fault(ConnectionEnd.RESET, "stub"), RuntimeError("the double failed")],
    ids=["refused", "reset", "error"],
)
def test_a_request_that_fails_leaves_nothing_open(start: Start, road: Road, failing: Any) -> None:
    """Whatever was raised instead of an answer."""
    start(failing, CREATED)

    async def scene() -> None:
        async with road.opened(1) as session:
            with pytest.raises((road.client.TransportError, RuntimeError)):
                await session.begin(URL)
            await session.end(await session.begin(URL))

    road.run(scene)


def test_a_body_that_breaks_off_leaves_nothing_open(start: Start, road: Road) -> None:
    """The client's own exception from the stream has closed the connection."""
    start(Fault(ConnectionEnd.CLOSE, "stub", sent=b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"), CREATED)

    async def scene() -> None:
        async with road.opened(1) as session:
            broken = await session.begin(URL)
            with pytest.raises(road.client.RemoteProtocolError):
                await session.read(broken)
            await session.end(await session.begin(URL))

    road.run(scene)


def test_what_the_client_cannot_send_leaves_nothing_open(double: Stub, road: Road) -> None:
    """A request that the client's own writer refuses."""

    async def scene() -> None:
        async with road.opened(1) as session:
            with pytest.raises(road.client.LocalProtocolError):
                await session.begin(URL, {"X A": "1"})
            await session.end(await session.begin(URL))

    road.run(scene)


# ---- requests that wait


Spawn = Callable[..., Any]


@asynccontextmanager
async def tasks() -> AsyncIterator[Spawn]:
    """Start tasks of the loop that runs, asyncio's or trio's, and wait for them at the end."""
    if trio.lowlevel.in_trio_run():
        async with trio.open_nursery() as nursery:
            yield nursery.start_soon
    else:
        async with asyncio.TaskGroup() as group:
            yield lambda function, *args: group.create_task(function(*args))


async def all_blocked() -> None:
    """Come back once all other tasks wait for something."""
    if trio.lowlevel.in_trio_run():
        await trio.testing.wait_all_tasks_blocked()
    else:
        for _ in range(50):  # turns of the loop: more than any request here takes to its wait
            await asyncio.sleep(0)


@pytest.fixture(params=[httpx, httpx2], ids=["httpx", "httpx2"])
def client(request: pytest.FixtureRequest) -> ModuleType:
    """Both, which have the same names."""
    found: ModuleType = request.param
    return found


@pytest.fixture(params=[_asyncio, trio.run], ids=["asyncio", "trio"])
def run(request: pytest.FixtureRequest) -> Callable[..., Any]:
    """Runs a scene in either loop."""
    found: Callable[..., Any] = request.param
    return found


def limited(client: ModuleType, connections: int, pool: float | None) -> dict[str, Any]:
    """The words for a client with so many connections, and how long a request waits for one."""
    return {
        "limits": client.Limits(max_connections=connections),
        "timeout": client.Timeout(PATIENCE, pool=pool),
    }


def test_three_held_requests_in_threads(client: ModuleType) -> None:
    """Two connections: the third request gives up, and nothing of it reaches the double."""
    with handlesfake.fake() as mpsd, client.Client(**limited(client, 2, SOON)) as session:
        headers = mpsd.user("host").headers
        with ThreadPoolExecutor(2) as pool, mpsd.hold("get_handle") as held:
            sent = [pool.submit(session.get, f"{URL}/1", headers=headers) for _ in range(2)]
            held.wait_for(2, PATIENCE)
            with pytest.raises(client.PoolTimeout):
                session.get(f"{URL}/1", headers=headers)
            held.release()
            got = [one.result(PATIENCE).status_code for one in sent]

        assert [404, 404] == got
        mpsd.assert_sent("get_handle", times=2)


def test_three_held_requests_in_tasks(client: ModuleType, run: Callable[..., Any]) -> None:
    """The same in an event loop."""
    got: list[Any] = []

    async def send(session: Any, headers: Any) -> None:
        got.append((await session.get(f"{URL}/1", headers=headers)).status_code)

    async def scene() -> None:
        with handlesfake.fake() as mpsd:
            headers = mpsd.user("host").headers
            async with client.AsyncClient(**limited(client, 2, SOON)) as session, tasks() as spawn:
                with mpsd.hold("get_handle") as held:
                    for _ in range(2):
                        spawn(send, session, headers)
                    await held.waiting_for(2, PATIENCE)
                    with pytest.raises(client.PoolTimeout):
                        await send(session, headers)
                    held.release()
            mpsd.assert_sent("get_handle", times=2)

    run(scene)

    assert [404, 404] == got


def test_requests_take_turns_in_threads(client: ModuleType, double: Stub) -> None:
    """Eight threads, two connections and patience: all are answered, never more than two at once."""
    with client.Client(**limited(client, 2, PATIENCE)) as session, ThreadPoolExecutor(8) as pool:
        got = [sent.content for sent in pool.map(lambda one: session.post(URL, content=str(one)), range(80))]

    assert [str(one).encode() for one in range(80)] == got
    assert 2 >= double.max_in_flight


def test_requests_take_turns_in_tasks(client: ModuleType, double: Stub, run: Callable[..., Any]) -> None:
    """A hundred tasks and three connections: all are answered in their order, three at once."""

    async def scene() -> None:
        async with client.AsyncClient(**limited(client, 3, PATIENCE)) as session, tasks() as spawn:
            for _ in range(100):
                spawn(session.post, URL)

    run(scene)

    assert (100, 3) == (len(double.departed), double.max_in_flight)


def test_a_request_that_is_cancelled_as_it_waits_takes_no_turn(
    client: ModuleType, double: Stub, run: Callable[..., Any]
) -> None:
    """The connection that it would have had is for the next."""
    scopes: list[Any] = []

    async def send_cancelled(session: Any) -> None:
        if trio.lowlevel.in_trio_run():
            with trio.CancelScope() as scope:
                scopes.append(scope)
                await session.post(URL)
        else:
            task = asyncio.current_task()
            scopes.append(task)
            await session.post(URL)

    async def scene() -> None:
        async with client.AsyncClient(**limited(client, 1, None)) as session:
            first = await session.send(session.build_request("POST", URL), stream=True)
            async with tasks() as spawn:
                spawn(send_cancelled, session)
                await all_blocked()
                spawn(session.post, URL)
                await all_blocked()
                assert 1 == len(double.requests)
                scopes[0].cancel()
                await first.aclose()

    run(scene)

    assert 2 == len(double.departed)


def test_no_request_waits_longer_than_its_double_answers(
    client: ModuleType, start: Start, run: Callable[..., Any]
) -> None:
    """One that would wait without end, for an answer that is never closed, gets an error that the double has stopped."""
    double = start()
    told: list[str] = []

    async def send(session: Any) -> None:
        with pytest.raises(client.PoolTimeout) as raised:
            await session.post(URL)
        told.append(str(raised.value))

    async def scene() -> None:
        async with client.AsyncClient(**limited(client, 1, None)) as session:
            await session.send(session.build_request("POST", URL), stream=True)
            async with tasks() as spawn:
                spawn(send, session)
                await all_blocked()
                registry.stop(double)

    run(scene)

    assert ["the double stopped before a connection of the pool was free"] == told


def test_a_thread_waits_no_longer_than_its_double_answers(client: ModuleType, start: Start) -> None:
    """The same in a thread: whether it waits already, or would begin to."""
    double = start()
    with client.Client(**limited(client, 1, None)) as session, ThreadPoolExecutor(1) as pool:
        session.send(session.build_request("POST", URL), stream=True)
        sent = pool.submit(session.post, URL)
        registry.stop(double)

        assert isinstance(sent.exception(PATIENCE), (client.PoolTimeout, Escaped))


def test_the_connections_of_a_pool() -> None:
    """The longest waiting task is next; one that has left is skipped, and gives back what it got meanwhile."""
    pool = Connections()
    opened = pool.take(1)
    turns = [pool.take(1) for _ in range(3)]

    assert opened is None
    assert [False, False, False] == [turn.is_open for turn in turns if turn is not None]

    first, second, third = (turn for turn in turns if turn is not None)

    assert not pool.has_come(first)

    pool.give_back()

    assert (True, False) == (second.is_open, third.is_open)
    assert pool.has_come(second)

    pool.give_back()
    pool.give_back()

    assert pool.has_come(third)
    assert pool.take(1) is None
