"""Config: what the connections of a server need to know beside what uvicorn tells them."""

from __future__ import annotations

from typing import Protocol

import uvicorn

from handlesfake.exchange.outcome import Answer
from handlesfake.mpsd.http.message import Request
from handlesfake.server.http.idle_timeouts import IdleTimeouts
from handlesfake.server.http.limits import ConnectionLimits
from handlesfake.server.http.socket_faults import Line


class Direct(Protocol):
    """An application that can be asked without ASGI in between."""

    def takes_plain(self, request: Request) -> bool:
        """Whether :meth:`answer` answers it."""

    async def answer(self, request: Request, line: Line) -> Answer | None:
        """The answer to ``request``, to be written at once; None when the line has failed, and is gone."""


class Config(uvicorn.Config):
    """uvicorn's, and what its connections need beside it."""

    direct: Direct | None
    limits: ConnectionLimits
    turns: IdleTimeouts

    def configure_logging(self) -> None:
        """Leave the logging of the process alone: it may be that of a test."""
