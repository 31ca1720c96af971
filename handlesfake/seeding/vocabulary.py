"""The words of state files: those of the Python calls."""

from __future__ import annotations

from handlesfake.world import user_words

STATE = ("titles", "users", "friends", "sessions", "activities", "invites")
"""What a state file may hold, in the order in which it is arranged."""

TITLE = ("title_id", "name", "pfn")
USER = ("role", *user_words.WORDS)
SESSION = ("name", "template", "scid", "members", "fill", "closed", "custom", "properties", "constants")
MEMBER = ("user", "status")
REF = ("name", "template", "scid")
ACTIVITY = ("user", "session")
INVITE = ("sender", "invited", "session", "context")
