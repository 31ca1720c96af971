"""Description: the control interface as an OpenAPI document, made from the table of its calls."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import version
from typing import Any

from handlesfake.server.control.openapi import examples
from handlesfake.server.control.openapi.files import named_schemas
from handlesfake.server.control.openapi.responses import failures, named_responses
from handlesfake.server.control.openapi.words import meaning
from handlesfake.server.control.routes import ControlCall
from handlesfake.server.control.schemas import TEXT, Schema
from handlesfake.values.values import replace

JSON, YAML = "application/json", "application/yaml"
_ABOUT = (
    "What a test in any language tells a server of handlesfake, and asks it. Each call also exists for each world, "
    "by its id or name: the second of the servers. A body is JSON or YAML, whatever "
    "its Content-Type; a field that is null counts as left out. OPTIONS of an address lists its methods in Allow; "
    "HEAD is GET without a body. Any other method is 405. Any other address is 404, with the nearest known one."
)


def description(calls: Iterable[ControlCall], url: str) -> dict[str, Any]:
    """An OpenAPI 3.1 document of ``calls`` at ``url``."""
    paths: dict[str, dict[str, Any]] = {}
    for call in _and_of_one_world(calls):
        paths.setdefault(call.path or "/", {})[call.method.lower()] = _operation(call)
    of_world = {"url": f"{url}/worlds/{{world}}", "variables": {"world": {"default": "w1"}}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "handlesfake, control interface", "version": version("handlesfake"), "description": _ABOUT},
        "servers": [{"url": url}, {**of_world, "description": "One world: the `control` that POST /worlds answers."}],
        "paths": paths,
        "components": {"schemas": named_schemas(), "responses": named_responses()},
    }


def _and_of_one_world(calls: Iterable[ControlCall]) -> Iterator[ControlCall]:
    """All ``calls``, and what is ``GET /`` of a world, at the address that leads to it from outside."""
    for call in calls:
        yield call
        if (call.method, call.path) == ("GET", ""):
            yield replace(
                call, path="/worlds/{name}", about="One world: what GET / says of it, and the world itself."
            )


def _operation(call: ControlCall) -> dict[str, Any]:
    asked = call.asked
    in_path = [_parameter(asked, name, "path", _NAME) for name in re.findall(r"\{(\w+)\}", call.path)]
    in_query = [_parameter(asked, name, "query", schema) for name, schema in call.query.items()]
    found: dict[str, Any] = {
        "operationId": _name(call),
        "summary": call.about,
        "parameters": [*in_path, *in_query],
        "responses": {
            str(call.status): {"description": "As asked."} | _answered(call),
            **({"201": {"description": "It did not exist, and is made."} | _answered(call)} if call.made else {}),
            **failures(call),
        },
    }
    sent = _sent(call)
    return found | ({"requestBody": sent} if sent else {})


def _name(call: ControlCall) -> str:
    """``post_assert_invited``."""
    words = re.sub(r"[{}]", "", call.path).strip("/").replace("/", "_").replace(".", "_")
    return f"{call.method.lower()}_{words or 'about'}"


def _answered(call: ControlCall) -> dict[str, Any]:
    content: dict[str, Any] = {}
    if call.answer is not None:
        content[JSON] = {"schema": call.answer, "example": examples.answer(call.asked)}
    for kind in call.texts:
        # YAML is parsed before it is held against a schema
        schema = call.answer if kind == YAML else TEXT
        content[kind] = {"schema": schema, "example": examples.TEXTS[kind]}
    if YAML in content:
        content[YAML]["example"] = examples.answer(call.asked)
    return {"content": content} if content else {}


def _sent(call: ControlCall) -> dict[str, Any]:
    if call.file:
        body: Mapping[str, Any] = {"schema": call.file_schema, "example": examples.BODIES[call.asked]}
        needed = call.needs_file
    elif call.body:
        body = {"schema": _mapping(call), "example": examples.BODIES[call.asked]}
        needed = bool(call.needs or call.together)
    else:
        return {}
    return {"required": needed, "content": {JSON: body, YAML: body}} | (
        {"description": f"A {call.file}."} if call.file else {}
    )


def _mapping(call: ControlCall) -> Schema:
    """The words of a body; null, like no body at all, says none of them."""
    known = {word: _said(call, word, schema) for word, schema in (call.body or {}).items()}
    found: dict[str, Any] = {
        "type": "object" if call.needs or call.together else ["object", "null"],
        "properties": known,
        "additionalProperties": False,
    }
    return found | ({"required": list(call.needs)} if call.needs else {}) | dict(call.together)


def _said(call: ControlCall, word: str, schema: Schema) -> Schema:
    about = meaning(call.asked, word)
    described = {"description": about.about, "examples": [about.example]}
    return {**(schema if word in call.needs else _or_none(schema)), **described}


def _or_none(schema: Schema) -> Schema:
    """``schema``, or null."""
    if "type" in schema and not {"enum", "anyOf", "$ref"} & set(schema):
        kinds = [schema["type"]] if isinstance(schema["type"], str) else schema["type"]
        return {**schema, "type": [*kinds, "null"]}
    return {"anyOf": [schema, {"type": "null"}]}


_NAME: Schema = {"type": "string", "minLength": 1}


def _parameter(call: str, name: str, place: str, schema: Schema) -> dict[str, Any]:
    about = meaning(call, name)
    return {
        "name": name,
        "in": place,
        "required": place == "path",
        "description": about.about,
        "schema": schema,
        "example": about.example,
    }
