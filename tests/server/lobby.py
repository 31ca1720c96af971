"""A lobby, arranged and used only by HTTP."""

from __future__ import annotations

from typing import Any

from tests.server.servers import REF, Remote

LOBBY: dict[str, Any] = {
    "users": [{"role": "host"}, {"role": "guest"}],
    "sessions": [{"name": "lobby-1", "members": ["host"]}],
}


def activity() -> dict[str, Any]:
    """The body of an activity."""
    return {"type": "activity", "version": 1, "sessionRef": REF}


def invite(xuid: str) -> dict[str, Any]:
    """The body of an invite."""
    return {
        "type": "invite",
        "version": 1,
        "sessionRef": REF,
        "invitedXuid": xuid,
        "inviteAttributes": {"titleId": "1"},
    }


def arranged(remote: Remote) -> tuple[dict[str, Any], dict[str, Any]]:
    """A host in lobby-1, and a guest."""
    host = remote.ask("POST", "/users", {"role": "host"}).json
    guest = remote.ask("POST", "/users", {"role": "guest"}).json
    remote.mpsd.session("lobby-1", members=[remote.mpsd.user("host")])
    return host, guest
