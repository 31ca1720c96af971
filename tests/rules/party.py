"""A party with simulated failures: its double, and what its code under test sends."""

from __future__ import annotations

from typing import Any

import requests

import handlesfake
from handlesfake.mpsd.http.message import MPSD_HOST

URL = f"https://{MPSD_HOST}"


def gather(double: handlesfake.Double) -> handlesfake.Double:
    """Host is active in lobby-1; Guest and Far are users."""
    host = double.user("host")
    double.user("guest"), double.user("far")
    double.session("lobby-1", members=[host])
    return double


def invite(party: handlesfake.Double, invitee: str = "guest", **more: Any) -> requests.Response:
    """Host invites; the code under test."""
    body = {
        "type": "invite",
        "version": 1,
        "sessionRef": party.session("lobby-1").ref,
        "invitedXuid": party.user(invitee).xuid,
        "inviteAttributes": {"titleId": "1234567890"},
        **more,
    }
    return requests.post(f"{URL}/handles", json=body, headers=party.user("host").headers, timeout=5)


def show(party: handlesfake.Double, role: str = "host") -> requests.Response:
    """An activity is set; the code under test."""
    body = {"type": "activity", "version": 1, "sessionRef": party.session("lobby-1").ref}
    return requests.post(f"{URL}/handles", json=body, headers=party.user(role).headers, timeout=5)
