"""The keys under ``members`` of a session write: which member each means, and who may use it (contract 7.2, 17)."""

from __future__ import annotations

from collections.abc import Iterator

from handlesfake.mpsd.context import Context
from handlesfake.mpsd.evidence import Evidence
from handlesfake.mpsd.http.body import a_xuid, an_object
from handlesfake.mpsd.refusals.catalogue import refuse
from handlesfake.mpsd.sessions.access.read_and_join import acting
from handlesfake.mpsd.sessions.ownership import has_owners, is_owner
from handlesfake.mpsd.state.identity import KnownUser
from handlesfake.mpsd.state.session import Document, Session
from handlesfake.values.values import frozen


@frozen
class MemberWrite:
    """What a write says of one member."""

    field: str
    """Its place in the body: ``members.me``."""

    xuid: str
    body: Document | None
    """The member as sent; None for one who leaves."""

    user: KnownUser | None = None
    """The acting user who joins or updates; None where the key reserves a place for another user, or removes one."""

    @property
    def reserves(self) -> bool:
        """Whether the write reserves a place for a user."""
        return self.user is None and self.body is not None


def member_writes(context: Context, session: Session, members: Document, *, created: bool) -> list[MemberWrite]:
    """The writes of a body's ``members``, the caller's own first.

    :raises Refusal: a key is not for this caller, or not for this session.
    """
    writes: list[MemberWrite] = []
    for key, value in members.items():
        body = None if value is None else an_object(value, f"members.{key[:100]}")
        writes += _writes(context, session, key, body)
    writes.sort(key=lambda write: write.user is None)
    _check_reservations(context, members, writes, created=created)
    if session.capabilities.get("large"):
        _check_large(context, writes)
    if not context.caller.manages and not any(write.user for write in writes):
        # any PUT requires the user to be a member, and adds the user if necessary (documented)
        implied = [MemberWrite("members.me", user.xuid, {}, user) for user in context.caller.users]
        return [*implied, *writes]
    return writes


def _writes(context: Context, session: Session, key: str, body: Document | None) -> Iterator[MemberWrite]:
    field = f"members.{key[:100]}"
    if key == "me":
        user = acting(context.caller, "members.me")
        yield MemberWrite(field, user.xuid, body, user)
    elif key.startswith("reserve_") and key[8:].isascii() and key[8:].isdigit():
        if body is None:
            raise refuse("invalid_field", field=field, problem="must be an object")
        yield MemberWrite(field, _reserved_xuid(context, key, body, field), body)
    elif key.isascii() and key.isdigit():
        yield from _existing(context, session, key, body)
    elif context.caller.is_service and key.startswith("me_"):
        for user in _acting_users(context, session, key):
            yield MemberWrite(field, user.xuid, body, user)
    else:
        raise refuse("key_prohibited", field=field)


def _acting_users(context: Context, session: Session, key: str) -> list[KnownUser]:
    users = list(context.caller.users)
    if key == "me_all":
        return users
    if key == "me_allInSession":
        return [user for user in users if session.member_of(user.xuid) is not None]
    named = [user for user in users if key == f"me_{user.xuid}"]
    if not named:
        raise refuse("service_users", problem=f"must name the user of members.{key[:100]}")
    return named


def _existing(context: Context, session: Session, key: str, body: Document | None) -> Iterator[MemberWrite]:
    """``members.<index>``: ``null`` removes; a server principal may, and an owner where there are owners."""
    field = f"members.{key[:100]}"
    index = int(key) if len(key) < 10 else -1
    if not context.caller.is_service:
        author = session.member_of(context.caller.users[0].xuid)
        if body is not None or not (has_owners(session) and is_owner(session, author)):
            raise refuse("existing_members", field=field)
        context.limit_evidence(Evidence.INFERRED)  # that owners may is documented; how they say it is not
    if body is not None:
        raise refuse("key_prohibited", field=field)
    if index in session.members:
        yield MemberWrite(field, session.members[index].xuid, None)


def _reserved_xuid(context: Context, key: str, body: Document, field: str) -> str:
    """Whose place it is: as the body says, else, from a service, by the order of its header (documented)."""
    constants = an_object(body.get("constants", {}), f"{field}.constants")
    system = an_object(constants.get("system", {}), f"{field}.constants.system")
    place = int(key[8:]) if len(key) < 18 else len(context.caller.users)
    if "xuid" not in system and context.caller.is_service and place < len(context.caller.users):
        return context.caller.users[place].xuid
    return a_xuid(system.get("xuid"), f"{field}.constants.system.xuid")


def _check_reservations(context: Context, members: Document, writes: list[MemberWrite], *, created: bool) -> None:
    """Numbered from 0 without a gap; a service reserves when it creates, and does nothing else then (documented)."""
    numbers = sorted(int(key[8:]) for key in members if key.startswith("reserve_"))
    if numbers != list(range(len(numbers))):
        raise refuse("invalid_field", field="members", problem="must number reservations from reserve_0 on")
    if numbers and context.caller.is_service and not created:
        raise refuse("key_prohibited", field="members.reserve_0")
    if numbers and context.caller.is_service and not all(write.reserves for write in writes):
        raise refuse("invalid_field", field="members", problem="must not mix reservations with members")


def _check_large(context: Context, writes: list[MemberWrite]) -> None:
    if any(write.user is None for write in writes):
        raise refuse("others_in_large")
    if len(context.caller.users) > 1:
        raise refuse("several_in_large")
