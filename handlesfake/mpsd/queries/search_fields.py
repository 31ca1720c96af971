"""The fields that a search can compare and order by: what each is called, of which kind, and where it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any, Literal

from handlesfake.mpsd.evidence import Evidence
from handlesfake.mpsd.sessions.access.visibility import owner_xuids
from handlesfake.mpsd.state.handle import Handle
from handlesfake.mpsd.state.session import Session
from handlesfake.mpsd.ticks import from_wire_time
from handlesfake.values.values import frozen, mutable, replace

Kind = Literal["text", "number", "time", "list"]


@mutable  # not frozen: a query makes one for each handle, and frozen ones take three times as long
class Candidate:
    """One stored search handle and the session that it points to, as a filter sees them."""

    handle: Handle
    session: Session | None
    attributes: dict[str, Any]
    """``searchAttributes``; ``{}`` where the client sent none."""


Read = Callable[[Candidate], Any]


@frozen
class SearchField:
    """A field: ``read`` gives text, float, ticks or an iterable of texts by its kind; None when it is missing."""

    kind: Kind
    read: Read
    stored_case: bool = False
    """A tag or string: stored in any case, found in lower case only (documented)."""

    evidence: Evidence = Evidence.DOCUMENTED
    """What it rests on that the field holds this."""


def search_field(path: tuple[str, ...]) -> SearchField | None:
    """The field that ``path`` names; None when there is no such field."""
    group = path[0].lower()
    if group == "session":
        return _session_field(tuple(part.lower() for part in path[1:]))
    if group in ("strings", "string", "numbers", "number"):
        return _named(group.rstrip("s"), path[1]) if len(path) == 2 else None
    return _ATTRIBUTES.get(group) if len(path) == 1 else None


def _named(group: str, name: str) -> SearchField:
    if group == "string":
        return SearchField("text", lambda candidate: _inside(candidate, "strings").get(name), stored_case=True)
    return SearchField("number", lambda candidate: _number(_inside(candidate, "numbers").get(name)))


def _inside(candidate: Candidate, name: str) -> dict[str, Any]:
    return candidate.attributes.get(name) or {}


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _language(candidate: Candidate) -> str | None:
    """The language of ``searchAttributes.locale``: ``en`` of ``en-US`` (inferred)."""
    locale = candidate.attributes.get("locale")
    return str(locale).partition("-")[0].lower() if locale else None


_ATTRIBUTES: Mapping[str, SearchField] = MappingProxyType(
    {
        "tags": SearchField("list", lambda candidate: candidate.attributes.get("tags") or (), stored_case=True),
        "achievementids": SearchField("list", lambda candidate: candidate.attributes.get("achievementIds") or ()),
        "language": SearchField("text", _language, evidence=Evidence.INFERRED),
        "timestamp": SearchField("time", lambda candidate: candidate.handle.created_at),
    }
)


# ---- session/...


def _session_field(path: tuple[str, ...]) -> SearchField | None:
    if len(path) == 1:
        return _SESSION.get(path[0])
    if len(path) == 4 and path[0] == "roles" and path[3] in ("count", "target", "needs"):
        return SearchField("number", lambda candidate: _role(candidate, *path[1:]))
    return None


def _of_session(kind: Kind, read: Callable[[Session], Any]) -> SearchField:
    return SearchField(kind, lambda candidate: None if candidate.session is None else read(candidate.session))


def _inferred(kind: Kind, read: Callable[[Session], Any]) -> SearchField:
    return replace(_of_session(kind, read), evidence=Evidence.INFERRED)


def _system(name: str) -> Callable[[Session], Any]:
    return lambda session: session.properties.get("system", {}).get(name)


def _scheduled(session: Session) -> int | None:
    text = session.properties.get("system", {}).get("scheduledTime")
    return from_wire_time(text) if isinstance(text, str) else None


def _target(session: Session) -> float | None:
    """The targets of the session's roles together; None where no role has one (inferred)."""
    targets = [
        role["target"]
        for role_type in session.role_types.values()
        for role in role_type.get("roles", {}).values()
        if role.get("target") is not None
    ]
    return float(sum(targets)) if targets else None


def _target_remaining(session: Session) -> float | None:
    target = _target(session)
    return None if target is None else target - len(session.members)


def _needs(session: Session) -> float:
    """Target less members, or maximum less members when there is no target (documented)."""
    target = _target(session)
    return (session.capacity if target is None else target) - float(len(session.members))


def _role(candidate: Candidate, role_type: str, name: str, wanted: str) -> float | None:
    """``count``, ``target`` or ``needs`` of a role; its ``max`` stands in for a target (documented)."""
    session = candidate.session
    role = session.role_types.get(role_type, {}).get("roles", {}).get(name) if session else None
    if session is None or role is None:
        return None
    target = role.get("target", role.get("max"))
    if wanted == "target":
        return _number(target)
    count = float(sum(1 for member in session.members.values() if member.roles.get(role_type) == name))
    if wanted == "count":
        return count
    return None if target is None else target - count


def _xuids(session: Session) -> Iterable[str]:
    return session.by_xuid


_SESSION: Mapping[str, SearchField] = MappingProxyType(
    {
        "memberxuids": _of_session("list", _xuids),
        "ownerxuids": _of_session("list", owner_xuids),
        "keywords": _of_session("list", lambda session: session.keywords),
        "scid": SearchField("text", lambda candidate: candidate.handle.session_ref.scid),
        "templatename": SearchField("text", lambda candidate: candidate.handle.session_ref.template_name),
        "titleid": SearchField("number", lambda candidate: _number(candidate.handle.title_id or None)),
        "scheduledtime": _of_session("time", _scheduled),
        "postedtime": SearchField("time", lambda candidate: candidate.handle.created_at),
        "registrationstate": _inferred("text", _system("registrationState")),
        "memberscount": _of_session("number", lambda session: float(len(session.members))),
        "targetmemberscount": _inferred("number", _target),
        "maxmemberscount": _of_session("number", lambda session: float(session.capacity)),
        "targetmemberscountremaining": _inferred("number", _target_remaining),
        "maxmemberscountremaining": _of_session(
            "number", lambda session: float(session.capacity - len(session.members))
        ),
        "needs": _inferred("number", _needs),
    }
)
