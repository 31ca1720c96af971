"""World: what a test arranges, users and sessions, by a few short words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import replace
from itertools import permutations
from typing import Any

from handlesfake.clock import Clock
from handlesfake.errors import SettingsError
from handlesfake.fake_stage import Fake
from handlesfake.mpsd import arrange
from handlesfake.mpsd.callers import identify, new_user
from handlesfake.mpsd.directory import Directory
from handlesfake.mpsd.identity import Caller, fingerprint
from handlesfake.mpsd.identity import User as KnownUser
from handlesfake.mpsd.message import Request
from handlesfake.mpsd.refusals import Refusal
from handlesfake.mpsd.session import SessionRef
from handlesfake.mpsd.ticks import to_datetime
from handlesfake.mpsd.timers import settled
from handlesfake.people import TitleService, User, xuid_of
from handlesfake.seeded import SeededSession
from handlesfake.traffic import Shown


class World:
    """The state of one double, and the words that arrange it. Arranging is refused where the service would."""

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

    # ---- people

    def caller(self, request: Request) -> Caller | None:
        """Who sends ``request``; None when the service would not know either."""
        try:
            return identify(self.directory, request, self._fake.settings)[1]
        except Refusal:
            return None

    def names(self, xuid: str) -> tuple[str, ...]:
        """What ``xuid`` is called: itself, and its role if it has one."""
        user = self.directory.users.get(xuid)
        return (xuid, user.role) if user is not None and user.role else (xuid,)

    def user(self, role: str = "", **words: Any) -> User:
        """See :meth:`handlesfake.double.Double.user`."""
        with self._lock:
            if role and role in self._roles and not words:
                return self._roles[role]
            known = self._named(role, words)
            self._fake.directory = replace(self.directory.with_user(known), users_named=True)
            user = self._users.get(known.xuid) or User(self._fake, known.xuid)
            self._users[known.xuid] = user
            if role:
                self._roles[role] = user
            return user

    def _named(self, role: str, words: dict[str, Any]) -> KnownUser:
        xuid = words.pop("xuid", None)
        if xuid is None and role in self._roles:
            xuid = self._roles[role].xuid
        known = None
        if xuid is not None:
            xuid = xuid_of(xuid, "mpsd.user(xuid=)")
            if not (xuid.isascii() and xuid.isdigit()):
                raise SettingsError(
                    f"mpsd.user(xuid={xuid!r}): a xuid is a decimal text, such as '9000000000000001'."
                )
            known = self.directory.users.get(xuid)
        known = known or new_user(self.directory, self._fake.settings, xuid=xuid or "")
        for word in ("follows", "favorites", "blocks"):
            if words.get(word) is not None:
                words[word] = frozenset(xuid_of(other, f"mpsd.user({word}=)") for other in words[word])
        return replace(known, role=role or known.role, assumed=False, **words)

    def users(self, user: User | str) -> KnownUser:
        """What the service knows of ``user``.

        :raises SettingsError: the test has made no such user.
        """
        xuid = xuid_of(user, "mpsd")
        known = self.directory.users.get(xuid)
        if known is None:
            raise SettingsError(f"no user has the xuid {xuid}: make one with mpsd.user(xuid={xuid!r}).")
        return known

    def named(self) -> dict[str, User]:
        """The users that the test has made, by xuid, in order of first use."""
        return dict(self._users)

    def service(self, title_id: str | None = None) -> TitleService:
        """See :meth:`handlesfake.double.Double.service`."""
        title_id = title_id or self._fake.settings.title_id
        authorization = f"XBL3.0 x=-;handlesfake.service.{title_id}"
        with self._lock:
            services = self.directory.services.set(fingerprint(authorization), title_id)
            self._fake.directory = replace(self.directory, services=services)
        return TitleService(title_id, authorization)

    def friends(self, *users: User) -> None:
        """See :meth:`handlesfake.double.Double.friends`."""
        with self._lock:
            for user, other in permutations(users, 2):
                self._fake.directory = arrange.follow(self.directory, user.xuid, other.xuid)

    # ---- sessions

    def ref(self, session: SeededSession | dict[str, str] | str, template: str | None = None) -> SessionRef:
        """The reference that ``session`` is, bears, or names; scid and template default from the settings."""
        settings = self._fake.settings
        if isinstance(session, SeededSession):
            return SessionRef(session.scid, session.template_name, session.name)
        if isinstance(session, str):
            session = {"name": session}
        return SessionRef(
            session.get("scid", settings.scid),
            template or session.get("templateName", settings.template_name),
            session["name"],
        )

    def session(self, ref: SessionRef, members: Iterable[User], **words: Any) -> SeededSession:
        """See :meth:`handlesfake.double.Double.session`."""
        self.change(arrange.session, ref, members=tuple(self.users(member) for member in members), **words)
        return SeededSession(self, ref)

    def activity(self, user: User, session: SeededSession) -> None:
        """See :meth:`handlesfake.double.Double.activity`."""
        self.change(arrange.activity, self.users(user), self.ref(session))

    def shown_by(self, xuid: str) -> list[Shown]:
        """The activities that the service would show of a player now, oldest first."""
        with self._lock:
            self._fake.directory = settled(
                self.directory, self._clock.ticks, self._fake.ids, self._fake.settings.choices
            )
            handles = sorted(self.directory.activities_of(xuid), key=lambda handle: handle.created_at)
        return [Shown(handle.document, to_datetime(handle.created_at)) for handle in handles]
