"""Asking: requests put to sign-in itself, without any client."""

from __future__ import annotations

import json
from itertools import count
from typing import Any
from urllib.parse import urlencode

from handlesfake.mpsd.choices import Choices
from handlesfake.mpsd.http.message import Headers, Request
from handlesfake.mpsd.service import Reply
from handlesfake.mpsd.settings import Settings
from handlesfake.mpsd.state.directory import Directory
from handlesfake.mpsd.state.identity import KnownUser
from handlesfake.services import sign_in

HOST, GUEST = "9000000000000001", "9000000000000002"
NOW = 17_676_936_000_000_000
DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code"


class Asking:
    """A world with a host and a guest, in which requests are put one after the other."""

    def __init__(self, settings: Settings | None = None, **choices: Any) -> None:
        self.settings = settings or Settings(choices=Choices(**choices))
        self.directory, self.now = Directory(users_named=True), NOW
        for xuid, role in ((HOST, "host"), (GUEST, "guest")):
            self.directory = self.directory.with_user(KnownUser(xuid, f"uhs-{xuid}", "1234567890", role))
        self._ids = count(1)

    def form(self, address: str, **fields: str) -> Reply:
        """What is answered to a form with ``fields``."""
        return self.put("POST", address, urlencode(fields).encode())

    def ask(self, address: str, body: Any) -> Reply:
        """What is answered to ``body`` as JSON."""
        return self.put("POST", address, json.dumps(body).encode())

    def put(self, method: str, address: str, body: bytes = b"", headers: Headers | None = None) -> Reply:
        """What is answered to a request; the world goes on from there."""
        host, _, path = address.partition("/")
        request = Request(method, f"/{path}", headers or Headers(), body, host)
        reply = sign_in.answer(self.directory, request, self.now, lambda: f"id-{next(self._ids):08}", self.settings)
        self.directory = reply.directory
        return reply

    # ---- the steps of a sign-in

    def device_code(self) -> Reply:
        """A new device code."""
        return self.form("login.live.com/oauth20_connect.srf", client_id="1", scope="s")

    def token(self, **fields: str) -> Reply:
        """Tokens of OAuth."""
        return self.form("login.live.com/oauth20_token.srf", client_id="1", **fields)

    def user_token(self, access: str) -> Reply:
        """A user token."""
        return self.ask("user.auth.xboxlive.com/user/authenticate", {"Properties": {"RpsTicket": f"t={access}"}})

    def xsts(self, user: str, party: str = "http://xboxlive.com") -> Reply:
        """A token for MPSD."""
        body = {"RelyingParty": party, "Properties": {"UserTokens": [user]}}
        return self.ask("xsts.auth.xboxlive.com/xsts/authorize", body)


def document(reply: Reply) -> Any:
    """The JSON of an answer."""
    return json.loads(reply.response.body)
