"""One member of a session write: joining, updating, leaving, and reserving a place for a user (contract 7.4, 8.4)."""

from __future__ import annotations

from typing import Any

from handlesfake.mpsd.context import Context
from handlesfake.mpsd.evidence import Evidence
from handlesfake.mpsd.http.body import an_object, type_name
from handlesfake.mpsd.refusals.catalogue import Refusal, refuse
from handlesfake.mpsd.sessions.access.read_and_join import Grant, require_join, require_read, require_room
from handlesfake.mpsd.sessions.creation import device_token, new_member
from handlesfake.mpsd.sessions.known_names import MEMBER_PROPERTIES, note_unknown
from handlesfake.mpsd.sessions.member_keys import MemberWrite
from handlesfake.mpsd.sessions.merging import merged_custom, merged_system
from handlesfake.mpsd.sessions.roles import taken_roles
from handlesfake.mpsd.state.identity import KnownUser
from handlesfake.mpsd.state.initialization import measures_peers
from handlesfake.mpsd.state.session import Document, Member, Session
from handlesfake.values.values import replace

_STATUSES = ("active", "ready")
_PARTS = ("constants", "properties", "roles")


def with_write(context: Context, session: Session, write: MemberWrite, grant: Grant) -> Session:
    """``session`` after one member's part of a write.

    :raises Refusal: the user may not join, or the member's body is not as it must be.
    """
    member = session.member_of(write.xuid)
    if write.body is None:
        context.limit_evidence(Evidence.DOCUMENTED)
        if member is None:
            require_read(context, session, grant)
            return session
        return session.without_member(member.index)
    if write.user is None:
        return session if member is not None else _with_reservation(context, session, write)
    require_join(context, session, write.user, grant)
    if not grant.creates and member is None:
        context.limit_evidence(Evidence.DOCUMENTED)  # the captures show creators only
    known = member or new_member(session, write.user, context.now, "inactive")
    joins = member is None or not member.accepted
    changed = _updated(context, session, known, write, joins=joins)
    if joins:
        changed = replace(changed, gamertag=write.user.gamertag, title_id=write.user.title_id)
    return session if changed == member else session.with_member(changed)


def _with_reservation(context: Context, session: Session, write: MemberWrite) -> Session:
    require_room(context, session)
    context.limit_evidence(Evidence.DOCUMENTED)
    known = context.directory.users.get(write.xuid) or KnownUser(write.xuid, "", "")
    member = new_member(session, known, context.now, "reserved")
    body = write.body or {}
    constants = _constants(context, member, body.get("constants"), write.field, joins=True)
    properties = _properties(context, session, member, body.get("properties"), write.field)
    return session.with_member(replace(member, constants=constants, properties=properties))


def _updated(context: Context, session: Session, member: Member, write: MemberWrite, *, joins: bool) -> Member:
    body = write.body or {}
    unknown = [name for name in body if name not in _PARTS]
    if unknown:
        context.note(f"fields of {write.field} that MPSD does not know were ignored: {', '.join(unknown)[:200]}")
    constants = _constants(context, member, body.get("constants"), write.field, joins=joins)
    properties = _properties(context, session, member, body.get("properties"), write.field)
    system = _system(body.get("properties"), write.field)
    note_unknown(context, system, MEMBER_PROPERTIES, f"{write.field}.properties.system")
    status = _status(member, system, write.field)
    if system:
        status, properties = _unless_closed(context, write.field, status, properties)
    changed = replace(
        member,
        status=status,
        since=member.since if status == member.status else context.now,
        constants=constants,
        properties=properties,
        device_token=_device(write, properties["system"]),
    )
    _require_connection(context, session, changed, write.field)
    if body.get("roles") is None:
        return changed
    context.limit_evidence(Evidence.CLIENT)
    field = f"{write.field}.roles"
    roles = taken_roles(session, changed, body["roles"], field, context.settings.choices)
    return replace(changed, roles=roles)


def _unless_closed(context: Context, field: str, status: str, properties: Document) -> tuple[str, Document]:
    """A member that names a connection that the service saw closed is inactive, and is not told (contract 19.1)."""
    named = properties["system"].get("connection")
    if not isinstance(named, str) or not context.directory.connections.is_closed(named):
        return status, properties
    context.note(
        f"{field} names the connection {named[:100]}, which the service saw closed: the member is inactive, and the "
        "write is answered as any other (contract 19.1)",
        Evidence.CLIENT,
    )
    kept = {name: value for name, value in properties["system"].items() if name != "connection"}
    return "inactive", {**properties, "system": kept}


def _device(write: MemberWrite, system: Document) -> str:
    """The device shows where a secure device address was uploaded (captured)."""
    return device_token(write.user) if write.user and system.get("secureDeviceAddress") else ""


# ---- constants


def _constants(context: Context, member: Member, sent: Any, field: str, *, joins: bool) -> Document:
    """The member's constants: set when joining, the same ever after (documented for the session's)."""
    if sent is None:
        return member.constants
    stated = an_object(sent, f"{field}.constants")
    system = dict(_part(stated.get("system"), f"{field}.constants.system"))
    custom = _part(stated.get("custom"), f"{field}.constants.custom")
    _check_xuid(context, member, system.pop("xuid", member.xuid), field)
    system.pop("index", None)
    known = member.constants
    if not joins:
        for part, values in (("system", system), ("custom", custom)):
            for name, value in values.items():
                if known[part].get(name) != value and not (name == "initialize" and part == "system"):
                    raise refuse("constant_conflict", field=f"{field}.constants.{part}.{name[:100]}")
        return known
    if not system and not custom:
        return known
    return {"system": {**known["system"], **system}, "custom": {**known["custom"], **custom}}


def _check_xuid(context: Context, member: Member, xuid: Any, field: str) -> None:
    if xuid == member.xuid:
        return
    path = f"{field}.constants.system.xuid"
    if not isinstance(xuid, str):
        raise refuse("invalid_field", field=path, problem=f"must be a string, and is {type_name(xuid)}")
    if context.settings.choices.stated_xuid != "ignore":
        raise refuse("foreign_xuid", context.settings.choices.stated_xuid, field=path)
    context.note(f"{path} is not the xuid of the token, {member.xuid}: the token's counts")


# ---- properties


def _system(sent: Any, field: str) -> Document:
    properties = _part(sent, f"{field}.properties")
    return _part(properties.get("system"), f"{field}.properties.system")


def _part(sent: Any, field: str) -> Document:
    return {} if sent is None else an_object(sent, field)


def _properties(context: Context, session: Session, member: Member, sent: Any, field: str) -> Document:
    if sent is None:
        return member.properties
    path = f"{field}.properties"
    system = {name: value for name, value in _system(sent, field).items() if name not in (*_STATUSES, "encounters")}
    _check_system(context, session, system, f"{path}.system")
    if _DOCUMENTED & system.keys():
        context.limit_evidence(Evidence.DOCUMENTED)
    if "secondarySubscriptions" in system:
        context.limit_evidence(Evidence.CLIENT)
    known = member.properties["system"]
    merged = merged_system(known, system)
    if merged.get("secureDeviceAddress") == "":  # empty is absent (documented)
        del merged["secureDeviceAddress"]
    if system.get("subscriptions"):  # the older map: entries come and go by themselves, null removes (documented)
        merged["subscriptions"] = merged_system(known.get("subscriptions", {}), system["subscriptions"])
    custom = merged_custom(
        member.properties["custom"], sent.get("custom"), f"{path}.custom", context.settings.choices
    )
    changed = {"system": merged, "custom": custom}
    return member.properties if changed == member.properties else changed


def _check_system(context: Context, session: Session, system: Document, path: str) -> None:
    for name, kind, words in _TYPES:
        value = system.get(name)
        if value is not None and not isinstance(value, kind):
            raise _wrong(f"{path}.{name}", f"must be {words}, and is {type_name(value)}")
    if system.get("measurements") and not measures_peers(session.system):
        raise _wrong(f"{path}.measurements", "can be sent only where the constants configure metrics")
    for name, entry in (system.get("serverMeasurements") or {}).items():
        an_object(entry, f"{path}.serverMeasurements.{name[:100]}")
    if system.get("secureDeviceAddress") and not session.capabilities.get("connectivity"):
        if context.settings.choices.address_without_connectivity == 400:
            raise _wrong(f"{path}.secureDeviceAddress", "needs the capability connectivity")
        context.note("a secureDeviceAddress was sent to a session without the capability connectivity")


_DOCUMENTED = {
    "subscriptions",
    "groups",
    "initializationGroup",
    "measurements",
    "serverMeasurements",
    "RolePreference",
}
"""Properties of a member that no capture shows (contract 8.4)."""

_TYPES: tuple[tuple[str, type, str], ...] = (
    ("connection", str, "a string"),
    ("secureDeviceAddress", str, "a string"),
    ("subscription", dict, "an object"),
    ("subscriptions", dict, "an object"),
    ("groups", list, "an array"),
    ("initializationGroup", list, "an array"),
    ("measurements", dict, "an object"),
    ("serverMeasurements", dict, "an object"),
)


def _status(member: Member, system: Document, field: str) -> str:
    """``active`` and ``ready`` exclude each other; writing one replaces the status; neither is inactive."""
    for name in _STATUSES:
        if system.get(name) is not None and not isinstance(system[name], bool):
            raise _wrong(f"{field}.properties.system.{name}", f"must be a boolean, and is {type_name(system[name])}")
    if system.get("active") and system.get("ready"):
        raise _wrong(f"{field}.properties.system", "must not be active and ready at once")
    for name in _STATUSES:
        if system.get(name):
            return name
    if member.status in system or not member.accepted:
        return "inactive"
    return member.status


def _require_connection(context: Context, session: Session, member: Member, field: str) -> None:
    needed = session.capabilities.get("connectionRequiredForActiveMembers")
    if not (needed and member.active) or member.properties["system"].get("connection"):
        return
    if context.settings.choices.connection_required == 400:
        raise refuse("connection_missing", field=field)
    context.note(f"{field} is active without the connection that the session's capabilities require (U75b)")


def _wrong(field: str, problem: str) -> Refusal:
    return refuse("invalid_field", field=field, problem=problem)
