"""answer(): one request against what MPA knows, from its address to operation or refusal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from handlesfake.mpa.activities import delete_activity, get_activity, query_activities, set_activity
from handlesfake.mpa.asked import Asked, Done
from handlesfake.mpa.invites import send_invites, send_server_invites
from handlesfake.mpa.operations import BY_A_CLIENT, BY_A_SERVICE
from handlesfake.mpa.recent_players import (
    update_recent_player_groups,
    update_recent_players,
    update_server_recent_players,
)
from handlesfake.mpa.refusals import refuse

OPERATE: Mapping[str, Callable[[Asked], Done]] = MappingProxyType(
    {
        "set_activity": set_activity,
        "get_activity": get_activity,
        "delete_activity": delete_activity,
        "query_activities": query_activities,
        "send_invites": send_invites,
        "send_server_invites": send_server_invites,
        "update_recent_players": update_recent_players,
        "update_server_recent_players": update_server_recent_players,
        "update_recent_player_groups": update_recent_player_groups,
    }
)
"""Operation name to the function that performs it."""


def answer(operation: str, asked: Asked) -> Done:
    """What MPA makes of a request for ``operation``, and what it knows afterwards.

    Pure: the same arguments give the same result. A refusal changes nothing.

    :raises Refusal: the service says no.
    """
    is_service = asked.caller.is_service
    if not asked.caller.title_id:
        raise refuse("no_title", caller=asked.caller)
    if operation in (BY_A_CLIENT if is_service else BY_A_SERVICE):
        who = "a client" if is_service else "a title's service"
        raise refuse("caller_not_allowed", problem=f"only {who} may send it", caller=asked.caller)
    _check_title(asked)
    return OPERATE[operation](asked)


def _check_title(asked: Asked) -> None:
    """A title id in the address that is not the token's is accepted, unless a choice says otherwise (M3)."""
    if asked.settings.choices.mpa_foreign_title == 400 and asked.title_id != asked.caller.title_id:
        raise refuse("caller_not_allowed", problem="the title is not that of the token", caller=asked.caller)
