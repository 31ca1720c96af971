"""The code under test that stays with vcrpy: who takes part, and what they ask of MPSD."""

from __future__ import annotations

import json
from typing import Any

from tests.cassettes.accounts import CREDENTIALS, GUEST_XUID
from tests.cassettes.conftest import SIGNATURE
from tests.transports import Client, Wire

SESSION = "/serviceconfigs/7e570100-1111-4222-8333-444455556666/sessionTemplates/FakeLobby/sessions/lobby-1"
REF = {"scid": "7e570100-1111-4222-8333-444455556666", "templateName": "FakeLobby", "name": "lobby-1"}
ME = {"members": {"me": {"constants": {"system": {"initialize": True}}, "properties": {"system": {"active": True}}}}}
HOST, GUEST = (CREDENTIALS[role]["authorization"] for role in ("host", "guest"))


def evening(
    send: Client, base: str, *, host: str = HOST, guest: str = GUEST, invited: str = GUEST_XUID
) -> list[Wire]:
    """Host shows a lobby and invites Guest, and Guest reads it; the answers."""
    invite = {"type": "invite", "version": 1, "sessionRef": REF, "invitedXuid": invited}
    return [
        call(send, "PUT", base + SESSION, host, ME),
        call(send, "POST", f"{base}/handles", host, {"type": "activity", "version": 1, "sessionRef": REF}),
        call(send, "POST", f"{base}/handles", host, {**invite, "inviteAttributes": {"titleId": "1234567890"}}),
        call(send, "GET", base + SESSION, guest, None),
    ]


def call(send: Client, method: str, url: str, authorization: str, body: Any) -> Wire:
    """One request, with what must not be kept."""
    secret = {"Signature": SIGNATURE, "Cookie": "sid=cookie-of-the-client"}
    more = {"Content-Type": "application/json", "x-xbl-contract-version": "107", "Accept-Encoding": "gzip"}
    raw = b"" if body is None else json.dumps(body).encode()
    return send(method, url, list({"Authorization": authorization, **secret, **more}.items()), raw)
