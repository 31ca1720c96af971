"""What becomes of a request: an answer, a fault, a real call, or nothing at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, TypeAlias, Union

from handlesfake.errors import Unanswered
from handlesfake.mpsd.assumption import Assumption
from handlesfake.mpsd.evidence import Evidence
from handlesfake.mpsd.message import Request, Response


@dataclass(frozen=True, slots=True)
class Answer:
    """A response, and who decided it."""

    response: Response
    decided_by: str
    """``mpsd``, ``rule 'busy'``, ``cassette lobby.yaml #3``, ``real service``."""

    evidence: Evidence | None = None
    assumptions: tuple[Assumption, ...] = ()
    refusal: str | None = None
    """The name of the refusal when the service said no: ``not_a_member`` ..."""

    facts: Mapping[str, Any] = field(default_factory=dict)
    """What the decision knew: who called, what was created, whom a refusal concerned."""


class Ending(Enum):
    """How a connection ends underneath an answer."""

    KEEP = "keep"
    """The connection stays open: an ordinary answer."""

    CLOSE = "close"
    """An orderly end (FIN) after the bytes that were sent."""

    RESET = "reset"
    """The connection is reset (RST) after the bytes that were sent."""

    TIMEOUT = "timeout"
    """Silence: nothing more comes, and the client's own read timeout ends the call, at once."""


@dataclass(frozen=True, slots=True)
class Fault:
    """The network fails: the caller gets at most ``sent`` bytes of an answer, then ``ending``."""

    ending: Ending
    decided_by: str
    answer: Answer | None = None
    """What the service had answered before the network failed; ``None`` when it never acted."""

    sent: bytes = b""
    """Raw HTTP/1.1 bytes that still reach the client before the ending."""


@dataclass(frozen=True, slots=True)
class Forward:
    """The request is to be made for real; ``then`` decides what becomes of the real response."""

    then: Callable[[Response], "Outcome"]


@dataclass(frozen=True, slots=True)
class Nothing:
    """Nothing may answer: the developer is told, and the request is never sent."""

    error: Unanswered


Outcome: TypeAlias = Union[Answer, Fault, Forward, Nothing]
Final: TypeAlias = Union[Answer, Fault, Nothing]
Proceed: TypeAlias = Callable[["Call"], Outcome]
Stage: TypeAlias = Callable[["Call", Proceed], Outcome]


@dataclass(frozen=True, slots=True)
class Call:
    """A request on its way through the stages, read once: the operation and the JSON body stand ready."""

    request: Request
    operation: str
    """The contract's word (``create_handle``); ``unrouted`` when MPSD has no such address."""

    kind: str
    """The ``type`` of a handle request (``activity``), else empty."""

    document: Any
    """The JSON body; ``None`` when there is none or it cannot be read."""

    now: int
    """100 ns ticks since 1970-01-01 UTC."""
