"""A session write: from its body to the session as it is afterwards (contract 7.2 to 7.5)."""

from __future__ import annotations

from typing import Any

from handlesfake.mpsd.context import Context
from handlesfake.mpsd.evidence import Evidence
from handlesfake.mpsd.http.body import an_object
from handlesfake.mpsd.refusals.catalogue import refuse
from handlesfake.mpsd.sessions.access.read_and_join import Grant
from handlesfake.mpsd.sessions.access.session_lookup import require_member
from handlesfake.mpsd.sessions.constants import require_same
from handlesfake.mpsd.sessions.known_names import CAPABILITIES, CONSTANTS, PROPERTIES, note_unknown
from handlesfake.mpsd.sessions.lifetime.initialization_stages import advanced
from handlesfake.mpsd.sessions.member_keys import member_writes
from handlesfake.mpsd.sessions.members import with_write
from handlesfake.mpsd.sessions.merging import merged_custom, merged_system, require_keys
from handlesfake.mpsd.sessions.ownership import (
    after_leaving,
    has_owners,
    is_owner,
    policy,
    tidied,
    with_owners,
    without_absent,
)
from handlesfake.mpsd.sessions.roles import changed_role_types, new_role_types
from handlesfake.mpsd.sessions.spelling import to_contract_107
from handlesfake.mpsd.sessions.system_properties import check_system
from handlesfake.mpsd.state.identity import is_xuid
from handlesfake.mpsd.state.initialization import configured, setting
from handlesfake.mpsd.state.session import NOTHING, Document, Member, Session
from handlesfake.values.values import frozen, replace

_PARTS = ("system", "custom")


@frozen
class Body:
    """The body of a session write, its shape checked; None for what it does not say."""

    constants: Document | None = None
    properties: Document | None = None
    members: Document | None = None
    servers: Document | None = None
    role_types: Document | None = None


def read_body(document: Document) -> Body:
    """Read the five keys of a session write; all others are prohibited (documented).

    :raises Refusal: there is another key, or a value is not an object.
    """
    require_keys(document, ("constants", "properties", "members", "servers", "roleTypes"), "")
    constants = _part(document, "constants", _PARTS)
    return Body(
        constants=None if constants is None else to_contract_107(constants),
        properties=_part(document, "properties", _PARTS),
        members=_part(document, "members"),
        servers=_part(document, "servers"),
        role_types=_part(document, "roleTypes"),
    )


def _part(document: Document, name: str, keys: tuple[str, ...] = ()) -> Document | None:
    if document.get(name) is None:
        return None
    part = an_object(document[name], name)
    if keys:
        require_keys(part, keys, name)
        for key, value in part.items():
            if value is not None:
                an_object(value, f"{name}.{key}")
    return part


def created_session(context: Context, session: Session, body: Body, grant: Grant) -> Session:
    """The session that a creating write makes of an empty one.

    :raises Refusal: the body is not as it must be, or the caller may not.
    """
    _require_initiator(context, session)
    _require_broadcaster(context, session)
    _note_constants(context, (body.constants or {}).get("system") or {})
    session = replace(session, role_types=new_role_types(body.role_types or {}))
    after = _with_members(context, session, body, grant, created=True)
    if has_owners(after):
        joined = (after.member_of(user.xuid) for user in context.caller.users)
        mine = [member.index for member in joined if member is not None]
        after = with_owners(after, mine) if mine else after
        context.limit_evidence(Evidence.INFERRED)  # that a creator owns the session: LFG's results name owners (8.3)
    after = _with_properties(context, after, body, author=None, created=True)
    _require_initialization(after)
    return advanced(None, tidied(after), context.now, context.settings.choices)


def updated(context: Context, session: Session, body: Body, grant: Grant) -> Session:
    """The session after a write to an existing one; equal to ``session`` when nothing changes.

    :raises Refusal: the body is not as it must be, or the caller may not.
    """
    if body.constants is not None:
        require_same(session.constants, body.constants)
    author = next((session.member_of(user.xuid) for user in context.caller.users), None)
    after = session
    if body.role_types is not None:
        after = replace(after, role_types=changed_role_types(session, body.role_types, author))
    after = _with_members(context, after, body, grant, created=False)
    after = _with_properties(context, after, body, author=author, created=False)
    after = tidied(after_leaving(session, after))
    if author is None:
        _require_inside(context, session, after)
    return advanced(session, after, context.now, context.settings.choices)


def _with_members(context: Context, session: Session, body: Body, grant: Grant, *, created: bool) -> Session:
    for write in member_writes(context, session, body.members or {}, created=created):
        # who creates a session cannot be shut out of it by its own template
        session = with_write(context, session, write, replace(grant, creates=created))
    return session


def _with_properties(
    context: Context, session: Session, body: Body, *, author: Member | None, created: bool
) -> Session:
    session = _with_servers(context, session, body)
    if body.properties is None:
        return _locked(session)
    session = without_absent(session)
    sent = body.properties.get("system") or {}
    known = session.properties
    system = _with_restrictions(context, session, merged_system(known["system"], sent), sent)
    if not created:
        _require_owner(context, session, author, system)
    custom = merged_custom(
        known["custom"], body.properties.get("custom"), "properties.custom", context.settings.choices
    )
    begun = (
        NOTHING if created and (sent or custom) else known
    )  # a session that is created with properties has system first (captured)
    after = replace(session, properties={**begun, "system": system, "custom": custom})
    check_system(after, context.settings.choices)
    note_unknown(context, sent, PROPERTIES, "properties.system")
    _rest_on_fields(context, after, sent, body.properties.get("custom") or {}, known["custom"])
    return _locked(after)


def _rest_on_fields(context: Context, session: Session, system: Document, custom: Document, known: Document) -> None:
    """What is known about the fields that were sent, where that is less than a capture."""
    devices = {member.device_token for member in session.members.values()}
    foreign_host = system.get("host", "") not in devices | {""}  # a member's is captured
    if None in custom.values() or {"turn", "owners", "keywords"} & set(system) or foreign_host:
        context.limit_evidence(Evidence.DOCUMENTED)
    looking_for_group = {"description", "scheduledTime", "searchHandleVisibility"} & set(system)
    if system.get("locked") or system.get("closed") or looking_for_group:
        context.limit_evidence(Evidence.CLIENT)
    if any(isinstance(value, dict) and isinstance(known.get(name), dict) for name, value in custom.items()):
        context.limit_evidence(Evidence.ASSUMED)  # the depth of the merge is open


def _with_restrictions(context: Context, session: Session, system: Document, sent: Document) -> Document:
    """Both restrictions are local by default where userAuthorizationStyle is set (captured).

    A client that opens only the joining is not refused for a reading that it never spoke of.
    """
    if not session.capabilities.get("userAuthorizationStyle"):
        return system
    system = {"joinRestriction": "local", "readRestriction": "local", **system}
    joins = system["joinRestriction"]
    if joins == "followed" and "readRestriction" not in sent and system["readRestriction"] == "local":
        context.note("readRestriction was not sent, and became followed with joinRestriction")
        system["readRestriction"] = joins
    return system


def _require_owner(context: Context, session: Session, author: Member | None, system: Document) -> None:
    """Where a session has owners, others change only what its policy lets them (documented)."""
    if not has_owners(session) or is_owner(session, author) or context.caller.manages:
        return
    allowed: Any = policy(session, "nonOwnerModifiableSystemProperties") or ()
    known = session.properties["system"]
    for name in {**known, **system}:
        if known.get(name) != system.get(name) and name not in allowed:
            raise refuse("owners_only", field=f"properties.system.{name[:100]}")


def _require_inside(context: Context, before: Session, after: Session) -> None:
    """No user changes a session from outside: a writer that was not in it has to be in it now (documented).

    ``members.me: null`` of a stranger changes nothing, and does not allow writing the rest.
    """
    if context.caller.manages or any(after.member_of(user.xuid) for user in context.caller.users):
        return
    if after != before:
        for user in context.caller.users:
            require_member(before, user)


def _with_servers(context: Context, session: Session, body: Body) -> Session:
    if body.servers is None:
        return session
    if not context.caller.is_service:
        raise refuse("servers_by_user")
    context.limit_evidence(Evidence.DOCUMENTED)
    servers = dict(session.servers)
    for name, server in body.servers.items():
        if server is None:
            servers.pop(name, None)
        else:
            servers[name] = {**servers.get(name, {}), **an_object(server, f"servers.{name[:100]}")}
    return replace(session, servers=servers)


def _locked(session: Session) -> Session:
    """While a session is locked, it remembers who was a member of it since (U72)."""
    if not session.properties["system"].get("locked"):
        return session if session.lock is None else replace(session, lock=None)
    lock = frozenset(session.by_xuid) | (session.lock or frozenset())
    return session if lock == session.lock else replace(session, lock=lock)


# ---- creation only


def _note_constants(context: Context, system: Document) -> None:
    note_unknown(context, system, CONSTANTS, "constants.system")
    note_unknown(context, system.get("capabilities") or (), CAPABILITIES, "constants.system.capabilities")


def _require_initiator(context: Context, session: Session) -> None:
    """``constants.system.initiators``: the creator must be listed, or be a server (documented)."""
    initiators = session.system.get("initiators")
    if not initiators or context.caller.is_service:
        return
    if not any(user.xuid in initiators for user in context.caller.users):
        raise refuse("initiator_needed")


def _require_broadcaster(context: Context, session: Session) -> None:
    """A session for a broadcast has the xuid of its broadcaster as its name (documented)."""
    if not session.capabilities.get("broadcast") or context.settings.choices.broadcast_name != 400:
        return
    name = session.ref.name
    xuids = [user.xuid for user in context.caller.users]
    if name not in xuids and not (context.caller.is_service and is_xuid(name)):
        raise refuse("invalid_field", field="sessionName", problem="must be the xuid of the broadcaster")


def _require_initialization(session: Session) -> None:
    if not configured(session.system) or not session.members:
        return
    needed = setting(session.system, "membersNeededToStart")
    count = sum(
        1 for member in session.members.values() if member.constants["system"].get("initialize") in (True, "true")
    )
    if count < needed:
        raise refuse("initialization_members", needed=needed, count=count)
