"""Directory: everything the service knows, as one immutable value."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from handlesfake.mpsd.state.connection import Connections
from handlesfake.mpsd.state.deadlines import DeadlineQueue
from handlesfake.mpsd.state.handle import Handle
from handlesfake.mpsd.state.identity import FIRST_XUID, KnownUser, Title
from handlesfake.mpsd.state.indexes import Index, exchanged, with_entry, without_entry
from handlesfake.mpsd.state.maps import with_item, with_item_instead, without_item
from handlesfake.mpsd.state.session import Session, SessionKey, SessionRef
from handlesfake.mpsd.state.session_indexes import moved_keywords, moved_xuids
from handlesfake.values.values import field, frozen

NEVER = -1
"""Ticks: the end of a token that was never good here."""


@frozen(slots=False)  # no slots: few directories live at once, and a dict is copied whole, at a tenth of replace()
class Directory:
    """What the service knows. Every change gives a new value that shares all the rest with the old one."""

    users: Mapping[str, KnownUser] = field(default_factory=dict)
    """By xuid."""

    hashes: Mapping[str, str] = field(default_factory=dict)
    """User hash to xuid."""

    services: Mapping[str, str] = field(default_factory=dict)
    """Fingerprint of a service's token to its title id."""

    services_expired: frozenset[str] = frozenset()
    """Fingerprints of the service tokens that are answered 401."""

    token_ends: Mapping[str, int] = field(default_factory=dict)
    """Fingerprint of a token that ends by itself to the ticks from which on it is answered 401. One that is for
    another service has :data:`NEVER`."""

    signs_in: str = ""
    """The xuid of the user that signs in, as the test says; empty where it does not say."""

    titles: Mapping[str, Title] = field(default_factory=dict)
    sessions: Mapping[tuple[str, str, str], Session] = field(default_factory=dict)
    handles: Mapping[str, Handle] = field(default_factory=dict)
    activities: Mapping[str, tuple[Handle, ...]] = field(default_factory=dict)
    """Xuid to that user's activity handles: few, as there is one in each scid or, by choice, in each session."""

    searches: Mapping[tuple[str, str], Mapping[str, Handle]] = field(default_factory=dict)
    """Scid and template, and then session name, in lower case, to the one search handle."""

    handles_of: Index[SessionKey, str] = field(default_factory=dict)
    """Session key to the ids of the handles that point there."""

    sessions_of: Index[str, SessionKey] = field(default_factory=dict)
    """Xuid to the keys of the sessions that the user is in, reservations included."""

    sessions_by_keyword: Index[tuple[str, str], SessionKey] = field(default_factory=dict)
    """Scid and keyword, in lower case, to the keys of the sessions that have it."""

    requests: Mapping[Any, Any] = field(default_factory=dict)
    """What throttling has counted (:mod:`handlesfake.mpsd.throttle`); empty while that is off."""

    correlations: Mapping[tuple[str, str, str], str] = field(default_factory=dict)
    """Session key to the correlation id that the name had: a session made again has it again (contract 7.4)."""

    connections: Connections = field(default_factory=Connections)
    """The connections of the push channel."""

    due: DeadlineQueue = field(default_factory=DeadlineQueue)
    """Which sessions a timer waits for, earliest first."""

    free_xuid: int = FIRST_XUID
    """The first made-up xuid that no user has yet."""

    beside: Mapping[str, Any] = field(default_factory=dict)
    """What the other services know that a double plays, by the name of each; MPSD never looks at it."""

    touched: Mapping[SessionKey, int] = field(default_factory=dict, compare=False)
    """Where to look for changes for listening members: the keys of their sessions that were replaced or taken out
    since the keeper last emptied this. Each has its place in the order of the changes."""

    users_named: bool = False
    """The test has named a user: from then on an unknown token is 401."""

    sessions_created: bool = False
    """A client has created a session: from then on a missing one is missing."""

    missing: frozenset[SessionKey] = field(default=frozenset(), compare=False)
    """The sessions that an answer has called missing or not made: they are not assumed. The service itself does not
    have this."""

    def _with(self, **changes: Any) -> Directory:
        """What ``dataclasses.replace`` gives, which each request would pay several times."""
        after = object.__new__(Directory)
        object.__setattr__(after, "__dict__", self.__dict__ | changes)
        return after

    def at_rest(self) -> Directory:
        """The same for its keeper, with nothing :attr:`touched`."""
        return self._with(touched=_NONE) if self.touched else self

    def with_beside(self, service: str, known: Any) -> Directory:
        """With ``known`` as what another service knows."""
        return self._with(beside={**self.beside, service: known})

    # ---- users

    def with_token_end(self, token: str, ends: int) -> Directory:
        """With ``token``, a fingerprint, as one that ends at those ticks."""
        return self._with(token_ends=with_item(self.token_ends, token, ends))

    def is_for_others(self, token: str) -> bool:
        """Whether ``token``, a fingerprint, is for another service than those that a double plays."""
        return self.token_ends.get(token) == NEVER

    def has_ended(self, token: str, now: int | None) -> bool:
        """Whether ``token``, a fingerprint, has ended by itself."""
        return now is not None and now >= self.token_ends.get(token, now + 1)

    def with_user(self, user: KnownUser) -> Directory:
        """With ``user`` known by xuid and by user hash."""
        users, free = with_item(self.users, user.xuid, user), self.free_xuid
        while str(free) in users:
            free += 1
        return self._with(users=users, hashes=with_item(self.hashes, user.user_hash, user.xuid), free_xuid=free)

    def title(self, title_id: str) -> Title:
        """What is known about a title; a bare one when nothing is known."""
        return self.titles.get(title_id) or _bare_title(title_id)

    # ---- sessions

    def session(self, ref: SessionRef) -> Session | None:
        """The session that ``ref`` names, without regard to case; None when there is none."""
        return self.sessions.get(ref.key)

    def namesake(self, ref: SessionRef) -> SessionRef | None:
        """The reference of a session that is called as ``ref`` is, and lies elsewhere; None when there is none."""
        name = ref.key[-1]
        return next((session.ref for key, session in self.sessions.items() if key[-1] == name), None)

    def with_session(self, session: Session) -> Directory:
        """With ``session`` put in or replaced."""
        return self._with(**self._changes_with(session))

    def _changes_with(self, session: Session) -> dict[str, Any]:
        """What changes as ``session`` is put in or replaced."""
        key = session.ref.key
        return self._indexed(key, self.sessions.get(key), session, with_item(self.sessions, key, session))

    def without_session(self, session: Session) -> Directory:
        """Less ``session``; the handles that point there are the caller's business."""
        key = session.ref.key
        return self._with(**self._indexed(key, self.sessions.get(key), None, without_item(self.sessions, key)))

    def _indexed(
        self,
        key: SessionKey,
        before: Session | None,
        after: Session | None,
        sessions: Mapping[SessionKey, Session],
    ) -> dict[str, Any]:
        """``sessions``, and the indexes moved on by what tells ``before`` and ``after`` apart."""
        return {
            "sessions": sessions,
            "touched": self._touched_by(key, before),
            "sessions_of": moved_xuids(self.sessions_of, key, before, after),
            "sessions_by_keyword": moved_keywords(self.sessions_by_keyword, key, before, after),
        }

    def _touched_by(self, key: SessionKey, before: Session | None) -> Mapping[SessionKey, int]:
        if before is None or not before.listening or key in self.touched:
            return self.touched
        return with_item(self.touched, key, len(self.touched))

    # ---- handles

    def with_handle(self, handle: Handle) -> Directory:
        """With ``handle`` known by id and by session."""
        handles, handles_of = self._exchanged(None, handle)
        return self._with(handles=handles, handles_of=handles_of)

    def _exchanged(self, before: Handle | None, after: Handle) -> tuple[Mapping[str, Handle], Index[SessionKey, str]]:
        """The handles and their index with ``after`` instead of ``before``."""
        handles, handles_of = self.handles, self.handles_of
        key = after.session_ref.key
        if before is None:
            return with_item(handles, after.id, after), with_entry(handles_of, key, after.id)
        handles = with_item_instead(handles, before.id, after.id, after)
        if before.session_ref is after.session_ref or before.session_ref.key == key:
            return handles, exchanged(handles_of, key, before.id, after.id)
        handles_of = without_entry(handles_of, before.session_ref.key, before.id)
        return handles, with_entry(handles_of, key, after.id)

    def without_handle(self, handle: Handle) -> Directory:
        """Less ``handle``, in every index."""
        return self._with(
            handles=without_item(self.handles, handle.id),
            handles_of=without_entry(self.handles_of, handle.session_ref.key, handle.id),
            activities=self._activities_without(handle) if handle.type == "activity" else self.activities,
            searches=self._searches_without(handle) if handle.type == "search" else self.searches,
        )

    def activity_at(self, place: tuple[str, ...]) -> Handle | None:
        """The activity handle at ``place`` (xuid and scid, or xuid and session key); None when there is none."""
        return _standing_at(place, self.activities_of(place[0]))

    def activities_of(self, xuid: str) -> tuple[Handle, ...]:
        """Every activity handle of one user."""
        return self.activities.get(xuid, ())

    def with_activity(self, place: tuple[str, ...], handle: Handle, session: Session | None = None) -> Directory:
        """With ``handle`` as the one activity at ``place``; the earlier one is gone.

        :param session: one that changes with it, as by :meth:`with_session`.
        """
        known = self.activities.get(place[0], ())
        before = _standing_at(place, known)
        if before is None:
            shown = (*known, handle)
        elif len(known) == 1:
            shown = (handle,)
        else:
            rest = tuple([one for one in known if one is not before])
            if _standing_at(place, rest) is not None:  # each session was a place of its own when they came
                return self.without_handle(before).with_activity(place, handle, session)
            shown = (*rest, handle)
        handles, handles_of = self._exchanged(before, handle)
        activities = with_item(self.activities, place[0], shown)
        others = {} if session is None else self._changes_with(session)
        return self._with(handles=handles, handles_of=handles_of, activities=activities, **others)

    def _activities_without(self, handle: Handle) -> Mapping[str, tuple[Handle, ...]]:
        known = self.activities_of(handle.owner_xuid)
        rest = tuple([one for one in known if one.id != handle.id])
        if len(rest) == len(known):
            return self.activities
        if rest:
            return with_item(self.activities, handle.owner_xuid, rest)
        return without_item(self.activities, handle.owner_xuid)

    def search_at(self, ref: SessionRef) -> Handle | None:
        """The search handle of the session that ``ref`` names; None when there is none."""
        scid, template_name, name = ref.key
        return self.searches.get((scid, template_name), _NONE).get(name)

    def with_search(self, handle: Handle) -> Directory:
        """With ``handle`` as the one search handle of its session; the earlier one is gone."""
        scid, template_name, name = handle.session_ref.key
        known = self.searches.get((scid, template_name), _NONE)
        handles, handles_of = self._exchanged(known.get(name), handle)
        searches = with_item(self.searches, (scid, template_name), with_item(known, name, handle))
        return self._with(handles=handles, handles_of=handles_of, searches=searches)

    def _searches_without(self, handle: Handle) -> Mapping[tuple[str, str], Mapping[str, Handle]]:
        scid, template_name, name = handle.session_ref.key
        known = self.searches.get((scid, template_name), _NONE)
        if (found := known.get(name)) is None or found.id != handle.id:
            return self.searches
        rest = without_item(known, name)
        place = (scid, template_name)
        return with_item(self.searches, place, rest) if rest else without_item(self.searches, place)


_NONE: Mapping[Any, Any] = {}


@lru_cache(maxsize=256)
def _bare_title(title_id: str) -> Title:
    return Title(title_id)


def _standing_at(place: tuple[str, ...], handles: tuple[Handle, ...]) -> Handle | None:
    """The first of one user's activity handles that is at ``place``; None when there is none."""
    where = place[1:]
    for handle in handles:
        if handle.session_ref.key[: len(where)] == where:
            return handle
    return None
