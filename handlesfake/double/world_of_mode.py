"""The world of a double: of made-up users, or of those that a recording has."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

from handlesfake.cassettes.modes.mode import ModeStages
from handlesfake.fake_service.stage import Fake
from handlesfake.templates.shelf import Shelf
from handlesfake.timing.virtual_time import VirtualTime
from handlesfake.world.world import World


def world_of(
    mode: ModeStages, fake: Fake, clock: VirtualTime, lock: AbstractContextManager[Any], shelf: Shelf
) -> World:
    """The users and sessions of a test in ``mode``, and the words that arrange them."""
    if mode.identities is not None:
        from handlesfake.world.recorded_world import RecordedWorld  # lazily: a fake needs none of it

        return RecordedWorld(fake, clock, lock, mode.identities, recording=mode.recorder is not None)
    world = World(fake, clock, lock, shelf)
    for role, xuid in (mode.roles or {}).items():
        world.user(role, xuid=xuid)
    return world
