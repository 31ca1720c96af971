"""From what a rule file or a test says to a Rule, with every mistake named where it stands."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from handlesfake.errors import RuleError, SettingsError
from handlesfake.fields import known_fields, nearest, on_the_wire
from handlesfake.mpsd.contract import OPERATION_NAMES
from handlesfake.mpsd.message import Headers, Response
from handlesfake.outcome import Ending
from handlesfake.rules.actions import LoseAnswer, Refuse, Respond
from handlesfake.rules.refusing import known_refusal
from handlesfake.rules.rule import Action, Path, Rule, When, as_mpsd_reads
from handlesfake.placed import Map

TYPES = ("activity", "invite", "search", "transfer")
HOW = ("close", "reset", "timeout")
_RULE = ("name", "when", "then", "times")
_WHEN = ("operation", "type", "caller", "session", "invitee", "nth", "fields")
_THEN = ("refuse", "respond", "lose_answer")
_RESPOND = ("status", "headers", "body")
_XUIDS = ("invitedXuid", "xuid", "ownerXuid", "monikerXuid")
_NTH = re.compile(r"([1-9][0-9]{0,8})(?:\.\.([1-9][0-9]{0,8})?)?")


class Source:
    """Where a rule is read from: the head of every message."""

    def __init__(self, name: str) -> None:
        self.name = name
        """``rules/busy.yaml``, or the call ``mpsd.rule(...)``."""

    def place(self, node: object, key: str | None = None, *, of_value: bool = False) -> str:
        """``rules/busy.yaml, line 3``: where ``node``, its ``key`` or the value of that stands."""
        found = None
        if isinstance(node, Map):
            found = node.places[key][of_value] if key in node.places else node.place
        return f"{self.name}, line {found[0]}, column {found[1]}" if found else self.name

    def wrong(self, problem: str, node: object, key: str | None = None, *, of_value: bool = True) -> RuleError:
        """The error to raise for ``problem`` with ``node``, its ``key`` or the value of that."""
        return RuleError(f"{self.place(node, key, of_value=of_value)}: {problem}")

    def check_keys(self, node: Mapping[str, Any], known: Iterable[str], what: str) -> None:
        """Refuse keys of ``node`` that are not ``known``.

        :raises RuleError: the first unknown one, with the nearest and all known ones.
        """
        for key in node:
            if key not in known:
                listed = ", ".join(known)
                raise self.wrong(
                    f"{what} has no {key!r}{nearest(str(key), known)}\n  known: {listed}", node, key, of_value=False
                )

    def one_of(self, node: Mapping[str, Any], key: str, known: Iterable[str]) -> str:
        """The value under ``key``, which must be one of ``known``."""
        value = node[key]
        if isinstance(value, str) and value in known:
            return value
        raise self.wrong(
            f"{key} {_shown(value)} is not known{nearest(str(value), known)}\n  known: {', '.join(known)}", node, key
        )

    def text(self, node: Mapping[str, Any], key: str) -> str:
        """The text under ``key``; a number is named as the text that it should be."""
        value = node[key]
        if isinstance(value, str) and value:
            return value
        if isinstance(value, int) and not isinstance(value, bool):
            raise self.wrong(f'{key} must be a text: write "{value}", in quotes', node, key)
        raise self.wrong(f"{key} must be a text, and is {_shown(value)}", node, key)

    def whole(self, node: Mapping[str, Any], key: str, least: int) -> int:
        """The whole number under ``key``."""
        value = node[key]
        if isinstance(value, int) and not isinstance(value, bool) and value >= least:
            return value
        raise self.wrong(f"{key} must be a whole number from {least}, and is {_shown(value)}", node, key)

    def mapping(self, node: Mapping[str, Any], key: str) -> Mapping[str, Any]:
        """The mapping under ``key``."""
        value = node[key]
        if isinstance(value, Mapping) and all(isinstance(name, str) for name in value):
            return value
        raise self.wrong(f"{key} must be a mapping, and is {_shown(value)}", node, key)


def read_rule(node: Any, source: Source, *, from_file: bool = False, place: str = "") -> Rule:
    """The rule that ``node`` says.

    :param node: ``{"name", "when", "then", "times"}``; only ``then`` is needed.
    :raises RuleError: it is none.
    """
    if not isinstance(node, Mapping):
        raise source.wrong(f"a rule must be a mapping with when and then, and is {_shown(node)}", node)
    source.check_keys(node, _RULE, "a rule")
    if "then" not in node:
        raise source.wrong(f"a rule needs then, with one of: {', '.join(_THEN)}", node)
    place = place or source.place(node)
    name = source.text(node, "name") if "name" in node else ""
    return Rule(
        when=read_when(source.mapping(node, "when"), source) if "when" in node else When(),
        then=read_then(source.mapping(node, "then"), source),
        title=f"rule {name!r}" if name else f"rule at {place}",
        times=source.whole(node, "times", 1) if "times" in node else None,
        name=name,
        place=place,
        from_file=from_file,
    )


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
        raise source.wrong(f"nth must be 3, 3..5 or 3.. (from 1 on), and is {_shown(value)}", node, "nth")
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
    operations = (operation,) if operation else OPERATION_NAMES
    for name in operations:
        try:
            spelled = on_the_wire(name, {first: value})
        except SettingsError:
            continue
        fields = _flat((), spelled)
        _check_xuids(fields, key, node, source)
        return fields
    raise _unknown_field(key, first, operations, node, source)


def _unknown_field(
    key: str, first: str, operations: Iterable[str], node: Mapping[str, Any], source: Source
) -> RuleError:
    known = list(dict.fromkeys(name for operation in operations for name in known_fields(operation)))
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


# ---- then


def read_then(node: Mapping[str, Any], source: Source) -> Action:
    """What is to be done, as ``node`` says.

    :raises RuleError: it says nothing, two things, or something unknown.
    """
    source.check_keys(node, (*_THEN, "retry_after"), "then")
    said = [word for word in _THEN if word in node]
    if len(said) != 1:
        problem = f"then says {' and '.join(said)}, and can do one only" if said else "then says nothing to do"
        raise source.wrong(f"{problem}; one of: {', '.join(_THEN)}", node)
    if "retry_after" in node and said != ["refuse"]:
        raise source.wrong("retry_after goes with refuse only", node, "retry_after", of_value=False)
    return _ACTIONS[said[0]](node, source)


def _refuse(node: Mapping[str, Any], source: Source) -> Action:
    try:
        name = known_refusal(node["refuse"])
    except ValueError as error:
        raise source.wrong(str(error), node, "refuse") from None
    return Refuse(name, source.whole(node, "retry_after", 0) if "retry_after" in node else None)


def _lose_answer(node: Mapping[str, Any], source: Source) -> Action:
    return LoseAnswer(Ending(source.one_of(node, "lose_answer", HOW)))


def _respond(node: Mapping[str, Any], source: Source) -> Action:
    said = source.mapping(node, "respond")
    source.check_keys(said, _RESPOND, "respond")
    if "status" not in said:
        raise source.wrong("respond needs a status", node, "respond")
    status = source.whole(said, "status", 200)
    if status > 599:
        raise source.wrong(f"status must be from 200 to 599, and is {status}", said, "status")
    headers = _headers(source.mapping(said, "headers"), source) if "headers" in said else []
    body = said.get("body")
    if body is not None and not isinstance(body, (str, bytes)):
        body = json.dumps(body, separators=(",", ":"))
        if not any(name.lower() == "content-type" for name, _ in headers):
            headers.insert(0, ("Content-Type", "application/json"))
    return Respond(Response(status, Headers(headers), body.encode() if isinstance(body, str) else body or b""))


def _headers(node: Mapping[str, Any], source: Source) -> list[tuple[str, str]]:
    headers = []
    for name, value in node.items():
        for one in value if isinstance(value, list) else [value]:
            text = str(one) if isinstance(one, (str, int)) and not isinstance(one, bool) else None
            if text is None or not _is_line(name) or not _is_line(text):
                raise source.wrong(f"the header {name} must be one line of text, and is {_shown(one)}", node, name)
            headers.append((name, text))
    return headers


def _is_line(text: str) -> bool:
    return text.isprintable() and text.isascii()


_ACTIONS: Mapping[str, Callable[[Mapping[str, Any], Source], Action]] = {
    "refuse": _refuse,
    "respond": _respond,
    "lose_answer": _lose_answer,
}


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
