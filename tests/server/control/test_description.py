"""What the control interface says of itself is whole, true of its examples, and true of each of its addresses."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest

from tests.server.described import Described
from tests.server.lobby import LOBBY
from tests.server.servers import Remote, call, controlled


@pytest.fixture(scope="module")
def remote() -> Iterator[Remote]:
    """A server on which every example can be said: who and what they name is there."""
    with controlled() as made:
        assert 204 == made.ask("POST", "/state", LOBBY).status
        yield made


@pytest.fixture(scope="module")
def described(remote: Remote) -> Described:
    """What it says of itself."""
    return remote.described


def operations(described: Described) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Method, address and description of every call."""
    for path, found in described.document["paths"].items():
        for method, operation in found.items():
            yield method.upper(), path, operation


def contents(described: Described) -> Iterator[tuple[str, dict[str, Any]]]:
    """Whatever a call takes or answers, by its place, with schema and example."""
    for method, path, operation in operations(described):
        for parameter in operation["parameters"]:
            yield f"{method} {path} {parameter['name']}", parameter
        for kind, content in operation.get("requestBody", {}).get("content", {}).items():
            yield f"{method} {path} {kind}", content
        for status, answer in operation["responses"].items():
            for kind, content in described.resolved(answer).get("content", {}).items():
                yield f"{method} {path} {status} {kind}", content


def test_all_that_is_said_and_answered_has_a_schema_and_an_example(described: Described) -> None:
    """Every parameter, body and answer of every call."""
    lacking = [place for place, found in contents(described) if not {"schema", "example"} <= set(found)]

    assert [] == lacking


def test_every_example_is_what_its_schema_says(described: Described) -> None:
    """Also those of each word of a body; and every schema is one."""
    for place, found in contents(described):
        schema = {**found["schema"], "components": described.document["components"]}
        jsonschema.Draft202012Validator.check_schema(schema)
        errors = [error.message for error in jsonschema.Draft202012Validator(schema).iter_errors(found["example"])]
        for word, about in schema.get("properties", {}).items():
            for example in about.get("examples", ()):
                whole = {**about, "components": schema["components"]}
                assert jsonschema.Draft202012Validator(whole).is_valid(example), f"{place} {word}"

        assert [] == errors, place


def test_the_document_is_text_that_every_reader_can_decode(described: Described) -> None:
    """Also its patterns: halves of characters, which JSON can say, are not characters in other languages."""
    assert json.dumps(described.document, ensure_ascii=False).encode()


def test_every_word_and_status_says_what_it_means(described: Described) -> None:
    """Calls, parameters, the words of bodies, and statuses."""
    silent = []
    for method, path, operation in operations(described):
        bodies = [one["schema"] for one in operation.get("requestBody", {}).get("content", {}).values()]
        words = [about for body in bodies for about in body.get("properties", {}).values()]
        answers = [described.resolved(answer) for answer in operation["responses"].values()]
        abouts = [one.get("description") for one in (*operation["parameters"], *words, *answers)]
        silent += [f"{method} {path}"] if not all((operation["summary"], *abouts)) else []

    assert [] == silent


def test_every_call_says_how_it_may_fail(described: Described) -> None:
    """No HTTP, strangers, slow and large requests, worlds that ended, wrong words, our mistakes; claims that fail."""
    for method, path, operation in operations(described):
        wanted = {"400", "403", "408", "410", "413", "422", "431", "500"}
        wanted |= {"409"} if "/assert/" in path or path == "/settle" else set()
        failing = {status for status in operation["responses"] if status >= "400"}

        assert wanted <= failing, f"{method} {path}"


def test_no_address_has_a_method_that_is_not_described(described: Described, remote: Remote) -> None:
    """OPTIONS of each address allows what the description has, and nothing else is answered."""
    remote.ask("POST", "/worlds", {"name": "host"})
    for path, found in described.document["paths"].items():
        filled = re.sub(r"\{\w+\}", "host", path)
        options = call(remote.connection, "OPTIONS", f"/_handlesfake{filled}")
        allowed = set(options.headers["Allow"].split(", ")) - {"HEAD", "OPTIONS"}

        assert {method.upper() for method in found} == allowed
        for method in sorted({"GET", "POST", "PUT", "PATCH", "DELETE"} - allowed):
            assert 405 == call(remote.connection, method, f"/_handlesfake{filled}").status


SETUP = {
    "POST /hold": [("POST", "/release", {})],
    "POST /service/expire": [("POST", "/service", {})],
    "POST /service/renew": [("POST", "/service", {})],
    "DELETE /rules/{name}": [
        ("POST", "/rules", {"rules": [{"name": "busy", "when": {"type": "invite"}, "then": {"refuse": "throttled"}}]})
    ],
    "POST /snapshots/{name}/restore": [("PUT", "/snapshots/lobby", None)],
    "DELETE /worlds/{name}": [("POST", "/worlds", None)],
    "GET /worlds/{name}": [("POST", "/worlds", {"name": "lobby"})],
    "POST /worlds/{name}/renew": [("POST", "/worlds", {"name": "lobby"})],
}
"""What has to be said before the example of a call can be."""

NEEDS_A_SOCKET = ("POST /connections/{who}/resync",)
"""Calls about a connection that is open now."""


def test_what_the_examples_say_is_understood(described: Described, remote: Remote) -> None:
    """Each example of a body, in the address of the examples, is done as described, or its claim does not hold."""
    for method, path, operation in operations(described):
        if f"{method} {path}" in NEEDS_A_SOCKET:
            continue
        for before in SETUP.get(f"{method} {path}", []):
            remote.ask(*before)
        examples = {one["name"]: one["example"] for one in operation["parameters"] if one["in"] == "path"}
        filled = path.format(**examples)
        content = operation.get("requestBody", {}).get("content", {})
        answer = remote.ask(method, filled, content["application/json"]["example"] if content else None)
        remote.ask("PUT", "/state", LOBBY)

        assert answer.status in (200, 201, 204, 409), f"{method} {path}: {answer.text}"


def test_every_call_of_a_world_is_described(described: Described) -> None:
    """The second server of the document is one world; its address is what ``POST /worlds`` answers as ``control``."""
    whole, world = described.document["servers"]
    given = described.document["paths"]["/worlds"]["post"]["responses"]["201"]["content"]["application/json"]

    assert f"{whole['url']}/worlds/{{world}}" == world["url"]
    assert given["example"]["control"].endswith(f"/worlds/{world['variables']['world']['default']}")
