"""From the words under ``when`` to the conditions of a rule."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from handlesfake.exchange.field_values import HANDLE_TYPES
from handlesfake.files.source import Source
from handlesfake.json_diff import short_json
from handlesfake.rules.matchers import All, Demand, Equals, Matches, OneOf, Wanted
from handlesfake.rules.rule import When
from handlesfake.rules.when.field_conditions import read_fields
from handlesfake.rules.when.matcher_parser import read_demand
from handlesfake.rules.when.satisfiable import check_possible, check_text_demand, texts_named
from handlesfake.services.table import operation_names
from handlesfake.values.values import replace

METHODS = ("GET", "PUT", "POST", "DELETE", "PATCH", "HEAD", "OPTIONS")
"""The methods of requests, those that MPSD refuses included; their case counts (RFC 9110, 9.1)."""

WORDS = (
    *("operation", "type", "caller", "session", "invitee"),
    *("method", "path", "query", "headers", "state", "nth", "fields"),
)
"""What ``when`` knows beside the fields of requests."""

_NTH = re.compile(r"([1-9][0-9]{0,8})(?:\.\.([1-9][0-9]{0,8})?)?")


def read_when(node: Mapping[str, Any], source: Source) -> When:
    """The conditions that ``node`` says.

    :raises RuleError: a word is unknown, its value cannot be, or no request can ever be so.
    """
    if isinstance(node.get("operation"), str) and node["operation"] in HANDLE_TYPES:
        kind = node["operation"]
        problem = (
            f"operation {kind!r} is not known: it is a type; write the operation create_handle and the type {kind}"
        )
        raise source.wrong(problem, node, "operation")
    operations = source.some_of(node, "operation", operation_names()) if "operation" in node else ()
    when = When(
        operations=operations,
        type=_named(node, "type", HANDLE_TYPES, source),
        caller=_player(node, "caller", source),
        session=_wanted(node, "session", source, fold=True),
        invitee=_player(node, "invitee", source),
        method=_named(node, "method", METHODS, source),
        path=_path(node, source),
        query=_wanted(node, "query", source),
        headers=_headers(node, source) if "headers" in node else (),
        fields=read_fields(node, operations, WORDS, source),
        states=_states(node, source) if "state" in node else (),
        nth=_nth(node, source) if "nth" in node else None,
    )
    check_possible(when, node, source)
    return when


def _named(node: Mapping[str, Any], key: str, known: tuple[str, ...], source: Source) -> Wanted | None:
    """What is asked of the text under ``key``, which can be one of ``known`` only."""
    if key not in node or isinstance(node[key], Mapping):
        wanted = _wanted(node, key, source)
        for text in texts_named(wanted):
            if text not in known:
                raise source.unknown(text, known, node, key)
        return wanted
    names = source.some_of(node, key, known)
    return names[0] if len(names) == 1 else OneOf(names)


def _player(node: Mapping[str, Any], key: str, source: Source) -> Wanted | None:
    """What is asked of the player under ``key``: a role or a xuid, where the source knows the users."""
    wanted = _wanted(node, key, source)
    if source.not_a_player is not None:
        for text in texts_named(wanted):
            problem = source.not_a_player(text)
            if problem:
                raise source.wrong(f"{key} {problem}", node, key)
    return wanted


def _path(node: Mapping[str, Any], source: Source) -> Wanted | None:
    """What is asked of the path; one that no request can have is refused."""
    wanted = _wanted(node, "path", source, fold=True)
    said = node.get("path")
    pattern = said.get("like", "") if isinstance(said, Mapping) else ""
    if pattern and not pattern.startswith(("/", "*", "?")):
        raise source.wrong(f"path {short_json(pattern)} can never be: a path begins with /", node, "path")
    for text in texts_named(_wanted(node, "path", source)):  # as it was written
        if not text.startswith("/"):
            raise source.wrong(f"path {short_json(text)} can never be: a path begins with /", node, "path")
        if "?" in text:
            raise source.wrong(
                f"path {short_json(text)} can never be: what follows ? belongs under query", node, "path"
            )
    return wanted


def _wanted(node: Mapping[str, Any], key: str, source: Source, *, fold: bool = False) -> Wanted | None:
    """What is asked of the text under ``key``; ``fold`` where case makes no difference."""
    if key not in node:
        return None
    value = node[key]
    if isinstance(value, Mapping):
        demand = read_demand(value, source)
        check_text_demand(demand, node, key, source)
        return _folded(demand) if fold else demand
    texts = tuple(text.lower() if fold else text for text in source.texts(node, key))
    return texts[0] if not isinstance(value, (list, tuple)) else OneOf(texts)


def _folded(demand: Demand) -> Demand:
    if isinstance(demand, All):
        return All(tuple(_folded(one) for one in demand.demands))
    if isinstance(demand, Matches):
        return Matches(replace(demand.pattern, any_case=True))
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
        raise source.wrong(f"nth must be 3, 3..5 or 3.. (from 1 on), and is {short_json(value)}", node, "nth")
    first = int(found[1])
    if ".." not in str(value):
        return first, first
    last = int(found[2]) if found[2] else None
    if last is not None and last < first:
        raise source.wrong(f"nth {value} can never be: {last} comes before {first}", node, "nth")
    return first, last
