"""Chosen: from what a test says of open questions to ``Choices``, each name and value checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Literal, get_args, get_origin, get_type_hints

from handlesfake.errors import SettingsError
from handlesfake.mpsd.choices import Choices
from handlesfake.suggestions import nearest

_NAMES = tuple(field.name for field in fields(Choices))
_USUAL = Choices()


def chosen(said: object) -> Choices:
    """The choices that ``said`` makes: ``Choices(...)``, or a mapping of some of its fields.

    :raises SettingsError: a name is unknown, or a value is none of the answers to its question.
    """
    if isinstance(said, Choices):
        _check_answers({name: getattr(said, name) for name in _NAMES if getattr(said, name) != getattr(_USUAL, name)})
        return said
    if not isinstance(said, Mapping):
        raise SettingsError(f"choices={said!r}: write a dict of choices, choices={{'invite_to_self': 400}}.")
    for name in said:
        if name not in _NAMES:
            raise SettingsError(
                f"the choice {name!r} is not known{nearest(str(name), _NAMES)} Known: {', '.join(_NAMES)}."
            )
    _check_answers(said)
    return Choices(**said)


def _check_answers(said: Mapping[str, Any]) -> None:
    hints = get_type_hints(Choices) if said else {}
    for name, value in said.items():
        if not _is_answer(hints[name], value):
            raise SettingsError(f"the choice {name} cannot be {value!r}; wanted {answers(hints[name])}.")


def answers(hint: Any) -> str:
    """What a field of Choices with the type ``hint`` takes, for people: ``400 or 201``."""
    parts = get_args(hint) or (hint,)
    return " or ".join(_named(part) for part in parts)


def _named(part: Any) -> str:
    names = {bool: "True or False", int: "a whole number from 0 on", type(None): "None"}
    return names[part] if isinstance(part, type) else repr(part)


def _is_answer(hint: Any, value: Any) -> bool:
    if get_origin(hint) is Literal:
        # True and 201.0 are equal to numbers, and are none
        return any(type(value) is type(answer) and value == answer for answer in get_args(hint))
    kinds = get_args(hint) or (hint,)
    return type(value) in kinds and not (type(value) is int and value < 0)
