"""Recent players: the users that a player has met, as clients and services report them (contract 20.5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlesfake.mpa import fields
from handlesfake.mpa.asked import Asked, Done
from handlesfake.mpa.state import Known, RecentPlayer
from handlesfake.mpsd.http.body import a_xuid
from handlesfake.mpsd.refusals.catalogue import refuse

MOST_PLAYERS = 100
"""On one list, or in one group (documented)."""

MOST_LISTS = 20
"""Lists or groups in one request of a service (documented)."""


def update_recent_players(asked: Asked) -> Done:
    """``POST .../recentplayers``: the caller has met these."""
    met = _met(asked, asked.body, "recentPlayers")
    user = asked.caller.user
    return Done(_listed(asked.known, user.xuid, met) if user else asked.known)


def update_server_recent_players(asked: Asked) -> Done:
    """``POST .../recentplayers/server``: each of these users has met those."""
    known = asked.known
    for name, one in fields.objects(asked.body.get("recentPlayersByXuid"), "recentPlayersByXuid", 1, MOST_LISTS):
        known = _listed(known, a_xuid(one.get("xuid"), f"{name}.xuid"), _met(asked, one, f"{name}.recentPlayers"))
    return Done(known)


def update_recent_player_groups(asked: Asked) -> Done:
    """``POST .../recentplayergroups/server``: all in a group have met each other."""
    known = asked.known
    for name, group in fields.objects(asked.body.get("recentPlayerGroups"), "recentPlayerGroups", 1, MOST_LISTS):
        encounter = _encounter(group, name)
        at = fields.a_time(group, "timestamp", asked.now, f"{name}.timestamp")
        listed = f"{name}.recentPlayers"
        xuids = []
        for place, one in fields.objects(group.get("recentPlayers"), listed, 2, MOST_PLAYERS):
            _check_network(one, place)
            xuids.append(a_xuid(one.get("id"), f"{place}.id"))
        for xuid in xuids:
            others = [RecentPlayer(other, asked.title_id, encounter, at) for other in xuids if other != xuid]
            known = _listed(known, xuid, others)
    return Done(known)


def _met(asked: Asked, body: Mapping[str, Any], field: str) -> list[RecentPlayer]:
    """Those on one list of a body."""
    found = []
    for name, one in fields.objects(body.get("recentPlayers"), field, 1, MOST_PLAYERS):
        _check_network(one, name)
        xuid = a_xuid(one.get("id"), f"{name}.id")
        at = fields.a_time(one, "timestamp", asked.now, f"{name}.timestamp")
        found.append(RecentPlayer(xuid, asked.title_id, _encounter(one, name), at))
    return found


def _encounter(one: Mapping[str, Any], name: str) -> str:
    said, field = one.get("encounterType"), f"{name}.encounterType"
    return "Default" if said is None else fields.a_choice_of({field: said}, field, fields.ENCOUNTER_TYPES)


def _check_network(one: Mapping[str, Any], name: str) -> None:
    if one.get("network") not in (None, "XboxLive"):
        raise refuse("invalid_field", field=f"{name}.network", problem="must be XboxLive")


def _listed(known: Known, xuid: str, met: list[RecentPlayer]) -> Known:
    for one in met:
        known = known.with_recent_player(xuid, one)
    return known
