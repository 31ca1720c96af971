"""Directory: everything the service knows, as one immutable value."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from immutables import Map

from handlesfake.mpsd.identity import Title, User
from handlesfake.mpsd.session import Session, SessionRef


@dataclass(frozen=True, slots=True)
class Handle:
    """One handle. ``document`` is the JSON object that its creation was answered with."""

    id: str
    type: str
    session_ref: SessionRef
    owner_xuid: str
    title_id: str
    created_at: int
    """100 ns ticks since 1970-01-01 UTC."""

    document: dict[str, Any]
    invited_xuid: str = ""
    expires_at: int | None = None
    """Ticks at which an invite ends; None for a handle that lives until it is deleted."""


@dataclass(frozen=True, slots=True)
class Directory:
    """What the service knows. Every change gives a new value that shares all the rest with the old one."""

    users: Map[str, User] = field(default_factory=Map)
    """By xuid."""

    hashes: Map[str, str] = field(default_factory=Map)
    """User hash to xuid."""

    services: Map[str, str] = field(default_factory=Map)
    """Fingerprint of a service's token to its title id."""

    titles: Map[str, Title] = field(default_factory=Map)
    sessions: Map[tuple[str, str, str], Session] = field(default_factory=Map)
    handles: Map[str, Handle] = field(default_factory=Map)
    activities: Map[tuple[str, ...], str] = field(default_factory=Map)
    """Who and where (xuid and scid) to the id of the one activity handle."""

    handles_of: Map[tuple[str, str, str], Map[str, None]] = field(default_factory=Map)
    """Session key to the ids of the handles that point there."""

    users_named: bool = False
    """The test has named a user: from then on an unknown token is 401."""

    sessions_created: bool = False
    """Somebody has created a session: from then on a missing one is missing."""

    # ---- users

    def with_user(self, user: User) -> Directory:
        """With ``user`` known by xuid and by user hash."""
        return replace(
            self, users=self.users.set(user.xuid, user), hashes=self.hashes.set(user.user_hash, user.xuid)
        )

    def title(self, title_id: str) -> Title:
        """What is known of a title; a bare one when nothing is."""
        return self.titles.get(title_id) or Title(title_id)

    # ---- sessions

    def session(self, ref: SessionRef) -> Session | None:
        """The session that ``ref`` names, without regard to case; None when there is none."""
        return self.sessions.get(ref.key)

    def with_session(self, session: Session) -> Directory:
        """With ``session`` put in or replaced."""
        return replace(self, sessions=self.sessions.set(session.ref.key, session))

    def without_session(self, session: Session) -> Directory:
        """Less ``session``; the handles that point there are the caller's business."""
        return replace(self, sessions=self.sessions.delete(session.ref.key))

    # ---- handles

    def with_handle(self, handle: Handle) -> Directory:
        """With ``handle`` known by id and by session."""
        key = handle.session_ref.key
        siblings = self.handles_of.get(key, Map()).set(handle.id, None)
        return replace(
            self, handles=self.handles.set(handle.id, handle), handles_of=self.handles_of.set(key, siblings)
        )

    def without_handle(self, handle: Handle) -> Directory:
        """Less ``handle``, in every index."""
        key = handle.session_ref.key
        siblings = self.handles_of.get(key, Map())
        siblings = siblings.delete(handle.id) if handle.id in siblings else siblings
        handles_of = self.handles_of.set(key, siblings) if siblings else self.handles_of.delete(key)
        changed = replace(self, handles=self.handles.delete(handle.id), handles_of=handles_of)
        if handle.type != "activity":
            return changed
        places = [place for place, known in _places(handle, self) if known == handle.id]
        activities = self.activities
        for place in places:
            activities = activities.delete(place)
        return replace(changed, activities=activities)

    def activity_at(self, place: tuple[str, ...]) -> Handle | None:
        """The activity handle at ``place`` (xuid and scid, or xuid and session key); None when there is none."""
        handle_id = self.activities.get(place)
        return None if handle_id is None else self.handles[handle_id]

    def with_activity(self, place: tuple[str, ...], handle: Handle) -> Directory:
        """With ``handle`` as the one activity at ``place``; the one that stood there is gone."""
        before = self.activity_at(place)
        cleared = self.without_handle(before) if before else self
        return replace(cleared.with_handle(handle), activities=cleared.activities.set(place, handle.id))


def _places(handle: Handle, directory: Directory) -> list[tuple[tuple[str, ...], str | None]]:
    """Where an activity may stand under either reading of U20, and what stands there."""
    by_scid = (handle.owner_xuid, handle.session_ref.scid.lower())
    by_session = (handle.owner_xuid, *handle.session_ref.key)
    return [(place, directory.activities.get(place)) for place in (by_scid, by_session)]
