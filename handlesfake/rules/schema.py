"""The JSON Schema of rule files, made from the words that the reader takes; editors read ``schema.json``."""

from __future__ import annotations

from typing import Any

from handlesfake.exchange.faults import NAMES
from handlesfake.exchange.field_values import HANDLE_TYPES
from handlesfake.rules.question import TEXTS
from handlesfake.rules.then.consequences import HOW
from handlesfake.rules.then.failing import AT, LONGEST
from handlesfake.rules.when.conditions import METHODS
from handlesfake.services.table import operation_names, refusals

_TEXT = {"type": "string", "minLength": 1}
_TEXTS = {"anyOf": [_TEXT, {"type": "array", "items": _TEXT, "minItems": 1}]}
_WHOLE = {"type": "integer", "minimum": 1}
_OBJECT = {"type": "object"}
_STATUS = {"type": "integer", "minimum": 200, "maximum": 599}
_WANTED = {"anyOf": [*_TEXTS["anyOf"], {"$ref": "#/$defs/demand"}]}


def schema() -> dict[str, Any]:
    """The schema. It knows words and types; what can never be, ``handlesfake rules check`` finds."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Rules of handlesfake",
        **_closed({"story": _TEXT, "rules": {"type": "array", "minItems": 1, "items": _ITEM}}, "rules"),
        "$defs": {"demand": _DEMAND, "rule": _RULE, "when": _WHEN, "then": _THEN},
    }


def _closed(properties: dict[str, Any], *required: str) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
        **({"required": list(required)} if required else {}),
    }


def _some(words: tuple[str, ...]) -> dict[str, Any]:
    one = {"enum": list(words)}
    return {"anyOf": [one, {"type": "array", "items": one, "minItems": 1}]}


_DEMAND = _closed(
    {
        "equals": True,
        "one_of": {"type": "array", "minItems": 1},
        "like": _TEXT,
        "matches": _TEXT,
        "absent": {"type": "boolean"},
        "at_least": {"type": "number"},
        "at_most": {"type": "number"},
    }
)
_WHEN = {
    "type": "object",
    "description": "What is not named here is a field of the request.",
    "properties": {
        "operation": _some(operation_names()),
        **dict.fromkeys(TEXTS, _WANTED),
        "type": {"anyOf": [*_some(HANDLE_TYPES)["anyOf"], {"$ref": "#/$defs/demand"}]},
        "method": {"anyOf": [*_some(METHODS)["anyOf"], {"$ref": "#/$defs/demand"}]},
        "headers": {"type": "object", "additionalProperties": _WANTED},
        "state": {"type": "object", "additionalProperties": _TEXTS, "minProperties": 1},
        "nth": {"anyOf": [_WHOLE, {"type": "string", "pattern": r"^[1-9][0-9]*(\.\.([1-9][0-9]*)?)?$"}]},
        "fields": _OBJECT,
    },
}
_HEADERS = _closed({"set": _OBJECT, "add": _OBJECT, "remove": _TEXTS})
_THEN = {
    **_closed(
        {
            "refuse": {"enum": list(refusals())},
            "respond": _closed({"status": _STATUS, "headers": _OBJECT, "body": True}, "status"),
            "lose_answer": {"enum": list(HOW)},
            "fault": {"enum": list(NAMES)},
            "change": _closed(
                {"status": _STATUS, "set": _OBJECT, "add": _OBJECT, "remove": _TEXTS, "headers": _HEADERS}
            ),
            "retry_after": {"type": "integer", "minimum": 0},
            "at": {"enum": list(AT)},
            "delay": {"type": "number", "exclusiveMinimum": 0, "maximum": LONGEST},
            "state": {"type": "object", "additionalProperties": _TEXT, "minProperties": 1},
        }
    ),
    "minProperties": 1,
}
_RULE = _closed(
    {
        "name": _TEXT,
        "when": {"$ref": "#/$defs/when"},
        "then": {"$ref": "#/$defs/then"},
        "times": _WHOLE,
        "probability": {"type": "number", "exclusiveMinimum": 0, "maximum": 1},
        "seed": {"type": "integer", "minimum": 0},
    },
    "then",
)
_ITEM = {"anyOf": [{"$ref": "#/$defs/rule"}, _closed({"include": _TEXT}, "include")]}
