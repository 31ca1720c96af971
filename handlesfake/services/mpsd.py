"""MPSD among the other services: what recorded traffic teaches of it, and what a request is about."""

from __future__ import annotations

from collections.abc import Hashable

from handlesfake.mpsd.http.body import document_of
from handlesfake.mpsd.http.message import Request, Response
from handlesfake.mpsd.operations import route
from handlesfake.mpsd.state.directory import Directory
from handlesfake.mpsd.state.session import SessionRef

_REF = ("scid", "templateName", "name")
_PUT = ("put_session", "put_session_by_handle")


def subject_of(directory: Directory, request: Request) -> Hashable | None:
    """The session that ``request`` is about; None for a query, and for an unknown handle."""
    parameters = route(request.method, request.target).parameters
    if "name" in parameters:
        return SessionRef(*(parameters[part] for part in ("scid", "template_name", "name"))).key
    handle = directory.handles.get(parameters.get("handle_id", "").lower())
    if handle is not None:
        return handle.session_ref.key
    document = document_of(request)
    ref = document.get("sessionRef") if isinstance(document, dict) else None
    texts = [ref.get(part) for part in _REF] if isinstance(ref, dict) else [None]
    return SessionRef(*(str(text) for text in texts)).key if all(isinstance(text, str) for text in texts) else None


def is_first_sight(before: Directory, after: Directory, request: Request, response: Response) -> bool:
    """Whether a recorded answer rests on sessions or handles that the recording has not shown so far.

    :param after: what is known once the answer has taught it.
    """
    found = route(request.method, request.target)
    if found.operation is not None and found.operation.reads:
        new_sessions = any(key not in before.sessions for key in after.sessions)
        return new_sessions or any(one not in before.handles for one in after.handles)
    if found.name == "create_handle" and 200 <= response.status < 300:
        document = document_of(request)
        ref = document.get("sessionRef") if isinstance(document, dict) else None
        name = ref.get("name") if isinstance(ref, dict) else None
        return not any(key[2] == str(name).lower() for key in before.sessions)
    was_there = response.status in (200, 412) and found.name in _PUT
    return was_there and any(key not in before.sessions for key in after.sessions)
