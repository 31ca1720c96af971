"""The table of services: which there are, and whose a request is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from handlesfake.mpsd.context import NewId
from handlesfake.mpsd.http.body import document_of
from handlesfake.mpsd.http.form import form_fields
from handlesfake.mpsd.http.message import MPSD_HOST, Request, Response
from handlesfake.mpsd.operations import OPERATIONS, Operation, Route, Router, route
from handlesfake.mpsd.refusals.catalogue import REFUSALS, Refusal
from handlesfake.mpsd.refusals.kind import RefusalKind
from handlesfake.mpsd.settings import Settings
from handlesfake.services.service import Answering, InviteRequests, Learning, RenderingRefusals, Service, Showing


@cache
@cache
def _answers_as_mpsd() -> Answering:
    from handlesfake.mpsd.service import answer  # lazily: a replay never needs it

    return answer


@cache
def _refuses_as_mpsd() -> RenderingRefusals:
    from handlesfake.mpsd.rendering import render_refusal  # lazily, as above

    def rendered(refusal: Refusal, _request: Request, now: int, new_id: NewId, settings: Settings) -> Response:
        return render_refusal(refusal, now, new_id, settings)

    return rendered


@cache
def _learned_of_mpsd() -> Learning:
    from handlesfake.mpsd.learning.absorb import absorb  # lazily, as above
    from handlesfake.services import mpsd

    return Learning(absorb, mpsd.subject_of, mpsd.is_first_sight)


MPSD = Service(
    "mpsd",
    "MPSD",
    (MPSD_HOST,),
    operations=lambda: OPERATIONS,
    router=lambda: route,
    answer=_answers_as_mpsd,
    refusals=lambda: REFUSALS,
    render_refusal=_refuses_as_mpsd,
    learning=_learned_of_mpsd,
    invites=InviteRequests(("create_handle",), "invitedXuid", type="invite"),
)


@cache
def _mpa_operations() -> tuple[Operation, ...]:
    from handlesfake.mpa.operations import OPERATIONS as OF_MPA  # lazily: most doubles play MPSD alone

    return OF_MPA


@cache
def _mpa_router() -> Router:
    from handlesfake.mpa.operations import route as route_in_mpa  # lazily, as above

    return route_in_mpa


@cache
def _answers_as_mpa() -> Answering:
    from handlesfake.services.mpa import answer as answer_as_mpa  # lazily, as above

    return answer_as_mpa


@cache
def _mpa_refusals() -> Mapping[str, RefusalKind]:
    from handlesfake.mpa.refusals import REFUSALS as OF_MPA  # lazily, as above

    return OF_MPA


@cache
def _refuses_as_mpa() -> RenderingRefusals:
    from handlesfake.mpa.rendering import render_refusal as rendered  # lazily, as above

    return rendered


@cache
def _learned_of_mpa() -> Learning:
    from handlesfake.services import mpa  # lazily, as above

    return Learning(mpa.absorb, mpa.subject_of, mpa.is_first_sight)


@cache
def _shows_as_mpa() -> Showing:
    from handlesfake.services.mpa import shown_by  # lazily, as above

    return shown_by


MPA = Service(
    "mpa",
    "MPA",
    ("multiplayeractivity.xboxlive.com",),
    operations=_mpa_operations,
    router=_mpa_router,
    answer=_answers_as_mpa,
    refusals=_mpa_refusals,
    render_refusal=_refuses_as_mpa,
    learning=_learned_of_mpa,
    invites=InviteRequests(("send_invites", "send_server_invites"), "invitedUsers", several=True, sender="sender"),
    showing=_shows_as_mpa,
    shows_by="set_activity",
    apart_from=("mpsd",),
)


def _sign_in_operations() -> tuple[Operation, ...]:
    from handlesfake.sign_in.operations import OPERATIONS as OF_SIGN_IN  # lazily, as above

    return OF_SIGN_IN


def _sign_in_router() -> Router:
    from handlesfake.sign_in.operations import route as route_in_sign_in  # lazily, as above

    return route_in_sign_in


def _answers_as_sign_in() -> Answering:
    from handlesfake.services.sign_in import answer as answer_as_sign_in  # lazily, as above

    return answer_as_sign_in


def _sign_in_refusals() -> Mapping[str, RefusalKind]:
    from handlesfake.sign_in.refusals import REFUSALS as OF_SIGN_IN  # lazily, as above

    return OF_SIGN_IN


def _refuses_as_sign_in() -> RenderingRefusals:
    from handlesfake.sign_in.rendering import render_refusal as rendered  # lazily, as above

    return rendered


def _learned_of_sign_in() -> Learning:
    from handlesfake.services import sign_in  # lazily, as above

    return Learning(sign_in.absorb, sign_in.subject_of, sign_in.is_first_sight)


SIGN_IN = Service(
    "sign_in",
    "sign-in",
    (
        *("login.live.com", "login.microsoftonline.com", "user.auth.xboxlive.com", "xsts.auth.xboxlive.com"),
        *("device.auth.xboxlive.com", "title.auth.xboxlive.com", "sisu.xboxlive.com", "title.mgt.xboxlive.com"),
    ),
    operations=_sign_in_operations,
    router=_sign_in_router,
    answer=_answers_as_sign_in,
    refusals=_sign_in_refusals,
    render_refusal=_refuses_as_sign_in,
    learning=_learned_of_sign_in,
)

SERVICES: Mapping[str, Service] = MappingProxyType({service.name: service for service in (MPSD, MPA, SIGN_IN)})
"""Every service by its name. The first is always played; others are, where a test asks for them."""

OTHERS: Mapping[str, Service] = MappingProxyType({name: SERVICES[name] for name in [*SERVICES][1:]})
"""Those that are played only where a test asks for them."""

_BY_HOST = {host: service for service in SERVICES.values() for host in service.hosts}


# ---- whose a request is


def service_of(request: Request) -> Service:
    """The service that ``request`` is for; a host outside the table is MPSD under another name."""
    return _BY_HOST.get(request.host, MPSD)


def host_of(name: str) -> str:
    """The host of requests for ``name``: the one in the table, or that of MPSD for any other name."""
    host = name.lower().rstrip(".")
    return host if host in _BY_HOST else MPSD.hosts[0]


def service_of_operation(name: str) -> Service:
    """The service that has an operation called ``name``; MPSD for a name that no service has."""
    for service in SERVICES.values():
        if any(operation.name == name for operation in service.operations()):
            return service
    return MPSD


def route_of(request: Request) -> Route:
    """Where ``request`` leads in its service."""
    host = request.host
    return (_ROUTERS.get(host) or _router(host))(request.method, request.target)


_ROUTERS: dict[str, Router] = {}
"""The router of each host that was asked for: each request is routed several times."""


def _router(host: str) -> Router:
    if host not in _BY_HOST:  # a name that a test has for MPSD: there may be many
        return route
    return _ROUTERS.setdefault(host, _BY_HOST[host].router())


def document_in(request: Request) -> Any:
    """The JSON body of ``request``, or the fields of a form that its service reads; None where there is none."""
    found = document_of(request)
    if found is None and request.body and takes_form(request):
        try:
            return form_fields(request.body)
        except ValueError:
            return None
    return found


def takes_form(request: Request) -> bool:
    """Whether ``request`` leads to an operation that reads a form."""
    operation = route_of(request).operation
    return operation is not None and operation.form


# ---- what there is in all of them


def operations() -> Iterable[Operation]:
    """The operations of every service."""
    return [operation for service in SERVICES.values() for operation in service.operations()]


def operations_called(name: str) -> list[Operation]:
    """The operations of that name, one for each address; none where no service has it."""
    for service in SERVICES.values():
        found = [operation for operation in service.operations() if operation.name == name]
        if found:
            return found
    return []


def operation_names() -> tuple[str, ...]:
    """What the operations of every service are called."""
    return tuple(dict.fromkeys(operation.name for operation in operations()))


def refusals() -> Mapping[str, RefusalKind]:
    """The refusals of every service, by name; of one that several have, the first service's."""
    found: dict[str, RefusalKind] = {}
    for service in SERVICES.values():
        for name, kind in service.refusals().items():
            found.setdefault(name, kind)
    return found
