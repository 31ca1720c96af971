"""A session, as an answer shows it: whole, or gone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import reduce
from typing import Any

from handlesfake.mpsd.learning.members import shown_member
from handlesfake.mpsd.learning.parts import less, number_or, part, system_and_custom, ticks
from handlesfake.mpsd.learning.shown import GONE, RecordedAnswer
from handlesfake.mpsd.sessions.lifetime.lifecycle import ended, store_session, without_assumed
from handlesfake.mpsd.sessions.spelling import to_contract_107
from handlesfake.mpsd.state.directory import Directory
from handlesfake.mpsd.state.initialization import Initialization
from handlesfake.mpsd.state.session import UNSAID, Document, Member, Session, SessionRef

_WITH_SESSION = (200, 201, 412)
_SHOWN_EMPTY: tuple[tuple[str, Any], ...] = (("turn", []), ("matchmaking", {}))
"""What MPSD adds to ``properties.system`` to show that there is none."""


def learn_session(shown: RecordedAnswer) -> Directory:
    """The directory with the session that the answer shows, or less the one that it says is gone."""
    ref, directory = shown.ref, shown.directory
    if ref is None:
        return directory
    known = directory.session(ref)
    if shown.response.status in GONE:
        return ended(directory, known) if known is not None and _says_gone(shown) else directory
    members = _members(shown, known) if _shows_session(shown) else None
    if members is None:
        return directory
    session = reduce(Session.with_member, members, _read(shown, ref, known))
    return store_session(without_assumed(directory), known, session, shown.now)


def _says_gone(shown: RecordedAnswer) -> bool:
    """A missing handle says nothing of the session."""
    return "scid" in shown.parameters or shown.response.status == 204


def _shows_session(shown: RecordedAnswer) -> bool:
    return "constants" in shown.document and shown.response.status in _WITH_SESSION


def _read(shown: RecordedAnswer, ref: SessionRef, known: Session | None) -> Session:
    """The session without its members."""
    document = shown.document
    return Session(
        ref=known.ref if known is not None else ref,
        branch=str(document.get("branch") or ""),
        etag=shown.response.headers.first("ETag") or (known.etag if known is not None else '""'),
        correlation_id=str(document.get("correlationId") or ""),
        started_at=ticks(document.get("startTime"), shown.now),
        change_number=number_or(document.get("changeNumber"), 1),
        constants=system_and_custom(to_contract_107(part(document, "constants"))),
        properties=_properties(document),
        role_types=_role_types(part(document, "roleTypes")),
        servers=dict(part(document, "servers")),
        members={},
        next_index=number_or(part(document, "membersInfo").get("next"), 0),
        lock=known.lock if known is not None else None,
        initialization=_initialization(document, known, shown.now),
    )


def _properties(document: Mapping[str, Any]) -> Document:
    shown = part(document, "properties")
    properties = system_and_custom(shown)
    system = {name: value for name, value in properties["system"].items() if (name, value) not in _SHOWN_EMPTY}
    order = UNSAID if next(iter(shown), "") == "custom" else properties
    return {**order, **properties, "system": system}


def _initialization(document: Mapping[str, Any], known: Session | None, now: int) -> Initialization | None:
    """Where the initialization stands; between episodes nothing shows, and the known number of episodes stays."""
    before = known.initialization if known is not None else None
    run = part(document, "initializing")
    candidates = document.get("hostCandidates")
    if not run and not candidates:
        return before and Initialization(episode=before.episode)
    return Initialization(
        stage=str(run.get("stage") or ""),
        since=ticks(run.get("stageStartTime"), now),
        episode=number_or(run.get("episode"), before.episode if before else 1),
        candidates=tuple(map(str, candidates)) if isinstance(candidates, list) else (),
    )


def _role_types(shown: Mapping[str, Any]) -> Document:
    """The role types less who plays which role, which the members say themselves."""
    found: Document = {}
    for name, kind in shown.items():
        roles = part(kind, "roles") if isinstance(kind, dict) else {}
        if roles and all(isinstance(role, dict) for role in roles.values()):
            found[name] = {**kind, "roles": {role: less(roles[role], "memberXuids", "count") for role in roles}}
    return found


def _members(shown: RecordedAnswer, known: Session | None) -> list[Member] | None:
    """The members; None when one of them cannot be read, so that nothing is half learned."""
    documents = part(shown.document, "members")
    found = [shown_member(name, one, shown.now) for name, one in documents.items()]
    members = [member for member in found if member is not None]
    if len(members) < len(found):
        return None
    system = part(part(shown.document, "constants"), "system")
    if part(system, "capabilities").get("large") and known is not None:
        # of a large session each sees the own record only
        members += _others(known, members)
    return members


def _others(known: Session, members: Iterable[Member]) -> list[Member]:
    xuids = {member.xuid for member in members}
    return [member for member in known.members.values() if member.xuid not in xuids]
