"""Chosen: from what a test says of open questions to ``Choices``, each name and value checked."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any, Literal, get_args, get_origin, get_type_hints

from handlesfake.errors import SettingsError
from handlesfake.mpsd.choices import SETS, USUAL, Choices
from handlesfake.suggestions import nearest
from handlesfake.values.values import fields_of, replace
from handlesfake.vocabulary import spoken

_NAMES = tuple(fields_of(Choices))


def chosen(said: object, over: Choices = USUAL) -> Choices:
    """The choices that ``said`` makes: ``Choices(...)``, a mapping of some of its fields, or the name of a set.

    A list of sets and mappings is taken in its order, each over those before.

    :param over: what is not said stays as it is here.
    :raises SettingsError: a name is unknown, or a value is not one of the answers to its question.
    """
    if isinstance(said, Choices):
        _check_answers({name: getattr(said, name) for name in _NAMES if getattr(said, name) != getattr(USUAL, name)})
        return said
    if isinstance(said, Sequence) and not isinstance(said, (str, bytes)):
        for one in said:
            over = chosen(one, over)
        return over
    words = _set(said) if isinstance(said, str) else said
    if not isinstance(words, Mapping):
        raise SettingsError(
            spoken().either(
                f"choices={said!r:.80}: write a dict of choices, choices={{'invite_to_self': 400}}, or the name of a "
                "set, choices='realistic'.",
                f'{json.dumps(said)[:80]} is not a choice: write {{"invite_to_self": 400}}, or the name of a set, '
                '"realistic".',
            )
        )
    for name in words:
        if name not in _NAMES:
            raise SettingsError(
                f"the choice {name!r} is not known{nearest(str(name), _NAMES)} Known: {', '.join(_NAMES)}."
            )
    _check_answers(words)
    return replace(over, **words)


def _set(name: str) -> Mapping[str, Any]:
    if name not in SETS:
        known = f"Known: {', '.join(SETS)}; a single choice is written name=value."
        raise SettingsError(f"no set of choices is called {name!r:.80}{nearest(name, SETS)} {known}")
    return SETS[name]


def read_choice(text: str) -> object:
    """What ``text``, an argument of a command line, says: ``name=value``, or the name of a set of choices.

    :raises SettingsError: the name is unknown, or the value is not an answer to its question.
    """
    name, sign, value = text.partition("=")
    if not sign:
        return _set(name)
    answers = (*_read(value), value)
    found = next((one for one in answers if name in _NAMES and _is_answer(get_type_hints(Choices)[name], one)), value)
    chosen({name: found})
    return {name: found}


def _read(value: str) -> tuple[object, ...]:
    """The JSON value that ``value`` is; Python's words count, too."""
    try:
        return (json.loads({"True": "true", "False": "false", "None": "null"}.get(value, value)),)
    except ValueError:
        return ()


def _check_answers(said: Mapping[str, Any]) -> None:
    hints = get_type_hints(Choices) if said else {}
    for name, value in said.items():
        if not _is_answer(hints[name], value):
            given = spoken().either(repr(value), json.dumps(value, default=repr))
            raise SettingsError(f"the choice {name} cannot be {given}; wanted {answers(hints[name])}.")


def answers(hint: Any) -> str:
    """What a field of Choices with the type ``hint`` takes, for people: ``400 or 201``."""
    parts = get_args(hint) or (hint,)
    return " or ".join(_named(part) for part in parts)


def _named(part: Any) -> str:
    either = spoken().either
    names = {
        bool: either("True or False", "true or false"),
        int: "a whole number from 0 on",
        float: "a number from 0 on",
        type(None): either("None", "null"),
    }
    return names[part] if isinstance(part, type) else either(repr(part), json.dumps(part))


def _is_answer(hint: Any, value: Any) -> bool:
    if get_origin(hint) is Literal:
        # True and 201.0 are equal to integers, but are not
        return any(type(value) is type(answer) and value == answer for answer in get_args(hint))
    kinds = get_args(hint) or (hint,)
    if float in kinds and type(value) in (int, float):
        return math.isfinite(value) and value >= 0
    return type(value) in kinds and not (type(value) is int and value < 0)
