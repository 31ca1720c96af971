"""What an answer says about a missing session: that it is not to be assumed any more."""

from __future__ import annotations

from handlesfake.mpsd.operations import Route
from handlesfake.mpsd.sessions.lifetime.lifecycle import missing
from handlesfake.mpsd.state.directory import Directory
from handlesfake.mpsd.state.session import SessionRef

_CREATE = ("put_session", "put_session_by_handle")


def told_missing(directory: Directory, asked: Route, status: int | None) -> Directory:
    """``directory`` once the client knows the answer to ``asked``: a session that it was refused is not assumed.

    A session does not exist whose creation was refused (inferred, contract 19.2), nor one whose address is answered
    204 or 404.

    :param status: that of the answer; None where the network failed before the service heard.
    """
    if directory.sessions_created:  # then nothing is assumed anyway
        return directory
    refused = asked.name in _CREATE and (status is None or status >= 400)
    if not refused and status not in (204, 404):
        return directory
    ref = _ref(directory, asked)
    return directory if ref is None else missing(directory, ref)


def _ref(directory: Directory, asked: Route) -> SessionRef | None:
    """The session that the request was about."""
    parameters = asked.parameters
    if "name" in parameters:
        return SessionRef(parameters["scid"], parameters["template_name"], parameters["name"])
    handle = directory.handles.get(parameters.get("handle_id", "").lower())
    return handle.session_ref if handle is not None and asked.name.endswith("_session_by_handle") else None
