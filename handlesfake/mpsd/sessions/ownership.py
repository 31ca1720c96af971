"""Owners of a session: who they are, what they may do, and what happens to the session when the last one leaves."""

from __future__ import annotations

from handlesfake.mpsd.state.session import Member, Session
from handlesfake.values.values import replace


def owners(session: Session) -> list[int]:
    """The indices of the owners; empty where the session has none."""
    found: list[int] = session.properties["system"].get("owners", [])
    return found


def has_owners(session: Session) -> bool:
    """Whether the session was made with owners."""
    return bool(session.capabilities.get("hasOwners"))


def is_owner(session: Session, member: Member | None) -> bool:
    """Whether ``member`` is one of the session's owners."""
    return member is not None and member.index in owners(session)


def policy(session: Session, name: str) -> object:
    """One of ``constants.system.ownershipPolicies``; None where nothing is said."""
    policies: dict[str, object] = session.system.get("ownershipPolicies") or {}
    return policies.get(name)


def with_owners(session: Session, indices: list[int]) -> Session:
    """The session with these owners."""
    system = {**session.properties["system"], "owners": indices}
    return replace(session, properties={**session.properties, "system": system})


def after_leaving(before: Session, after: Session) -> Session:
    """The session after members left: ``owners``, ``turn`` and ``host`` name only members that remain.

    When the last owner is gone, everybody is (``endsession``, the default), or the oldest member takes over.
    """
    if before.members is after.members:
        return after
    after = tidied(after)
    if not has_owners(after) or not owners(before):
        return after
    left = [index for index in owners(after) if index in after.members]
    if left or not after.members:
        return after if left == owners(after) else with_owners(after, left)
    accepted = [member.index for member in after.in_order() if member.accepted]
    if policy(after, "migration") == "oldest" and accepted:
        return with_owners(after, [min(accepted, key=lambda index: (after.members[index].joined_at, index))])
    return replace(with_owners(after, []), members={}, index_of_many={}, accepted=0, active=0, listening=0)


def without_absent(session: Session) -> Session:
    """The session whose ``turn`` and ``owners`` name only remaining members: the others need not be named again."""
    system = session.properties["system"]
    named = {name: system[name] for name in ("turn", "owners") if system.get(name)}
    left = {name: [index for index in indices if index in session.members] for name, indices in named.items()}
    if left == named:
        return session
    return replace(session, properties={**session.properties, "system": {**system, **left}})


def tidied(session: Session) -> Session:
    """The session with ``turn`` and ``host`` without names of absent members."""
    system = dict(session.properties["system"])
    if system.get("turn"):
        system["turn"] = [index for index in system["turn"] if index in session.members]
    if "host" in system and not any(member.device_token == system["host"] for member in session.members.values()):
        del system["host"]  # "removed if no member has it" (documented)
    if system == session.properties["system"]:
        return session
    return replace(session, properties={**session.properties, "system": system})
