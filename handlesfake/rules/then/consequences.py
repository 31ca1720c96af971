"""From the words under ``then`` to what happens to a request."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from handlesfake.exchange.faults import NAMES
from handlesfake.exchange.outcome import ConnectionEnd
from handlesfake.files.source import Source
from handlesfake.json_diff import short_json
from handlesfake.rules.rule import Action
from handlesfake.rules.then.actions import LoseAnswer, Refuse, Respond, Slow
from handlesfake.rules.then.changing import Instead, LetPass, read_change
from handlesfake.rules.then.failing import AT, LONGEST, fault_action
from handlesfake.rules.then.refusing import known_refusal
from handlesfake.rules.then.responding import read_respond

HOW = ("close", "reset", "timeout")
"""How a connection can end underneath an answer."""

DOINGS = ("refuse", "respond", "lose_answer", "fault", "change")
"""What a rule can do, one of them at a time."""

BESIDE = ("retry_after", "at", "delay", "state")
"""What ``then`` may say beside that; a delay or a state alone lets the service answer as it would."""


def read_then(node: Mapping[str, Any], source: Source) -> Action:
    """What is to be done, as ``node`` says.

    :raises RuleError: it says nothing, two things, something unknown, or something that can never be.
    """
    for key in node:
        if key in _ELSEWHERE:
            raise source.wrong(f"then has no {key!r}: {_ELSEWHERE[key]}", node, key, of_value=False)
    source.check_keys(node, (*DOINGS, *BESIDE), "then")
    said = [word for word in DOINGS if word in node]
    if len(said) > 1 or not (said or "delay" in node or "state" in node):
        several = f"{', '.join(said[:-1])} and {said[-1]}" if said else ""
        problem = f"then says {several}, and can do one only" if said else "then says nothing to do"
        raise source.wrong(f"{problem}; one of: {', '.join(DOINGS)}", node)
    if "retry_after" in node and said != ["refuse"]:
        raise source.wrong("retry_after goes with refuse only", node, "retry_after", of_value=False)
    after = _is_after(node, said, source)
    seconds = _delay(node, source)
    if said == ["fault"]:
        return _fault(node, seconds, source)
    action = _READERS[said[0]](node, source) if said else LetPass()
    if after and isinstance(action, (Refuse, Respond)):
        action = Instead(action)
    if seconds is None:
        return action
    return Slow(seconds, action if said else None)


def read_becomes(node: Mapping[str, Any], source: Source) -> tuple[tuple[str, str], ...]:
    """The states that scenarios are in once the rule has acted."""
    if "state" not in node:
        return ()
    said = source.mapping(node, "state", like="{outage: over}")
    return tuple((scenario, source.text(said, scenario)) for scenario in said)


def _is_after(node: Mapping[str, Any], said: list[str], source: Source) -> bool | None:
    """Whether the service has acted; None where nothing is said of it."""
    if "at" not in node:
        return None
    at = source.one_of(node, "at", AT)
    if not said:
        raise source.wrong("at says when something is done, and nothing is", node, "at", of_value=False)
    if at == "before" and said[0] in ("lose_answer", "change"):
        raise source.wrong(f"{said[0]} can never come before the service has acted: it needs its answer", node, "at")
    return at == "after"


def _delay(node: Mapping[str, Any], source: Source) -> float | None:
    if "delay" not in node:
        return None
    seconds = node["delay"]
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)) or not 0 < seconds < float("inf"):
        raise source.wrong(f"delay must be a number of seconds, above 0, and is {short_json(seconds)}", node, "delay")
    if seconds > LONGEST:
        raise source.wrong(f"delay must be at most {LONGEST:.0f} seconds, a year, and is {seconds}", node, "delay")
    return float(seconds)


def _refuse(node: Mapping[str, Any], source: Source) -> Action:
    try:
        name = known_refusal(node["refuse"])
    except ValueError as error:
        raise source.wrong(str(error), node, "refuse") from None
    return Refuse(name, source.whole(node, "retry_after", 0) if "retry_after" in node else None)


def _lose_answer(node: Mapping[str, Any], source: Source) -> Action:
    return LoseAnswer(ConnectionEnd(source.one_of(node, "lose_answer", HOW)))


def _fault(node: Mapping[str, Any], seconds: float | None, source: Source) -> Action:
    name = source.one_of(node, "fault", NAMES)
    try:
        return fault_action(name, node.get("at"), seconds)
    except ValueError as error:
        raise source.wrong(str(error), node, "at") from None


_ELSEWHERE: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("when", "times", "probability", "seed", "name"), "it belongs beside then, not in it"),
        "nth": "it belongs in when",
        **dict.fromkeys(("status", "body", "headers"), "it belongs in respond: {status: 503}, or in change"),
        **dict.fromkeys(("set", "add", "remove"), "it belongs in change: {set: {field: value}}"),
        "seconds": "how long a fault or an answer takes is called delay: 3",
    }
)
"""What is written into ``then`` by mistake, and where it belongs."""

_READERS: Mapping[str, Callable[[Mapping[str, Any], Source], Action]] = MappingProxyType(
    {
        "refuse": _refuse,
        "respond": read_respond,
        "lose_answer": _lose_answer,
        "change": read_change,
    }
)
