"""Population: the players, titles and services that a test names."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from itertools import permutations
from typing import Any

from handlesfake.errors import SettingsError
from handlesfake.fake_service.stage import Fake
from handlesfake.json_diff import short_json
from handlesfake.mpsd import arrange
from handlesfake.mpsd.callers import identify, new_user
from handlesfake.mpsd.http.body import is_title_id
from handlesfake.mpsd.http.message import Request
from handlesfake.mpsd.refusals.catalogue import Refusal
from handlesfake.mpsd.state.directory import Directory
from handlesfake.mpsd.state.identity import Caller, KnownUser, Title, fingerprint, is_xuid
from handlesfake.mpsd.state.maps import with_item
from handlesfake.suggestions import nearest
from handlesfake.timing.clock import Clock
from handlesfake.users import TitleService, User, resolve_xuid, xuid_of

WORDS = ("xuid", "gamertag", "title_id", "follows", "favorites", "blocks", "multiplayer", "user_hash", "device_token")
"""What ``mpsd.user()`` takes beside a role."""

_RELATIONS = ("follows", "favorites", "blocks")


class Population:
    """The people of one double, and the words that arrange them. Arranging is refused where the service would."""

    def __init__(self, fake: Fake, clock: Clock, lock: AbstractContextManager[object]) -> None:
        self._fake = fake
        self._clock = clock
        self._lock = lock
        self._users: dict[str, User] = {}
        self._roles: dict[str, User] = {}

    @property
    def directory(self) -> Directory:
        """What the service knows now."""
        return self._fake.directory

    def change(self, arranged: Callable[..., Directory], *what: Any, **words: Any) -> None:
        """Put ``arranged(directory, *what, **words, now=, new_id=, settings=)`` in the place of the present state.

        :raises SettingsError: the service could never be in that state; it says so in its own words.
        """
        with self._lock:
            fake = self._fake
            try:
                fake.directory = arranged(
                    fake.directory, *what, **words, now=self._clock.ticks, new_id=fake.ids, settings=fake.settings
                )
            except Refusal as refusal:
                raise SettingsError(
                    f"MPSD could never be in that state: {refusal.sentence or refusal.kind.name} "
                    f"({refusal.status} {refusal.kind.name}, {refusal.kind.evidence.words})"
                ) from None

    # ---- who is there

    @property
    def roles(self) -> tuple[str, ...]:
        """What the test calls its users, in order of first use."""
        return tuple(self._roles)

    def named(self) -> dict[str, User]:
        """The users that the test has made, by xuid, in order of first use."""
        return dict(self._users)

    def names(self, xuid: str) -> tuple[str, ...]:
        """What ``xuid`` is called: itself, and its role if it has one."""
        user = self.directory.users.get(xuid)
        return (xuid, user.role) if user is not None and user.role else (xuid,)

    def xuid(self, player: User | str, where: str) -> str:
        """The xuid of ``player``: a user, a role or a xuid; see :func:`handlesfake.users.resolve_xuid`."""
        return resolve_xuid(player, self._users.values(), where)

    def caller(self, request: Request) -> Caller | None:
        """Who sends ``request``; None when the service would not know either."""
        try:
            return identify(self.directory, request, self._fake.settings)[1]
        except Refusal:
            return None

    def users(self, user: User | str) -> KnownUser:
        """What the service knows of ``user``.

        :raises SettingsError: the test has made no such user.
        """
        xuid = xuid_of(user, "mpsd")
        known = self.directory.users.get(xuid)
        if known is None:
            raise SettingsError(f"no user has the xuid {xuid}: make one with mpsd.user(xuid={xuid!r}).")
        return known

    # ---- to make them

    def user(self, role: str = "", **words: Any) -> User:
        """See :meth:`handlesfake.double.seeding_api.SeedingApi.user`."""
        with self._lock:
            if role in self._roles and not words:
                return self._roles[role]
            known = self._said(role, words)
            self._fake.directory = replace(self.directory.with_user(known), users_named=True)
            user = self._users.get(known.xuid) or self._bearer(known.xuid)
            self._users[known.xuid] = user
            if role:
                self._roles[role] = user
            return user

    def _bearer(self, xuid: str) -> User:
        """What the test holds of the user with that xuid."""
        return User(self._fake, xuid)

    def _said(self, role: str, words: dict[str, Any]) -> KnownUser:
        """The user of that role or xuid, as ``words`` say."""
        for word in words:
            if word not in WORDS:
                raise SettingsError(
                    f"mpsd.user() has no {word!r}{nearest(word, WORDS)}\n  known: role, {', '.join(WORDS)}"
                )
        known = self._known(role, words.pop("xuid", None))
        for word in _RELATIONS:
            if words.get(word) is not None:
                words[word] = frozenset(xuid_of(other, f"mpsd.user({word}=)") for other in words[word])
        if "title_id" in words:
            if words["title_id"] != "":  # a token that is for no title
                checked_title_id(words["title_id"], "mpsd.user(title_id=)")
            words["title_said"] = True
        return replace(known, role=role or known.role, assumed=False, **words)

    def _known(self, role: str, xuid: object) -> KnownUser:
        bearer = self._roles.get(role)
        if xuid is None:
            return self.users(bearer) if bearer else new_user(self.directory, self._fake.settings)
        text = xuid_of(xuid, "mpsd.user(xuid=)")
        if not is_xuid(text):
            raise SettingsError(f"mpsd.user(xuid={text!r}): a xuid is a decimal text, such as '9000000000000001'.")
        if role and bearer is not None and bearer.xuid != text:
            raise SettingsError(f"mpsd.user({role!r}, xuid={text!r}): {role} is {bearer.xuid} already.")
        known = self.directory.users.get(text)
        if role and known is not None and known.role not in ("", role):
            raise SettingsError(f"mpsd.user({role!r}, xuid={text!r}): that xuid is {known.role}'s already.")
        return known or new_user(self.directory, self._fake.settings, xuid=text)

    def service(self, title_id: str | None = None, world: str = "") -> TitleService:
        """See :meth:`handlesfake.double.seeding_api.SeedingApi.service`.

        :param world: the world of a server that the token is to lead to.
        """
        title_id = title_id or self._fake.settings.title_id
        authorization = f"XBL3.0 x=-;{world and f'{world}.'}handlesfake.service.{title_id}"
        with self._lock:
            services = with_item(self.directory.services, fingerprint(authorization), title_id)
            self._fake.directory = replace(self.directory, services=services)
        return TitleService(title_id, authorization)

    def title(self, title_id: str, name: str = "", pfn: str = "") -> None:
        """See :meth:`handlesfake.double.seeding_api.SeedingApi.title`."""
        checked_title_id(title_id, "mpsd.title()")
        with self._lock:
            titles = with_item(self.directory.titles, title_id, Title(title_id, name, pfn))
            self._fake.directory = replace(self.directory, titles=titles)

    def friends(self, *users: User) -> None:
        """See :meth:`handlesfake.double.seeding_api.SeedingApi.friends`."""
        with self._lock:
            for user, other in permutations(users, 2):
                self._fake.directory = arrange.follow(self.directory, user.xuid, other.xuid)


def checked_title_id(value: object, where: str) -> str:
    """``value``, which must be a title id as text.

    :param where: the call that took it, for the message.
    :raises TypeError: it is no text.
    :raises SettingsError: it is no decimal uint32.
    """
    if isinstance(value, int) and not isinstance(value, bool):
        raise TypeError(f"{where}: title ids are decimal texts; write {str(value)!r} instead of {value}.")
    if not isinstance(value, str) or not is_title_id(value):
        raise SettingsError(
            f"{where}: a title id is a decimal number below 4294967296 as text, got {short_json(value)}."
        )
    return value
