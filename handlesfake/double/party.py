"""Party: a host with a lobby and friends, as ``mpsd.party()`` arranges them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from handlesfake.errors import SettingsError
from handlesfake.json_diff import short_json
from handlesfake.traffic.records import Activity
from handlesfake.users.resolving import users_of
from handlesfake.users.user import User
from handlesfake.world.seeded_session import SeededSession

if TYPE_CHECKING:
    from handlesfake.double.core import DoubleCore

_MOST = 1000


class Party(NamedTuple):
    """What ``mpsd.party()`` arranged: ``host, guests, session, activity = mpsd.party()``."""

    host: User
    """The only member of the session, active."""

    guests: tuple[User, ...]
    """Friends of the host, and of each other, still outside the session: ``session.join(*guests)`` lets them join."""

    session: SeededSession
    """The lobby."""

    activity: Activity
    """What the host shows: ``.id`` is the handle by which a guest can join."""


def arranged_party(
    core: DoubleCore, host: User | str, guests: int | Iterable[User | str], lobby: str, template: str | None
) -> Party:
    """See :meth:`handlesfake.double.seeding_api.SeedingApi.party`."""
    world = core.world
    with world.all_or_nothing():
        first, *others = (_user(core, one) for one in (host, *_listed(guests)))
        everyone = (first, *others)
        if len({user.xuid for user in everyone}) < len(everyone):
            listed = ", ".join(user.role or user.xuid for user in everyone)
            raise SettingsError(f"mpsd.party(): host and guests are different users, and these are {listed}.")
        if others:
            world.friends(first, *others)
        ref = world.ref(lobby, template, "mpsd.party(lobby=)")
        session = world.session(ref, [first], constants={}, properties={})
        world.activity(first, session)
        shown = core.traffic.shown_by(first.xuid)
    return Party(first, tuple(others), session, shown[-1])


def _listed(guests: int | Iterable[User | str]) -> list[User | str]:
    if isinstance(guests, int) and not isinstance(guests, bool):
        if not 0 <= guests <= _MOST:
            raise SettingsError(f"mpsd.party(guests={guests}): how many friends, from 0 to {_MOST}.")
        return [f"guest{number}" for number in range(1, guests + 1)]
    if isinstance(guests, str) and guests.isdecimal():
        raise TypeError(
            f"mpsd.party(guests={guests!r}): a number of friends is not a text; write guests={int(guests)}."
        )
    if not isinstance(guests, (User, Iterable)):
        raise TypeError(
            f"mpsd.party(guests=): a number of friends, 3, or users and roles, ['guest']; got {guests!r}."
        )
    return users_of(guests, "mpsd.party(guests=)")


def _user(core: DoubleCore, given: User | str) -> User:
    """The user, or that of the role, which is made where it is new."""
    if isinstance(given, User):
        core.world.users(given, "mpsd.party()")
        return given
    if not isinstance(given, str) or not given:
        raise TypeError(f"mpsd.party(): a host or guest is a user or a role, 'host', and not {short_json(given)}.")
    return core.world.user(given)
