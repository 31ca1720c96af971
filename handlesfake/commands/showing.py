"""A cassette as a timeline for people, and as values for machines: ``handlesfake show``."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from handlesfake.cassettes.cassette import Cassette, Interaction
from handlesfake.cassettes.next_steps import display_path
from handlesfake.cassettes.replay.age import recorded_at
from handlesfake.cassettes.replay.time_shift import http_ticks
from handlesfake.mpsd.http.body import read_json
from handlesfake.mpsd.http.message import MPSD_HOST, Headers
from handlesfake.mpsd.operations import UNROUTED
from handlesfake.mpsd.refusals.catalogue import Refusal
from handlesfake.mpsd.ticks import to_datetime
from handlesfake.reporting.timeline import counted

_INDENT = "    "


def timeline(cassette: Cassette, *, bodies: bool = False) -> str:
    """What ``cassette`` holds, one line for each exchange, and the service's own words where it said no.

    :param bodies: with the JSON of requests and answers.
    """
    rows = [_row(one, cassette) for one in cassette.interactions]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = list(_head(cassette))
    for one, row in zip(cassette.interactions, rows, strict=True):
        lines.append("  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip())
        if bodies:
            lines += [*_body("sent", one.call.document), *_body("came", _document(one))]
        elif one.response.status >= 400 and (words := _words(one)):
            lines.append(_INDENT + words)
    return "\n".join(_printable(line) for line in lines)


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
        "body": one.call.document,
        "status": one.response.status,
        "answer_headers": _headers(one.response.headers),
        "answer": _document(one),
    }


def _headers(headers: Headers) -> list[list[str]]:
    return [list(line) for line in headers if line[0].lower() != "authorization"]


def _head(cassette: Cassette) -> Iterable[str]:
    at = recorded_at(cassette)
    when = f", recorded {at:%Y-%m-%d %H:%M} UTC" if at else ""
    yield f"{display_path(Path(cassette.path))}: {counted(len(cassette.interactions), 'exchange')}{when}"
    if cassette.roles:
        yield _INDENT + "   ".join(f"{role} {xuid}" for role, xuid in cassette.roles.items())


def _row(one: Interaction, cassette: Cassette) -> tuple[str, ...]:
    at = _at(one)
    call = one.call
    is_ours = call.operation != UNROUTED
    what = f"{call.operation} {call.type[:20]}" if is_ours else f"{one.request.method} {_address(one)}"
    return (
        f"#{one.number}",
        f"{at:%H:%M:%S}" if at else "",
        what.rstrip(),
        one.caller[:40],
        str(one.response.status),
        ", ".join(_details(one, cassette)),
    )


def _address(one: Interaction) -> str:
    host = "" if one.request.host == MPSD_HOST else one.request.host
    return (host + one.request.path)[:60]


def _details(one: Interaction, cassette: Cassette) -> Iterable[str]:
    """Of whom and what: session, invitee, handle, precondition."""
    parameters, document = one.call.route.parameters, one.call.document
    fields = document if isinstance(document, dict) else {}
    ref = fields.get("sessionRef")
    name = parameters.get("name") or (ref.get("name") if isinstance(ref, dict) else None)
    if name:
        yield str(name)[:60]
    if parameters.get("handle_id"):
        yield f"handle {parameters['handle_id'][:40]}"
    invited = fields.get("invitedXuid")
    if invited:
        roles = {xuid: role for role, xuid in cassette.roles.items()}
        yield f"invites {roles.get(str(invited), str(invited)[:40])}"
    for header in ("If-Match", "If-None-Match"):
        if value := one.request.headers.first(header):
            yield f"{header} {value[:40]}"


def _at(one: Interaction) -> datetime | None:
    ticks = http_ticks(one.response.headers.first("Date") or "")
    return to_datetime(ticks) if ticks is not None else None


def _document(one: Interaction) -> Any:
    """The answer's JSON, else its text; None for none."""
    body = one.response.body
    if not body:
        return None
    try:
        return read_json(body, None)
    except Refusal:
        return body.decode("utf-8", "replace")


def _words(one: Interaction) -> str:
    document = _document(one)
    text = document if isinstance(document, str) else json.dumps(document, ensure_ascii=False)
    return (text.strip().splitlines() or [""])[0][:110] if document else ""


def _body(word: str, document: Any) -> Iterable[str]:
    if document is not None:
        text = document if isinstance(document, str) else json.dumps(document, indent=2, ensure_ascii=False)
        first, *rest = text.splitlines() or [""]
        yield f"{_INDENT}{word} {first}"
        yield from (_INDENT + line for line in rest)


def _printable(line: str) -> str:
    """A cassette may come from anywhere: what moves a terminal's cursor is written out."""
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in line)
