"""Description: the control interface as an OpenAPI document, made from the table of its calls."""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib.metadata import version
from typing import Any

from handlesfake.server.control.routes import ControlCall
from handlesfake.server.control.schemas import OBJECT, TEXT

JSON = "application/json"
_TEXTUAL = {"text/plain": {"schema": TEXT}}
_FAILURES = {"422": "A word is unknown or cannot be; the text names the nearest one."}
_LACKS = {"404": "There is no such thing; the text names the nearest one, and the call that makes it."}
_CLAIMED = {"409": "The claim does not hold; the text says what was sent instead."}


def description(calls: Iterable[ControlCall], url: str) -> dict[str, Any]:
    """An OpenAPI 3.1 document of ``calls`` at ``url``."""
    paths: dict[str, dict[str, Any]] = {}
    for call in calls:
        paths.setdefault(call.path or "/", {})[call.method.lower()] = _operation(call)
    info = {
        "title": "handlesfake, control interface",
        "version": version("handlesfake"),
        "description": "Each call exists below /worlds/{world}, too, and is then about that world.",
    }
    return {"openapi": "3.1.0", "info": info, "servers": [{"url": url}], "paths": paths}


def _operation(call: ControlCall) -> dict[str, Any]:
    in_path = [_parameter(name, "path", TEXT) for name in re.findall(r"\{(\w+)\}", call.path)]
    in_query = [_parameter(name, "query", schema) for name, schema in call.query.items()]
    can_fail = (
        _FAILURES
        | (_LACKS if call.can_lack else {})
        | (_CLAIMED if "/assert/" in call.path or call.path == "/settle" else {})
    )
    found: dict[str, Any] = {
        "operationId": _name(call),
        "summary": call.about,
        "parameters": [*in_path, *in_query],
        "responses": {
            str(call.status): {"description": "As asked."} | _answered(call),
            **({"201": {"description": "It was not there, and is made."} | _answered(call)} if call.made else {}),
            **{status: {"description": about, "content": _TEXTUAL} for status, about in can_fail.items()},
        },
    }
    sent = _sent(call)
    return found | ({"requestBody": {"content": sent}} if sent else {})


def _name(call: ControlCall) -> str:
    """``post_assert_invited``."""
    words = re.sub(r"[{}]", "", call.path).strip("/").replace("/", "_").replace(".", "_")
    return f"{call.method.lower()}_{words or 'about'}"


def _answered(call: ControlCall) -> dict[str, Any]:
    content = {kind: {"schema": TEXT} for kind in call.texts}
    if call.answer is not None:
        content = {JSON: {"schema": call.answer}} | content
    return {"content": content} if content else {}


def _sent(call: ControlCall) -> dict[str, Any]:
    if call.file:
        return {JSON: {"schema": OBJECT}, "application/yaml": {"schema": {**TEXT, "description": f"a {call.file}"}}}
    if call.body is None:
        return {}
    return {JSON: {"schema": {"type": "object", "additionalProperties": False, "properties": dict(call.body)}}}


def _parameter(name: str, place: str, schema: Any) -> dict[str, Any]:
    return {"name": name, "in": place, "required": place == "path", "schema": schema}
