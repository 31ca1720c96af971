"""What the bodies of all handle types have in common: version, echo, session reference, title and address."""

from __future__ import annotations

from sys import intern
from typing import Any

from handlesfake.mpsd.context import Context, Result
from handlesfake.mpsd.evidence import Evidence
from handlesfake.mpsd.http.body import NAME_LIMIT, a_name, a_text, an_object, short
from handlesfake.mpsd.provenance import Provenance
from handlesfake.mpsd.refusals.catalogue import refuse
from handlesfake.mpsd.state.directory import Directory
from handlesfake.mpsd.state.handle import Handle
from handlesfake.mpsd.state.session import Document, Session, SessionRef, shared_ref

COMMON_FIELDS = frozenset({"type", "version", "sessionRef"})
"""The fields of every handle request (contract 2.1)."""


def check_version(document: dict[str, Any], context: Context) -> None:
    """``version`` must be the number 1; it may be missing by the choice ``handle_version_required`` (U28).

    :raises Refusal: it is something else, or missing where it is wanted.
    """
    version = document.get("version")
    if version is None:
        if context.settings.choices.handle_version_required:
            raise refuse("handle_version", problem="is missing")
        context.note("the body has no version: it was read as 1 (U28)")
    elif version != 1 or not isinstance(version, int) or isinstance(version, bool):
        raise refuse("handle_version", problem="must be the number 1")


def check_unknown(document: dict[str, Any], known: frozenset[str], context: Context) -> None:
    """Note the fields outside ``known``, or refuse them by the choice ``unknown_fields`` (U29, U30).

    :raises Refusal: there is one, and the choice is 400.
    """
    if "id" in document:
        text = "the body has an id: MPSD assigns ids itself, and ignores the client's (U29)"
        context.note(text, Evidence.INFERRED)
    if not document.keys() <= known:
        remark_unknown([name for name in document if name not in known and name != "id"], context)


def remark_unknown(fields: list[str], context: Context) -> None:
    """Note ``fields``, which MPSD is not known to read, or refuse them by the choice ``unknown_fields`` (U30).

    :raises Refusal: there is one, and the choice is 400.
    """
    if fields and context.settings.choices.unknown_fields == 400:
        raise refuse("unknown_field", field=short(fields[0]))
    if fields:
        context.note(f"fields that MPSD does not know were ignored: {', '.join(fields)[:200]} (U30)")


def echo_of(document: dict[str, Any], known: frozenset[str]) -> dict[str, Any]:
    """The request's own fields in the request's order (captured); ``version`` is filled in behind them (U28)."""
    echo = {name: value for name, value in document.items() if name in known}
    echo["type"] = intern(echo["type"])
    if echo.get("version") is None:
        echo.pop("version", None)
        echo["version"] = 1
    return echo


def session_ref_of(document: dict[str, Any], field: str = "sessionRef") -> SessionRef:
    """The session reference in ``document`` under ``field``, name included.

    :raises Refusal: a part of it is missing or not as it must be.
    """
    ref = an_object(document.get(field), field)
    scid, template_name, name = ref.get("scid"), ref.get("templateName"), ref.get("name")
    if (
        isinstance(scid, str)
        and isinstance(template_name, str)
        and isinstance(name, str)
        and scid
        and 0 < len(template_name) <= NAME_LIMIT
        and 0 < len(name) <= NAME_LIMIT
    ):
        return shared_ref(scid, template_name, name)  # mostly all is well
    scid = a_text(scid, f"{field}.scid")
    template_name = a_name(template_name, f"{field}.templateName")
    return SessionRef(scid, template_name, a_name(name, f"{field}.name"))


def session_ref_or_new(document: dict[str, Any], context: Context) -> SessionRef:
    """The session reference of an activity; a missing name becomes a GUID (documented).

    :raises Refusal: another part of it is missing or not as it must be.
    """
    ref = an_object(document.get("sessionRef"), "sessionRef")
    if ref.get("name") is not None:
        return session_ref_of(document)
    scid = a_text(ref.get("scid"), "sessionRef.scid")
    return SessionRef(scid, a_name(ref.get("templateName"), "sessionRef.templateName"), context.new_id())


def title_fields(context: Context, session: Session | None, title_id: str) -> dict[str, Any]:
    """``inviteProtocol``, where the session has one, and ``gameTypes`` (captured)."""
    protocol = session.invite_protocol if session else None
    game_types = context.directory.title(title_id).game_types
    return {"inviteProtocol": protocol, "gameTypes": game_types} if protocol else {"gameTypes": game_types}


def _locations(handle: Handle) -> tuple[tuple[str, str], ...]:
    """``Content-Location`` and ``Location``: host-relative, the same (captured)."""
    path = f"/handles/{handle.id}"
    return ("Content-Location", path), ("Location", path)


def bump_change_number(context: Context, directory: Directory, session: Session | None, by: int) -> Directory:
    """``directory`` after a handle came to point at ``session``, whose change number rises by ``by`` (U21)."""
    return directory if session is None else directory.with_session(session.bumped(context.new_id(), by))


def created_handle(
    directory: Directory,
    handle: Handle,
    evidence: Evidence,
    document: Document | None = None,
    *,
    delivered: bool | None = None,
) -> Result:
    """The answer to a creation: 201, the handle, and its address (captured).

    :param document: that of the handle, where it is at hand.
    """
    shown = handle.document if document is None else document
    known = Provenance(_created=handle, delivered=delivered)
    return Result(directory, 201, shown, _locations(handle), evidence, known)
