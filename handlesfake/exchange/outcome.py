"""What happens to a request: an answer, a fault, a real call, or nothing at all."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from functools import cached_property
from typing import Any, TypeAlias

from handlesfake.errors import Unanswered
from handlesfake.mpsd.http.body import type_of
from handlesfake.mpsd.http.message import Request, Response
from handlesfake.mpsd.operations import Route
from handlesfake.mpsd.provenance import UNKNOWN, Provenance
from handlesfake.services.table import document_in, route_of
from handlesfake.values.values import frozen


@frozen
class Answer:
    """A response, who decided it, and what was known when it was decided."""

    response: Response
    decided_by: str
    """``mpsd``, ``rule 'busy'``, ``cassette lobby.yaml #3``, ``real service``."""

    provenance: Provenance = UNKNOWN
    """What was known when it was decided."""

    delay: float = 0.0
    """Seconds between the arrival of the request and the end of the answer."""

    original: Response | None = None
    """What the service itself answered, where a rule let the caller hear something else."""

    drips: bool = False
    """The answer comes in :data:`PIECES` pieces, spread evenly over the delay; else whole, at its end."""


PIECES = 10
"""How many pieces an answer comes in that drips."""


class ConnectionEnd(Enum):
    """How a connection ends underneath an answer."""

    KEEP = "keep"
    """The connection stays open: an ordinary answer."""

    CLOSE = "close"
    """An orderly end (FIN) after the bytes that were sent."""

    RESET = "reset"
    """The connection is reset (RST) after the bytes that were sent."""

    TIMEOUT = "timeout"
    """Silence: nothing more comes, and the client's own read timeout ends the call, at once."""

    HANG = "hang"
    """Silence in real time: the client waits, until its own timeout, a cancellation, or the end of the double."""

    REFUSED = "refused"
    """No connection is made: no server listens."""

    DNS = "dns_failure"
    """No connection is made: the name has no address."""

    TLS = "tls_failure"
    """No connection is made: the certificate cannot be trusted."""

    @property
    def is_unconnected(self) -> bool:
        """Whether no connection was made: the client fails as it connects, and the service received nothing."""
        return self in _UNCONNECTED


_UNCONNECTED = frozenset({ConnectionEnd.REFUSED, ConnectionEnd.DNS, ConnectionEnd.TLS})

Corruption: TypeAlias = Callable[[bytes, bytes], bytes]
"""``(head, body)`` of an answer as it would cross the wire, to the bytes that do cross it."""


@frozen
class Fault:
    """The network fails: the caller gets at most ``sent`` bytes of an answer, then ``ending``."""

    ending: ConnectionEnd
    decided_by: str
    answer: Answer | None = None
    """What the service had answered before the network failed; ``None`` when it never acted."""

    sent: bytes = b""
    """Raw HTTP/1.1 bytes that still reach the client before the ending."""

    name: str = ""
    """What the fault is called, where the ending alone does not say it: ``truncated_body``."""

    wreck: Corruption | None = None
    """What makes ``sent`` of the answer, once the request's method has framed it."""

    delay: float = 0.0
    """Seconds between the arrival of the request and the ending."""

    @property
    def word(self) -> str:
        """How the journal calls it."""
        return self.name or self.ending.value


@frozen
class Forward:
    """The request is to be made for real; ``then`` decides what happens to the real response."""

    then: Callable[[Response], Outcome]


@frozen
class Duplicate:
    """The network delivered the request twice: after ``first``, the service answers again."""

    first: Outcome
    again: Callable[[Call], Outcome]


@frozen
class NoAnswer:
    """Nothing may answer: the developer is told, and the request is never sent."""

    error: Unanswered


Outcome: TypeAlias = Answer | Fault | Forward | NoAnswer | Duplicate
Final: TypeAlias = Answer | Fault | NoAnswer
Decision: TypeAlias = Answer | Fault | Forward | NoAnswer
"""What an engine gives a seam."""

Proceed: TypeAlias = Callable[["Call"], Outcome]
Stage: TypeAlias = Callable[["Call", Proceed], Outcome]


class Call:
    """A request on its way through the stages; what rules and cassettes ask of it is read at most once."""

    def __init__(self, request: Request, now: int) -> None:
        self.request = request
        self.now = now
        """100 ns ticks since 1970-01-01 UTC."""

    @property
    def route(self) -> Route:
        """Where the request leads."""
        return route_of(self.request)

    @property
    def operation(self) -> str:
        """The contract's word (``create_handle``); ``unrouted`` when MPSD has no such address."""
        return self.route.name

    @cached_property
    def document(self) -> Any:
        """The JSON body as MPSD reads it, or the fields of a form; None when there is none or it cannot be read."""
        return document_in(self.request)

    @property
    def type(self) -> str:
        """The ``type`` of a request about handles (``activity``), else empty."""
        return type_of(self.document)
