"""Filters at random: any text is a filter or a refusal, and a naive reading of what was meant always agrees."""

from __future__ import annotations

import operator
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from handlesfake.mpsd.choices import Choices
from handlesfake.mpsd.queries.filters.compiler import compile_filter
from handlesfake.mpsd.queries.search_fields import Candidate
from handlesfake.mpsd.refusals.catalogue import Refusal
from tests.examples import examples
from tests.mpsd.target_addresses import search_handle, session

WORDS = ["eq", "ne", "gt", "and", "or", "any", "tolower", "tags", "strings", "numbers", "session", "true", "a", "t"]
PIECES = [*WORDS, *"/():'. -19", "needs", "roles", "'a'", "1.5", "memberXuids", "any(t:", "\u212a", "\x00"]
COMPARE = {
    "eq": operator.eq,
    "ne": operator.ne,
    "gt": operator.gt,
    "ge": operator.ge,
    "lt": operator.lt,
    "le": operator.le,
}


@examples(120)
@given(st.one_of(st.text(max_size=60), st.lists(st.sampled_from(PIECES), max_size=14).map(" ".join)))
def test_any_text_is_a_filter_or_a_refusal(text: str) -> None:
    """No text raises anything but our refusal, and what compiles runs."""
    room = Candidate(search_handle(0, "room"), session("room"), {})
    said: tuple[str, str] | bool
    try:
        said = compile_filter(text, Choices()).matches(room)
    except Refusal as refusal:
        said = (refusal.kind.name, refusal.sentence[:39])

    assert said in (True, False, ("invalid_filter", "The field filter is not valid at charac"))


# ---- a model that shares nothing with the code: what is meant, as tuples

TEXTS = st.sampled_from(["a", "b", "B", "harbour", "o'clock", ""])
NUMBERS = st.sampled_from([0.0, 1.0, -2.5, 12.5, 3.0])
NAMES = st.sampled_from(["x", "y", "or", "any"])
OPERATORS = st.sampled_from(sorted(COMPARE))

comparisons = st.one_of(
    st.tuples(st.just("number"), NAMES, OPERATORS, NUMBERS, st.booleans()),
    st.tuples(st.just("count"), st.just(""), OPERATORS, NUMBERS, st.booleans()),
    st.tuples(st.just("text"), NAMES, OPERATORS, TEXTS.filter(str.islower), st.booleans()),
    st.tuples(st.just("lower"), NAMES, OPERATORS, TEXTS, st.booleans()),
    st.tuples(st.just("tags"), st.sampled_from(["eq", "ne"]), TEXTS, st.sampled_from([None, True, False])),
)
conditions = st.recursive(
    comparisons, lambda inner: st.tuples(st.just("and"), st.lists(inner, min_size=2, max_size=3)), max_leaves=6
)
roots = st.one_of(conditions, st.tuples(st.just("or"), conditions, conditions))
attributes = st.fixed_dictionaries(
    {
        "tags": st.lists(TEXTS, max_size=3),
        "strings": st.dictionaries(NAMES, TEXTS, max_size=3),
        "numbers": st.dictionaries(NAMES, NUMBERS, max_size=3),
    }
)


def written(node: tuple[Any, ...]) -> str:
    """The node as a filter, with brackets and cases as people might write them."""
    kind = node[0]
    if kind == "or":
        return f"{written(node[1])} OR ({written(node[2])})"
    if kind == "and":
        return "(" + " and ".join(written(part) for part in node[1]) + ")"
    if kind == "tags":
        _, name, text, expected = node
        tail = "" if expected is None else f" eq {str(expected).lower()}"
        return f"tags / any(v: tolower(v) {name} {quoted(text)}){tail}"
    field = {"number": f"Numbers/{node[1]}", "count": "session/membersCount", "text": f"strings/{node[1]}"}
    left = field.get(kind, f"tolower(strings/{node[1]})")
    right = quoted(node[3]) if isinstance(node[3], str) else repr(node[3])
    swapped = {"gt": "lt", "ge": "le", "lt": "gt", "le": "ge"}
    return f"{right} {swapped.get(node[2], node[2])} {left}" if node[4] else f"{left} {node[2].upper()} {right}"


def quoted(text: str) -> str:
    """``text`` in single quotes."""
    return "'" + text.replace("'", "''") + "'"


def meant(node: tuple[Any, ...], stored: dict[str, Any], members: int) -> bool:
    """What the node means for what is stored, told as plainly as can be."""
    kind = node[0]
    if kind == "or":
        return meant(node[1], stored, members) or meant(node[2], stored, members)
    if kind == "and":
        return all(meant(part, stored, members) for part in node[1])
    if kind == "tags":
        _, name, text, expected = node
        there = text in [tag.lower() for tag in stored["tags"]]
        holds = there if name == "eq" else not there
        return holds if expected in (None, True) else not holds
    group = {"number": "numbers", "text": "strings", "lower": "strings"}.get(kind, "numbers")
    value: Any = stored[group].get(node[1])
    value = float(members) if kind == "count" else value
    if value is None:
        return bool(node[2] == "ne")
    value = value.lower() if kind == "lower" else value
    return bool(COMPARE[node[2]](value, node[3]))


@examples(120)
@given(roots, attributes, st.integers(0, 3))
def test_a_naive_reading_agrees(root: tuple[Any, ...], stored: dict[str, Any], members: int) -> None:
    """What a filter lets through is what the one who wrote it meant."""
    room = Candidate(search_handle(0, "room"), session("room", *map(str, range(members))), stored)

    assert meant(root, stored, members) is compile_filter(written(root), Choices()).matches(room), written(root)
