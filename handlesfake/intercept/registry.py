"""The registry of active doubles, and what is true of every seam."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from weakref import WeakKeyDictionary

from handlesfake.engine.latch import Latch
from handlesfake.engine.passed_by import Nearer
from handlesfake.errors import Escaped
from handlesfake.intercept import contexts, refusing
from handlesfake.intercept.inheritance import tell
from handlesfake.intercept.request_handler import RequestHandler
from handlesfake.mpsd.http.message import MPSD_HOST

Destination = tuple[str, "int | None"]
"""Host and port."""


class Registry:
    """The doubles that are active now, in the order of their start; the last started one is asked first.

    Doubles nest and interleave: they may stop in any order. Starting and stopping patches nothing. One that is
    isolated is found by its context, and asked nowhere else.
    """

    def __init__(self, tell_children: Callable[[frozenset[str]], None] = lambda _: None) -> None:
        self._tell_children = tell_children
        self._lock = threading.Lock()
        self.active: tuple[RequestHandler, ...] = ()
        """The doubles that are active now, the last started one last: another tuple after each start and stop."""

        self._starts: tuple[contexts.Start[RequestHandler], ...] = ()
        """Where each of them was started, in the same order."""

        self.has_isolated = False
        """Whether any of them is isolated: then the context of a request says which of them it is for."""

        self.overlaps = refusing.Overlaps()
        """Which overlaps of doubles were reported already."""

        self._last: str | None = None
        self._lifts = 0
        self._guarded_hosts: frozenset[str] = frozenset()
        self.is_a_child = False
        """Whether hosts are guarded because the process that started this one guards them."""

        self._ends: WeakKeyDictionary[RequestHandler, Latch] = WeakKeyDictionary()
        self._others: WeakKeyDictionary[RequestHandler, dict[str, None]] = WeakKeyDictionary()
        self._numbers: Counter[str] = Counter()
        self.is_watched = False
        """Whether forks of the process handle its locks; what is registered for that stays."""

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

    @property
    def guarded_hosts(self) -> frozenset[str]:
        """Hosts that are refused where no active double answers for them; child processes inherit them.

        They are the real MPSD and the hosts of every double so far, except those on this machine; with the guard on,
        from the start.
        """
        return self._guarded_hosts

    @guarded_hosts.setter
    def guarded_hosts(self, hosts: frozenset[str]) -> None:
        self._guarded_hosts = hosts
        self._tell_children(frozenset() if self._lifts else hosts)

    def start(self, double: RequestHandler, *, isolated: bool = False) -> None:
        """``double`` is asked from now on.

        :param isolated: only in this context and in those that are copied from it.
        :raises OverlappingDoublesWarning: a filter makes it an error; nothing was started.
        """
        start = contexts.Start(double, isolated=isolated)
        with self._lock:
            overlapping = self._overlapping(start)
            self._starts = (*self._starts, start)
            self.has_isolated = self.has_isolated or isolated
            self.active = (*self.active, double)
            self._others.setdefault(double, {})
            self._ends[double] = Latch()
            # also the real MPSD, whatever else a double answers for. Nothing on this machine, where the next server
            # may get the port of the last
            self.guarded_hosts |= {MPSD_HOST, *(host for host in double.hosts if not _is_loopback(host))}
        contexts.enter(start)
        if overlapping is not None:
            try:
                self.overlaps.warn(overlapping, double)
            except BaseException:
                self.stop(double)
                raise

    def _overlapping(self, start: contexts.Start[RequestHandler]) -> RequestHandler | None:
        """The newest active double that another living thread or task has started, and whose requests it takes."""
        if start.isolated or start.double is None:
            return None
        own = contexts.chain()
        for other in reversed(self._starts):
            double = other.double
            if double is None or other.isolated or other in own or {*double.hosts}.isdisjoint(start.double.hosts):
                continue
            if other.is_elsewhere:
                return double
        return None

    def stop(self, double: RequestHandler) -> None:
        """``double`` is asked no more."""
        with self._lock:
            self.active = tuple(other for other in self.active if other is not double)
            for start in self._starts:
                if start.double is double:
                    start.double = None
            self._starts = tuple(start for start in self._starts if start.double is not None)
            self.has_isolated = any(start.isolated for start in self._starts)
            self._last = double.name
            end = self._ends.get(double)
        contexts.leave()
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
        """Opens when ``double`` stops: no request hangs longer than that."""
        return self._ends.get(double) or _ENDED

    @property
    def has_active(self) -> bool:
        """True while any double is active."""
        return bool(self.active)

    def is_active(self, double: RequestHandler) -> bool:
        """True from the start of ``double`` until it stops."""
        return any(other is double for other in self.active)

    def double_for(self, host: str, port: int | None) -> RequestHandler | None:
        """The double that answers for ``host``, or None when the request is not for a double.

        :raises Escaped: ``host`` is MPSD, and no active double takes it for that.
        """
        double = self.active_for(host, port)
        if double is not None:
            return double
        if self.guarded_hosts and not self._lifts and self._is_guarded(host, port):
            raise self._escaped(host, port)
        for active in self.active:
            self._others[active][host if port in (None, 80, 443) else f"{host}:{port}"] = None
        return None

    def others(self, double: RequestHandler) -> list[str]:
        """The hosts that were asked for while ``double`` was active and are not MPSD, in order, each once."""
        return list(self._others.get(double, ()))

    def active_for(self, host: str, port: int | None) -> RequestHandler | None:
        """The active double that answers for ``host``; None when there is none, guarded or not."""
        for double in reversed(self._visible()):
            if _names(double.hosts, host, port):
                return double
        return None

    def _visible(self) -> tuple[RequestHandler, ...]:
        """The active doubles that may answer this thread or task, the one that is asked first last.

        In the context of an isolated double these are last: itself, and what was started there later.
        """
        if not self.has_isolated:
            return self.active
        own = contexts.chain()
        if not any(start.isolated for start in own):
            own = contexts.around(self._starts)
        others = [start for start in self._starts if not start.isolated and start not in own]
        return tuple(start.double for start in (*others, *own) if start.double is not None)

    def _isolated(self) -> list[RequestHandler]:
        return [start.double for start in self._starts if start.isolated and start.double is not None]

    def leads_to(self, double: RequestHandler, host: str, port: int | None) -> bool:
        """Whether a connection to ``host`` that was led to ``double`` still does.

        It is asked in any context. Where isolated doubles are active, the next request on it says which it is for.
        """
        return self.is_active(double) if self.has_isolated else self.active_for(host, port) is double

    def _is_guarded(self, host: str, port: int | None) -> bool:
        """Whether ``host`` is refused where no double answers: never the real thing outside of an isolated double."""
        return _names(self.guarded_hosts, host, port) or any(
            _names(double.hosts, host, port) for double in self._isolated()
        )

    def pass_by(self, double: RequestHandler) -> None:
        """``double`` got a request: those that were started before it, and answer for the same hosts, did not."""
        if len(self.active) < 2:
            return
        visible = self._visible()
        if self.has_isolated and double not in visible:  # a server answers for it, in a separate context
            return
        nearer = Nearer(double.place, is_isolated=double in self._isolated())
        for other in visible:
            if other is double:
                return
            if not {*other.hosts}.isdisjoint(double.hosts):
                other.passed_by.note(nearer)

    def guard_less(self, hosts: Sequence[str]) -> None:
        """From now on ``hosts`` may be asked where no double answers for them."""
        if hosts:
            with self._lock:
                self.guarded_hosts -= {*hosts}

    def _escaped(self, host: str, port: int | None) -> Escaped:
        isolated = [double for double in self._isolated() if _names(double.hosts, host, port)]
        others = [double for double in self._visible() if double.hosts]
        if isolated:
            error = Escaped(refusing.outside(host, isolated))
        elif others:
            error = Escaped(refusing.of_another_host(host, others[-1]))
        else:
            is_first = self.is_a_child and not self._last
            error = Escaped(refusing.in_a_child(host) if is_first else refusing.too_late(host, self._last))
        self.escapes.append(error)
        return error

    @contextmanager
    def lifted(self) -> Iterator[None]:
        """Real traffic is allowed inside, also after doubles that start and stop meanwhile: no host is guarded."""
        self._lift(1)
        try:
            yield
        finally:
            self._lift(-1)

    def _lift(self, by: int) -> None:
        self._lifts += by
        self._tell_children(frozenset() if self._lifts else self._guarded_hosts)


_ENDED = Latch()
_ENDED.open()

registry = Registry(tell)
"""The one registry: every seam consults it, and nothing else is global. Each seam imports it, so that it exists as
long as any of them. A module that is imported later may be dropped from ``sys.modules`` and imported again."""


def _is_loopback(host: str) -> bool:
    return host.startswith(("127.", "localhost", "[::1]", "::1"))


def _names(hosts: tuple[str, ...] | frozenset[str], host: str, port: int | None) -> bool:
    host = host.lower().rstrip(".")
    return host in hosts or (port is not None and f"{host}:{port}" in hosts)
