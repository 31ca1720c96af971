"""POST /handles with type search: a session that strangers can find."""

from __future__ import annotations

import re
from typing import Any

from handlesfake.mpsd.assumption import Assumption
from handlesfake.mpsd.context import Context, Result
from handlesfake.mpsd.evidence import Evidence
from handlesfake.mpsd.handles.handle_body import bump_change_number, created_handle, session_ref_of
from handlesfake.mpsd.http.body import a_text, an_object, type_name
from handlesfake.mpsd.refusals.catalogue import refuse
from handlesfake.mpsd.sessions.access import session_lookup
from handlesfake.mpsd.state.handle import Handle, kept
from handlesfake.mpsd.state.identity import KnownUser
from handlesfake.mpsd.state.session import Session
from handlesfake.mpsd.ticks import wire_time

ATTRIBUTE_NAME = re.compile(r"[^\W\d_]\S{0,98}")
"""A tag, or the name of a string or number: starts with a letter, no spaces, under 100 characters (documented)."""

LARGEST_NUMBER = 10**308
"""Numbers are read as floats (documented)."""


def create_search(context: Context, echo: dict[str, Any]) -> Result:
    """Make the session of the body searchable by its ``searchAttributes``; one such handle a session (U22).

    :raises Refusal: the attributes are not as they must be, the session is not searchable, or the caller may not.
    """
    ref = session_ref_of(echo)
    if "searchAttributes" in echo and echo["searchAttributes"] is not None:
        check_attributes(an_object(echo["searchAttributes"], "searchAttributes"))
    user = context.caller.user
    if user is not None:
        session_lookup.require_privilege(user)
    directory, session = session_lookup.referred_session(context, ref)
    if session is not None:
        _require_searchable(context, session)
        if user is not None and not context.caller.manages:
            _require_owner(context, session, user)
    handle_id = context.new_id()
    document = {**echo, "id": handle_id, "createTime": wire_time(context.now)}
    owner_xuid = user.xuid if user is not None else ""
    as_kept = kept(document, ref, context.now)
    handle = Handle(handle_id, "search", ref, owner_xuid, context.caller.title_id, context.now, as_kept)
    _check_second(context, directory.search_at(ref))
    directory = bump_change_number(
        context, directory.with_search(handle), session, context.settings.choices.search_bumps
    )
    return created_handle(directory, handle, Evidence.CLIENT, document)


def _check_second(context: Context, before: Handle | None) -> None:
    """One search handle per session is documented; what happens to the first is not (U22)."""
    if before is None:
        return
    if context.settings.choices.second_search != "replace":
        raise refuse("second_search", context.settings.choices.second_search)
    context.limit_evidence(Evidence.ASSUMED)


def _require_searchable(context: Context, session: Session) -> None:
    """The capability ``searchable``, and ``hasOwners`` where users are authorized by themselves (documented)."""
    status = context.settings.choices.unsearchable_session
    has = session.capabilities
    if session.assumed or (has.get("searchable") and (has.get("hasOwners") or not has.get("userAuthorizationStyle"))):
        return
    if status == 201:
        context.note("the session is not searchable, but the search handle was accepted (U23)")
        return
    template_name = session.ref.template_name
    if "searchable" not in has and not context.settings.strict and context.settings.template(template_name) is None:
        instead = f"describe the template {template_name} with the capability searchable in mpsd_templates"
        by_control = f"describe the template {template_name} with the capability searchable in a file of --templates"
        text = f"the template {template_name}, which the test did not describe, is searchable"
        context.assume(Assumption("template", text, instead, by_control))
    elif not has.get("searchable"):
        raise refuse("not_searchable", status, remedy="")
    if has.get("userAuthorizationStyle") and not has.get("hasOwners"):
        raise refuse("not_searchable", status, remedy=" together with hasOwners, which userAuthorizationStyle needs")


def _require_owner(context: Context, session: Session, user: KnownUser) -> None:
    member = session_lookup.require_member(session, user)
    if not member.active:
        context.limit_evidence(Evidence.INFERRED)  # no source shows a caller who was not
    status = context.settings.choices.non_owner_search
    owners = session.properties.get("system", {}).get("owners", [])
    if not session.capabilities.get("hasOwners") or member.index in owners:
        return
    if status != 201:
        raise refuse("not_a_search_owner", status)
    context.note(f"{user.label} is not an owner of the session, but the search handle was accepted (U23)")


# ---- searchAttributes


def check_attributes(attributes: dict[str, Any]) -> None:
    """``tags`` and ``achievementIds`` are lists of texts, ``strings`` and ``numbers`` objects (contract 2.4).

    :raises Refusal: one is something else, or a name is not as the page wants it.
    """
    for tag in _texts(attributes, "tags"):
        _check_name(tag, "searchAttributes.tags")
    _texts(attributes, "achievementIds")
    if attributes.get("locale") is not None:
        a_text(attributes["locale"], "searchAttributes.locale")
    _check_values(attributes, "strings", str, "a string")
    _check_values(attributes, "numbers", (int, float), "a number")


def _texts(attributes: dict[str, Any], name: str) -> list[str]:
    values = attributes.get(name)
    field = f"searchAttributes.{name}"
    if values is None:
        return []
    if not isinstance(values, list):
        raise refuse("invalid_field", field=field, problem=f"must be an array, and is {type_name(values)}")
    return [a_text(value, f"{field}[{index}]") for index, value in enumerate(values)]


def _check_values(attributes: dict[str, Any], name: str, kinds: type | tuple[type, ...], wanted: str) -> None:
    if attributes.get(name) is None:
        return
    field = f"searchAttributes.{name}"
    for key, value in an_object(attributes[name], field).items():
        _check_name(key, field)
        if not isinstance(value, kinds) or isinstance(value, bool):
            problem = f"must be {wanted}, and is {type_name(value)}"
            raise refuse("invalid_field", field=f"{field}.{key}", problem=problem)
        if isinstance(value, int) and abs(value) > LARGEST_NUMBER:
            raise refuse("invalid_field", field=f"{field}.{key}", problem="is too large for a float")


def _check_name(name: str, field: str) -> None:
    if not ATTRIBUTE_NAME.fullmatch(name):
        problem = (
            f"must hold names of under 100 characters that start with a letter and have no spaces: {name[:40]!r}"
        )
        raise refuse("invalid_field", field=field, problem=problem)
