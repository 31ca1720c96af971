"""``mpsd.taps``: what would be pushed to each user, in Python."""

from __future__ import annotations

from typing import Any

import requests

import handlesfake
from handlesfake.double.double import core_of
from handlesfake.users.user import User


def joins(user: User, lobby: dict[str, str]) -> None:
    """PUT a session as a member who wants to hear of everything."""
    system: dict[str, Any] = {
        "active": True,
        "connection": "c1",
        "subscription": {"id": "s1", "changeTypes": ["everything"]},
    }
    path = f"/serviceconfigs/{lobby['scid']}/sessionTemplates/{lobby['templateName']}/sessions/{lobby['name']}"
    body = {"members": {"me": {"properties": {"system": system}}}}
    url = f"https://sessiondirectory.xboxlive.com{path}"
    requests.put(url, json=body, headers=user.headers, timeout=5).raise_for_status()


def test_a_member_hears_of_what_the_test_arranges() -> None:
    """Another who joins taps the one who listens, at the time of the service, with the number of the session."""
    with handlesfake.fake() as mpsd:
        host, guest = mpsd.user("host"), mpsd.user("guest")
        lobby = mpsd.session("lobby-1")
        joins(host, lobby.ref)
        lobby.join(guest)

        assert [host.xuid] == [tap.xuid for tap in mpsd.taps]
        assert lobby.change_number == mpsd.taps[-1].change_number
        assert core_of(mpsd).time.ticks == mpsd.taps[-1].at
        assert lobby.ref == mpsd.taps[-1].session_ref.wire


def test_a_checkpoint_takes_taps_back() -> None:
    """What was pushed inside is forgotten, and going back is not a change of the service."""
    with handlesfake.fake() as mpsd:
        host = mpsd.user("host")
        lobby = mpsd.session("lobby-1")
        joins(host, lobby.ref)
        with mpsd.checkpoint():
            lobby.fill(3)
            inside = len(mpsd.taps)

        assert [3, 0] == [inside, len(mpsd.taps)]


def test_as_many_taps_are_kept_as_requests() -> None:
    """A double with a bounded journal keeps the newest taps only."""
    with handlesfake.fake(journal_limit=2) as mpsd:
        lobby = mpsd.session("lobby-1")
        joins(mpsd.user("host"), lobby.ref)
        lobby.fill(5)

        assert [lobby.change_number - 1, lobby.change_number] == [tap.change_number for tap in mpsd.taps]
