"""From what an operation did, or refused, to the response on the wire."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from functools import lru_cache
from json import encoder
from typing import Any

from handlesfake.mpsd.context import NewId, Result
from handlesfake.mpsd.http.message import Headers, Response
from handlesfake.mpsd.refusals.catalogue import Refusal
from handlesfake.mpsd.settings import Settings
from handlesfake.mpsd.throttle import BURST_SECONDS, throttled_body
from handlesfake.mpsd.ticks import TICKS_PER_SECOND, http_date

NOT_STORED = ("Cache-Control", "no-cache, no-store")
"""Handle creations, queries and 412 (captured)."""

REVALIDATED = ("Cache-Control", "max-age=0, must-revalidate")
"""200 and 201 session documents (captured)."""

_JSON = ("Content-Type", "application/json")
_TEXT = ("Content-Type", "text/plain; charset=utf-8")
_NO_SNIFF = ("X-Content-Type-Options", "nosniff")
_DEBUG = ("X-Xbl-Debug", "made up by a test double; no code may depend on it")
_RETRIED = (429, 503)


def render(done: Result, now: int, new_id: NewId, settings: Settings) -> Response:
    """The response to what was done, with the headers of contract 1.2 in captured order."""
    headers = [*done.headers, *_common(now, new_id, settings)]
    if headers[0][0] != "Cache-Control":
        headers.insert(0, NOT_STORED)
    if done.document is None:
        return Response(done.status, Headers(headers))
    headers.insert(1, _JSON)
    return Response(done.status, Headers(headers), json_bytes(done.document))


def render_refusal(refusal: Refusal, now: int, new_id: NewId, settings: Settings) -> Response:
    """The response to a no: one sentence with its line end, or the whole session where the service shows it."""
    headers = [NOT_STORED]
    body = b""
    document = refusal.document
    if document is None and refusal.kind.name == "throttled":
        document = throttled_body()  # a rule's 429, which nothing has counted
    if document is not None:
        headers.append(_JSON)
        body = json_bytes(document)
    elif refusal.sentence:
        headers.append(_TEXT)
        body = f"{refusal.sentence}\r\n".encode("utf-8", "replace")
    headers += _extra(refusal, settings)
    return Response(refusal.status, Headers((*headers, *_common(now, new_id, settings))), body)


def _extra(refusal: Refusal, settings: Settings) -> list[tuple[str, str]]:
    if refusal.status == 405:
        return [("Allow", refusal.facts["allow"])]
    if refusal.status == 401 and settings.choices.authenticate_header:
        return [("WWW-Authenticate", "XBL3.0")]
    if refusal.status in _RETRIED:
        usual = settings.choices.unavailable_retry_after_seconds if refusal.status == 503 else BURST_SECONDS
        return [("Retry-After", str(refusal.facts.get("retry_after", usual)))]
    return [("ETag", refusal.etag)] if refusal.etag else []


def _common(now: int, new_id: NewId, settings: Settings) -> tuple[tuple[str, str], ...]:
    common = _NO_SNIFF, ("X-XblCorrelationId", new_id()), _date(now // TICKS_PER_SECOND)
    return (*common, _DEBUG) if settings.choices.debug_header else common


@lru_cache(maxsize=64)
def _date(seconds: int) -> tuple[str, str]:
    """One line for all answers of a second."""
    return "Date", http_date(seconds * TICKS_PER_SECOND)


def json_bytes(document: Any) -> bytes:
    """``document`` as MPSD writes JSON: no spaces, keys in order, integers whole (captured)."""
    try:
        return "".join(_plain(document, 0)).encode()
    except UnicodeEncodeError:  # a lone surrogate, which JSON can spell and UTF-8 cannot
        return _ESCAPED.encode(document).encode()


_PLAIN = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False)


def _made_once() -> Callable[[Any, int], Iterable[str]]:
    """What ``_PLAIN.iterencode`` makes for each document; that itself where this Python makes it differently."""
    try:
        words: tuple[Any, ...] = (None, _PLAIN.default, encoder.encode_basestring, None, ":", ",", False, False, True)
        made: Callable[[Any, int], Iterable[str]] = encoder.c_make_encoder(*words)  # type: ignore[attr-defined]  # ours to try
        if "".join(made({"a": ["é", 1, None]}, 0)) == '{"a":["é",1,null]}':
            return made
    except (AttributeError, TypeError):
        pass
    return lambda document, _: _PLAIN.iterencode(document)


_plain = _made_once()
_ESCAPED = json.JSONEncoder(separators=(",", ":"))
