"""From a cassette to HAR 1.2, which the network panel of a browser opens."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any
from urllib.parse import parse_qsl

from handlesfake.captures.har_entries import OURS
from handlesfake.cassettes.cassette import Cassette, Interaction
from handlesfake.cassettes.replay.time_shift import http_ticks
from handlesfake.mpsd.http.message import Headers, Request, Response
from handlesfake.mpsd.ticks import to_datetime

_UNKNOWN = datetime(1970, 1, 1, tzinfo=UTC)


def har_text(cassette: Cassette) -> str:
    """``cassette`` as HAR; ``handlesfake import`` reads the same exchanges and roles from it."""
    creator = {"name": OURS, "version": version("handlesfake")}
    entries = list(_entries(cassette))
    log = {"version": "1.2", "creator": creator, "entries": entries, "_roles": dict(cassette.roles)}
    return json.dumps({"log": log}, indent=2) + "\n"


def _entries(cassette: Cassette) -> Iterator[dict[str, Any]]:
    """The entries, whose times never go back: who reads a HAR sorts by them."""
    last = _UNKNOWN
    for one in cassette.interactions:
        last = max(last, _at(one) or last)
        yield {
            "startedDateTime": f"{last:%Y-%m-%dT%H:%M:%S}.000Z",
            "time": 0,
            "request": _request(one.request),
            "response": _response(one.response),
            "cache": {},
            "timings": {"send": 0, "wait": 0, "receive": 0},
            "comment": one.what + (f" by {one.caller}" if one.caller else ""),
        }


def _at(interaction: Interaction) -> datetime | None:
    ticks = http_ticks(interaction.response.headers.first("Date") or "")
    return to_datetime(ticks) if ticks is not None else None


def _request(request: Request) -> dict[str, Any]:
    found = {
        "method": request.method,
        "url": f"https://{request.host}{request.target}",
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _headers(request.headers),
        "queryString": [
            {"name": name, "value": value} for name, value in parse_qsl(request.query, keep_blank_values=True)
        ],
        "headersSize": -1,
        "bodySize": len(request.body),
    }
    if request.body:
        found["postData"] = {"mimeType": request.headers.first("Content-Type") or "", **_text(request.body)}
    return found


def _response(response: Response) -> dict[str, Any]:
    mime = response.headers.first("Content-Type") or "x-unknown"
    return {
        "status": response.status,
        "statusText": response.phrase,
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _headers(response.headers),
        "content": {"size": len(response.body), "mimeType": mime, **_text(response.body)},
        "redirectURL": response.headers.first("Location") or "",
        "headersSize": -1,
        "bodySize": len(response.body),
    }


def _headers(headers: Headers) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in headers]


def _text(body: bytes) -> dict[str, str]:
    try:
        return {"text": body.decode()}
    except UnicodeDecodeError:
        return {"text": base64.b64encode(body).decode(), "encoding": "base64"}
