"""Town: a service with its clock and its state, that users of a test ask one request after the other."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from handlesfake.fake_service.ids import Ids
from handlesfake.mpsd.http.message import Headers, Request
from handlesfake.mpsd.service import Reply, answer
from handlesfake.mpsd.settings import DEFAULT_SCID, DEFAULT_TEMPLATE_NAME, Settings
from handlesfake.mpsd.state.directory import Directory
from handlesfake.mpsd.state.session import Session, SessionRef
from handlesfake.mpsd.ticks import TICKS_PER_SECOND

HOST, GUEST, FAR = "9000000000000001", "9000000000000002", "9000000000000003"
LOBBY = SessionRef(DEFAULT_SCID, DEFAULT_TEMPLATE_NAME, "lobby-1")
JOIN = {"members": {"me": {"properties": {"system": {"active": True}}}}}
LEAVE = {"members": {"me": None}}
ACTIVITY = {"type": "activity", "version": 1, "sessionRef": LOBBY.wire}


@dataclass
class Town:
    """Senders here are known by the xuid in the token, or by an unknown user hash."""

    settings: Settings = field(default_factory=Settings)
    directory: Directory = field(default_factory=Directory)
    now: int = 17_676_936_000_000_000
    ids: Ids = field(default_factory=lambda: Ids("town"))

    def send(self, method: str, target: str, body: Any = None, *, by: str = HOST, **headers: str) -> Reply:
        """The reply to one request; the town is afterwards as the request leaves it."""
        user_hash = f"uhs-{by}" if len(by) == 16 else by
        lines = [(name.replace("_", "-"), value) for name, value in headers.items()]
        lines += [("Authorization", f"XBL3.0 x={user_hash};token"), ("X-Xbl-Contract-Version", "107")]
        sent = b"" if body is None else json.dumps(body).encode()
        self.now += 1
        reply = answer(
            self.directory, Request(method, target, Headers(lines), sent), self.now, self.ids, self.settings
        )
        self.directory = reply.directory
        return reply

    def put(self, body: Any, *, by: str = HOST, ref: SessionRef = LOBBY, **headers: str) -> Reply:
        """A PUT to a session."""
        return self.send("PUT", ref.path, body, by=by, **headers)

    def get(self, *, by: str = HOST, ref: SessionRef = LOBBY) -> Reply:
        """A GET of a session."""
        return self.send("GET", ref.path, by=by)

    def activity(self, *, by: str = HOST) -> Reply:
        """An activity POST for the lobby."""
        return self.send("POST", "/handles", ACTIVITY, by=by)

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.now += int(seconds * TICKS_PER_SECOND)

    def session(self, ref: SessionRef = LOBBY) -> Session:
        """The session as it is stored."""
        return self.directory.sessions[ref.key]


def document(reply: Reply) -> dict[str, Any]:
    """The JSON object of an answer."""
    found: dict[str, Any] = json.loads(reply.response.body)
    return found
