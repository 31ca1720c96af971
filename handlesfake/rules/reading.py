"""From what a rule file or a test says to a Rule."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from handlesfake.difference import shown
from handlesfake.mpsd.message import Headers, Response
from handlesfake.outcome import Ending
from handlesfake.placed import Place
from handlesfake.rules.actions import LoseAnswer, Refuse, Respond
from handlesfake.rules.conditions import read_when
from handlesfake.rules.refusing import known_refusal
from handlesfake.rules.rule import Action, Rule, When
from handlesfake.rules.source import Source

HOW = ("close", "reset", "timeout")
"""How a connection can end underneath an answer."""

_RULE = ("name", "when", "then", "times")
_THEN = ("refuse", "respond", "lose_answer")
_RESPOND = ("status", "headers", "body")


def read_rule(node: Any, source: Source, *, place: str = "", at: Place | None = None) -> Rule:
    """The rule that ``node`` says.

    :param node: ``{"name", "when", "then", "times"}``; only ``then`` is needed.
    :param place: what messages say of where it was made; None for where it stands in the file.
    :param at: where it stands in the file.
    :raises RuleError: it is none.
    """
    if not isinstance(node, Mapping):
        raise source.wrong(f"a rule must be a mapping with when and then, and is {shown(node)}", at)
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
        from_file=source.is_file,
    )


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
                raise source.wrong(f"the header {name} must be one line of text, and is {shown(one)}", node, name)
            headers.append((name, text))
    return headers


def _is_line(text: str) -> bool:
    return text.isprintable() and text.isascii()


_ACTIONS: Mapping[str, Callable[[Mapping[str, Any], Source], Action]] = MappingProxyType(
    {"refuse": _refuse, "respond": _respond, "lose_answer": _lose_answer}
)
