"""Which activity handles a query means: those of the listed users, or of a user's people."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from handlesfake.mpsd.context import Context
from handlesfake.mpsd.evidence import Evidence
from handlesfake.mpsd.handles.handle_body import remark_unknown
from handlesfake.mpsd.http.body import a_name, a_text, a_xuid, an_object, type_name
from handlesfake.mpsd.queries.parameters import Parameters, require_own
from handlesfake.mpsd.queries.social import social_group
from handlesfake.mpsd.refusals.catalogue import refuse
from handlesfake.mpsd.sessions.access.visibility import is_listed
from handlesfake.mpsd.state.handle import Handle
from handlesfake.mpsd.state.session import SessionRef

LARGEST_LIST = 100
"""Xuids of one query: clients send batches of 100 (U55)."""

_KNOWN = ("type", "scid", "owners", "global", "templateName", "sessionName", "version")


def activities(context: Context, body: dict[str, Any], parameters: Parameters) -> list[Handle]:
    """The activity handles that the body asks for and the caller may be shown, newest first (U51).

    The cost grows with the users asked for, not with the directory.

    :raises Refusal: the body is not as MPSD wants it.
    """
    remark_unknown([name for name in body if name not in _KNOWN], context)
    scid = a_text(body["scid"], "scid") if body.get("scid") is not None else None
    xuids = _xuids(context, body, parameters)
    if context.settings.choices.handle_query_parameters == "read":
        require_own(context, parameters, xuids or [])
    found = _of_session(context, body) if xuids is None else _of_users(context, xuids, scid)
    shown = [handle for handle in found if is_listed(context, context.directory.session(handle.session_ref))]
    if len(shown) > 1:
        context.limit_evidence(Evidence.INFERRED)  # the order is not published
    newest_first = context.settings.choices.activity_order == "newest"
    return sorted(shown, key=lambda handle: handle.created_at, reverse=newest_first)


def _of_users(context: Context, xuids: list[str], scid: str | None) -> Iterable[Handle]:
    for xuid in dict.fromkeys(xuids):
        for handle in context.directory.activities_of(xuid):
            if scid is None or handle.session_ref.scid.lower() == scid.lower():
                yield handle


def _of_session(context: Context, body: dict[str, Any]) -> Iterable[Handle]:
    """The form that the service's own sentence names: by scid, templateName and sessionName (contract 16.1)."""
    ref = SessionRef(
        a_text(body.get("scid"), "scid"),
        a_name(body.get("templateName"), "templateName"),
        a_name(body.get("sessionName"), "sessionName"),
    )
    context.note("a query by session: clients are not known to send one (contract 16.1)")
    for handle_id in context.directory.handles_of.get(ref.key, ()):
        handle = context.directory.handles[handle_id]
        if handle.type == "activity":
            yield handle


def _xuids(context: Context, body: dict[str, Any], parameters: Parameters) -> list[str] | None:
    """Whose activities are asked for; None when the body names a session instead."""
    owners = {} if body.get("owners") is None else an_object(body["owners"], "owners")
    xuids, people = owners.get("xuids"), owners.get("people")
    if xuids is not None and people is not None:
        raise refuse("owners_both")
    if xuids is not None:
        if body.get("scid") is None:
            _require_scid(context)
        return read_xuids(xuids, "owners.xuids")
    if people is not None:
        return sorted(social_group(context, people, "owners.people"))
    if context.settings.choices.xuid_parameter and parameters.text("xuid"):
        context.limit_evidence(Evidence.ASSUMED)
        return [a_xuid(parameters.text("xuid"), "xuid")]
    if all(body.get(name) is not None for name in ("scid", "templateName", "sessionName")):
        return None
    raise refuse("owners_missing")


def _require_scid(context: Context) -> None:
    context.limit_evidence(Evidence.DOCUMENTED)  # no capture leaves it out
    if context.settings.choices.unscoped_query != 200:
        raise refuse("scid_missing", context.settings.choices.unscoped_query)


def read_xuids(value: Any, field: str) -> list[str]:
    """``value`` as a list of 100 xuids at most.

    :raises Refusal: it is something else, or longer (U55).
    """
    if not isinstance(value, list):
        raise refuse("invalid_field", field=field, problem=f"must be an array, and is {type_name(value)}")
    if len(value) > LARGEST_LIST:
        raise refuse("too_many_xuids", field=field, count=len(value))
    return [a_xuid(xuid, f"{field}[{index}]") for index, xuid in enumerate(value)]
