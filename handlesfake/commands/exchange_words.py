"""A recorded exchange in words that are the same in each run: for ``show`` and ``diff``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from handlesfake.cassettes.cassette import Interaction
from handlesfake.cassettes.format.compression import why_packed
from handlesfake.mpsd.http.body import read_json
from handlesfake.mpsd.http.message import MPSD_HOST, Headers
from handlesfake.mpsd.operations import UNROUTED
from handlesfake.mpsd.refusals.catalogue import Refusal
from handlesfake.reporting.stable_names import StableNames, less_made_up

_PRECONDITIONS = ("If-Match", "If-None-Match")


def called(one: Interaction) -> str:
    """``create_handle invite``; for an address that MPSD does not have, the request itself."""
    if one.call.operation != UNROUTED:
        return f"{one.call.operation} {one.call.type[:20]}".rstrip()
    host = "" if one.request.host == MPSD_HOST else one.request.host
    return f"{one.request.method} {less_made_up(host + one.request.path)[:60]}"


def details(one: Interaction, names: StableNames) -> Iterator[str]:
    """About which user and what: session, handle, invitee, precondition."""
    parameters, fields = one.call.route.parameters, _mapping(one.call.document)
    ref = _mapping(fields.get("sessionRef"))
    if not ref and "name" in parameters:
        ref = {"scid": parameters["scid"], "templateName": parameters["template_name"], "name": parameters["name"]}
    if ref:
        yield names.session(ref)
    if handle := parameters.get("handle_id"):
        yield names.handle(handle)
    if invited := fields.get("invitedXuid"):
        yield f"invites {names.user(str(invited))[:40]}"
    yield from (header for header in _PRECONDITIONS if one.request.headers.first(header) is not None)


def made(one: Interaction, names: StableNames) -> str:
    """The handle that the exchange made: ``handle 1``; empty when it made none."""
    created = _mapping(answer(one)).get("id") if one.call.operation == "create_handle" else None
    return names.handle(created) if isinstance(created, str) and one.response.status < 300 else ""


def answer(one: Interaction) -> Any:
    """The answer's JSON, else its text, else what kind of bytes it is; None for none."""
    return _readable(one.response.body, one.response.headers)


def sent(one: Interaction) -> Any:
    """The request's JSON, else its text, else what kind of bytes it is; None for none."""
    return _readable(one.request.body, one.request.headers) if one.call.document is None else one.call.document


def _readable(body: bytes, headers: Headers) -> Any:
    if not body:
        return None
    if why := why_packed(headers):
        return f"<{len(body)} bytes: {why}>"
    try:
        return read_json(body, None)
    except Refusal:
        pass
    try:
        text = body.decode()
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        kind = headers.first("Content-Type")
        return f"<{len(body)} bytes that are not text{f': {kind}' if kind else ''}>"
    return text


def first_words(one: Interaction) -> str:
    """The first line of what the service said, at most 110 characters."""
    document = answer(one)
    text = document if isinstance(document, str) else json.dumps(document, ensure_ascii=False)
    return (text.strip().splitlines() or [""])[0][:110] if document else ""


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
