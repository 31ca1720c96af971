"""MPA in the world that it shares with the other services: who calls, what is kept, and how an answer is told."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

from handlesfake.mpa import service
from handlesfake.mpa.activities import document_of
from handlesfake.mpa.asked import Asked
from handlesfake.mpa.learning import Recorded, learned, shows_new
from handlesfake.mpa.operations import route
from handlesfake.mpa.refusals import refuse
from handlesfake.mpa.rendering import render, render_refusal
from handlesfake.mpa.state import NOTHING, Known
from handlesfake.mpsd.assumption import Assumption
from handlesfake.mpsd.callers import identify, recognize
from handlesfake.mpsd.context import NewId
from handlesfake.mpsd.http.message import Request, Response
from handlesfake.mpsd.operations import Route
from handlesfake.mpsd.provenance import Provenance
from handlesfake.mpsd.refusals.catalogue import Refusal
from handlesfake.mpsd.service import Reply
from handlesfake.mpsd.settings import Settings
from handlesfake.mpsd.state.directory import Directory
from handlesfake.mpsd.state.identity import Caller
from handlesfake.values.values import replace

NAME = "mpa"
_TITLE = "X-Xbl-OnBehalfOf-Title"


def known_of(directory: Directory) -> Known:
    """What MPA knows in the world of ``directory``."""
    known: Known = directory.beside.get(NAME, NOTHING)
    return known


def shown_by(directory: Directory, xuid: str, now: int) -> list[tuple[Mapping[str, Any], int]]:
    """The activities that a player shows now, as the owner reads them, each with the ticks of its last update."""
    return [(document_of(one), one.updated_at) for one in known_of(directory).activities_of(xuid, now)]


def answer(directory: Directory, request: Request, now: int, new_id: NewId, settings: Settings) -> Reply:
    """What MPA answers to ``request``, and what the world knows afterwards; pure, and any bytes give a reply."""
    found = route(request.method, request.target)
    caller: Caller | None = None
    assumptions: tuple[Assumption, ...] = ()
    try:
        _check_address(found, request)
        world, caller, assumptions = identify(directory, _with_title(request, found), settings, now)
        known = known_of(world)
        asked = Asked(known, world.users, request, found.parameters, caller, now, settings)
        done = service.answer(found.name, asked)
    except Refusal as refusal:
        response = render_refusal(refusal, request, now, new_id, settings)
        refusal.__context__ = refusal.__traceback__ = None  # each keeps the stack of the caller, and all it holds
        caller = caller or recognize(directory, request)
        return Reply(directory, response, found.name, Provenance(refusal.evidence, caller, refusal, assumptions))
    told = Provenance(done.evidence, caller, None, assumptions, done.notes, None, done.delivered)
    after = world if done.known is known else world.with_beside(NAME, done.known)
    return Reply(after, render(done, now, new_id), found.name, told)


def _check_address(found: Route, request: Request) -> None:
    if request.malformed:
        raise refuse("malformed_request", problem=request.malformed[:200])
    if found.operation is None:
        raise refuse("not_modelled", method=request.method[:20], path=request.target.partition("?")[0][:200])


def _with_title(request: Request, found: Route) -> Request:
    """A service names its title in the header that MPSD demands, or in the address, which every request has."""
    if request.headers.first(_TITLE) is not None:
        return request
    return replace(request, headers=request.headers.plus([(_TITLE, found.parameters["titleId"])]))


# ---- what recorded traffic teaches


def absorb(directory: Directory, request: Request, response: Response, *, xuid: str = "", now: int = 0) -> Directory:
    """``directory`` as far as ``response`` to ``request`` shows what MPA knows.

    :param xuid: who asked; empty where that is not known.
    :param now: 100 ns ticks since 1970-01-01 UTC, when the answer came.
    """
    found, known = route(request.method, request.target), known_of(directory)
    after = learned(known, Recorded(found.name, found.parameters, request, response, xuid, now))
    return directory if after is known else directory.with_beside(NAME, after)


def subject_of(_directory: Directory, request: Request) -> Hashable | None:
    """The activity that ``request`` is about; None for what is about several users."""
    found = route(request.method, request.target)
    if "xuid" in found.parameters:
        return found.parameters["xuid"], found.parameters["titleId"]
    is_query = found.operation is None or found.operation.reads
    return None if is_query else (found.name, request.body)  # no read shows what came of it


def is_first_sight(before: Directory, after: Directory, request: Request, _response: Response) -> bool:
    """Whether a recorded read shows an activity that the recording has not shown so far."""
    operation = route(request.method, request.target).operation
    return operation is not None and operation.reads and shows_new(known_of(before), known_of(after))
