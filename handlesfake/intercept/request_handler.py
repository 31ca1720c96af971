"""RequestHandler: what a seam needs of a double."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

from handlesfake.engine.passed_by import PassedBy
from handlesfake.engine.steps import ENDLESS, Patience, Step
from handlesfake.exchange.outcome import Decision, Final, Forward
from handlesfake.mpsd.http.message import Request, Response


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
        """Let the stages decide.

        It changes only the double's own state, never performs I/O, and never blocks for long.
        """

    def resume(self, exchange: Any, forward: Forward, response: Response) -> Decision:
        """Let the stages decide what happens to a real response."""

    def depart(self, exchange: Any, final: Final) -> None:
        """The seam hands the outcome to the client; the request is no longer in flight."""

    def abandon(self, exchange: Any) -> None:
        """The client gave up (cancelled, interrupted) before there was an outcome; it counts once."""
