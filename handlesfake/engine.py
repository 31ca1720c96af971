"""Engine: takes a request through the stages and writes down what came of it."""

from __future__ import annotations

import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakSet

from handlesfake.clock import Clock
from handlesfake.errors import Unanswered
from handlesfake.journal import Entry, Journal
from handlesfake.mpsd.message import MPSD_HOST, Request, Response
from handlesfake.outcome import Answer, Call, Fault, Final, Forward, Nothing, Outcome, Proceed, Stage
from handlesfake.source import calling_line


@dataclass(slots=True, eq=False)
class Exchange:
    """A request under way: what is known before anything has decided."""

    request: Request
    client: str
    thread: str
    source: str
    straggler: bool
    call: Call | None = None


class Engine:
    """Takes requests through ``stages``, the first of which is asked first; never performs I/O.

    One lock covers the pure step only, never a delay or a real call, so that threads see the service act one
    request after the other.
    """

    def __init__(
        self, stages: Sequence[Stage], clock: Clock, journal: Journal, name: str = "", hosts: Sequence[str] = (MPSD_HOST,)
    ) -> None:
        self.stages = tuple(stages)
        self.name = name
        """Who holds the double, for messages: a test's node id."""

        self.hosts = tuple(hosts)
        """What is MPSD here: ``host`` (any port) or ``host:port``, in lower case."""

        self.clock = clock
        self.journal = journal
        self.lock = threading.RLock()
        self.unanswered: list[Unanswered] = []
        """What nothing could answer, in order: the developer is told at the end of the test, too."""

        self._older = _Older()

    def arrive(self, request: Request, client: str) -> Exchange:
        """A request has reached the seam of ``client``; it is in flight from now on."""
        thread, straggler = self._older.sender()
        self.journal.arrive()
        return Exchange(request, client, thread, calling_line(2), straggler)

    def decide(self, exchange: Exchange) -> Outcome:
        """Let the stages decide; an outcome that needs no real call is written down at once."""
        with self.lock:
            exchange.call = Call(exchange.request, self.clock.tick())
            return self._written(exchange, self._proceed(0)(exchange.call))

    def resume(self, exchange: Exchange, forward: Forward, response: Response) -> Outcome:
        """Let the stages say what becomes of a real response."""
        with self.lock:
            return self._written(exchange, forward.then(response))

    def depart(self, exchange: Exchange, final: Final) -> None:  # noqa: ARG002 - the protocol of the seams
        """The outcome goes to the client."""
        self.journal.depart()

    def abandon(self, exchange: Exchange) -> None:  # noqa: ARG002 - the protocol of the seams
        """The client gave up before there was an outcome."""
        self.journal.depart()

    def _proceed(self, place: int) -> Proceed:
        def proceed(call: Call) -> Outcome:
            if place < len(self.stages):
                return self.stages[place](call, self._proceed(place + 1))
            return Nothing(Unanswered(f"no stage answers {call.request.method} {call.request.target}."))

        return proceed

    def _written(self, exchange: Exchange, outcome: Outcome) -> Outcome:
        if isinstance(outcome, Forward):
            return outcome
        if isinstance(outcome, Nothing):
            self.unanswered.append(outcome.error)
        self.journal.append(lambda number: _entry(number, exchange, outcome))
        return outcome


def _entry(number: int, exchange: Exchange, final: Final) -> Entry:
    call = exchange.call
    assert call is not None, "because decide() comes before any outcome"
    answer = final if isinstance(final, Answer) else final.answer if isinstance(final, Fault) else None
    decided_by = "nobody" if isinstance(final, Nothing) else final.decided_by
    return Entry(
        number=number,
        ticks=call.now,
        operation=call.operation,
        type=call.type,
        request=exchange.request,
        document=call.document,
        response=answer.response if answer else None,
        decided_by=decided_by,
        evidence=answer.evidence if answer else None,
        caller=answer.caller if answer else None,
        refusal=answer.refusal if answer else None,
        assumptions=answer.assumptions if answer else (),
        notes=answer.notes if answer else (),
        created=answer.created if answer else None,
        delivered=answer.delivered if answer else None,
        fault=final.ending.value if isinstance(final, Fault) else None,
        client=exchange.client,
        thread=exchange.thread,
        source=exchange.source,
        straggler=exchange.straggler,
    )


class _Older:
    """Who was there before the double: a request of theirs may be a straggler of an earlier test."""

    def __init__(self) -> None:
        here = {threading.current_thread(), threading.main_thread()}
        # the objects, held weakly, and no numbers: a new thread may bear the number of one that has ended
        self._threads = WeakSet(set(threading.enumerate()) - here)
        self._tasks: WeakSet[Any] = WeakSet(_tasks() - {_task()})

    def sender(self) -> tuple[str, bool]:
        """The name of the present thread, and task if there is one, and whether it is older than the double."""
        thread, task = threading.current_thread(), _task()
        if task is None:
            return thread.name, thread in self._threads
        return f"{thread.name}, task {task.get_name()}", task in self._tasks or thread in self._threads


def _task() -> Any:
    """The asyncio task that is running in this thread, if any; asyncio is not imported for that."""
    asyncio = sys.modules.get("asyncio")
    return asyncio.current_task() if asyncio is not None and asyncio._get_running_loop() is not None else None


def _tasks() -> set[Any]:
    """All tasks of the loop that is running in this thread."""
    asyncio = sys.modules.get("asyncio")
    return set(asyncio.all_tasks()) if asyncio is not None and asyncio._get_running_loop() is not None else set()
