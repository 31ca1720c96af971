"""From ``{one_of: [...]}`` and similar mappings to what is asked of a value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from handlesfake.files.placed import without_places
from handlesfake.files.source import Source
from handlesfake.json_diff import short_json
from handlesfake.patterns import Pattern, check, glob
from handlesfake.rules.matchers import Absent, All, Between, Demand, Equals, Matches, OneOf
from handlesfake.suggestions import closest

_BOUNDS = ("at_least", "at_most")


def is_demand(value: Any) -> bool:
    """Whether ``value`` is a mapping with the words of a demand, and no others."""
    return isinstance(value, Mapping) and bool(value) and all(key in DEMANDS for key in value)


def read_demand(node: Mapping[str, Any], source: Source) -> Demand:
    """What ``node`` asks of a value.

    :raises RuleError: a word is unknown, or no value could be so.
    """
    source.check_keys(node, DEMANDS, "a condition")
    found = [_READERS[key](node, key, source) for key in node if key not in _BOUNDS]
    if any(key in node for key in _BOUNDS):
        found.append(_between(node, source))
    return found[0] if len(found) == 1 else All(tuple(found))


def check_spelling(node: Mapping[str, Any], source: Source) -> None:
    """Refuse what is nearly the word of a demand: as a field of that name it would silently never match."""
    if len(node) != 1:
        return
    (key,) = node
    near = closest(key, DEMANDS, like=0.8)
    if near and key not in DEMANDS:
        raise source.wrong(
            f"no condition is called {key!r}; did you mean {near!r}?\n"
            f"  known: {', '.join(DEMANDS)}\n"
            f"  a field that is called so: {{equals: {{{key}: ...}}}}",
            node,
            key,
            of_value=False,
        )


def _equals(node: Mapping[str, Any], key: str, source: Source) -> Demand:  # noqa: ARG001 - like the others
    return Equals(without_places(node[key]))


def _one_of(node: Mapping[str, Any], key: str, source: Source) -> Demand:
    values = node[key]
    if not isinstance(values, (list, tuple)) or not values:
        raise source.wrong(f"{key} must be a list with at least one value, and is {short_json(values)}", node, key)
    return OneOf(tuple(without_places(one) for one in values))


def _like(node: Mapping[str, Any], key: str, source: Source) -> Demand:
    return Matches(glob(source.text(node, key)))


def _matches(node: Mapping[str, Any], key: str, source: Source) -> Demand:
    text = source.text(node, key)
    try:
        check(text)
    except ValueError as error:
        raise source.wrong(
            f"{key} must be a regular expression, but {short_json(text)} is not: {error}", node, key
        ) from None
    return Matches(Pattern(text, f"{{matches: {short_json(text)}}}"))


def _absent(node: Mapping[str, Any], key: str, source: Source) -> Demand:
    if not isinstance(node[key], bool):
        raise source.wrong(f"{key} must be true or false, and is {short_json(node[key])}", node, key)
    if node[key] and len(node) > 1:
        raise source.wrong("what is absent can be nothing else: this can never be", node, key)
    return Absent(node[key])


def _between(node: Mapping[str, Any], source: Source) -> Demand:
    bounds = {key: source.number(node, key) for key in _BOUNDS if key in node}
    least, most = bounds.get("at_least"), bounds.get("at_most")
    if least is not None and most is not None and least > most:
        raise source.wrong(f"at_most {most} is below at_least {least}: this can never be", node, "at_most")
    return Between(least, most)


_READERS: Mapping[str, Callable[[Mapping[str, Any], str, Source], Demand]] = MappingProxyType(
    {"equals": _equals, "one_of": _one_of, "like": _like, "matches": _matches, "absent": _absent}
)
DEMANDS = (*_READERS, *_BOUNDS)
"""The words of demands."""
