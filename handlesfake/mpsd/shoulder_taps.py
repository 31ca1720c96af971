"""Taps: what the service pushes to each user once sessions have changed (contract 11)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from handlesfake.mpsd.state.directory import Directory
from handlesfake.mpsd.state.session import Document, Member, Session, SessionRef
from handlesfake.mpsd.ticks import wire_time
from handlesfake.values.values import frozen

EVERYTHING = "everything"
RESOURCE_TYPE = "mpsd/session"


@frozen
class Tap:
    """One shoulder tap: word to one member that a session has changed, and nothing of what has changed in it."""

    xuid: str
    """The user that it is for."""

    connection: str
    """The connection over which the member wants it, as the member wrote it."""

    subscription: str
    """The id that the member gave to the subscription."""

    session_ref: SessionRef
    branch: str
    change_number: int | None
    """The session's after the change; None once the session is gone (captured)."""

    at: int
    """Ticks at which the session changed."""

    changes: frozenset[str] = frozenset()
    """What has changed, in the words of ``changeTypes``; for tests, and never on the wire."""

    is_last: bool = False
    """Whether the member is in the session no more, so that no other follows."""

    @property
    def resource(self) -> str:
        """``scid~template~name`` in lower case, as the wire has it (captured)."""
        return "~".join(self.session_ref.key)

    @property
    def wire(self) -> Document:
        """The tap as it is in a frame."""
        number = {} if self.change_number is None else {"changeNumber": self.change_number}
        return {
            "timestamp": wire_time(self.at),
            "subscription": self.subscription.lower(),
            "resourceType": RESOURCE_TYPE,
            "resource": self.resource,
            "branch": self.branch,
            **number,
        }


def taps(before: Directory, after: Directory, now: int) -> tuple[Tap, ...]:
    """What is pushed because ``before`` became ``after``, sessions in the order of their change, members by index.

    A member is tapped if it had a connection and a subscription in ``before``, under the id from there. So a write
    does not tap the subscription that it makes, and taps the one that it replaces (contract 19.1, inferred from
    logs). The author of the change is tapped like the others: the change number shows clients that they know it
    already (documented). No tap goes over a connection of another user, a muted one, or one that the service saw
    closed.
    """
    found: list[Tap] = []
    for key in sorted(after.touched, key=after.touched.__getitem__):
        old = before.sessions.get(key)
        if old is None or not old.listening or old is (new := after.sessions.get(key)):
            continue
        found += [tap for tap in _of_session(old, new, now) if after.connections.may_carry(tap.connection, tap.xuid)]
    return tuple(found)


def _of_session(before: Session, after: Session | None, now: int) -> Iterator[Tap]:
    if after is not None and before.branch != after.branch:
        after = None  # another session has the name by now
    if after is not None and before.change_number == after.change_number:
        return
    found = changes(before, after)
    number = after.change_number if after is not None else None
    for member in before.in_order():
        system = member.properties.get("system", {})
        connection, wanted = system.get("connection"), _subscription(system)
        if member.listens and isinstance(connection, str) and wanted and wanted[1] & {EVERYTHING, *found}:
            left = after.member_of(member.xuid) if after is not None else None
            is_last = left is None or left.index != member.index
            yield Tap(member.xuid, connection, wanted[0], before.ref, before.branch, number, now, found, is_last)


def _subscription(system: Document) -> tuple[str, frozenset[str]] | None:
    """Id and change types of a subscription, as far as what a client wrote there is one."""
    said: Any = system.get("subscription")
    if not isinstance(said, dict) or not isinstance(said.get("id"), str):
        return None
    types = said.get("changeTypes")
    return said["id"], frozenset(one for one in types if isinstance(one, str)) if isinstance(
        types, list
    ) else frozenset()


# ---- what has changed


def changes(before: Session | None, after: Session | None) -> frozenset[str]:
    """What tells two states of a session apart, in the words of ``changeTypes`` (the comparison of the C++ client).

    A session that was created, or is gone, differs in its members. ``initialization`` is never found: the fake
    evaluates no members.
    """
    if before is None or after is None:
        return frozenset({"membersList"})
    found = {
        "host": _system(before).get("host") != _system(after).get("host"),
        "matchmakingStatus": _matchmaking(before) != _matchmaking(after),
        "joinability": _joinability(before) != _joinability(after),
        "customProperty": before.custom != after.custom,
    }
    if before.members is not after.members:
        both = [(before.members[index], after.members[index]) for index in before.members if index in after.members]
        found |= {
            "membersList": before.by_xuid != after.by_xuid,
            "membersStatus": any(old.status != new.status for old, new in both),
            "membersCustomProperty": any(_custom(old) != _custom(new) for old, new in both),
        }
    return frozenset(word for word, differs in found.items() if differs)


def _system(session: Session) -> Document:
    found: Document = session.properties.get("system", {})
    return found


def _custom(member: Member) -> Document:
    found: Document = member.properties.get("custom", {})
    return found


def _matchmaking(session: Session) -> Any:
    server = session.servers.get("matchmaking") or {}
    return (server.get("properties") or {}).get("system")


def _joinability(session: Session) -> tuple[Any, ...]:
    system = _system(session)
    return bool(system.get("closed")), bool(system.get("locked")), system.get("joinRestriction"), session.is_full
