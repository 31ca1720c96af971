"""Asking: requests put to MPA itself, without any client."""

from __future__ import annotations

import json
from itertools import count
from typing import Any

from handlesfake.mpsd.choices import Choices
from handlesfake.mpsd.http.message import Headers, Request
from handlesfake.mpsd.service import Reply
from handlesfake.mpsd.settings import Settings
from handlesfake.mpsd.state.directory import Directory
from handlesfake.services import mpa
from handlesfake.services.table import MPA

HOST, GUEST, STRANGER = "9000000000000001", "9000000000000002", "9000000000000003"
TITLE = "1234567890"
NOW = 17_676_936_000_000_000


class Asking:
    """A world in which requests are put one after the other."""

    def __init__(self, settings: Settings | None = None, **choices: Any) -> None:
        self.settings = settings or Settings(choices=Choices(**choices))
        self.directory, self.now = Directory(), NOW
        self._ids = count(1)

    def ask(self, method: str, target: str, body: Any = None, by: str = HOST) -> Reply:
        """What is answered to a request with ``body`` as JSON."""
        raw = b"" if body is None else json.dumps(body).encode()
        return self.put(Request(method, target, Headers([("Authorization", f"XBL3.0 x={by};t")]), raw, MPA.hosts[0]))

    def put(self, request: Request) -> Reply:
        """What is answered to ``request``; the world goes on from there."""
        reply = mpa.answer(self.directory, request, self.now, lambda: f"id-{next(self._ids)}", self.settings)
        self.directory = reply.directory
        return reply

    @property
    def known(self) -> mpa.Known:
        """What MPA knows now."""
        return mpa.known_of(self.directory)


def activity_of(xuid: str, title_id: str = TITLE) -> str:
    """The address of an activity."""
    return f"/titles/{title_id}/users/{xuid}/activities"


def document(reply: Reply) -> Any:
    """The JSON of an answer."""
    return json.loads(reply.response.body)
