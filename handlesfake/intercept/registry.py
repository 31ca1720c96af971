"""The registry of active doubles, and what is true of every seam."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Protocol
from weakref import WeakKeyDictionary

from handlesfake.engine.latch import Latch
from handlesfake.engine.passed_by import PassedBy
from handlesfake.engine.steps import ENDLESS, Patience, Step
from handlesfake.errors import Escaped
from handlesfake.exchange.outcome import Answer, Decision, Fault, Final, Forward, NoAnswer
from handlesfake.mpsd.http.message import MPSD_HOST, Request, Response
from handlesfake.timing.sleepers import turn

Destination = tuple[str, "int | None"]
"""Host and port."""


class RequestHandler(Protocol):
    """What a seam needs of a double."""

    name: str
    """Who holds it: a test's node id, for messages."""

    hosts: tuple[str, ...]
    """What it takes for MPSD: ``host`` (any port) or ``host:port``, in lower case."""

    place: str
    """Where it was started, for messages."""

    passed_by: PassedBy
    """What nearer doubles got while it was active, too."""

    @property
    def may_fail_to_connect(self) -> bool:
        """Whether :meth:`fails_to_connect` has to be asked of each request as it is sent."""

    def fails_to_connect(self, request: Request) -> bool:
        """Whether the client of ``request`` is to fail as it connects; nothing is decided or counted by asking."""

    def arrive(self, request: Request, client: str, patience: Patience = ENDLESS) -> Any:
        """A request has reached the seam of ``client``; it is in flight from now on.

        :param patience: how long its sender waits.
        """

    def before_decision(self, exchange: Any) -> Iterable[Step]:
        """What the request goes through before it is decided on."""

    def before_answer(self, exchange: Any, final: Final) -> Iterable[Step]:
        """What the request goes through once it is decided on, before the caller hears."""

    def decide(self, exchange: Any) -> Decision:
        """Let the stages decide. Pure but for the double's own state; never performs I/O, never blocks for long."""

    def resume(self, exchange: Any, forward: Forward, response: Response) -> Decision:
        """Let the stages say what becomes of a real response."""

    def depart(self, exchange: Any, final: Final) -> None:
        """The seam hands the outcome to the client; the request is no longer in flight."""

    def abandon(self, exchange: Any) -> None:
        """The client gave up (cancelled, interrupted) before there was an outcome."""


class Registry:
    """The doubles that are active now, in the order of their start; the last started one is asked first.

    Doubles nest and interleave: they may stop in any order. Starting and stopping patches nothing.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.active: tuple[RequestHandler, ...] = ()
        """The doubles that are active now, the last started one last: another tuple after each start and stop."""

        self._last: str | None = None
        self._lifts = 0
        self.guarded_hosts: frozenset[str] = frozenset()
        """Hosts that are refused where no active double answers for them: the real MPSD and those of every double so
        far that are not on this machine, or all from the start with the guard on."""

        self._ends: WeakKeyDictionary[RequestHandler, Latch] = WeakKeyDictionary()
        self._others: WeakKeyDictionary[RequestHandler, dict[str, None]] = WeakKeyDictionary()
        self._numbers: Counter[str] = Counter()
        self.is_watched = False
        """Whether forks of the process mind its locks; what is registered for that stays for ever."""

        self.is_calling: ContextVar[bool] = ContextVar("handlesfake_calling_really", default=False)
        """True in a thread or task that makes a real call: its connections are real."""

        self.real_calls: list[None] = []
        """One item for each real call that is under way, in any thread or task."""

        self.failing_lookup: ContextVar[OSError | None] = ContextVar("handlesfake_failing_lookup", default=None)
        """What each look-up of a host by this thread is to raise."""

        self.forwarded_to: ContextVar[Destination | None] = ContextVar("handlesfake_forwarded", default=None)
        """Where a request leads that urllib3 is about to hand to a forwarding proxy."""

        self.escapes: list[Escaped] = []
        """What asked for MPSD while no double was active, or looked it up on a road that no seam covers."""

    def start(self, double: RequestHandler) -> None:
        """``double`` is asked from now on."""
        with self._lock:
            self.active = (*self.active, double)
            self._others.setdefault(double, {})
            self._ends[double] = Latch()
            # the real MPSD too, whatever else a double takes for it; nothing on this machine, where the next server
            # may get the port of the last
            self.guarded_hosts |= {MPSD_HOST, *(host for host in double.hosts if not _is_loopback(host))}

    def stop(self, double: RequestHandler) -> None:
        """``double`` is asked no more."""
        with self._lock:
            self.active = tuple(other for other in self.active if other is not double)
            self._last = double.name
            end = self._ends.get(double)
        if end is not None:
            end.open()

    def number_of(self, name: str) -> int:
        """How many doubles ``name`` has had by now, this new one counted: two of one test give different ids."""
        with self._lock:
            self._numbers[name] += 1
            return self._numbers[name]

    def begin_test(self, name: str) -> None:
        """The test ``name`` starts over: its doubles get the same numbers as on every run."""
        with self._lock:
            self._numbers.pop(name, None)

    def end_of(self, double: RequestHandler) -> Latch:
        """Opens when ``double`` stops: nobody hangs on longer than that."""
        return self._ends.get(double) or _ENDED

    @property
    def has_active(self) -> bool:
        """True while any double is active."""
        return bool(self.active)

    def is_active(self, double: RequestHandler) -> bool:
        """True from the start of ``double`` until it stops."""
        return any(other is double for other in self.active)

    def double_for(self, host: str, port: int | None) -> RequestHandler | None:
        """The double that answers for ``host``, or None when the request is nobody's business here.

        :raises Escaped: ``host`` is MPSD, and no active double takes it for that.
        """
        double = self.active_for(host, port)
        if double is not None:
            return double
        if self.guarded_hosts and not self._lifts and _names(self.guarded_hosts, host, port):
            raise self._escaped(host)
        for active in self.active:
            self._others[active][host if port in (None, 80, 443) else f"{host}:{port}"] = None
        return None

    def others(self, double: RequestHandler) -> list[str]:
        """The hosts that were asked for while ``double`` was active and are not MPSD, in order, each once."""
        return list(self._others.get(double, ()))

    def active_for(self, host: str, port: int | None) -> RequestHandler | None:
        """The active double that answers for ``host``; None when there is none, guarded or not."""
        for double in reversed(self.active):
            if _names(double.hosts, host, port):
                return double
        return None

    def pass_by(self, double: RequestHandler) -> None:
        """``double`` got a request: those that were started before it, and answer for the same hosts, did not."""
        active = self.active
        if len(active) < 2:
            return
        for other in active:
            if other is double:
                return
            if not {*other.hosts}.isdisjoint(double.hosts):
                other.passed_by.note(double.place)

    def guard_less(self, hosts: Iterable[str]) -> None:
        """From now on ``hosts`` may be asked where no double answers for them."""
        with self._lock:
            self.guarded_hosts -= {*hosts}

    def _escaped(self, host: str) -> Escaped:
        others = [double for double in self.active if double.hosts]
        error = Escaped(_elsewhere(host, others[-1]) if others else self._too_late(host))
        self.escapes.append(error)
        return error

    def _too_late(self, host: str) -> str:
        after = f"the double of {self._last} has stopped" if self._last else "no double has started yet"
        return (
            f"a request for {host} was refused: {after}, and no other is active.\n"
            f"{_way_out()}, or let real traffic through:\n"
            f"      {_REAL}"
        )

    @contextmanager
    def lifted(self) -> Iterator[None]:
        """Real traffic is allowed inside, also after doubles that start and stop meanwhile: no host is guarded."""
        self._lifts += 1
        try:
            yield
        finally:
            self._lifts -= 1


_REAL = 'pytest --mpsd-allow-real    or    @pytest.mark.mpsd(mode="real")'
_ENDED = Latch()
_ENDED.open()

registry = Registry()
"""The one registry: every seam consults it, and nothing else is global. Each seam imports it, so that it is there as
long as any of them: a module that is imported later may be dropped from ``sys.modules`` and imported anew."""


def _elsewhere(host: str, double: RequestHandler) -> str:
    hosts = ", ".join(double.hosts)
    return (
        f"a request for {host} was refused: the double of {double.name} answers for {hosts} alone.\n"
        f"  let it answer here too: mpsd_hosts in the ini file, or handlesfake.fake(hosts=({host!r}, ...)),\n"
        f"  or let real traffic through:    {_REAL}"
    )


def _way_out() -> str:
    thread = threading.current_thread()
    if thread is threading.main_thread():
        return "  give what runs now a double of its own: the fixture mpsd, @pytest.mark.mpsd, handlesfake.fake()"
    return (
        f"  sent from thread {thread.name!r}, which outlived the test that started it\n"
        "  end it in that test (close the client, join the thread)"
    )


def _is_loopback(host: str) -> bool:
    return host.startswith(("127.", "localhost", "[::1]", "::1"))


def _names(hosts: tuple[str, ...] | frozenset[str], host: str, port: int | None) -> bool:
    host = host.lower().rstrip(".")
    return host in hosts or (port is not None and f"{host}:{port}" in hosts)


def answer_request(
    double: RequestHandler,
    request: Request,
    client: str,
    call_really: Callable[[], Response],
    patience: Patience = ENDLESS,
) -> Answer | Fault:
    """Take ``request`` through ``double``, from a thread.

    :param call_really: makes the request on the real network; called for a ``Forward`` only.
    :param patience: how long the client waits for an answer.
    :raises Unanswered: nothing may answer.
    """
    __tracebackhide__ = True
    registry.pass_by(double)
    exchange = double.arrive(request, client, patience)
    try:
        for step in double.before_decision(exchange):
            step.take()
        outcome = double.decide(exchange)
        while isinstance(outcome, Forward):
            outcome = double.resume(exchange, outcome, call_really())
        for step in double.before_answer(exchange, outcome):
            step.take()
    except BaseException:
        double.abandon(exchange)
        raise
    double.depart(exchange, outcome)
    return _answered(outcome)


async def answer_async(
    double: RequestHandler,
    request: Request,
    client: str,
    call_really: Callable[[], Awaitable[Response]],
    patience: Patience = ENDLESS,
) -> Answer | Fault:
    """Take ``request`` through ``double``, from a task of asyncio or trio.

    The loop turns once before the service acts: otherwise a hundred tasks would show one request in flight, and
    the races that production has could not happen in a test.
    """
    __tracebackhide__ = True
    registry.pass_by(double)
    exchange = double.arrive(request, client, patience)
    try:
        await turn()
        for step in double.before_decision(exchange):
            await step.take_async()
        outcome = double.decide(exchange)
        while isinstance(outcome, Forward):
            outcome = double.resume(exchange, outcome, await call_really())
        for step in double.before_answer(exchange, outcome):
            await step.take_async()
    except BaseException:
        double.abandon(exchange)
        raise
    double.depart(exchange, outcome)
    return _answered(outcome)


def _answered(outcome: Final) -> Answer | Fault:
    __tracebackhide__ = True
    if isinstance(outcome, NoAnswer):
        raise outcome.error
    return outcome
