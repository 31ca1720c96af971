"""Role types of a session and who plays which role (contract 8.1, 8.4)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from handlesfake.mpsd.choices import Choices
from handlesfake.mpsd.http.body import an_object
from handlesfake.mpsd.refusals.catalogue import Refusal, refuse
from handlesfake.mpsd.sessions.ownership import is_owner
from handlesfake.mpsd.state.session import Document, Member, Session

_NAME = re.compile(r"[a-z0-9]{1,100}")
"""Role types and roles: lower-case letters and digits, at most 100 (contract 13)."""

_SETTINGS = ("max", "target")


def new_role_types(sent: Document) -> Document:
    """The role types that a creating request defines.

    :raises Refusal: a name or a number is not as it must be.
    """
    for type_name, role_type in sent.items():
        _check_name(type_name, f"roleTypes.{type_name[:100]}")
        known = an_object(role_type, f"roleTypes.{type_name}")
        _check_mutable(known.get("mutableRoleSettings", []), f"roleTypes.{type_name}.mutableRoleSettings")
        roles = an_object(known.get("roles"), f"roleTypes.{type_name}.roles")
        for role_name, role in roles.items():
            field = f"roleTypes.{type_name}.roles.{role_name[:100]}"
            _check_name(role_name, field)
            _check_settings(an_object(role, field), field)
    return sent


def changed_role_types(session: Session, sent: Document, author: Member | None) -> Document:
    """The role types after an owner changed ``max`` or ``target`` where the type lets them.

    :raises Refusal: the author is not an owner (403), or something else changes (409, 400).
    """
    changed = dict(session.role_types)
    for type_name, role_type in sent.items():
        field = f"roleTypes.{type_name[:100]}"
        if changed.get(type_name) == role_type:
            continue
        if type_name not in changed:
            raise refuse("constant_conflict", field=field)
        if not is_owner(session, author):
            raise refuse("owners_only", field=field)
        changed[type_name] = _changed_type(changed[type_name], an_object(role_type, field), field)
    return changed


def _changed_type(known: Document, sent: Document, field: str) -> Document:
    mutable = known.get("mutableRoleSettings", [])
    roles = dict(known["roles"])
    for role_name, role in an_object(sent.get("roles", {}), f"{field}.roles").items():
        path = f"{field}.roles.{role_name[:100]}"
        if role_name not in roles:
            raise refuse("constant_conflict", field=path)
        _check_settings(an_object(role, path), path)
        for name, value in role.items():
            if roles[role_name].get(name) != value and name not in mutable:
                raise refuse("constant_conflict", field=f"{path}.{name[:100]}")
        roles[role_name] = {**roles[role_name], **role}
        _check_settings(roles[role_name], path)
    return {**known, "roles": roles}


def taken_roles(session: Session, member: Member, sent: Any, field: str, choices: Choices) -> Document:
    """The roles of ``member`` after they asked for ``sent``, ``{type: role}``; ``null`` gives one up.

    :raises Refusal: there is no such role (400), or it is full.
    """
    roles = dict(member.roles)
    for type_name, role_name in an_object(sent, field).items():
        if role_name is None:
            roles.pop(type_name, None)
            continue
        known = session.role_types.get(type_name, {}).get("roles", {})
        if not isinstance(role_name, str) or role_name not in known:
            raise refuse("invalid_field", field=f"{field}.{type_name[:100]}", problem="must name a role of that type")
        others = sum(1 for other in _players(session, type_name, role_name) if other.index != member.index)
        if others >= known[role_name].get("max", others + 1):
            raise refuse("role_full", choices.full_role, role=role_name, type=type_name)
        roles[type_name] = role_name
    return roles


def role_types_document(session: Session) -> Document:
    """``roleTypes`` as a client sees it: each role with ``memberXuids`` and ``count``."""
    document: Document = {}
    for type_name, role_type in session.role_types.items():
        roles: Document = {}
        for role_name, role in role_type["roles"].items():
            xuids = [member.xuid for member in _players(session, type_name, role_name)]
            roles[role_name] = {**role, "memberXuids": xuids, "count": len(xuids)}
        document[type_name] = {**role_type, "roles": roles}
    return document


def _players(session: Session, type_name: str, role_name: str) -> Iterator[Member]:
    return (member for member in session.in_order() if member.roles.get(type_name) == role_name)


def _check_name(name: str, field: str) -> None:
    if not _NAME.fullmatch(name):
        raise _wrong(field, "must be named by at most 100 lower-case letters and digits")


def _check_mutable(names: Any, field: str) -> None:
    if not (isinstance(names, list) and all(name in _SETTINGS for name in names)):
        raise _wrong(field, f"must be an array of {' and '.join(_SETTINGS)}")


def _check_settings(role: Document, field: str) -> None:
    for name in _SETTINGS:
        value = role.get(name)
        if value is not None and (not isinstance(value, int) or isinstance(value, bool) or value < 0):
            raise _wrong(f"{field}.{name}", "must be a number of members")
    if role.get("target", 0) is not None and role.get("max") is not None and (role.get("target") or 0) > role["max"]:
        raise _wrong(f"{field}.target", "must not be higher than max")


def _wrong(field: str, problem: str) -> Refusal:
    return refuse("invalid_field", field=field, problem=problem)
