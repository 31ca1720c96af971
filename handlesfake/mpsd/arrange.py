"""States that a test arranges. (Placeholder of the lead: the sessions helper owns and replaces this file.)"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from handlesfake.mpsd.directory import Directory
from handlesfake.mpsd.identity import User
from handlesfake.mpsd.session import Document, Member, Session, SessionRef


def session(
    directory: Directory,
    ref: SessionRef,
    *,
    members: tuple[User, ...],
    constants: Document | None,
    properties: Document | None,
    now: int,
    new_id: Any,
    settings: Any,
) -> Directory:
    found = directory.session(ref) or Session(
        ref, new_id(), f'"{new_id().replace("-", "")}"', new_id(), now, constants=settings.constants(ref.template_name),
        properties=properties or {"system": {}, "custom": {}},
    )
    directory = replace(directory.with_session(found), sessions_created=True)
    for user in members:
        directory = join(directory, ref, user, now=now, new_id=new_id, settings=settings)
    return directory


def join(directory: Directory, ref: SessionRef, user: User, *, status: str = "active", now: int, new_id: Any, settings: Any) -> Directory:
    found = directory.sessions[ref.key]
    return directory.with_session(found.with_member(Member(found.next_index, user.xuid, now, status)))


def activity(directory: Directory, user: User, ref: SessionRef, *, now: int, new_id: Any, settings: Any) -> Directory:
    raise NotImplementedError


def follow(directory: Directory, xuid: str, other: str) -> Directory:
    user = directory.users[xuid]
    return directory.with_user(replace(user, follows=user.follows | {other}))
