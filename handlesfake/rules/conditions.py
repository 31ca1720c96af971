"""From what stands under ``when`` to the conditions of a rule."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from handlesfake.difference import shown
from handlesfake.errors import HandlesfakeError, SettingsError
from handlesfake.fields import known_fields, nearest, on_the_wire, snake
from handlesfake.mpsd.contract import OPERATION_NAMES
from handlesfake.rules.rule import Path, When, as_mpsd_reads
from handlesfake.rules.source import Source

TYPES = ("activity", "invite", "search", "transfer")
"""The types of handles that requests name."""

_WHEN = ("operation", "type", "caller", "session", "invitee", "nth", "fields")
_XUIDS = ("invitedXuid", "xuid", "ownerXuid", "monikerXuid")
_NTH = re.compile(r"([1-9][0-9]{0,8})(?:\.\.([1-9][0-9]{0,8})?)?")


def read_when(node: Mapping[str, Any], source: Source) -> When:
    """The conditions that ``node`` says.

    :raises RuleError: a word is unknown or its value cannot be.
    """
    operation = source.one_of(node, "operation", OPERATION_NAMES) if "operation" in node else None
    fields = [part for key in node if key not in _WHEN for part in _fields(key, node[key], operation, node, source)]
    if "fields" in node:
        fields += _flat((), source.mapping(node, "fields"))
    return When(
        operation=operation,
        type=source.one_of(node, "type", TYPES) if "type" in node else None,
        caller=source.text(node, "caller") if "caller" in node else None,
        session=source.text(node, "session").lower() if "session" in node else None,
        invitee=source.text(node, "invitee") if "invitee" in node else None,
        fields=tuple(fields),
        nth=_nth(node, source) if "nth" in node else None,
    )


def _nth(node: Mapping[str, Any], source: Source) -> tuple[int, int | None]:
    value = node["nth"]
    found = _NTH.fullmatch(str(value)) if isinstance(value, (int, str)) and not isinstance(value, bool) else None
    if found is None:
        raise source.wrong(f"nth must be 3, 3..5 or 3.. (from 1 on), and is {shown(value)}", node, "nth")
    first = int(found[1])
    if ".." not in str(value):
        return first, first
    last = int(found[2]) if found[2] else None
    if last is not None and last < first:
        raise source.wrong(f"nth {value} can never be: {last} comes before {first}", node, "nth")
    return first, last


def _fields(
    key: str, value: Any, operation: str | None, node: Mapping[str, Any], source: Source
) -> list[tuple[Path, Any]]:
    first, *rest = key.split(".")
    for part in reversed(rest):
        value = {part: value}
    operations = (
        (operation,) if operation else tuple(name for name in OPERATION_NAMES if snake(first) in known_fields(name))
    )
    problem = ""
    for name in operations:
        try:
            spelled = on_the_wire(name, {first: value})
        except SettingsError as error:
            problem = str(error)
            continue
        fields = _flat((), spelled)
        _check_xuids(fields, key, node, source)
        return fields
    if any(snake(first) in known_fields(name) for name in operations):  # what is wrong lies further in
        raise source.wrong(problem, node, key, of_value=False)
    raise _unknown_field(key, first, (operation,) if operation else OPERATION_NAMES, node, source)


def _unknown_field(
    key: str, first: str, operations: Iterable[str], node: Mapping[str, Any], source: Source
) -> HandlesfakeError:
    known = list(dict.fromkeys(source.spelled(name) for operation in operations for name in known_fields(operation)))
    where = "when" if len(tuple(operations)) > 1 else f"when, about {next(iter(operations))},"
    words = [word for word in _WHEN if word != "fields"]
    hint = nearest(first, (*words, *known))
    return source.wrong(
        f"{where} has no {key!r}{hint}\n"
        f"  known: {', '.join(words)}\n"
        f"  and the fields of the request: {', '.join(known)}\n"
        "  any other field of the body stands under fields: {name: value}",
        node,
        key,
        of_value=False,
    )


def _check_xuids(fields: list[tuple[Path, Any]], key: str, node: Mapping[str, Any], source: Source) -> None:
    for path, value in fields:
        if path[-1] in _XUIDS and isinstance(value, int):
            raise source.wrong(f'{key}: xuids are texts on the wire; write "{value}", in quotes', node, key)


def _flat(before: Path, node: Mapping[str, Any]) -> list[tuple[Path, Any]]:
    """Every leaf of ``node`` with its path; a mapping with nothing in it is a leaf."""
    found: list[tuple[Path, Any]] = []
    for key, value in node.items():
        path = (*before, *str(key).split("."))
        if isinstance(value, Mapping) and value:
            found += _flat(path, value)
        else:
            found.append((path, as_mpsd_reads(path[-1], value)))
    return found
