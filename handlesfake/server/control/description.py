"""Description: the control interface as an OpenAPI document, made from the table of its calls."""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib.metadata import version
from typing import Any

from handlesfake.server.control.calls import TEXT, Call

_FAILURES = {
    "422": "A word is unknown or cannot be; the text names the nearest one.",
}
_CLAIMED = {"409": "The claim does not hold; the text is that of Python's failure."}


def description(calls: Iterable[Call], url: str) -> dict[str, Any]:
    """An OpenAPI 3.1 document of ``calls`` at ``url``."""
    paths: dict[str, dict[str, Any]] = {}
    for call in calls:
        paths.setdefault(call.path or "/", {})[call.method.lower()] = _operation(call)
    info = {"title": "handlesfake, control interface", "version": version("handlesfake")}
    return {"openapi": "3.1.0", "info": info, "servers": [{"url": url}], "paths": paths}


def _operation(call: Call) -> dict[str, Any]:
    in_path = [_parameter(name, "path", TEXT) for name in re.findall(r"\{(\w+)\}", call.path)]
    in_query = [_parameter(name, "query", schema) for name, schema in call.query.items()]
    answers = {str(call.status): "As asked.", **_FAILURES} | (_CLAIMED if "/assert/" in call.path else {})
    found: dict[str, Any] = {
        "summary": call.about,
        "parameters": [*in_path, *in_query],
        "responses": {status: {"description": about} for status, about in answers.items()},
    }
    if call.body is not None:
        schema = {"type": "object", "additionalProperties": False, "properties": dict(call.body)}
        found["requestBody"] = {"content": {"application/json": {"schema": schema}}}
    return found


def _parameter(name: str, place: str, schema: Any) -> dict[str, Any]:
    return {"name": name, "in": place, "required": place == "path", "schema": schema}
