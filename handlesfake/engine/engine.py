"""Engine: takes a request through the stages and writes down what came of it."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from handlesfake.callsite.call_site import calling_line
from handlesfake.callsite.sender import Older, sender
from handlesfake.engine.delays import Delay, in_time, tells_to_wait
from handlesfake.engine.early_retries import TooEarly
from handlesfake.engine.exchange import SERVER, Exchange, Steps
from handlesfake.engine.passed_by import PassedBy
from handlesfake.engine.steps import ENDLESS, Patience, Step
from handlesfake.engine.unanswered import Misses
from handlesfake.errors import Unanswered
from handlesfake.exchange.entry import Entry
from handlesfake.exchange.entry_log import EntryLog
from handlesfake.exchange.outcome import (
    Answer,
    Call,
    ConnectionEnd,
    Decision,
    Duplicate,
    Fault,
    Final,
    Forward,
    NoAnswer,
    Outcome,
    Proceed,
    Stage,
)
from handlesfake.mpsd.http.message import MPSD_HOST, Request, Response
from handlesfake.mpsd.provenance import UNKNOWN, values_of, with_notes
from handlesfake.mpsd.ticks import TICKS_PER_SECOND
from handlesfake.timing.virtual_time import VirtualTime


class ConnectFailurePredictor(Protocol):
    """What knows beforehand who will fail to connect: the rules."""

    @property
    def may_fail_to_connect(self) -> bool:
        """Whether anybody ever does."""

    def fails_to_connect(self, call: Call) -> bool:
        """Whether the client of ``call`` does."""


class Engine:
    """Takes requests through ``stages``, the first of which is asked first; never performs I/O.

    One lock covers only the pure step, never a delay or a real call. So threads see the service act one request
    after the other.
    """

    def __init__(
        self,
        stages: Sequence[Stage],
        clock: VirtualTime,
        journal: EntryLog,
        name: str = "",
        hosts: Sequence[str] = (MPSD_HOST,),
    ) -> None:
        self.stages = tuple(stages)
        self.name = name
        """Who holds the double, for messages: a test's node id."""

        self.hosts = tuple(hosts)
        """What is MPSD here: ``host`` (any port) or ``host:port``, in lower case."""

        self.place = ""
        """Where the double was started, for messages: ``started in conftest.py:12``; empty where it is not known."""

        self.clock = clock
        self.journal = journal
        self.passed_by = PassedBy(journal)
        """What nearer doubles got while this one was active, too."""

        self.lock = threading.RLock()
        self.unanswered = Misses()
        """What nothing could answer, in order: the developer is told at the end of the test, too."""

        self.steps_before: tuple[Steps, ...] = ()
        """What a request goes through before the service acts, and before the lock is taken."""

        self.steps_after: tuple[Steps, ...] = ()
        """What it goes through once the service has acted, before the caller hears."""

        self.connect_failures: ConnectFailurePredictor | None = None
        """Which requests the stages will have fail as their clients connect; None where they never do."""

        self._sleepers = clock.sleepers
        self._too_early = TooEarly()
        self._older = Older()

    @property
    def stages(self) -> tuple[Stage, ...]:
        """What decides, the first of which is asked first."""
        return self._stages

    @stages.setter
    def stages(self, stages: Sequence[Stage]) -> None:
        self._stages = tuple(stages)
        proceed: Proceed = _no_stage
        for stage in reversed(self._stages):
            proceed = _leading_to(stage, proceed)
        self._proceed = proceed

    @property
    def locks(self) -> tuple[AbstractContextManager[Any], ...]:
        """What its threads may hold, in the order in which they take it: a fork must copy none of it held."""
        return self.lock, self.journal.lock, self._sleepers.lock, self.passed_by.lock

    @property
    def waited_really(self) -> float:
        """Real seconds that clients have waited because a ``Retry-After`` told them to."""
        return self._too_early.waited

    def arrive(self, request: Request, client: str, patience: Patience = ENDLESS) -> Exchange:
        """A request has reached the seam of ``client``; it is in flight from now on."""
        # a request of another process comes from no thread and no line of this one
        who, thread, straggler = self._older.sender() if client != SERVER else (sender(), "", False)
        line = calling_line(2) if client != SERVER else ""
        self.journal.request_started()
        self._sleepers.stir()
        return Exchange(request, client, thread, line, straggler, who, self.clock.ticks, patience)

    @property
    def may_fail_to_connect(self) -> bool:
        """Whether :meth:`fails_to_connect` has to be asked of each request as it is sent."""
        return self.connect_failures is not None and self.connect_failures.may_fail_to_connect

    def fails_to_connect(self, request: Request) -> bool:
        """Whether the client of ``request`` is to fail as it connects; nothing is decided or counted by asking."""
        return self.connect_failures is not None and self.connect_failures.fails_to_connect(
            Call(request, self.clock.ticks)
        )

    def before_decision(self, exchange: Exchange) -> Iterable[Step]:
        """What the request goes through before it is decided on."""
        return _steps(self.steps_before, exchange) if self.steps_before else ()

    def decide(self, exchange: Exchange) -> Decision:
        """Let the stages decide; an outcome that needs no real call is written down at once."""
        with self.lock:
            exchange.call = Call(exchange.request, self.clock.tick())
            if exchange.timed_out_by:
                return self._written(exchange, Fault(ConnectionEnd.TIMEOUT, exchange.timed_out_by))
            return self._written(exchange, self._proceed(exchange.call))

    def resume(self, exchange: Exchange, forward: Forward, response: Response) -> Decision:
        """Let the stages decide what happens to a real response."""
        with self.lock:
            return self._written(exchange, forward.then(response))

    def before_answer(self, exchange: Exchange, final: Final) -> Iterable[Step]:
        """What the request goes through once it is decided on, before the caller hears."""
        if not self.steps_after and (isinstance(final, NoAnswer) or not final.delay):
            return ()
        return self._late(exchange, final)

    def _late(self, exchange: Exchange, final: Final) -> Iterator[Step]:
        yield from _steps(self.steps_after, exchange)
        drips = isinstance(final, Answer) and final.drips and exchange.patience.real  # then it is sent drop by drop
        if isinstance(final, (Answer, Fault)) and final.delay and not drips:
            due = exchange.arrived + round(final.delay * TICKS_PER_SECOND)
            yield Delay(self._sleepers, due, final.delay if exchange.patience.real else None)

    def depart(self, exchange: Exchange, final: Final) -> None:
        """The outcome goes to the client."""
        self._sleepers.answered(exchange.sender, to_wait=tells_to_wait(final))
        self._end(exchange)

    def abandon(self, exchange: Exchange) -> None:
        """The client gave up before there was an outcome; a hold keeps the request no more. It counts once."""
        if exchange.has_ended:
            return
        if exchange.let_go is not None:
            exchange.let_go()
        self._end(exchange)

    def _end(self, exchange: Exchange) -> None:
        exchange.has_ended = True
        self._sleepers.stir()
        self.journal.request_finished()

    def _written(self, exchange: Exchange, outcome: Outcome) -> Decision:
        while isinstance(outcome, Duplicate):
            # the first delivery, and then the second, as a separate request
            first = self._written(exchange, outcome.first)
            if isinstance(first, Forward):
                return Forward(functools.partial(_twice, first.then, outcome.again))
            exchange.call = Call(exchange.request, self.clock.tick())
            outcome = outcome.again(exchange.call)
        if isinstance(outcome, Forward):
            return outcome
        if isinstance(outcome, NoAnswer):
            self.unanswered.append(outcome.error)
        elif outcome.delay:
            outcome = in_time(outcome, exchange.patience)
        lasted = self.clock.ticks - exchange.arrived
        made = functools.partial(_entry, exchange, outcome, lasted)
        if self._too_early.is_waiting:
            made = functools.partial(self._noted, made)
        self._too_early.answered(self.journal.append(made))
        return outcome

    def _noted(self, made: Callable[[int], Entry], number: int) -> Entry:
        entry = made(number)
        note = self._too_early.note(entry, is_skipping=self._sleepers.skips > 0)
        return with_notes(entry, note) if note else entry


def _steps(found: tuple[Steps, ...], exchange: Exchange) -> Iterator[Step]:
    for steps in found:
        step = steps(exchange)
        if step is not None:
            yield step


def _leading_to(stage: Stage, proceed: Proceed) -> Proceed:
    return lambda call: stage(call, proceed)


def _no_stage(call: Call) -> Outcome:
    return NoAnswer(Unanswered(f"no stage answers {call.request.method} {call.request.target}."))


def _twice(then: Callable[[Response], Outcome], again: Callable[[Call], Outcome], response: Response) -> Outcome:
    """What happens to the first of two real answers: the second is still to come."""
    return Duplicate(then(response), again)


def _entry(exchange: Exchange, final: Final, lasted: int, number: int) -> Entry:
    call = exchange.call
    if call is None:
        raise RuntimeError("decide() comes before any outcome")
    answer = final if isinstance(final, Answer) else final.answer if isinstance(final, Fault) else None
    delay, decided_by = (0.0, "nobody") if isinstance(final, NoAnswer) else (final.delay, final.decided_by)
    known = answer.provenance if answer else UNKNOWN
    if exchange.notes:
        known = with_notes(known, *exchange.notes, first=True)
    return Entry(
        *values_of(known),
        number=number,
        ticks=call.now,
        operation=call.operation,
        request=exchange.request,
        response=answer.response if answer else None,
        decided_by=decided_by,
        original=answer.original if answer else None,
        fault=final.word if isinstance(final, Fault) else None,
        client=exchange.client,
        thread=exchange.thread,
        source=exchange.source,
        # a plain answer moves the clock on by one tick
        duration=max(delay, round(lasted / TICKS_PER_SECOND, 3)) if lasted > 1 else delay,
        straggler=exchange.straggler,
    )
