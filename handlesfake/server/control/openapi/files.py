"""Files: what rule files, state files and mappings of choices may hold, as named schemas of the document."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Literal, get_args, get_origin, get_type_hints

from handlesfake.mpsd.arrange import STATUSES
from handlesfake.mpsd.choices import SETS, Choices
from handlesfake.rules.schema import schema as rule_file
from handlesfake.seeding import vocabulary
from handlesfake.server.control.schemas import OBJECT, SWITCH, TEXT, WORD, Schema, several

RULES, STATE, CHOICES = "RuleFile", "StateFile", "Choices"


def reference(name: str) -> Schema:
    """The schema called ``name``, by reference."""
    return {"$ref": f"#/components/schemas/{name}"}


def named_schemas() -> dict[str, Schema]:
    """The schemas that others refer to, by name."""
    return {RULES: _rules(), STATE: _state(), CHOICES: _choices(), "ChoicesSaid": _said()}


SAID: Schema = {"anyOf": [reference("ChoicesSaid"), {"type": "null"}]}
WHEN: Schema = {"$ref": f"#/components/schemas/{RULES}/$defs/when"}


def _rules() -> Schema:
    """The schema that editors have of rule files; its own references lead to where it stands here."""
    moved: dict[str, Any] = _moved(
        {word: value for word, value in rule_file().items() if word not in ("$schema", "title")}
    )
    return moved


def _moved(node: Any) -> Any:
    if isinstance(node, Mapping):
        return {
            word: re.sub(r"^#/", f"#/components/schemas/{RULES}/", value) if word == "$ref" else _moved(value)
            for word, value in node.items()
        }
    return [_moved(one) for one in node] if isinstance(node, (list, tuple)) else node


def _state() -> Schema:
    """The words of a state file; whether the service could be in that state, the answer says."""
    user = _part(
        vocabulary.USER,
        title_id=TEXT,
        multiplayer=SWITCH,
        **dict.fromkeys(("follows", "favorites", "blocks"), _listed(WORD)),
    )
    member = {"anyOf": [WORD, _part(vocabulary.MEMBER, status={"enum": list(STATUSES)}) | {"required": ["user"]}]}
    session = _part(
        vocabulary.SESSION,
        members=_listed(member),
        fill={"type": "integer", "minimum": 0},
        closed=SWITCH,
        **dict.fromkeys(("custom", "properties", "constants"), OBJECT),
    )
    ref = {"anyOf": [WORD, _part(vocabulary.REF) | {"required": ["name"]}]}
    activity = _part(vocabulary.ACTIVITY, session=ref) | {"required": list(vocabulary.ACTIVITY)}
    invite = _part(vocabulary.INVITE, session=ref) | {"required": ["sender", "invited", "session"]}
    parts = {
        "titles": _part(vocabulary.TITLE) | {"required": ["title_id"]},
        "users": {"anyOf": [WORD, user]},
        "friends": several(WORD),
        "sessions": {"anyOf": [WORD, session]},
        "activities": activity,
        "invites": invite,
    }
    listed = {part: _listed(parts[part]) for part in vocabulary.STATE}
    return {"type": "object", "properties": listed, "additionalProperties": False}


def _listed(one: Schema) -> Schema:
    """A list of ``one``; null is an empty one."""
    return {"type": ["array", "null"], "items": one}


def _part(words: tuple[str, ...], **schemas: Schema) -> dict[str, Any]:
    known = {word: schemas.get(word, WORD) for word in words}
    return {"type": "object", "properties": known, "additionalProperties": False}


def _choices() -> Schema:
    """Every open question and what may be answered."""
    hints = get_type_hints(Choices)
    answers = {field.name: _answer(hints[field.name]) | {"default": field.default} for field in fields(Choices)}
    return {"type": "object", "properties": answers, "additionalProperties": False}


def _answer(hint: Any) -> dict[str, Any]:
    if get_origin(hint) is Literal:
        return {"enum": list(get_args(hint))}
    kinds = get_args(hint) or (hint,)
    names = {bool: "boolean", int: "integer", float: "number", type(None): "null"}
    found: dict[str, Any] = {"type": [names[kind] for kind in kinds] if len(kinds) > 1 else names[kinds[0]]}
    return found | ({"minimum": 0} if bool not in kinds else {})


def _said() -> Schema:
    """A mapping of choices, the name of a set, or a list of these."""
    one = {"anyOf": [reference(CHOICES), {"enum": list(SETS)}]}
    return {"anyOf": [*one["anyOf"], several(reference("ChoicesSaid"))]}
