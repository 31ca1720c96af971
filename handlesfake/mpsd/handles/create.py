"""POST /handles: the types of handles, the fields that each reads, and the function that creates it."""

from __future__ import annotations

from typing import Any

from handlesfake.mpsd.context import Context, Result
from handlesfake.mpsd.evidence import Evidence
from handlesfake.mpsd.handles.activity import create_activity
from handlesfake.mpsd.handles.handle_body import COMMON_FIELDS, check_unknown, check_version, echo_of
from handlesfake.mpsd.handles.invite import create_invite
from handlesfake.mpsd.handles.search import create_search
from handlesfake.mpsd.handles.transfer import create_correlation, create_transfer
from handlesfake.mpsd.http.body import a_text, short
from handlesfake.mpsd.refusals.catalogue import refuse
from handlesfake.mpsd.sessions.told_title import with_told_title

_KNOWN = {
    "activity": COMMON_FIELDS,
    "invite": COMMON_FIELDS | {"invitedXuid", "inviteAttributes"},
    "search": COMMON_FIELDS | {"searchAttributes"},
    "transfer": COMMON_FIELDS | {"originSessionRef"},
    "correlation": COMMON_FIELDS,
}


def create_handle(context: Context) -> Result:
    """Create the handle that the body describes.

    :raises Refusal: the body is not as MPSD wants it, or the caller may not.
    """
    document = context.body()
    kind = a_text(document.get("type"), "type")
    if kind not in _CREATE:
        raise refuse("unsupported_handle_type", type=short(kind))
    if context.request.query:
        context.note("the query of POST /handles says nothing to MPSD, and was ignored", Evidence.CLIENT)
    check_version(document, context)
    check_unknown(document, _KNOWN[kind], context)
    if kind in _SHOW_TITLE:
        context = with_told_title(context, _template_name(document))
    return _CREATE[kind](context, echo_of(document, _KNOWN[kind]))


_SHOW_TITLE = ("activity", "invite", "search")
"""The types whose handles show the title of the caller, or are compared with it."""


def _template_name(document: dict[str, Any]) -> str:
    """The template of the session that the handle is to point to; empty where the body is refused for it later."""
    ref = document.get("sessionRef")
    name = ref.get("templateName") if isinstance(ref, dict) else None
    return name if isinstance(name, str) else ""


_CREATE = {
    "activity": create_activity,
    "invite": create_invite,
    "search": create_search,
    "transfer": create_transfer,
    "correlation": create_correlation,
}
