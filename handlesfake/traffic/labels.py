"""Labels: how messages name a player."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlesfake.mpsd.state.identity import Caller, KnownUser

Users = Mapping[str, str]
"""The users that the test has made: xuid to role (``host``, empty for none), in order of first use."""


def xuid_in(caller: Any) -> str:
    """The xuid of a caller or user among the facts of a refusal; empty for a service, or when there is none."""
    if isinstance(caller, Caller):
        return caller.user.xuid if caller.user else ""
    return caller.xuid if isinstance(caller, KnownUser) else ""


def short_name(caller: Any, users: Users) -> str:
    """``Host``, else the xuid: the whole label is on the line above."""
    xuid = xuid_in(caller)
    role = users.get(xuid) or (caller.role if isinstance(caller, KnownUser) else "")
    return role.capitalize() or xuid or "the caller"


def variable(xuid: str, users: Users) -> str:
    """What a test calls the user: ``host``, else the words that make the user."""
    role = users.get(xuid, "")
    if role.isidentifier():
        return role
    return f'mpsd.user(xuid="{xuid}")' if xuid else "host"


def label(xuid: str, role: str = "") -> str:
    """``Host 9000000000000001``: how messages name a player."""
    return f"{role.capitalize()} {xuid}" if role else xuid
