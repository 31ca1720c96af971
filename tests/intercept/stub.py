"""A double that remembers what arrives and answers what it is told: the base of the tests of the seams."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from handlesfake.engine.passed_by import PassedBy
from handlesfake.engine.steps import ENDLESS, Patience, Step
from handlesfake.exchange.entry_log import EntryLog
from handlesfake.exchange.outcome import Answer, Decision, Fault, Final, Forward
from handlesfake.intercept.install import install
from handlesfake.intercept.registry import registry
from handlesfake.mpsd.http.message import MPSD_HOST, Headers, Request, Response

URL = f"https://{MPSD_HOST}/handles"

CREATED = Answer(Response(201, Headers([("Content-Type", "application/json")]), b'{"id":"h1"}'), "stub")


class Stub:
    """Answers each request with the next of ``outcomes``; the last one is repeated.

    An outcome may be an exception, which is raised, or a function of the request.
    """

    def __init__(self, *outcomes: Any, name: str = "a_test", hosts: tuple[str, ...] = (MPSD_HOST,)) -> None:
        self.name, self.hosts = name, hosts
        self.place, self.passed_by = "", PassedBy(EntryLog())
        self.requests: list[Request] = []
        self.clients: list[str] = []
        self.departed: list[Final] = []
        self.abandoned: list[Request] = []
        self.max_in_flight = 0
        self._outcomes = list(outcomes or [CREATED])
        self._in_flight = 0
        self._lock = threading.Lock()

    @property
    def bodies(self) -> list[bytes]:
        """The bodies of the requests, in the order of their arrival."""
        return [request.body for request in self.requests]

    def arrive(self, request: Request, client: str, patience: Patience = ENDLESS) -> Request:
        """Remember ``request``."""
        with self._lock:
            self.requests.append(request)
            self.clients.append(client)
            self._in_flight += 1
            self.max_in_flight = max(self.max_in_flight, self._in_flight)
        return request

    @property
    def may_fail_to_connect(self) -> bool:
        """Whether the next outcome is that no connection is made."""
        return isinstance(self._outcomes[0], Fault) and self._outcomes[0].ending.is_unconnected

    def fails_to_connect(self, request: Request) -> bool:
        """The same: each outcome is for whatever comes."""
        return self.may_fail_to_connect

    def before_decision(self, exchange: Request) -> tuple[Step, ...]:
        """There is nothing to wait for."""
        return ()

    def before_answer(self, exchange: Request, final: Final) -> tuple[Step, ...]:
        """There is nothing to wait for."""
        return ()

    def decide(self, exchange: Request) -> Decision:
        """Take the next outcome."""
        with self._lock:
            outcome: Any = self._outcomes.pop(0) if len(self._outcomes) > 1 else self._outcomes[0]
        if isinstance(outcome, BaseException):
            raise outcome
        decided: Decision = outcome(exchange) if callable(outcome) else outcome
        return decided

    def resume(self, exchange: Request, forward: Forward, response: Response) -> Decision:
        """Ask ``forward`` what happens to ``response``."""
        return forward.then(response)

    def depart(self, exchange: Request, final: Final) -> None:
        """Remember ``final``."""
        with self._lock:
            self._in_flight -= 1
            self.departed.append(final)

    def abandon(self, exchange: Request) -> None:
        """Remember that no client waits for the answer any more."""
        with self._lock:
            if any(exchange is one for one in self.abandoned):
                return
            self._in_flight -= 1
            self.abandoned.append(exchange)


@contextmanager
def active(*doubles: Stub) -> Iterator[Stub]:
    """Start ``doubles`` in their order, and leave the registry afterwards as it was before."""
    guarded, escapes = registry.guarded_hosts, list(registry.escapes)
    install()
    for double in doubles:
        registry.start(double)
    try:
        yield doubles[-1]
    finally:
        for double in doubles:
            registry.stop(double)
        registry.guarded_hosts = guarded
        registry.escapes[:] = escapes


def echo(request: Request) -> Answer:
    """Answer with the body that came."""
    return Answer(Response(200, Headers([("X-Target", request.target)]), request.body), "stub")


def forward_as(decided_by: str) -> Callable[[Request], Forward]:
    """Make the request for real, and answer with what came back."""
    return lambda request: Forward(lambda response: Answer(response, decided_by))
