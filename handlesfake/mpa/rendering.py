"""From what an operation did, or refused, to the response on the wire (contract 20.6)."""

from __future__ import annotations

import json
from typing import Any

from handlesfake.mpa.asked import Done
from handlesfake.mpa.operations import route
from handlesfake.mpsd.context import NewId
from handlesfake.mpsd.http.message import Headers, Request, Response
from handlesfake.mpsd.refusals.catalogue import Refusal
from handlesfake.mpsd.settings import Settings
from handlesfake.mpsd.ticks import http_date

RETRY_AFTER = 15
"""Seconds: what a rule's 429 says unless told otherwise, as MPSD's does."""

_JSON = ("Content-Type", "application/json")
_INVALID_REQUEST = ("query_activities", "send_invites", "send_server_invites")
"""Operations whose pages call a wrong request ``InvalidRequest``; the others' ``RequestValidationError``."""


def render(done: Done, now: int, new_id: NewId) -> Response:
    """The response to what was done."""
    if done.document is None:
        return Response(done.status, Headers(_common(now, new_id)))
    return Response(done.status, Headers((_JSON, *_common(now, new_id))), _json(done.document))


def render_refusal(refusal: Refusal, request: Request, now: int, new_id: NewId, settings: Settings) -> Response:
    """The response to a no; a name that is another service's has the form that its status has here."""
    document: Any = None
    headers: list[tuple[str, str]] = []
    if refusal.status == 429:
        document = _throttled(settings)
    elif refusal.name == "no_title":
        document = {"debugMessage": refusal.sentence}
    elif refusal.sentence and refusal.status != 401:
        document = {"errorCode": _code(refusal, request), "debugMessage": refusal.sentence}
    if document is not None:
        headers.append(_JSON)
    if refusal.status in (429, 503):
        usual = RETRY_AFTER if refusal.status == 429 else settings.choices.unavailable_retry_after_seconds
        headers.append(("Retry-After", str(refusal.facts.get("retry_after", usual))))
    elif refusal.status == 401 and settings.choices.authenticate_header:
        headers.append(("WWW-Authenticate", "XBL3.0"))
    body = b"" if document is None else _json(document)
    return Response(refusal.status, Headers((*headers, *_common(now, new_id))), body)


def _code(refusal: Refusal, request: Request) -> str:
    if refusal.name == "not_modelled":
        return "NotModelled"
    if refusal.name == "caller_not_allowed" or refusal.status == 403:
        return "AuthorizationError"
    operation = route(request.method, request.target).name
    return "InvalidRequest" if operation in _INVALID_REQUEST else "RequestValidationError"


def _throttled(settings: Settings) -> dict[str, Any]:
    """The body of a 429, which only a rule brings about: no rates are published (M6)."""
    numbers = {"version": 1, "currentRequests": 31, "maxRequests": 30, "periodInSeconds": RETRY_AFTER}
    as_text = settings.choices.mpa_throttled_values == "text"
    return {
        **{name: str(value) if as_text else value for name, value in numbers.items()},
        "limitType": "rate",
        "debugMessage": "Too many requests.",
    }


def _common(now: int, new_id: NewId) -> tuple[tuple[str, str], ...]:
    return ("X-XblCorrelationId", new_id()), ("Date", http_date(now))


def _json(document: Any) -> bytes:
    # escaped, so that any text of a client can be written
    return json.dumps(document, separators=(",", ":")).encode()
