"""Cassettes as JSON, as vcrpy's ``serializer="json"`` lays them out."""

from __future__ import annotations

import json
import re

from handlesfake.cassettes.format.object_bodies import is_object, typed
from handlesfake.files.strict_yaml import as_text, read_yaml

_BYTES = re.compile(r"^    (?:body|  string): !!binary ", re.M)


def holds_bytes(text: str) -> bool:
    """Whether a body of an interaction with the YAML ``text`` is not text: vcrpy's JSON has no way to say so."""
    return _BYTES.search(text) is not None


def yaml_to_json(text: str) -> str:
    """The YAML ``text`` of one of our cassettes, which holds no bytes, as JSON."""
    document = read_yaml(text, as_text).root
    document["version"] = int(document["version"])
    for interaction in document["interactions"]:
        status = interaction["response"]["status"]
        status["code"] = int(status["code"])
        request = interaction["request"]
        request["body"] = typed(request["body"]) if is_object(request["body"]) else request["body"]
    return json.dumps(document, indent=4) + "\n"
