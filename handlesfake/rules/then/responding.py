"""From the words under ``respond`` to a response."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from handlesfake.files.source import Source
from handlesfake.json_diff import short_json
from handlesfake.mpsd.http.message import Headers, Response
from handlesfake.rules.then.actions import Respond

RESPOND = ("status", "headers", "body")
"""What a response says."""

_BODILESS = (204, 304)
"""Statuses whose responses end with their head (RFC 9110, 6.4.1)."""


def read_respond(node: Mapping[str, Any], source: Source) -> Respond:
    """The response under ``respond`` of ``node``.

    :raises RuleError: it is not a response, or one that cannot cross the wire.
    """
    said = source.mapping(node, "respond")
    source.check_keys(said, RESPOND, "respond")
    if "status" not in said:
        raise source.wrong("respond needs a status", node, "respond")
    status = read_status(said, source)
    headers = read_headers(source.mapping(said, "headers"), source) if "headers" in said else []
    body = said.get("body")
    if body is not None and not isinstance(body, (str, bytes)):
        body = _as_json(body, said, source)
        if not any(name.lower() == "content-type" for name, _ in headers):
            headers.insert(0, ("Content-Type", "application/json"))
    if body and status in _BODILESS:
        raise source.wrong(f"a response with the status {status} can never have a body", said, "body", of_value=False)
    return Respond(Response(status, Headers(headers), body.encode() if isinstance(body, str) else body or b""))


def read_status(node: Mapping[str, Any], source: Source) -> int:
    """The status of ``node``."""
    status = source.whole(node, "status", 200)
    if status > 599:
        raise source.wrong(f"status must be from 200 to 599, and is {status}", node, "status")
    return status


def read_headers(node: Mapping[str, Any], source: Source) -> list[tuple[str, str]]:
    """The header lines that ``node`` names; a list means several of one name."""
    headers = []
    for name, value in node.items():
        for one in value if isinstance(value, list) else [value]:
            text = str(one) if isinstance(one, (str, int)) and not isinstance(one, bool) else None
            if text is None or not _is_line(name) or not _is_line(text):
                called = name if _is_line(name) else repr(name)
                raise source.wrong(
                    f"the header {called} must be one line of text, and is {short_json(one)}", node, name
                )
            headers.append((name, text))
    return headers


def _as_json(body: Any, said: Mapping[str, Any], source: Source) -> str:
    try:
        return json.dumps(body, separators=(",", ":"), allow_nan=False)
    except (TypeError, ValueError) as error:
        raise source.wrong(f"body must be a text or what JSON can say: {error}", said, "body") from None


def _is_line(text: str) -> bool:
    return text.isprintable() and text.isascii()
