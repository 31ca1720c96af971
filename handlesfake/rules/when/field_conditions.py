"""From the fields under ``when`` to what is asked of the body of a request."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from handlesfake.errors import HandlesfakeError
from handlesfake.exchange.field_values import XUID_LISTS, is_xuid_field, value_problem
from handlesfake.exchange.request_fields import UnknownField, known_fields, on_the_wire, snake
from handlesfake.files.placed import without_places
from handlesfake.files.source import Source
from handlesfake.rules.matchers import Demand, Equals, OneOf
from handlesfake.rules.question import Path, field_as_mpsd_reads
from handlesfake.rules.when.matcher_parser import DEMANDS, check_spelling, is_demand, read_demand
from handlesfake.services.table import operation_names
from handlesfake.suggestions import nearest

_SINGLE = ("type", "version", "scid", "templateName", "name", "id", "titleId", "handle_id", "template_name")
_OBJECTS = ("sessionRef", "originSessionRef", "inviteAttributes")

_BESIDE = ("then", "times", "probability", "seed")
"""What is written into ``when`` of a file by mistake: words of the rule itself."""

_CALL = ("times", "retry_after", "seconds")
"""What a call in Python takes beside the words of ``when``: a mistyped one arrives among them."""


def read_fields(
    node: Mapping[str, Any], operations: tuple[str, ...], words: tuple[str, ...], source: Source
) -> tuple[tuple[Path, Any], ...]:
    """What ``node`` asks of fields: each key that is not one of ``words``, and those under ``fields``.

    :raises RuleError: a request of ``operations`` has no such field, or what is asked of it cannot be.
    """
    found = [part for key in node if key not in words for part in _known(key, operations, words, node, source)]
    if "fields" in node:
        found += _flat((), _named(source.mapping(node, "fields"), source))
    return tuple(found)


def _named(fields: Mapping[str, Any], source: Source) -> dict[str, Any]:
    """What is asked of each of ``fields``, whatever they are called."""
    for name, value in fields.items():
        if name in DEMANDS and not isinstance(value, Mapping):
            raise source.wrong(
                f"fields names fields of the body, and {name!r} is a condition on one: "
                f"fields: {{NAME: {{{name}: ...}}}}\n"
                f"  a field that is called so: fields: {{{name}: {{equals: ...}}}}",
                fields,
                name,
                of_value=False,
            )
    return {name: _demanding(value, source) for name, value in fields.items()}


def _known(
    key: str, given: tuple[str, ...], words: tuple[str, ...], node: Mapping[str, Any], source: Source
) -> list[tuple[Path, Any]]:
    first, *rest = key.split(".")
    value = _demanding(node[key], source)
    for part in reversed(rest):
        value = {part: value}
    operations = given or tuple(name for name in operation_names() if snake(first) in known_fields(name))
    problem: UnknownField | None = None
    for name in operations:
        try:
            spelled = on_the_wire(name, {first: value}, source.spelled)
        except UnknownField as error:
            problem = error
            continue
        fields = _flat((), spelled)
        _check_values(fields, key, node, source)
        return fields
    if problem is not None and any(snake(first) in known_fields(name) for name in operations):
        inner = _holder(node[key], problem.word)  # what is wrong lies further in
        place = (node, key) if inner is None else (inner, problem.word)
        raise source.wrong(str(problem), *place, of_value=False)
    raise _unknown_field(key, given or operation_names(), words, node, source)


def _holder(value: Any, word: str) -> Mapping[str, Any] | None:
    """The mapping in ``value`` that has ``word``; None where the key above has it."""
    if not isinstance(value, Mapping):
        return None
    return value if word in value else next((found for one in value.values() if (found := _holder(one, word))), None)


def _demanding(value: Any, source: Source) -> Any:
    """``value`` with a demand instead of each mapping that is one."""
    if not isinstance(value, Mapping):
        return without_places(value)
    if is_demand(value):
        return read_demand(value, source)
    check_spelling(value, source)
    return {key: _demanding(one, source) for key, one in value.items()}


def _unknown_field(
    key: str, operations: Iterable[str], words: Iterable[str], node: Mapping[str, Any], source: Source
) -> HandlesfakeError:
    known = list(dict.fromkeys(source.spelled(name) for operation in operations for name in known_fields(operation)))
    where = "when" if len(tuple(operations)) > 1 else f"when, about {next(iter(operations))},"
    words = [word for word in words if word != "fields"]
    call = () if source.is_file else _CALL
    hint = nearest(key.partition(".")[0], (*words, *known, *call))
    if source.is_file and key in _BESIDE:
        hint = ": it belongs beside when, not in it"
    return source.wrong(
        f"{where} has no {key!r}{hint}\n"
        f"  known: {', '.join(words)}\n"
        f"  and the fields of the request: {', '.join(known)}\n"
        "  any other field of the body belongs under fields: {name: value}",
        node,
        key,
        of_value=False,
    )


def _check_values(fields: list[tuple[Path, Any]], key: str, node: Mapping[str, Any], source: Source) -> None:
    for path, value in fields:
        for one in value.values if isinstance(value, OneOf) else (value,):
            problem = None if isinstance(one, Demand) else value_problem(path, one, key)
            if problem is not None:
                # a separate condition takes roles
                hint = "; a role belongs under invitee" if path == ("invitedXuid",) and isinstance(one, str) else ""
                raise source.wrong(problem + hint, node, key)


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
    is_single = path[-1] in _SINGLE or (is_xuid_field(path) and path not in XUID_LISTS)
    if isinstance(value, list) and value and is_single and path[:-1] in ((), *((one,) for one in _OBJECTS)):
        value = OneOf(tuple(value))
    if isinstance(value, OneOf):
        return OneOf(tuple(field_as_mpsd_reads(path[-1], one) for one in value.values))
    if isinstance(value, Equals):
        return field_as_mpsd_reads(path[-1], value.value)
    return field_as_mpsd_reads(path[-1], value)
