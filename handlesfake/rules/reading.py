"""From what a rule file or a test says to a Rule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlesfake.files.placed import Place
from handlesfake.files.source import Source
from handlesfake.json_diff import short_json
from handlesfake.rules.rule import Rule, When
from handlesfake.rules.then.consequences import DOINGS, read_becomes, read_then
from handlesfake.rules.when.conditions import read_when
from handlesfake.rules.when.satisfiable import of_refusing_services

RULE = ("name", "when", "then", "times", "probability", "seed")
"""What a rule says."""


def read_rule(node: Any, source: Source, *, place: str = "", at: Place | None = None) -> Rule:
    """The rule that ``node`` says.

    :param node: ``{"name", "when", "then", "times", "probability", "seed"}``; only ``then`` is needed.
    :param place: the place of its making, for messages; None for its place in the file.
    :param at: its place in the file.
    :raises RuleError: it is not a rule.
    """
    if not isinstance(node, Mapping):
        raise source.wrong(f"a rule must be a mapping with when and then, and is {short_json(node)}", at)
    source.check_keys(node, RULE, "a rule")
    if "then" not in node:
        raise source.wrong(f"a rule needs then, with one of: {', '.join(DOINGS)}", node)
    place = place or source.place(node)
    name = source.text(node, "name") if "name" in node else ""
    then = source.mapping(node, "then")
    probability = _probability(node, source)
    when = read_when(source.mapping(node, "when"), source) if "when" in node else When()
    action = read_then(then, source)
    return Rule(
        when=of_refusing_services(when, then, source) if "refuse" in then else when,
        then=action,
        title=f"rule {name!r}" if name else f"rule at {place}",
        times=source.whole(node, "times", 1) if "times" in node else None,
        probability=probability,
        seed=source.whole(node, "seed", 0) if "seed" in node else 0,
        becomes=read_becomes(then, source),
        name=name,
        place=place,
        from_file=source.is_file,
    )


def _probability(node: Mapping[str, Any], source: Source) -> float | None:
    if "probability" not in node:
        if "seed" in node:
            raise source.wrong("seed goes with probability only", node, "seed", of_value=False)
        return None
    probability = source.number(node, "probability")
    if not 0 < probability <= 1:
        never = ": this rule can never fire" if probability == 0 else ""
        raise source.wrong(
            f"probability must be above 0 and at most 1, and is {probability}{never}", node, "probability"
        )
    return probability
