"""HAR: exchanges as a browser writes them into a file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

DATE = ("Date", "Tue, 06 Jan 2026 10:00:00 GMT")


def exchange(
    method: str,
    url: str,
    *,
    headers: Iterable[tuple[str, str]] = (),
    sent: str | None = None,
    kind: str = "application/json",
    status: int = 200,
    answered: Iterable[tuple[str, str]] = (),
    text: str = "",
) -> dict[str, Any]:
    """One request and its answer; ``sent`` and ``text`` are their bodies, and ``kind`` is the type of the first."""
    post = {} if sent is None else {"postData": {"mimeType": kind, "text": sent}}
    return {
        "startedDateTime": "2026-01-06T10:00:00.000Z",
        "time": 1,
        "request": {
            "method": method,
            "url": url,
            "httpVersion": "HTTP/1.1",
            "headers": _named(headers),
            "queryString": [],
            "cookies": [],
            "headersSize": -1,
            "bodySize": -1,
            **post,
        },
        "response": {
            "status": status,
            "statusText": "",
            "httpVersion": "HTTP/1.1",
            "headers": _named([DATE, *answered]),
            "cookies": [],
            "content": {"size": len(text), "mimeType": "application/json", "text": text},
            "redirectURL": "",
            "headersSize": -1,
            "bodySize": -1,
        },
        "cache": {},
        "timings": {"send": 0, "wait": 1, "receive": 0},
    }


def write(path: Path, entries: list[Mapping[str, Any]]) -> None:
    """A capture with ``entries``."""
    log = {"version": "1.2", "creator": {"name": "a", "version": "1"}, "entries": entries}
    path.write_text(json.dumps({"log": log}), encoding="utf-8")


def _named(headers: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in headers]
