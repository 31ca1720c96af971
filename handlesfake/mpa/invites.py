"""Invites: by a player, or by a title's service for one (contract 20.4)."""

from __future__ import annotations

from handlesfake.mpa import fields
from handlesfake.mpa.asked import Asked, Done
from handlesfake.mpa.refusals import refuse
from handlesfake.mpsd.evidence import Evidence
from handlesfake.mpsd.http.body import a_xuid
from handlesfake.mpsd.state.identity import KnownUser

MOST_INVITED = 16
"""Users in one request (documented)."""


def send_invites(asked: Asked) -> Done:
    """``POST .../invites``: the player asks up to 16 others to join."""
    sender = asked.caller.user
    return _sent(asked, asked.people.get(sender.xuid, sender) if sender else None)


def send_server_invites(asked: Asked) -> Done:
    """``POST .../invites/server``: the same by a service, for the user ``sender``."""
    return _sent(asked, asked.people.get(a_xuid(asked.body.get("sender"), "sender")))


def _sent(asked: Asked, sender: KnownUser | None) -> Done:
    _ = asked.title_id
    body = asked.body
    invited = fields.xuids(body.get("invitedUsers"), "invitedUsers", 1, MOST_INVITED)
    fields.limited_text(body, "connectionString", asked.settings.choices.mpa_connection_string_limit)
    fields.a_platform(body)
    blocking = [xuid for xuid in invited if sender is not None and _blocks(asked, xuid, sender.xuid)]
    if not blocking:
        return Done(asked.known, delivered=True)
    if asked.settings.choices.mpa_blocked_invitee == 400:
        raise refuse("caller_not_allowed", problem="an invited user blocks the sender", caller=asked.caller)
    note = f"not delivered to {', '.join(blocking)}, who block the sender (M7)"
    return Done(asked.known, evidence=Evidence.ASSUMED, notes=(note,), delivered=False)


def _blocks(asked: Asked, xuid: str, sender: str) -> bool:
    known = asked.people.get(xuid)
    return known is not None and sender in known.blocks
