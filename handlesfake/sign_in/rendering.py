"""From what an operation did, or refused, to the response on the wire (contract 21.3, 21.6)."""

from __future__ import annotations

import json
from typing import Any

from handlesfake.mpsd.context import NewId
from handlesfake.mpsd.http.message import Headers, Request, Response
from handlesfake.mpsd.refusals.catalogue import Refusal
from handlesfake.mpsd.settings import Settings
from handlesfake.mpsd.ticks import http_date
from handlesfake.sign_in.asked import Done
from handlesfake.sign_in.operations import OAUTH, route
from handlesfake.sign_in.refusals import WEB_PAGE, X_ERRORS

RETRY_AFTER = 15
"""Seconds: what a rule's 429 says unless told otherwise, as MPSD's does."""

_JSON = ("Content-Type", "application/json")
_TEXT = ("Content-Type", "text/plain")
_NEVER_KEPT = (("Cache-Control", "no-cache, no-store"), ("X-Content-Type-Options", "nosniff"))


def render(done: Done, now: int, new_id: NewId) -> Response:
    """The response to what was done."""
    if done.document is None:
        return Response(done.status, Headers((*done.headers, *_common(now, new_id))))
    return Response(done.status, Headers((_JSON, *done.headers, *_common(now, new_id))), _json(done.document))


def render_refusal(refusal: Refusal, request: Request, now: int, new_id: NewId, settings: Settings) -> Response:
    """The response to a no: an error of OAuth, a code of XSTS, or a status with a sentence."""
    headers: list[tuple[str, str]] = []
    body = b""
    if refusal.name in X_ERRORS:
        code, page = X_ERRORS[refusal.name]
        headers.append(_JSON)
        document: dict[str, Any] = {"Identity": "0", "XErr": code, "Message": "", "Redirect": page}
        if route(request.method, request.target).name == "sisu_authorize":
            headers += [("X-Err", str(code)), ("X-SessionId", new_id())]
            document["WebPage"] = WEB_PAGE
        body = _json(document)
    elif route(request.method, request.target).name in OAUTH and refusal.status in (400, 401):
        headers.append(_JSON)
        body = _json({"error": _oauth_error(refusal), "error_description": refusal.sentence or refusal.kind.name})
    elif refusal.sentence and refusal.status != 401:
        headers.append(_TEXT)
        body = f"{refusal.sentence}\r\n".encode("utf-8", "replace")
    if refusal.status in (429, 503):
        usual = RETRY_AFTER if refusal.status == 429 else settings.choices.unavailable_retry_after_seconds
        headers.append(("Retry-After", str(refusal.facts.get("retry_after", usual))))
    return Response(refusal.status, Headers((*headers, *_common(now, new_id))), body)


_OAUTH_ERRORS = (
    *("authorization_pending", "authorization_declined", "access_denied", "expired_token", "slow_down"),
    *("invalid_request", "invalid_grant", "unsupported_grant_type"),
)


def _oauth_error(refusal: Refusal) -> str:
    return refusal.name if refusal.name in _OAUTH_ERRORS else "invalid_request"


def _common(now: int, new_id: NewId) -> tuple[tuple[str, str], ...]:
    return (*_NEVER_KEPT, ("X-XblCorrelationId", new_id()), ("Date", http_date(now)))


def _json(document: Any) -> bytes:
    # escaped, so that any text of a client can be written
    return json.dumps(document, separators=(",", ":")).encode()
