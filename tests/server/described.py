"""Described: what the control interface says of itself, held against what it answers."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jsonschema


@dataclass(frozen=True)
class Described:
    """The OpenAPI document of one server."""

    document: Mapping[str, Any]

    def check(self, method: str, path: str, status: int, content_type: str, body: bytes) -> None:
        """See that an answer is one that the document foresees; of an address that it lacks, 404 and 405 are."""
        operation = self._operation(method, path)
        if operation is None:
            assert status in (404, 405, 410, 422), (
                f"{method} {path} is answered {status} and stands in no description"
            )
            return
        answers = {code: self.resolved(answer) for code, answer in operation["responses"].items()}
        if path.startswith("/worlds/") and status == 404 and "404" not in answers:
            assert "Any other address is 404" in self.document["info"]["description"]
            return

        assert str(status) in answers, f"{method} {path}: {status} is not foreseen: {body.decode()}"
        content = answers[str(status)].get("content", {})
        kind = content_type.partition(";")[0]

        assert bool(body) == bool(content), f"{method} {path}: {status} with {body!r:.80}"
        assert not body or kind in content, f"{method} {path}: {kind} is not foreseen"
        if kind == "application/json":
            self.validate(json.loads(body), content[kind]["schema"])

    def validate(self, value: Any, schema: Mapping[str, Any]) -> None:
        """See that ``value`` is what a schema of the document says, whose references lead into the document."""
        whole = {**schema, "components": self.document["components"]}
        jsonschema.validate(value, whole, jsonschema.Draft202012Validator)

    def resolved(self, node: Mapping[str, Any]) -> Mapping[str, Any]:
        """What a reference of the document leads to; anything else as it is."""
        if "$ref" not in node:
            return node
        found: Any = self.document
        for part in node["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        return dict(found)

    def _operation(self, method: str, path: str) -> Mapping[str, Any] | None:
        path = path.partition("?")[0]
        inside = re.fullmatch(r"/worlds/[^/]+(/.*|)", path)
        for one in (path, *([inside[1]] if inside else [])):  # most exist below each world, too
            for template, operations in self.document["paths"].items():
                fits = re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), one.rstrip("/") or "/")
                if fits and method.lower() in operations:
                    found: Mapping[str, Any] = operations[method.lower()]
                    return found
        return None
