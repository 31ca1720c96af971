"""What a search asks for besides its filter: whose sessions, and which may be shown at all (contract 5.3)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from handlesfake.mpsd.context import Context
from handlesfake.mpsd.evidence import Evidence
from handlesfake.mpsd.http.body import a_xuid, an_object, type_name
from handlesfake.mpsd.queries.search_fields import Candidate, search_field
from handlesfake.mpsd.queries.social import social_group
from handlesfake.mpsd.refusals.catalogue import refuse
from handlesfake.mpsd.sessions.access.visibility import is_listed, owner_xuids

WISHES = ("sessionMembers", "communicatePermissionRequired", "includeScheduled", "followed", "sessionOwners")
"""The fields of a search query that this module reads."""

Wish = Callable[[Candidate], bool]


def scope(context: Context, body: dict[str, Any]) -> Wish:
    """Whether a candidate is one that the body wishes for and the caller may be shown.

    :raises Refusal: a field is not as it must be.
    """
    wishes = [
        wish for make in (_scheduled, _followed, _communicating, _owned, _with_people) for wish in make(context, body)
    ]
    _flag(body, "global")
    if any(body.get(name) is not None for name in WISHES if name != "sessionMembers"):
        context.limit_evidence(Evidence.INFERRED)  # what these do is inferred from their names

    def wanted(candidate: Candidate) -> bool:
        for wish in wishes:  # a loop costs half of what all() does, and runs for each handle
            if not wish(candidate):
                return False
        return is_listed(context, candidate.session)

    return wanted


def _flag(body: dict[str, Any], name: str) -> bool:
    value = body.get(name)
    if value is not None and not isinstance(value, bool):
        raise refuse("invalid_field", field=name, problem=f"must be a boolean, and is {type_name(value)}")
    return bool(value)


def _owners(candidate: Candidate) -> list[str]:
    """The session's owners, or, where it has none, who made it searchable."""
    owners = owner_xuids(candidate.session) if candidate.session is not None else []
    return owners or [candidate.handle.owner_xuid]


def _scheduled(context: Context, body: dict[str, Any]) -> list[Wish]:
    """Sessions with a ``scheduledTime`` still to come only on demand (inferred)."""
    if _flag(body, "includeScheduled"):
        return []
    field = search_field(("session", "scheduledTime"))
    read = field.read if field is not None else None
    return [lambda candidate: read is None or (read(candidate) or 0) <= context.now]


def _followed(context: Context, body: dict[str, Any]) -> list[Wish]:
    """``followed``: only sessions of people that the caller follows (inferred)."""
    if not _flag(body, "followed"):
        return []
    people = frozenset[str]().union(*(user.follows for user in context.caller.users))
    return [lambda candidate: not people.isdisjoint(_owners(candidate))]


def _communicating(context: Context, body: dict[str, Any]) -> list[Wish]:
    """``communicatePermissionRequired``: no sessions if owner or caller blocks the other (inferred)."""
    if not _flag(body, "communicatePermissionRequired"):
        return []
    callers = context.caller.users
    blocked = frozenset[str]().union(*(user.blocks for user in callers))
    own = {user.xuid for user in callers}
    users = context.directory.users

    def allowed(candidate: Candidate) -> bool:
        owners = _owners(candidate)
        blocks = (users[xuid].blocks for xuid in owners if xuid in users)
        return blocked.isdisjoint(owners) and all(own.isdisjoint(blocked_ones) for blocked_ones in blocks)

    return [allowed]


def _owned(_context: Context, body: dict[str, Any]) -> list[Wish]:
    """``sessionOwners``: only sessions that this user owns (inferred)."""
    if body.get("sessionOwners") is None:
        return []
    xuid = a_xuid(body["sessionOwners"], "sessionOwners")
    return [lambda candidate: xuid in _owners(candidate)]


def _with_people(context: Context, body: dict[str, Any]) -> list[Wish]:
    """``sessionMembers.people``: only sessions that a member of that group is in."""
    if body.get("sessionMembers") is None:
        return []
    people = an_object(body["sessionMembers"], "sessionMembers").get("people")
    group = social_group(context, people, "sessionMembers.people")
    return [lambda candidate: candidate.session is not None and not group.isdisjoint(candidate.session.by_xuid)]
