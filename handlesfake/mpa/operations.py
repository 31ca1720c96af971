"""The operations of MPA as a table: name, method, address and evidence (contract 20.1)."""

from __future__ import annotations

from handlesfake.mpsd.evidence import Evidence
from handlesfake.mpsd.operations import Operation, router

_ACTIVITY = "/titles/{titleId}/users/{xuid}/activities"
_NEW_IN_EACH_RUN = ("sequenceNumber",)
_SHOWN = ("connectionString", "joinRestriction", "maxPlayers", "currentPlayers", "groupId", "platform")
_INVITED = ("invitedUsers", "connectionString", "platform")
_DOC = Evidence.DOCUMENTED

OPERATIONS = (
    Operation("set_activity", "PUT", _ACTIVITY, _DOC, _NEW_IN_EACH_RUN, ("sequenceNumber", *_SHOWN)),
    Operation("get_activity", "GET", _ACTIVITY, _DOC),
    Operation("delete_activity", "DELETE", _ACTIVITY, _DOC, _NEW_IN_EACH_RUN, ("sequenceNumber",)),
    Operation("query_activities", "POST", "/titles/{titleId}/activities/query", _DOC, body=("users",)),
    Operation("send_invites", "POST", "/titles/{titleId}/invites", _DOC, body=_INVITED),
    Operation("send_server_invites", "POST", "/titles/{titleId}/invites/server", _DOC, body=("sender", *_INVITED)),
    Operation("update_recent_players", "POST", "/titles/{titleId}/recentplayers", _DOC, body=("recentPlayers",)),
    Operation(
        "update_server_recent_players",
        "POST",
        "/titles/{titleId}/recentplayers/server",
        _DOC,
        body=("recentPlayersByXuid",),
    ),
    Operation(
        "update_recent_player_groups",
        "POST",
        "/titles/{titleId}/recentplayergroups/server",
        _DOC,
        body=("recentPlayerGroups",),
    ),
)

BY_A_SERVICE = frozenset({"send_server_invites", "update_server_recent_players", "update_recent_player_groups"})
"""What a title's service alone may ask (documented)."""

BY_A_CLIENT = frozenset({"send_invites", "update_recent_players"})
"""What a player's client alone may ask (documented)."""

route = router(OPERATIONS)
"""The operation of MPA that a method and a request target lead to."""
