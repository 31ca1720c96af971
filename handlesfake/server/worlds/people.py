"""The users of a world, whose tokens lead there."""

from __future__ import annotations

from typing import Any

from handlesfake.server.worlds.words import check_hash
from handlesfake.server.worlds.world import DEFAULT, World
from handlesfake.users.user import User


def user_in(world: World, role: str, **words: Any) -> User:
    """The user ``role`` of ``world``.

    :raises SettingsError: the words contradict what is known, or its token would lead elsewhere.
    """
    double = world.double
    if world.id == DEFAULT:
        return double.user(role, **words)
    check_hash(world.id, words)
    user = double.user(role, **words)
    if not user.authorization.startswith(f"XBL3.0 x={world.id}."):
        double.user(xuid=user.xuid, user_hash=f"{world.id}.{user.xuid}")
        user.renew()
    return user


def roles_in(world: World) -> tuple[str, ...]:
    """The roles of the users of ``world``, in the order in which they were made."""
    return tuple(world.core.world.roles)


def lead_here(world: World) -> None:
    """Let the token of each user that a state has made lead to ``world``: reading it changes nothing."""
    for role in roles_in(world):
        user_in(world, role)
