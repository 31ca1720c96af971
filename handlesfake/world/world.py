"""World: what a test arranges, users and sessions, by a few short words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from handlesfake.errors import SettingsError
from handlesfake.fake_service.stage import Fake
from handlesfake.files.placed import without_places
from handlesfake.json_diff import short_json
from handlesfake.mpsd import arrange
from handlesfake.mpsd.sessions.lifetime import timeouts
from handlesfake.mpsd.settings import DEFAULT_TITLE_ID
from handlesfake.mpsd.state.directory import Directory
from handlesfake.mpsd.state.handle import Handle
from handlesfake.mpsd.state.identity import KnownUser
from handlesfake.mpsd.state.later import later
from handlesfake.mpsd.state.session import SessionRef, shared_ref
from handlesfake.mpsd.ticks import to_datetime
from handlesfake.services.table import SERVICES
from handlesfake.suggestions import closest, nearest
from handlesfake.templates.shelf import Shelf
from handlesfake.timing.virtual_time import VirtualTime
from handlesfake.traffic.traffic import ShownActivity
from handlesfake.users.resolving import users_of
from handlesfake.users.user import User
from handlesfake.values.values import frozen, replace
from handlesfake.world.population import Population
from handlesfake.world.push_connections import PushConnections
from handlesfake.world.seeded_session import SeededSession
from handlesfake.world.session_words import reference

SessionLike = SeededSession | Mapping[str, str] | str

_SLIP = 0.9
"""How like a known template's name another is that is a slip of the pen: one or two letters of ten and more."""

_DIGITS = "0123456789"


@frozen
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
        self, fake: Fake, clock: VirtualTime, lock: AbstractContextManager[object], shelf: Shelf | None = None
    ) -> None:
        super().__init__(fake, clock, lock)
        self._shelf = shelf or Shelf()
        self._named_sessions: dict[str, SessionRef] = {}
        self.connections = PushConnections(self, clock)
        """The connections of the push channel."""

        for title in self._shelf.titles:
            self.title(title.title_id, title.name, title.pfn)

    # ---- to go back

    def state(self, *, copied: bool = False) -> WorldState:
        """What :meth:`restore` puts back, whatever there is of it.

        :param copied: copy the test's names for its users and sessions, so that a later restore can also go forward;
            else nothing is copied.
        """
        with self._lock:
            known = self._known_names
            copies = tuple(dict(names) for names in known) if copied else None
            return WorldState(self.directory, self._fake.ids.state(), tuple(map(len, known)), copies)

    def restore(self, state: WorldState, by: int = 0) -> None:
        """Go back to an earlier state; to one that was ``copied`` also forth.

        :param by: ticks by which all that was known has happened later, where the clock has not gone back with it.
        """
        with self._lock:
            self._fake.directory = later(state.directory, by) if by else state.directory
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
        return self._users, self._roles, self._services, self._named_sessions

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

    def ref(self, session: SessionLike, template: str | None = None, where: str = "mpsd.session()") -> SessionRef:
        """The reference that ``session`` is, has, or names.

        A bare name is the session of that name that was mentioned before. Otherwise the template is that of the
        settings, and the scid is that of the template or of the settings.

        :param where: the call that took it, for messages.
        :raises SettingsError: the template is nearly one that is known, and so probably a slip of the pen.
        """
        given = reference(session, where)
        if template is not None and (not isinstance(template, str) or not template):
            raise SettingsError(f"{where}: template is the name of a template, and not {short_json(template)}.")
        said = template or given.get("templateName")
        before = self._named_sessions.get(given["name"].lower())
        if before is not None and said in (None, before.template_name) and "scid" not in given:
            return before
        name = said or self.settings.template_name
        if not isinstance(session, SeededSession):
            self._check_template(name, where)
        return shared_ref(given.get("scid") or self.usual_scid(name), name, given["name"])

    def usual_scid(self, template_name: str) -> str:
        """The scid of sessions of a template without its own scid."""
        described = self._shelf.find(template_name)
        return (described.scid if described else "") or self.settings.scid

    def _check_template(self, name: str, where: str) -> None:
        """A template that was not described may have any name, except one that is nearly a known name."""
        if name == self.settings.template_name or self._shelf.find(name) is not None:
            return
        near = closest(name.rstrip(_DIGITS), self._shelf.names, like=_SLIP)
        if near is not None and near != name.rstrip(_DIGITS):
            raise SettingsError(
                f"{where}: no template is called {name!r}; did you mean {near!r}?\n"
                f"  known: {', '.join(self._shelf.names)}\n"
                "  a template of that name is described in a file: templates='templates.yaml'"
            )

    def session(self, ref: SessionRef, members: Iterable[User | str], **words: Any) -> SeededSession:
        """See :meth:`handlesfake.double.seeding_api.SeedingApi.session`."""
        with self._lock:
            where = "mpsd.session(members=)"
            known = tuple(self.users(member, where) for member in users_of(members, where))
            known = tuple(self._with_title(ref, user) for user in known)
            # a test may go on with its own dict; what the service knows never changes in place
            self.change(arrange.session, ref, members=known, **without_places(words))
            self._named_sessions.setdefault(ref.name.lower(), ref)
        return SeededSession(self, ref)

    def join(self, ref: SessionRef, user: User | str, status: str) -> None:
        """Put ``user`` into the session at ``ref`` with ``status``."""
        with self._lock:
            known = self._with_title(ref, self.users(user, "session.join()"))
            self.change(arrange.join, ref, known, status=status)

    def _with_title(self, ref: SessionRef, user: KnownUser) -> KnownUser:
        """A member without a title plays that of the session's template."""
        template = self._shelf.find(ref.template_name)
        said = user.title_said or self.settings.title_id != DEFAULT_TITLE_ID
        if template is None or not template.title_id or said:
            return user
        user = replace(user, title_id=template.title_id, title_from="said")
        self._fake.directory = self.directory.with_user(user)
        return user

    # ---- handles

    def activity(self, user: User | str, session: SessionLike) -> None:
        """See :meth:`handlesfake.double.seeding_api.SeedingApi.activity`."""
        where = "mpsd.activity()"
        self.change(arrange.activity, self.users(user, where), self._there(session, where))

    def invite(
        self, sender: User | str, invited: User | str, session: SessionLike, *, context: str | None = None
    ) -> str:
        """See :meth:`handlesfake.double.seeding_api.SeedingApi.invite`."""
        where = "mpsd.invite()"
        with self._lock:
            before = self.directory.handles
            xuid, ref = self.player(invited, where), self._there(session, where)
            self.change(arrange.invite, self.users(sender, where), xuid, ref, context=context)
            return next(handle_id for handle_id in self._pointing(ref) if handle_id not in before)

    def _there(self, session: SessionLike, where: str) -> SessionRef:
        """The reference of an existing session; for others the service says so, and does not name the nearest."""
        ref = self.ref(session, where=where)
        if self.directory.session(ref) is None and ref.name not in self.session_names:
            known = self.session_names
            raise SettingsError(
                f"{where}: no session is called {ref.name!r}{nearest(ref.name, known)}\n"
                f"  known: {', '.join(known) or 'none yet'}; mpsd.session({ref.name!r}, members=[...]) makes one"
            )
        return ref

    def _pointing(self, ref: SessionRef) -> Iterable[str]:
        return self.directory.handles_of.get(ref.key, ())

    def shown_by(self, xuid: str) -> list[ShownActivity]:
        """The activities that the service would show of a player now, oldest first."""
        with self._lock:
            self.settle()
            handles = sorted(self.directory.activities_of(xuid), key=_age)
        return [ShownActivity(handle.document, to_datetime(handle.created_at)) for handle in handles]

    def shown_elsewhere(self, service: str, xuid: str) -> list[ShownActivity]:
        """The activities that a service beside MPSD would show of a player now, oldest first."""
        showing = SERVICES[service].showing
        if showing is None:
            return []
        with self._lock:
            found = showing()(self.directory, xuid, self._clock.ticks)
        return [ShownActivity(document, to_datetime(at)) for document, at in found]

    def settle(self) -> None:
        """Let every timer that has run out act, as the next request would."""
        with self._lock:
            self._fake.directory = timeouts.apply_timeouts(
                self.directory, self._clock.ticks, self._fake.ids, self.settings.choices
            )


def _age(handle: Handle) -> int:
    return handle.created_at
