"""``properties.system`` of a session: what it may contain, and what goes with what (contract 8.3)."""

from __future__ import annotations

from typing import Any

from handlesfake.mpsd.choices import Choices
from handlesfake.mpsd.http.body import type_name
from handlesfake.mpsd.refusals.catalogue import Refusal, refuse
from handlesfake.mpsd.state.session import Document, Session

RESTRICTIONS = ("none", "followed", "local")
"""Values of ``joinRestriction`` and ``readRestriction``, the most open first."""


def check_system(session: Session, choices: Choices, *, future_members: bool = False) -> None:
    """The system properties of ``session`` must be right, by themselves and for its constants.

    :param future_members: whether ``turn`` and ``owners`` may name members who are still to come.
    :raises Refusal: 400 with the first that is not.
    """
    system = session.properties["system"]
    _check_types(system)
    _check_decision(session, system, choices)
    _check_restrictions(session, system)
    _check_indices(session, system, future_members=future_members)
    if system.get("locked") and not system.get("closed"):
        raise _wrong("locked", "must go with closed")
    if system.get("keywords") and session.system.get("visibility") == "private":
        raise _wrong("keywords", "cannot be set on a private session")


def _check_types(system: Document) -> None:
    for name in ("closed", "locked"):
        if name in system and not isinstance(system[name], bool):
            raise _wrong(name, f"must be a boolean, and is {type_name(system[name])}")
    for name in ("keywords", "serverConnectionStringCandidates"):
        if name in system and not _are(system[name], str):
            raise _wrong(name, "must be an array of strings")
    if "host" in system and not isinstance(system["host"], str):
        raise _wrong("host", f"must be a device token, and is {type_name(system['host'])}")


def _check_decision(session: Session, system: Document, choices: Choices) -> None:
    """The title's word on an initialization: a boolean, while the session waits for it."""
    decision = system.get("initializationSucceeded")
    if decision is None:
        return
    if session.initialization is None or session.initialization.stage != "evaluating":
        problem = "can be set only while the session is evaluating its members"
        field = "properties.system.initializationSucceeded"
        raise refuse("invalid_field", choices.early_decision, field=field, problem=problem)
    if not isinstance(decision, bool):
        raise _wrong("initializationSucceeded", f"must be a boolean, and is {type_name(decision)}")


def _check_restrictions(session: Session, system: Document) -> None:
    for name in ("joinRestriction", "readRestriction"):
        value = system.get(name, "none")
        if value not in RESTRICTIONS:
            raise _wrong(name, f"must be one of {', '.join(RESTRICTIONS)}")
        if value == "none" and session.capabilities.get("userAuthorizationStyle"):
            raise _wrong(name, "cannot be none together with userAuthorizationStyle")
        if value != "none" and session.capabilities.get("large"):
            raise _wrong(name, "must be none in a large session")
    joins, reads = system.get("joinRestriction", "none"), system.get("readRestriction", "none")
    if RESTRICTIONS.index(reads) > RESTRICTIONS.index(joins):
        raise _wrong("readRestriction", f"must be at least as open as joinRestriction, which is {joins}")


def _check_indices(session: Session, system: Document, *, future_members: bool) -> None:
    for name in ("turn", "owners"):
        indices = system.get(name, [])
        known = _are(indices, int) and (future_members or all(index in session.members for index in indices))
        if not known:
            raise _wrong(name, "must be an array of member indices")
    for name in ("turn", "host"):
        if system.get(name) and session.capabilities.get("large"):
            raise _wrong(name, "is not for large sessions")
    if system.get("owners") and not session.capabilities.get("hasOwners"):
        raise _wrong("owners", "needs the capability hasOwners")


def _are(value: Any, kind: type) -> bool:
    return isinstance(value, list) and all(type(part) is kind for part in value)


def _wrong(name: str, problem: str) -> Refusal:
    return refuse("invalid_field", field=f"properties.system.{name}", problem=problem)
