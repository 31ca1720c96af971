"""Services: a title's own service, its tokens, and the headers of its calls for players."""

from __future__ import annotations

from handlesfake.errors import SettingsError
from handlesfake.mpsd.http.message import Response
from handlesfake.server.control.request import DONE, ControlRequest, fine
from handlesfake.server.control.routes import ControlCall
from handlesfake.server.control.schemas import ONE_OR_MORE, TEXT, TEXT_BY_NAME, TITLE, WORD, record_schema
from handlesfake.suggestions import nearest
from handlesfake.users.title_service import TitleService

_SERVICE = {"title_id": TITLE, "authorization": WORD, "users": ONE_OR_MORE}
_TITLE = {"title_id": TITLE}

SHOWN = record_schema(title_id=TEXT, authorization=TEXT, headers=TEXT_BY_NAME)
"""What is answered of a service."""


def _document(service: TitleService, users: list[object]) -> dict[str, object]:
    headers = service.headers(*users)  # type: ignore[arg-type]  # users and xuids
    return {"title_id": service.title_id, "authorization": service.authorization, "headers": headers}


def _service(ask: ControlRequest) -> Response:
    words = ask.words(_SERVICE)
    service = ask.worlds.service(ask.world, words.get("title_id"), authorization=words.get("authorization"))
    return fine(_document(service, ask.people(words.get("users", []))))


def _known(ask: ControlRequest) -> TitleService:
    """The service of the title in the body; only ``POST /service`` makes one.

    :raises SettingsError: the test has made no service of that title.
    """
    world = ask.core.world
    title_id, titles = ask.words(_TITLE).get("title_id", world.settings.title_id), world.service_titles
    if title_id not in titles:
        raise SettingsError(
            f"no service has the title {title_id!r:.60} here{nearest(title_id, titles)}\n"
            f"  titles: {', '.join(titles) or 'none yet'}\n"
            f'  to make one: POST {ask.place}/service with {{"title_id": "{title_id:.60}"}}'
        )
    return world.service(title_id)


def _expire(ask: ControlRequest) -> Response:
    _known(ask).expire()
    return DONE


def _renew(ask: ControlRequest) -> Response:
    service = _known(ask)
    service.renew()
    return fine(_document(ask.worlds.service(ask.world, service.title_id), []))  # the new token leads to the world


CALLS = (
    ControlCall(
        "POST",
        "/service",
        "The title's own service, and the headers of a call for its players (roles or xuids).",
        _service,
        body=_SERVICE,
        answer=SHOWN,
    ),
    ControlCall(
        "POST",
        "/service/expire",
        "From now on every token of the title's service so far is answered 401.",
        _expire,
        body=_TITLE,
        status=204,
    ),
    ControlCall(
        "POST",
        "/service/renew",
        "Issue one more token of the title's service; earlier ones stay as they are.",
        _renew,
        body=_TITLE,
        answer=SHOWN,
    ),
)
