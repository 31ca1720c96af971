"""POST /handles: the types of handles, the fields that each reads, and the function that creates it."""

from __future__ import annotations

from handlesfake.mpsd.context import Context, Result
from handlesfake.mpsd.evidence import Evidence
from handlesfake.mpsd.handles.activity import create_activity
from handlesfake.mpsd.handles.handle_body import COMMON_FIELDS, check_unknown, check_version, echo_of
from handlesfake.mpsd.handles.invite import create_invite
from handlesfake.mpsd.handles.search import create_search
from handlesfake.mpsd.handles.transfer import create_correlation, create_transfer
from handlesfake.mpsd.http.body import a_text, short
from handlesfake.mpsd.refusals.catalogue import refuse

_KNOWN = {
    "activity": COMMON_FIELDS,
    "invite": (*COMMON_FIELDS, "invitedXuid", "inviteAttributes"),
    "search": (*COMMON_FIELDS, "searchAttributes"),
    "transfer": (*COMMON_FIELDS, "originSessionRef"),
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
    return _CREATE[kind](context, echo_of(document, _KNOWN[kind]))


_CREATE = {
    "activity": create_activity,
    "invite": create_invite,
    "search": create_search,
    "transfer": create_transfer,
    "correlation": create_correlation,
}
