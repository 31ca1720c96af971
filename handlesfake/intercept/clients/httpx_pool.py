"""The connections of a transport of httpx: those that lead to a double count against its limits, as real ones do."""

from __future__ import annotations

import functools
import sys
import threading
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from types import ModuleType
from typing import Any

from handlesfake.engine.latch import Latch
from handlesfake.intercept import registry
from handlesfake.intercept.request_handler import RequestHandler

_KEPT = "_handlesfake_connections"
"""The attribute of a pool that holds its :class:`Connections`: they live as long as it does."""


class Connections:
    """The connections of one pool that lead to doubles, each from its request until its answer is closed.

    What the pool keeps alive does not count: it closes an idle connection whenever it needs another.

    :param of: the pool's own list, which the pool replaces by an empty one when it is closed.
    """

    def __init__(self, of: Any = None) -> None:
        self.of = of
        self._next: Connections | None = None
        self._lock = threading.Lock()
        self._open = 0
        self._waiting: deque[Latch] = deque()

    def since(self, of: Any) -> Connections:
        """Those of the pool since it was closed, which begins again with none; these, where it was not."""
        if of is self.of:
            return self
        with self._lock:
            if self._next is None or self._next.of is not of:
                self._next = Connections(of)
            return self._next

    def take(self, limit: int) -> Latch | None:
        """Open one of at most ``limit``; where all are open, what opens when it is this request's turn."""
        with self._lock:
            if self._open < limit:
                self._open += 1
                return None
            turn = Latch()
            self._waiting.append(turn)
            return turn

    def give_back(self) -> None:
        """Close one; the request that has waited longest has the next."""
        with self._lock:
            if not self._waiting:
                self._open -= 1
                return
            turn = self._waiting.popleft()
        turn.open()

    def has_come(self, turn: Latch) -> bool:
        """Whether one was given to the request that waited for ``turn``; it waits no longer in any case."""
        with self._lock:
            if turn in self._waiting:
                self._waiting.remove(turn)
                return False
        return True


class Connection:
    """One connection; of a pool without a limit, or a transport without a pool, one that counts for nothing."""

    __slots__ = ("_among",)

    def __init__(self, among: Connections | None) -> None:
        self._among = among

    def close(self) -> None:
        """Make room for another; closing it again does nothing."""
        among, self._among = self._among, None
        if among is not None:
            among.give_back()

    def until_closed(self, client: ModuleType, response: Any) -> Any:
        """``response``, whose stream closes the connection with itself.

        :param client: the module httpx or httpx2.
        """
        if self._among is not None:
            response.stream = _held_stream(client)(response.stream, self)
        return response


_UNCOUNTED = Connection(None)


def connect(client: ModuleType, transport: Any, request: Any, double: RequestHandler) -> Connection:
    """A connection for ``request``, from a thread; the pool's timeout of the request bounds the wait.

    :raises httpx.PoolTimeout: no connection was closed in time, or ``double`` stopped meanwhile.
    """
    __tracebackhide__ = True
    among, turn = _asked(transport)
    if among is None:
        return _UNCOUNTED
    if turn is not None:
        end = registry.registry.end_of(double)
        end.on_open(turn.open)
        try:
            turn.wait(_patience(request))
        except BaseException:
            _leave(among, turn)
            raise
        finally:
            end.forget(turn.open)
        _demand(client, request, among, turn)
    return Connection(among)


async def connect_async(client: ModuleType, transport: Any, request: Any, double: RequestHandler) -> Connection:
    """The same from a task of asyncio or trio."""
    __tracebackhide__ = True
    among, turn = _asked(transport)
    if among is None:
        return _UNCOUNTED
    if turn is not None:
        end = registry.registry.end_of(double)
        end.on_open(turn.open)
        try:
            await turn.wait_async(_patience(request))
        except BaseException:
            _leave(among, turn)
            raise
        finally:
            end.forget(turn.open)
        _demand(client, request, among, turn)
    return Connection(among)


def _asked(transport: Any) -> tuple[Connections | None, Latch | None]:
    """The connections of ``transport``, None where they need no counting; and what to wait for, if for anything."""
    pool = getattr(transport, "_pool", None)
    limit = getattr(pool, "_max_connections", sys.maxsize)
    if limit == sys.maxsize:  # no limit
        return None, None
    kept = vars(pool)
    own = kept.get("_connections", kept.get("_pool"))  # as httpcore calls them, and called them before its version 1
    among = (kept.get(_KEPT) or kept.setdefault(_KEPT, Connections(own))).since(own)
    kept[_KEPT] = among
    return among, among.take(limit)


def _patience(request: Any) -> float | None:
    seconds: float | None = request.extensions.get("timeout", {}).get("pool")
    return seconds


def _leave(among: Connections, turn: Latch) -> None:
    """The request is cancelled as it waits: a connection that it was given meanwhile goes to the next."""
    if among.has_come(turn):
        among.give_back()


def _demand(client: ModuleType, request: Any, among: Connections, turn: Latch) -> None:
    __tracebackhide__ = True
    if not among.has_come(turn):
        ended = "the double stopped before a connection of the pool was free" if turn.is_open else ""
        raise client.PoolTimeout(ended, request=request)


@functools.cache
def _held_stream(client: ModuleType) -> Callable[[Any, Connection], Any]:
    """The class of the client's streams that close a :class:`Connection`, for its sync and its async side."""

    def start(self: Any, stream: Any, connection: Connection) -> None:
        self._stream, self._connection = stream, connection

    def parts(self: Any) -> Iterator[bytes]:
        try:
            yield from self._stream
        except BaseException:
            self._connection.close()
            raise

    async def parts_async(self: Any) -> AsyncIterator[bytes]:
        try:
            async for part in self._stream:
                yield part
        except BaseException:
            self._connection.close()
            raise

    def close(self: Any) -> None:
        self._connection.close()

    async def close_async(self: Any) -> None:
        self._connection.close()

    methods = {
        "__init__": start,
        "__iter__": parts,
        "__aiter__": parts_async,
        "close": close,
        "aclose": close_async,
    }
    return type("HeldStream", (client.SyncByteStream, client.AsyncByteStream), methods)
