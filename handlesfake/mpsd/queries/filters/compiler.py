"""A search filter as a function: its tree, once checked, becomes closures, so that 10,000 handles are cheap."""

from __future__ import annotations

import operator
from collections.abc import Callable
from functools import partial, reduce
from typing import Any, Literal

from handlesfake.mpsd.choices import Choices
from handlesfake.mpsd.evidence import Evidence, weakest
from handlesfake.mpsd.queries.filters.parser import read_filter
from handlesfake.mpsd.queries.filters.scanner import misfit
from handlesfake.mpsd.queries.filters.syntax import (
    And,
    AnyOf,
    Comparison,
    Condition,
    Field,
    Lower,
    Number,
    Operand,
    Operator,
    Reference,
    TextLiteral,
    Variable,
)
from handlesfake.mpsd.queries.search_fields import Candidate, Kind, SearchField, search_field
from handlesfake.mpsd.refusals.catalogue import Refusal
from handlesfake.mpsd.ticks import from_wire_time
from handlesfake.values.values import frozen, replace

Values = tuple[str, ...]
"""The meaning of the variables of the ``any`` around a condition, from the outside."""

Test = Callable[[Candidate, Values], bool]
Value = Callable[[Candidate, Values], Any]

_COMPARE: dict[Operator, Callable[[Any, Any], bool]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "gt": operator.gt,
    "ge": operator.ge,
    "lt": operator.lt,
    "le": operator.le,
}
_SWAPPED: dict[Operator, Operator] = {"eq": "eq", "ne": "ne", "gt": "lt", "ge": "le", "lt": "gt", "le": "ge"}


@frozen
class Filter:
    """A filter, checked and ready."""

    matches: Callable[[Candidate], bool]
    remarks: tuple[str, ...] = ()
    """What looks odd in it, one sentence each."""

    evidence: Evidence = Evidence.DOCUMENTED
    """What its meaning rests on."""


def compile_filter(text: str, choices: Choices) -> Filter:
    """The filter that ``text`` states (contract 5.3).

    :raises Refusal: 400 with the place, for a text outside the grammar, an unknown field, or kinds that cannot be
        compared.
    """
    compiler = _Compiler(text, choices)
    test = compiler.test(read_filter(text), ())
    return Filter(lambda candidate: test(candidate, ()), tuple(compiler.remarks), compiler.evidence)


class _Compiler:
    def __init__(self, text: str, choices: Choices) -> None:
        self._text = text
        self._choices = choices
        self.remarks: list[str] = []
        self.evidence = Evidence.ASSUMED if choices.any_not_equal == "some" else Evidence.DOCUMENTED

    def test(self, condition: Condition, items: tuple[SearchField, ...]) -> Test:
        """``condition`` as a function; ``items`` are the lists that the variables around it run over."""
        if isinstance(condition, Comparison):
            return self._comparison(condition, items)
        if isinstance(condition, AnyOf):
            return self._any(condition, items)
        tests = [self.test(part, items) for part in condition.parts]
        return reduce(_conjunction if isinstance(condition, And) else _disjunction, tests)

    # ---- any

    def _any(self, condition: AnyOf, items: tuple[SearchField, ...]) -> Test:
        field = self._field(condition.items)
        if field.kind != "list":
            raise self._misfit(condition, "any(...) needs a list, such as tags or session/memberXuids")
        body, expected = condition.body, condition.expected
        if self._choices.any_not_equal == "none" and isinstance(body, Comparison) and _unequals(body, len(items)):
            # the page reads "any tag ne x" as "no tag eq x"
            body, expected = replace(body, operator="eq"), not expected
        test, read = self.test(body, (*items, field)), field.read

        def holds(candidate: Candidate, values: Values) -> bool:
            for item in read(candidate) or ():
                if test(candidate, (*values, item)):
                    return expected
            return not expected

        return holds

    # ---- comparisons

    def _comparison(self, condition: Comparison, items: tuple[SearchField, ...]) -> Test:
        left, name, right = condition.left, condition.operator, condition.right
        if isinstance(left, (TextLiteral, Number)):
            left, name, right = right, _SWAPPED[name], left
        if isinstance(left, (TextLiteral, Number)):
            raise self._misfit(condition, "one side must be a field")
        known = self._known(left, items)
        if known.kind == "list":
            raise self._misfit(left, "this is a list: write any(v: v eq ...) behind it")
        if isinstance(right, (TextLiteral, Number)):
            return self._with_literal(left, known, name, right)
        if self._known(right, items).kind != known.kind:
            raise self._misfit(right, f"a {known.kind} cannot be compared with this")
        return partial(_both, _COMPARE[name], self._value(left), self._value(right))

    def _with_literal(
        self, left: Reference, known: SearchField, name: Operator, literal: TextLiteral | Number
    ) -> Test:
        wanted = self._literal(known.kind, literal)
        if known.stored_case and isinstance(wanted, str) and wanted != wanted.lower():
            self.remarks.append(f"the filter compares with {wanted[:40]!r}: only lower-case text is ever found")
            if self._choices.upper_case_filter == "nothing" and name in ("eq", "ne"):
                return partial(_always, name == "ne")
            self.evidence = Evidence.ASSUMED
        value = self._value(left)
        if name == "eq":
            return lambda candidate, values: value(candidate, values) == wanted
        if name == "ne":  # what is not there is not equal: "sessions that don't contain" (documented)
            return lambda candidate, values: value(candidate, values) != wanted
        return partial(_beyond, _COMPARE[name], value, wanted)

    def _literal(self, kind: Kind, literal: TextLiteral | Number) -> str | float | int:
        if kind == "number" and isinstance(literal, Number):
            return literal.value
        if kind == "text" and isinstance(literal, TextLiteral):
            return literal.value
        if kind == "number":
            raise self._misfit(literal, "a number stands here without quotes")
        if kind == "text":
            raise self._misfit(literal, "a text stands here in single quotes")
        ticks = from_wire_time(literal.value) if isinstance(literal, TextLiteral) else None
        if ticks is None:
            raise self._misfit(literal, "a time stands here in single quotes, as '2026-01-06T10:00:00Z'")
        return ticks

    def _known(self, operand: Reference, items: tuple[SearchField, ...]) -> SearchField:
        """What an operand is: the field itself, or, for a variable, one text of its list."""
        if isinstance(operand, Variable):
            return replace(items[operand.depth], kind="text")
        if isinstance(operand, Field):
            return self._field(operand)
        known = self._known(operand.operand, items)
        if known.kind != "text":
            raise self._misfit(operand, f"tolower takes a text, and this is a {known.kind}")
        return known

    def _value(self, operand: Reference) -> Value:
        if isinstance(operand, Variable):
            depth = operand.depth
            return lambda _candidate, values: values[depth]
        if isinstance(operand, Lower):
            return partial(_lowered, self._value(operand.operand))
        read = self._field(operand).read
        return lambda candidate, _values: read(candidate)

    def _field(self, field: Field) -> SearchField:
        known = search_field(field.path)
        if known is None:
            raise self._misfit(field, f"{'/'.join(field.path)[:60]} is not a field of a search")
        self.evidence = weakest(self.evidence, known.evidence)
        return known

    def _misfit(self, node: Condition | Operand, problem: str) -> Refusal:
        return misfit(self._text, node.at, problem)


def _unequals(body: Comparison, depth: int) -> bool:
    """Whether ``body`` is just ``v ne ...`` for the variable of that ``any``."""
    if body.operator != "ne":
        return False
    bare = [side.operand if isinstance(side, Lower) else side for side in (body.left, body.right)]
    return any(isinstance(side, Variable) and side.depth == depth for side in bare)


# ---- what runs for each handle


def _conjunction(first: Test, second: Test) -> Test:
    return lambda candidate, values: first(candidate, values) and second(candidate, values)


def _disjunction(first: Test, second: Test) -> Test:
    return lambda candidate, values: first(candidate, values) or second(candidate, values)


def _lowered(value: Value, candidate: Candidate, values: Values) -> str | None:
    text = value(candidate, values)
    return None if text is None else str(text).lower()


def _always(answer: Literal[True, False], _candidate: Candidate, _values: Values) -> bool:
    return answer


def _beyond(
    compare: Callable[[Any, Any], bool], value: Value, wanted: Any, candidate: Candidate, values: Values
) -> bool:
    found = value(candidate, values)
    return found is not None and compare(found, wanted)


def _both(
    compare: Callable[[Any, Any], bool], left: Value, right: Value, candidate: Candidate, values: Values
) -> bool:
    one, other = left(candidate, values), right(candidate, values)
    if one is None or other is None:
        return compare is operator.ne
    return compare(one, other)
