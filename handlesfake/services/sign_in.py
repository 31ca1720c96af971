"""Sign-in in the world that it shares with the other services: who signs in, and which tokens all know then."""

from __future__ import annotations

from collections.abc import Hashable

from handlesfake.mpsd.assumption import Assumption
from handlesfake.mpsd.callers import new_user
from handlesfake.mpsd.context import NewId
from handlesfake.mpsd.http.message import Request, Response
from handlesfake.mpsd.operations import Route
from handlesfake.mpsd.provenance import Provenance
from handlesfake.mpsd.refusals.catalogue import Refusal
from handlesfake.mpsd.service import Reply
from handlesfake.mpsd.settings import Settings
from handlesfake.mpsd.state.directory import NEVER, Directory
from handlesfake.mpsd.state.identity import Caller, KnownUser, fingerprint
from handlesfake.sign_in import service
from handlesfake.sign_in.asked import Asked, Done
from handlesfake.sign_in.operations import HOSTS, route
from handlesfake.sign_in.refusals import refuse
from handlesfake.sign_in.rendering import render, render_refusal
from handlesfake.sign_in.state import NOTHING, Known
from handlesfake.values.values import replace

NAME = "sign_in"


def known_of(directory: Directory) -> Known:
    """What sign-in knows in the world of ``directory``."""
    known: Known = directory.beside.get(NAME, NOTHING)
    return known


def answer(directory: Directory, request: Request, now: int, new_id: NewId, settings: Settings) -> Reply:
    """What sign-in answers to ``request``, and what the world knows afterwards; pure, and any bytes give a reply."""
    found = route(request.method, request.target)
    signer = who_signs_in(directory, settings)
    world = directory if signer is None or signer.xuid in directory.users else directory.with_user(signer)
    try:
        _check_address(found, request)
        asked = Asked(known_of(directory), world.users, signer, request, found.parameters, now, new_id, settings)
        done = service.answer(found.name, asked)
    except Refusal as refusal:
        response = render_refusal(refusal, request, now, new_id, settings)
        refusal.__context__ = refusal.__traceback__ = None  # each keeps the stack of the caller, and all it holds
        caller = _caller((user,) if isinstance(user := refusal.facts.get("caller"), KnownUser) else ())
        return Reply(directory, response, found.name, Provenance(refusal.evidence, caller, refusal))
    after = _with_grants(world if done.signs_in else directory, done).with_beside(NAME, done.known)
    assumptions = tuple(_assumptions(done, signer, settings)) if signer is not None and done.signs_in else ()
    told = Provenance(done.evidence, _caller(done.users), None, assumptions)
    return Reply(after, render(done, now, new_id), found.name, told)


def who_signs_in(directory: Directory, settings: Settings) -> KnownUser | None:
    """The user who approves a sign-in: the one that the test chose, else the first that it has named.

    Where it has named none, a made-up one does, unless the settings are strict.
    """
    said = directory.users.get(directory.signs_in)
    if said is not None:
        return said
    for user in directory.users.values():
        if not user.assumed:
            return user
    if settings.strict:
        return None
    first = next(iter(directory.users.values()), None)
    return first or replace(new_user(directory, settings), assumed=True)


# ---- what recorded traffic teaches


def absorb(
    directory: Directory, _request: Request, _response: Response, *, xuid: str = "", now: int = 0
) -> Directory:
    """``directory``: no recording holds codes or tokens, and sign-in knows nothing else."""
    del xuid, now
    return directory


def subject_of(_directory: Directory, _request: Request) -> Hashable | None:
    """None: what a token is about only its text says, which no recording holds."""
    return None


def is_first_sight(_before: Directory, _after: Directory, request: Request, _response: Response) -> bool:
    """Whether a recorded answer rests on a code or a token, or gives one: the recording does not show it."""
    return route(request.method, request.target).name != "get_title_endpoints"


# ---- the parts of an answer


def _check_address(found: Route, request: Request) -> None:
    if request.malformed:
        raise refuse("malformed_request", problem=request.malformed[:200])
    if found.operation is None or HOSTS[found.operation.template] != request.host:
        path = request.target.partition("?")[0][:200]
        raise refuse("not_modelled", method=request.method[:20], path=path, host=request.host)


def _with_grants(world: Directory, done: Done) -> Directory:
    """The world in which every service knows the new tokens, and when they end."""
    for grant in done.grants:
        token = fingerprint(grant.authorization)
        if grant.ends is None:
            world = world.with_token_end(token, NEVER)
            continue
        world = world.with_user(world.users[grant.xuid].with_token(token)).with_token_end(token, grant.ends)
    return world


def _caller(users: tuple[KnownUser, ...]) -> Caller | None:
    return Caller(users[0].title_id, users) if users else None


def _assumptions(done: Done, signer: KnownUser, settings: Settings) -> list[Assumption]:
    """What the test left open: who signs in, or whose a token is that was not issued here."""
    if settings.strict or not (done.assumed or signer.assumed):
        return []
    what = (
        f"{done.assumed} is that of {signer.label}" if done.assumed else f"a separate user, {signer.xuid}, signed in"
    )
    return [
        Assumption(
            "caller",
            what,
            'host = mpsd.user("host", signs_in=True), and sign in with a device code',
            'PUT /users/host {"signs_in": true}, and sign in with a device code',
        )
    ]
