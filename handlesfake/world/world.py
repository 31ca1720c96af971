"""World: what a test arranges, users and sessions, by a few short words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from typing import Any

from handlesfake.fake_service.stage import Fake
from handlesfake.files.placed import without_places
from handlesfake.mpsd import arrange
from handlesfake.mpsd.sessions.lifetime import timeouts
from handlesfake.mpsd.settings import DEFAULT_TITLE_ID, Settings
from handlesfake.mpsd.state.directory import Directory, Handle
from handlesfake.mpsd.state.session import SessionRef
from handlesfake.mpsd.ticks import to_datetime
from handlesfake.templates.shelf import Shelf
from handlesfake.timing.clock import Clock
from handlesfake.traffic.traffic import ShownActivity
from handlesfake.users import User, users_of, xuid_of
from handlesfake.world.population import Population
from handlesfake.world.seeded_session import SeededSession

SessionLike = SeededSession | dict[str, str] | str


@dataclass(frozen=True, slots=True)
class WorldState:
    """One world at one moment."""

    directory: Directory
    """What the service knew."""

    ids: tuple[Any, ...]
    """Where the source of ids stood."""

    counts: tuple[int, ...]
    """How many users, roles and sessions the test had named."""

    copies: tuple[dict[str, Any], ...] | None
    """These names themselves; None where one only goes back."""


class World(Population):
    """The state of one double, and the words that arrange it. Arranging is refused where the service would.

    :param shelf: the templates that the double knows.
    """

    def __init__(
        self, fake: Fake, clock: Clock, lock: AbstractContextManager[object], shelf: Shelf | None = None
    ) -> None:
        super().__init__(fake, clock, lock)
        self._shelf = shelf or Shelf()
        self._named_sessions: dict[str, SessionRef] = {}
        for title in self._shelf.titles:
            self.title(title.title_id, title.name, title.pfn)

    @property
    def settings(self) -> Settings:
        """What the double decides about its service."""
        return self._fake.settings

    # ---- to go back

    def state(self, *, copied: bool = False) -> WorldState:
        """What :meth:`restore` puts back, whatever there is of it.

        :param copied: copy what the test calls its users and sessions, so that one may go forth to it again as well
            as back; else nothing is copied.
        """
        with self._lock:
            known = self._known_names
            copies = tuple(dict(names) for names in known) if copied else None
            return WorldState(self.directory, self._fake.ids.state(), tuple(map(len, known)), copies)

    def restore(self, state: WorldState) -> None:
        """Go back to an earlier state; to one that was ``copied`` also forth."""
        with self._lock:
            self._fake.directory = state.directory
            self._fake.ids.restore(state.ids)
            for known, count in zip(self._known_names, state.counts, strict=True):
                while len(known) > count:
                    known.popitem()  # the newest
            for known, copy in zip(self._known_names, state.copies or (), strict=False):
                known.clear()
                known.update(copy)

    @property
    def _known_names(self) -> tuple[dict[str, Any], ...]:
        """What the test calls its users and sessions."""
        return self._users, self._roles, self._named_sessions

    @contextmanager
    def all_or_nothing(self) -> Iterator[None]:
        """Inside, an error takes back everything that was arranged inside."""
        with self._lock:
            before = self.state()
            try:
                yield
            except BaseException:
                self.restore(before)
                raise

    # ---- sessions

    @property
    def session_names(self) -> tuple[str, ...]:
        """The names of the sessions that the test has spoken of, in order of first use."""
        return tuple(ref.name for ref in self._named_sessions.values())

    def ref(self, session: SessionLike, template: str | None = None) -> SessionRef:
        """The reference that ``session`` is, bears, or names.

        A bare name is the session of that name that was spoken of before; otherwise the template is that of the
        settings, and the scid is the template's own or that of the settings.
        """
        if isinstance(session, SeededSession):
            return SessionRef(session.scid, session.template_name, session.name)
        if isinstance(session, str):
            session = {"name": session}
        said = template or session.get("templateName")
        before = self._named_sessions.get(session["name"].lower())
        if before is not None and said in (None, before.template_name) and "scid" not in session:
            return before
        name = said or self.settings.template_name
        described = self._shelf.find(name)
        scid = session.get("scid") or (described.scid if described else "") or self.settings.scid
        return SessionRef(scid, name, session["name"])

    def session(self, ref: SessionRef, members: Iterable[User], **words: Any) -> SeededSession:
        """See :meth:`handlesfake.double.seeding_api.SeedingApi.session`."""
        with self._lock:
            members = users_of(members, "mpsd.session(members=)")
            self._give_title(ref, members)
            known = tuple(self.users(member) for member in members)
            # a test may go on with its own dict; what the service knows never changes in place
            self.change(arrange.session, ref, members=known, **without_places(words))
            self._named_sessions.setdefault(ref.name.lower(), ref)
        return SeededSession(self, ref)

    def join(self, ref: SessionRef, user: User, status: str) -> None:
        """Put ``user`` into the session at ``ref`` with ``status``."""
        with self._lock:
            self._give_title(ref, [user])
            self.change(arrange.join, ref, self.users(user), status=status)

    def _give_title(self, ref: SessionRef, members: Iterable[User]) -> None:
        """Members for whom nobody said a title play that of the session's template."""
        template = self._shelf.find(ref.template_name)
        if template is None or not template.title_id or self.settings.title_id != DEFAULT_TITLE_ID:
            return
        for known in map(self.users, members):
            if not known.title_said:
                self._fake.directory = self.directory.with_user(
                    replace(known, title_id=template.title_id, title_said=True)
                )

    # ---- handles

    def activity(self, user: User, session: SessionLike) -> None:
        """See :meth:`handlesfake.double.seeding_api.SeedingApi.activity`."""
        self.change(arrange.activity, self.users(user), self.ref(session))

    def invite(self, sender: User, invited: User | str, session: SessionLike, *, context: str | None = None) -> str:
        """See :meth:`handlesfake.double.seeding_api.SeedingApi.invite`."""
        with self._lock:
            before = self.directory.handles
            xuid = xuid_of(invited, "mpsd.invite()")
            self.change(arrange.invite, self.users(sender), xuid, self.ref(session), context=context)
            return next(handle_id for handle_id in self._pointing(session) if handle_id not in before)

    def _pointing(self, session: SessionLike) -> Iterable[str]:
        return self.directory.handles_of.get(self.ref(session).key, ())

    def drop_connection(self, user_or_connection: User | str) -> None:
        """See :meth:`handlesfake.double.seeding_api.SeedingApi.drop_connection`."""
        self.change(_dropped, xuid_of(user_or_connection, "mpsd.drop_connection()"))

    def shown_by(self, xuid: str) -> list[ShownActivity]:
        """The activities that the service would show of a player now, oldest first."""
        with self._lock:
            self.settle()
            handles = sorted(self.directory.activities_of(xuid), key=_age)
        return [ShownActivity(handle.document, to_datetime(handle.created_at)) for handle in handles]

    def settle(self) -> None:
        """Let every timer that has run out act, as the next request would."""
        with self._lock:
            self._fake.directory = timeouts.apply_timeouts(
                self.directory, self._clock.ticks, self._fake.ids, self.settings.choices
            )


def _dropped(directory: Directory, who: str, *, now: int, new_id: arrange.NewId, settings: Settings) -> Directory:
    settled = timeouts.apply_timeouts(directory, now, new_id, settings.choices)
    return timeouts.drop_connection(settled, who, now, new_id)


def _age(handle: Handle) -> int:
    return handle.created_at
