"""absorb(): what an answer of the real service shows of its state, put into a directory."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from handlesfake.mpsd.http.message import Request, Response
from handlesfake.mpsd.learning.handles import learn_created, learn_deleted, learn_got, learn_listed
from handlesfake.mpsd.learning.people import learn_people
from handlesfake.mpsd.learning.sessions import learn_session
from handlesfake.mpsd.learning.shown import RecordedAnswer
from handlesfake.mpsd.operations import route
from handlesfake.mpsd.sessions.told_missing import told_missing
from handlesfake.mpsd.state.directory import Directory

_LEARN: Mapping[str, Callable[[RecordedAnswer], Directory]] = MappingProxyType(
    {
        "get_session": learn_session,
        "put_session": learn_session,
        "get_session_by_handle": learn_session,
        "put_session_by_handle": learn_session,
        "create_handle": learn_created,
        "get_handle": learn_got,
        "query_handles": learn_listed,
        "delete_handle": learn_deleted,
    }
)


def absorb(directory: Directory, request: Request, response: Response, *, xuid: str = "", now: int = 0) -> Directory:
    """``directory`` as far as ``response`` to ``request`` shows what the service knows; what it does not show stays.

    Pure. Learned are sessions with their members, handles, and that either is gone; titles and devices of users that
    are known. Anything odd teaches nothing.

    :param xuid: who asked, for handles that do not say whose they are.
    :param now: 100 ns ticks since 1970-01-01 UTC, when the answer came.
    """
    found = route(request.method, request.target)
    learn = _LEARN.get(found.name)
    if learn is None:
        return directory
    directory = absorb_people(directory, request, response)
    learned = learn(RecordedAnswer(directory, request, response, found.parameters, xuid, now))
    return told_missing(learned, found, response.status)


def absorb_people(directory: Directory, request: Request, response: Response) -> Directory:
    """The same, of what tokens say alone: titles and devices, which a test may know before the service answers."""
    return learn_people(RecordedAnswer(directory, request, response, {}, "", 0))
