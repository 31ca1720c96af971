"""Schemas: what the words of a call and its answer may be, as JSON Schema; what describes a word also checks it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from handlesfake.errors import SettingsError
from handlesfake.services.table import operation_names

Schema: TypeAlias = Mapping[str, Any]
Words: TypeAlias = Mapping[str, Schema]

ANY: Schema = {}
TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "number"}
WHOLE: Schema = {"type": "integer"}
SWITCH: Schema = {"type": "boolean"}
OBJECT: Schema = {"type": "object"}
WORD: Schema = {"type": "string", "minLength": 1}
FROM_ZERO: Schema = {"type": "number", "minimum": 0}
COUNT: Schema = {"type": "integer", "minimum": 0}
XUID: Schema = {"type": "string", "pattern": "^[1-9][0-9]{0,19}$"}
TITLE: Schema = {"type": "string", "pattern": "^[0-9]{1,10}$"}
TEXTS: Schema = {"type": "array", "items": TEXT}
ONE_OR_MORE: Schema = {"type": ["array", "string"], "items": TEXT}
"""Texts in a list; one text is a list of it."""

OPERATION: Schema = {"type": "string", "enum": list(operation_names())}
TEXT_BY_NAME: Schema = {"type": "object", "additionalProperties": TEXT}
TEXT_OR_NONE: Schema = {"type": ["string", "null"]}
NUMBER_OR_NONE: Schema = {"type": ["number", "null"]}
WHOLE_OR_NONE: Schema = {"type": ["integer", "null"]}
SWITCH_OR_NONE: Schema = {"type": ["boolean", "null"]}
OBJECT_OR_NONE: Schema = {"type": ["object", "null"]}

_NAMES = {
    "string": "a text", "number": "a number", "integer": "a whole number", "boolean": "true or false",
    "object": "a mapping", "array": "a list", "null": "null",
}  # fmt: skip


def several(one: Schema) -> Schema:
    """A list of ``one``."""
    return {"type": "array", "items": one}


def record_schema(**fields: Schema) -> Schema:
    """An object with these fields, all of them and no others."""
    return {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}


def at_least(**fields: Schema) -> Schema:
    """An object with these fields, and any others."""
    return {"type": "object", "properties": fields, "required": list(fields)}


def check(word: str, value: Any, schema: Schema) -> None:
    """Check that ``value`` is of the type that ``schema`` names; its receiver checks what is inside.

    :raises SettingsError: it is not; the text says what to write.
    """
    wanted = schema.get("type", ())
    kinds = [wanted] if isinstance(wanted, str) else list(wanted)
    if not kinds or any(_is(kind, value) for kind in kinds):
        return
    hint = ""
    if "string" in kinds and isinstance(value, (int, float)) and not isinstance(value, bool):
        hint = f'; write "{value}", in quotation marks'
    expected = " or ".join(_NAMES[kind] for kind in kinds)
    raise SettingsError(f"{word}: expected {expected}, got {value!r:.60}{hint}")


def _is(kind: str, value: Any) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    types: dict[str, Any] = {
        "string": str, "number": (int, float), "integer": int, "object": Mapping, "array": (list, str),
        "null": type(None),
    }  # fmt: skip
    if isinstance(value, float) and kind == "integer":
        return value.is_integer()  # JSON has one kind of number
    # one text is a list of it
    return kind in types and isinstance(value, types[kind])
