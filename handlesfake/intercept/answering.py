"""A request that a seam has met, taken through its double: from a thread, or from a task."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable
from typing import TypeAlias

from handlesfake.engine.steps import ENDLESS, Patience
from handlesfake.exchange.outcome import Answer, Fault, Final, Forward, NoAnswer
from handlesfake.intercept.registry import registry
from handlesfake.intercept.request_handler import RequestHandler
from handlesfake.mpsd.http.message import Request, Response
from handlesfake.timing.sleepers import turn

GiveUp: TypeAlias = Callable[[], None]
"""Gives a request up that is under way; does nothing once it has ended."""


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
    tell_arrived: Callable[[GiveUp], None] | None = None,
) -> Answer | Fault:
    """Take ``request`` through ``double``, from a task of asyncio or trio.

    :param tell_arrived: told how to give the request up at once. A client whose own task is another one needs it:
        cancelling this task takes until the loop turns.

    The loop turns once before the service acts. Otherwise a hundred tasks would show one request in flight, and the
    races of production could not happen in a test.
    """
    __tracebackhide__ = True
    registry.pass_by(double)
    exchange = double.arrive(request, client, patience)
    if tell_arrived is not None:
        tell_arrived(functools.partial(double.abandon, exchange))
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
