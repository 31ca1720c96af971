"""A cassette as a timeline for people, and as values for machines: ``handlesfake show``."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from handlesfake.cassettes.cassette import Cassette, Interaction
from handlesfake.cassettes.replay.age import recorded_at
from handlesfake.cassettes.replay.time_shift import http_ticks
from handlesfake.commands.exchange_words import answer, called, details, first_words, made, sent
from handlesfake.mpsd.http.message import Headers
from handlesfake.mpsd.ticks import TICKS_PER_SECOND, to_datetime
from handlesfake.reporting.printable import printable
from handlesfake.reporting.stable_names import StableNames
from handlesfake.reporting.timeline import counted

_INDENT = "    "


def timeline(cassette: Cassette, path: str = "", *, bodies: bool = False) -> str:
    """What ``cassette`` holds, one line for each exchange, and the service's own words where it said no.

    What differs from run to run has a name (``session A``, ``handle 1``), and times count from the first answer.

    :param path: what to call it in its first line; empty for nothing: git gives a copy under a temporary name.
    :param bodies: with the JSON of requests and answers.
    """
    names = StableNames({xuid: role for role, xuid in cassette.roles.items()})
    began = min((at for one in cassette.interactions if (at := _ticks(one)) is not None), default=0)
    rows = [_row(one, names, began) for one in cassette.interactions]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [*_head(cassette, path), *_legend(names)]
    for one, row in zip(cassette.interactions, rows, strict=True):
        lines.append("  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip())
        if bodies:
            lines += [*_body("sent", sent(one)), *_body("came", answer(one))]
        elif one.response.status >= 400 and (words := first_words(one)):
            lines.append(_INDENT + words)
    return "\n".join(printable(line) for line in lines)


def cassette_as_json(cassette: Cassette) -> dict[str, Any]:
    """What ``cassette`` holds, as JSON values."""
    return {
        "cassette": str(cassette.path),
        "roles": dict(cassette.roles),
        "interactions": [_as_json(one) for one in cassette.interactions],
    }


def _as_json(one: Interaction) -> dict[str, Any]:
    at = _at(one)
    return {
        "number": one.number,
        "at": at.isoformat() if at else None,
        "operation": one.call.operation,
        "type": one.call.type,
        "caller": one.caller,
        "host": one.request.host,
        "method": one.request.method,
        "target": one.request.target,
        "request_headers": _headers(one.request.headers),
        "body": sent(one),
        "status": one.response.status,
        "answer_headers": _headers(one.response.headers),
        "answer": answer(one),
    }


def _headers(headers: Headers) -> list[list[str]]:
    return [list(line) for line in headers if line[0].lower() != "authorization"]


def _head(cassette: Cassette, path: str) -> Iterator[str]:
    at = recorded_at(cassette)
    when = f", recorded {at:%Y-%m-%d %H:%M} UTC" if at else ""
    yield f"{f'{path}: ' if path else ''}{counted(len(cassette.interactions), 'exchange')}{when}"
    if cassette.roles:
        yield _INDENT + "   ".join(f"{role} {xuid}" for role, xuid in cassette.roles.items())


def _legend(names: StableNames) -> Iterator[str]:
    """Which sessions have names that a person has thought up."""
    if found := names.sessions_named():
        yield _INDENT + "   ".join(f"{letter} is {name[:60]}" for letter, name in found.items())


def _row(one: Interaction, names: StableNames, began: int) -> tuple[str, ...]:
    ticks = _ticks(one)
    told = [*details(one, names), *([handle] if (handle := made(one, names)) else [])]
    return (
        f"#{one.number}",
        f"{(ticks - began) / TICKS_PER_SECOND:+.2f} s" if ticks is not None else "",
        called(one),
        one.caller[:40],
        str(one.response.status),
        ", ".join(told),
    )


def _ticks(one: Interaction) -> int | None:
    return http_ticks(one.response.headers.first("Date") or "")


def _at(one: Interaction) -> datetime | None:
    ticks = _ticks(one)
    return to_datetime(ticks) if ticks is not None else None


def _body(word: str, document: Any) -> Iterable[str]:
    if document is not None:
        text = document if isinstance(document, str) else json.dumps(document, indent=2, ensure_ascii=False)
        first, *rest = text.splitlines() or [""]
        yield f"{_INDENT}{word} {first}"
        yield from (_INDENT + line for line in rest)
