"""The words of state files: those of the Python calls."""

from __future__ import annotations

STATE = ("titles", "users", "friends", "sessions", "activities", "invites")
"""What a state file may hold, in the order in which it is arranged."""

TITLE = ("title_id", "name", "pfn")
USER = (
    "role",
    "xuid",
    "gamertag",
    "title_id",
    "follows",
    "favorites",
    "blocks",
    "multiplayer",
    "user_hash",
    "device_token",
)
RELATIONS = ("follows", "favorites", "blocks")
SESSION = ("name", "template", "scid", "members", "fill", "closed", "custom", "properties", "constants")
PROPERTIES = (
    "closed",
    "locked",
    "joinRestriction",
    "readRestriction",
    "keywords",
    "owners",
    "turn",
    "host",
    "description",
    "scheduledTime",
    "searchHandleVisibility",
    "matchmaking",
    "matchmakingResubmit",
    "serverConnectionStringCandidates",
)
"""``properties.system`` (contract 8.3)."""

MEMBER = ("user", "status")
REF = ("name", "template", "scid")
ACTIVITY = ("user", "session")
INVITE = ("sender", "invited", "session", "context")
