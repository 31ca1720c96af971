"""From what stands under ``when`` to the conditions of a rule."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from handlesfake.difference import shown
from handlesfake.errors import HandlesfakeError
from handlesfake.fields import UnknownField, known_fields, on_the_wire, snake
from handlesfake.files.placed import plain
from handlesfake.files.source import Source
from handlesfake.mpsd.contract import OPERATION_NAMES
from handlesfake.nearest import nearest
from handlesfake.rules.demands import check_spelling, is_demand, read_demand
from handlesfake.rules.possible import check_possible
from handlesfake.rules.question import Path, as_mpsd_reads
from handlesfake.rules.rule import When
from handlesfake.rules.wanted import Demand, Equals, Matches, OneOf, Wanted

TYPES = ("activity", "invite", "search", "transfer")
"""The types of handles that requests name."""

WORDS = (
    *("operation", "type", "caller", "session", "invitee"),
    *("method", "path", "query", "headers", "state", "nth", "fields"),
)
"""What ``when`` knows beside the fields of requests."""

_XUIDS = ("invitedXuid", "xuid", "ownerXuid", "monikerXuid")
_SINGLE = ("type", "version", "scid", "templateName", "name", "id", "titleId", "handle_id", "template_name", *_XUIDS)
_OBJECTS = ("sessionRef", "originSessionRef", "inviteAttributes")
_NTH = re.compile(r"([1-9][0-9]{0,8})(?:\.\.([1-9][0-9]{0,8})?)?")


def read_when(node: Mapping[str, Any], source: Source) -> When:
    """The conditions that ``node`` says.

    :raises RuleError: a word is unknown, its value cannot be, or no request can ever be so.
    """
    operations = source.some_of(node, "operation", OPERATION_NAMES) if "operation" in node else ()
    fields = [part for key in node if key not in WORDS for part in _fields(key, node[key], operations, node, source)]
    if "fields" in node:
        fields += _flat((), _demanding(source.mapping(node, "fields"), source))
    when = When(
        operations=operations,
        type=_type(node, source) if "type" in node else None,
        caller=_wanted(node, "caller", source),
        session=_wanted(node, "session", source, fold=True),
        invitee=_wanted(node, "invitee", source),
        method=_wanted(node, "method", source),
        path=_wanted(node, "path", source, fold=True),
        query=_wanted(node, "query", source),
        headers=_headers(node, source) if "headers" in node else (),
        fields=tuple(fields),
        states=_states(node, source) if "state" in node else (),
        nth=_nth(node, source) if "nth" in node else None,
    )
    check_possible(when, node, source)
    return when


def _type(node: Mapping[str, Any], source: Source) -> Wanted | None:
    if is_demand(node["type"]):
        return _wanted(node, "type", source)
    types = source.some_of(node, "type", TYPES)
    return types[0] if len(types) == 1 else OneOf(types)


def _wanted(node: Mapping[str, Any], key: str, source: Source, *, fold: bool = False) -> Wanted | None:
    """What is asked of the text under ``key``; ``fold`` where case makes no difference."""
    if key not in node:
        return None
    value = node[key]
    if isinstance(value, Mapping):
        return _folded(read_demand(value, source)) if fold else read_demand(value, source)
    texts = tuple(text.lower() if fold else text for text in source.texts(node, key))
    return texts[0] if not isinstance(value, (list, tuple)) else OneOf(texts)


def _folded(demand: Demand) -> Demand:
    if isinstance(demand, Matches):
        return Matches(re.compile(demand.pattern.pattern, demand.pattern.flags | re.IGNORECASE))
    if isinstance(demand, OneOf):
        return OneOf(tuple(one.lower() if isinstance(one, str) else one for one in demand.values))
    if isinstance(demand, Equals) and isinstance(demand.value, str):
        return Equals(demand.value.lower())
    return demand


def _headers(node: Mapping[str, Any], source: Source) -> tuple[tuple[str, Wanted], ...]:
    said = source.mapping(node, "headers")
    found = ((name, _wanted(said, name, source)) for name in said)
    return tuple((name, wanted) for name, wanted in found if wanted is not None)


def _states(node: Mapping[str, Any], source: Source) -> tuple[tuple[str, tuple[str, ...]], ...]:
    said = source.mapping(node, "state", like="{outage: over}")
    return tuple((scenario, source.texts(said, scenario)) for scenario in said)


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
    key: str, value: Any, given: tuple[str, ...], node: Mapping[str, Any], source: Source
) -> list[tuple[Path, Any]]:
    first, *rest = key.split(".")
    value = _demanding(value, source)
    for part in reversed(rest):
        value = {part: value}
    operations = given or tuple(name for name in OPERATION_NAMES if snake(first) in known_fields(name))
    problem: UnknownField | None = None
    for name in operations:
        try:
            spelled = on_the_wire(name, {first: value}, source.spelled)
        except UnknownField as error:
            problem = error
            continue
        fields = _flat((), spelled)
        _check_xuids(fields, key, node, source)
        return fields
    if problem is not None and any(snake(first) in known_fields(name) for name in operations):
        inner = _holder(node[key], problem.word)  # what is wrong lies further in
        place = (node, key) if inner is None else (inner, problem.word)
        raise source.wrong(str(problem), *place, of_value=False)
    raise _unknown_field(key, first, given or OPERATION_NAMES, node, source)


def _holder(value: Any, word: str) -> Mapping[str, Any] | None:
    """The mapping in ``value`` in which ``word`` stands; None where it stands in the key above."""
    if not isinstance(value, Mapping):
        return None
    return value if word in value else next((found for one in value.values() if (found := _holder(one, word))), None)


def _demanding(value: Any, source: Source) -> Any:
    """``value`` with a demand in the place of each mapping that is one."""
    if not isinstance(value, Mapping):
        return plain(value)
    if is_demand(value):
        return read_demand(value, source)
    check_spelling(value, source)
    return {key: _demanding(one, source) for key, one in value.items()}


def _unknown_field(
    key: str, first: str, operations: Iterable[str], node: Mapping[str, Any], source: Source
) -> HandlesfakeError:
    known = list(dict.fromkeys(source.spelled(name) for operation in operations for name in known_fields(operation)))
    where = "when" if len(tuple(operations)) > 1 else f"when, about {next(iter(operations))},"
    words = [word for word in WORDS if word != "fields"]
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
        for one in value.values if isinstance(value, OneOf) else (value,):
            if path[-1] in _XUIDS and isinstance(one, int):
                raise source.wrong(f'{key}: xuids are texts on the wire; write "{one}", in quotes', node, key)


def _flat(before: Path, node: Mapping[str, Any]) -> list[tuple[Path, Any]]:
    """Every leaf of ``node`` with its path; a mapping with nothing in it is a leaf."""
    found: list[tuple[Path, Any]] = []
    for key, value in node.items():
        path = (*before, *str(key).split("."))
        if isinstance(value, Mapping) and value:
            found += _flat(path, value)
        else:
            found.append((path, _leaf(path, value)))
    return found


def _leaf(path: Path, value: Any) -> Any:
    """What is asked of one field: several values where it holds one are one of them."""
    if isinstance(value, list) and value and path[-1] in _SINGLE and path[:-1] in ((), *((one,) for one in _OBJECTS)):
        value = OneOf(tuple(value))
    if isinstance(value, OneOf):
        return OneOf(tuple(as_mpsd_reads(path[-1], one) for one in value.values))
    if isinstance(value, Equals):
        return as_mpsd_reads(path[-1], value.value)
    return as_mpsd_reads(path[-1], value)
