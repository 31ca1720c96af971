"""A real service to record, accounts to record it with, and an evening that is worth a recording."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from handlesfake.double.double import Double
from tests.cassettes.service import Service, serving
from tests.transports import Client, Wire

SIGNATURE = "AAAAAQ" + "signature" * 10 + "AAAA=="


@pytest.fixture
def service() -> Iterator[Service]:
    """A real MPSD on loopback."""
    with serving() as running:
        yield running


def evening(mpsd: Double, send: Client, base: str) -> list[Wire]:
    """Host shows a lobby and invites Guest, and Guest reads it: the code under test."""
    host, guest, lobby = mpsd.user("host"), mpsd.user("guest"), mpsd.session("lobby-1")
    attributes = {"titleId": "1234567890"}
    invite = {"type": "invite", "sessionRef": lobby.ref, "invitedXuid": guest.xuid, "inviteAttributes": attributes}
    active = {
        "members": {"me": {"constants": {"system": {"initialize": True}}, "properties": {"system": {"active": True}}}}
    }
    return [
        call(send, "PUT", base + lobby.path, host.headers, active),
        call(
            send, "POST", f"{base}/handles", host.headers, {"type": "activity", "sessionRef": lobby.ref, "version": 1}
        ),
        call(send, "POST", f"{base}/handles", host.headers, {**invite, "version": 1}),
        call(send, "GET", base + lobby.path, guest.headers, None),
    ]


def call(send: Client, method: str, url: str, headers: dict[str, str], body: Any) -> Wire:
    """One request, with what must not be kept."""
    more = {"Signature": SIGNATURE, "Cookie": "sid=cookie-of-the-client", "Content-Type": "application/json"}
    raw = b"" if body is None else json.dumps(body).encode()
    return send(method, url, list((headers | more).items()), raw)
