"""Exchange: a request under way, from its arrival at a seam to its outcome."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from handlesfake.engine.steps import ENDLESS, Patience, Step
from handlesfake.exchange.outcome import Call
from handlesfake.mpsd.http.message import Request
from handlesfake.values.values import mutable

SERVER = "server"
"""The client of each request that came over a socket, from whatever process."""


@mutable(eq=False)
class Exchange:
    """A request under way: what is known before anything has decided."""

    request: Request
    client: str
    thread: str
    source: str
    straggler: bool
    sender: Any
    arrived: int
    """When it arrived, in ticks: the clock may move on before anything decides."""

    patience: Patience = ENDLESS
    call: Call | None = None
    notes: tuple[str, ...] = ()
    timed_out_by: str = ""
    """The name of the hold that kept the request until its sender gave up; empty when there was none."""

    let_go: Callable[[], None] | None = None
    """What the hold that keeps it now does once its sender gives up; None where no hold keeps it."""

    has_ended: bool = False
    """Whether it is under way no more: its outcome has gone to the client, or the client has given it up."""


Steps: TypeAlias = "Callable[[Exchange], Step | None]"
"""What a request has to go through on its way; None for nothing."""
