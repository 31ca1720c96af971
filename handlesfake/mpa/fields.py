"""Fields: the parts of a request body, each of the type and size that it must have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from handlesfake.mpsd.http.body import a_text, a_xuid, an_object, short, type_name
from handlesfake.mpsd.refusals.catalogue import refuse
from handlesfake.mpsd.ticks import from_wire_time

LARGEST_SEQUENCE_NUMBER = 2**64 - 1
"""An unsigned integer of 64 bits (documented)."""

GROUP_ID_LIMIT = 127
"""Characters of a group id: less than 128 (documented)."""

MOST_PLAYERS = 100
"""Of ``maxPlayers`` and ``currentPlayers`` (documented)."""

JOIN_RESTRICTIONS = ("Public", "InviteOnly", "Followed")
ENCOUNTER_TYPES = ("Default", "Teammate", "Opponent")
PLATFORMS = ("XboxOne", "WindowsOneCore", "IOS", "Android", "Nintendo", "PlayStation", "Win32", "Scarlett", "MacOS")
"""Those of the Swagger, and one that XSAPI writes beside them (seen in clients)."""

_BY_LOWER_CASE = {name.lower(): name for name in PLATFORMS}


def a_sequence_number(body: Mapping[str, Any]) -> int:
    """``sequenceNumber``, a positive integer of 64 bits as text or number.

    :raises Refusal: it is missing or something else.
    """
    value = body.get("sequenceNumber")
    if value is None:
        raise refuse("missing_field", field="sequenceNumber")
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**64 else value
    if isinstance(text, str) and text.isascii() and text.isdigit() and len(text) <= 20:
        number = int(text)
        if 0 < number <= LARGEST_SEQUENCE_NUMBER:
            return number
    shown = short(value) if type(value) in (int, float, str) else type_name(value)
    problem = f"must be an integer from 1 to {LARGEST_SEQUENCE_NUMBER}, as text, and is {shown}"
    raise refuse("invalid_field", field="sequenceNumber", problem=problem)


def a_choice_of(body: Mapping[str, Any], field: str, words: Sequence[str]) -> str:
    """The field as one of ``words``.

    :raises Refusal: it is missing or something else.
    """
    text = a_text(body.get(field), field)
    if text not in words:
        raise refuse("invalid_field", field=field, problem=f"must be one of {', '.join(words)}, and is {short(text)}")
    return text


def a_platform(body: Mapping[str, Any]) -> str | None:
    """``platform`` in Microsoft's spelling, read without regard to case; None where it is absent or null.

    :raises Refusal: there is no such platform.
    """
    if body.get("platform") is None:
        return None
    text = a_text(body["platform"], "platform")
    found = _BY_LOWER_CASE.get(text.lower())
    if found is None:
        raise refuse(
            "invalid_field", field="platform", problem=f"must be one of {', '.join(PLATFORMS)}, and is {short(text)}"
        )
    return found


def a_count(body: Mapping[str, Any], field: str, least: int) -> int | None:
    """The field as a whole number of players; None where it is absent or null.

    :raises Refusal: it is not a number, or out of its bounds.
    """
    value = body.get(field)
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= MOST_PLAYERS:
        shown = short(value) if type(value) in (int, float, str) else type_name(value)
        problem = f"must be a whole number from {least} to {MOST_PLAYERS}, and is {shown}"
        raise refuse("invalid_field", field=field, problem=problem)
    return value


def limited_text(body: Mapping[str, Any], field: str, limit: int, *, needed: bool = False) -> str | None:
    """The field as a text of ``limit`` characters at most; it may be empty. None where it is absent or null.

    :raises Refusal: it is something else, too long, or absent and ``needed``.
    """
    value = body.get(field)
    if value is None:
        if needed:
            raise refuse("missing_field", field=field)
        return None
    if not isinstance(value, str):
        raise refuse("invalid_field", field=field, problem=f"must be a string, and is {type_name(value)}")
    if len(value) > limit:
        problem = f"must have {limit} characters or less, and has {len(value)}"
        raise refuse("invalid_field", field=field, problem=problem)
    return value


def some(value: Any, field: str, least: int, most: int) -> list[Any]:
    """``value`` as a list with so many items.

    :raises Refusal: it is missing, something else, too short or too long.
    """
    if value is None:
        raise refuse("missing_field", field=field)
    if not isinstance(value, list):
        raise refuse("invalid_field", field=field, problem=f"must be an array, and is {type_name(value)}")
    if not least <= len(value) <= most:
        problem = f"must hold {least} to {most} items, and holds {len(value)}"
        raise refuse("invalid_field", field=field, problem=problem)
    return value


def xuids(value: Any, field: str, least: int, most: int) -> list[str]:
    """``value`` as a list of so many xuids, each once, in their order.

    :raises Refusal: it is something else.
    """
    found = some(value, field, least, most)
    return list(dict.fromkeys(a_xuid(one, f"{field}[{index}]") for index, one in enumerate(found)))


def objects(value: Any, field: str, least: int, most: int) -> list[tuple[str, dict[str, Any]]]:
    """``value`` as a list of so many objects, each with what messages call it.

    :raises Refusal: it is something else.
    """
    named = [(f"{field}[{index}]", one) for index, one in enumerate(some(value, field, least, most))]
    return [(name, an_object(one, name)) for name, one in named]


def a_time(body: Mapping[str, Any], field: str, otherwise: int, name: str) -> int:
    """The field as ticks; ``otherwise`` where it is absent or null.

    :param name: what messages call it.
    :raises Refusal: it is not a time.
    """
    if body.get(field) is None:
        return otherwise
    text = a_text(body[field], name)
    ticks = from_wire_time(text)
    if ticks is None:
        raise refuse("invalid_field", field=name, problem=f"must be a time in ISO 8601, and is {short(text)}")
    return ticks
