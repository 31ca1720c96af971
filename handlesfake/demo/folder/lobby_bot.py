"""A lobby bot: opens a lobby, shows it as its activity, invites its party, and leaves."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import requests

MPSD = "https://sessiondirectory.xboxlive.com"
JOIN = {"members": {"me": {"properties": {"system": {"active": True}}}}}
LEAVE = {"members": {"me": None}}


class LobbyBot:
    """One player's side of MPSD."""

    def __init__(
        self,
        headers: dict[str, str],
        url: str = MPSD,
        verify: bool | str = True,
        sleep: Callable[[float], Any] = time.sleep,
    ) -> None:
        self.http = requests.Session()
        self.http.headers.update(headers)
        self.url = url
        self.verify = verify
        self.sleep = sleep

    def open(self, ref: dict[str, str]) -> None:
        """Create the lobby, with the bot active in it, and show it as the bot's activity."""
        self._call("PUT", _path(ref), JOIN)
        self._call("POST", "/handles", {"type": "activity", "version": 1, "sessionRef": ref})

    def invite(self, ref: dict[str, str], *xuids: str) -> list[str]:
        """Invite each of `xuids`, and return the ids of the invite handles."""
        return [self._call("POST", "/handles", _invite(ref, xuid))["id"] for xuid in xuids]

    def join(self, handle_id: str) -> None:
        """Accept an invite: join the session that its handle points to."""
        self._call("PUT", f"/handles/{handle_id}/session", JOIN)

    def leave(self, ref: dict[str, str]) -> None:
        """Leave the lobby."""
        self._call("PUT", _path(ref), LEAVE)

    def _call(self, method: str, path: str, body: dict[str, Any]) -> Any:
        answer = self._send(method, path, body)
        if answer.status_code == 429:
            self.sleep(int(answer.headers["Retry-After"]))
            answer = self._send(method, path, body)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def _send(self, method: str, path: str, body: dict[str, Any]) -> requests.Response:
        return self.http.request(method, self.url + path, json=body, verify=self.verify, timeout=30)


def _path(ref: dict[str, str]) -> str:
    return f"/serviceconfigs/{ref['scid']}/sessionTemplates/{ref['templateName']}/sessions/{ref['name']}"


def _invite(ref: dict[str, str], xuid: str) -> dict[str, Any]:
    return {
        "type": "invite",
        "version": 1,
        "sessionRef": ref,
        "invitedXuid": xuid,
        "inviteAttributes": {"titleId": "1234567890"},
    }
