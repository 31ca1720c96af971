"""Reading a search filter: a recursive descent over its text, which says where it is wrong (contract 5.3)."""

from __future__ import annotations

import math
import re
from typing import get_args

from handlesfake.mpsd.queries.filters.scanner import WORD, Scanner
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
    Or,
    TextLiteral,
    Variable,
)

DEEPEST = 40
"""Levels of brackets in a filter; a bound of the fake, so that no filter exhausts the stack."""

_PART = re.compile(r"[^\s/()':]+")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])")
_QUOTED = re.compile(r"'((?:[^']|'')*)'")
_OPERATORS: dict[str, Operator] = {name: name for name in get_args(Operator)}


def read_filter(text: str) -> Condition:
    """The condition that ``text`` states.

    :raises Refusal: 400, with the place and what was expected there.
    """
    scanner = Scanner(text, "filter")
    condition = _Reader(scanner).condition()
    scanner.end("'and', 'or' or the end")
    return condition


def read_order(text: str) -> tuple[Field, bool]:
    """The attribute of ``orderBy`` and whether it ascends: ``strings/map desc``; ``asc`` may be left out.

    :raises Refusal: 400.
    """
    scanner = Scanner(text, "orderBy")
    field = Field(_Reader(scanner).path(), 0)
    descends = scanner.took_word("desc")
    if not descends:
        scanner.took_word("asc")
    scanner.end("asc, desc or the end")
    return field, not descends


class _Reader:
    """What is around the place that the text has reached: brackets, and the variables of each ``any``."""

    def __init__(self, text: Scanner) -> None:
        self._text = text
        self._depth = 0
        self._variables: list[str] = []

    # ---- conditions

    def condition(self) -> Condition:
        """``conjunction [or conjunction]``."""
        start = self._text.here()
        first = self._conjunction()
        place = self._text.here()
        if not self._text.took_word("or"):
            return first
        second = self._conjunction()
        if isinstance(first, Or) or isinstance(second, Or) or self._text.word() == "or":
            raise self._text.misfit("there can be one 'or' only", place)
        return Or((first, second), start)

    def _conjunction(self) -> Condition:
        start = self._text.here()
        parts = [self._term()]
        while self._text.took_word("and"):
            parts.append(self._term())
        if len(parts) == 1:
            return parts[0]
        for part in parts:
            if isinstance(part, Or):
                raise self._text.misfit("'or' is allowed only at the root", part.at)
        return And(tuple(parts), start)

    def _term(self) -> Condition:
        if not self._text.took("("):
            return self._comparison()
        self._deepen()
        inner = self.condition()
        self._text.need(")", "a closing bracket")
        self._depth -= 1
        return inner

    def _comparison(self) -> Condition:
        start = self._text.here()
        left = self._operand()
        if isinstance(left, AnyOf):
            return self._any_compared(left)
        operator = _OPERATORS.get(self._text.word())
        if operator is None:
            raise self._text.misfit("expected one of eq, ne, gt, ge, lt, le")
        self._text.took_word(operator)
        right = self._operand()
        if isinstance(right, AnyOf):
            raise self._text.misfit("any(...) is allowed only on the left, before eq true", right.at)
        return Comparison(left, operator, right, start)

    def _any_compared(self, condition: AnyOf) -> AnyOf:
        """``any(...)`` alone, or followed by ``eq true`` or similar."""
        word = self._text.word()
        if word not in ("eq", "ne"):
            return condition
        self._text.took_word(word)
        truth = self._text.word()
        if truth not in ("true", "false"):
            raise self._text.misfit("expected true or false behind any(...)")
        self._text.took_word(truth)
        return AnyOf(condition.items, condition.body, (word == "eq") == (truth == "true"), condition.at)

    # ---- operands

    def _operand(self) -> Operand | AnyOf:
        start = self._text.here()
        quoted = self._text.match(_QUOTED)
        if quoted is not None:
            return TextLiteral(quoted[1:-1].replace("''", "'"), start)
        number = self._text.match(_NUMBER)
        if number is not None:
            return self._number(number, start)
        if self._text.word() == "tolower":
            self._text.took_word("tolower")
            return self._lower(start)
        return self._field(start)

    def _number(self, text: str, start: int) -> Number:
        value = float(text)
        if not math.isfinite(value):
            raise self._text.misfit("the number is too large", start)
        return Number(value, start)

    def _lower(self, start: int) -> Lower | TextLiteral:
        self._text.need("(", "an opening bracket behind tolower")
        self._deepen()
        operand = self._operand()
        if isinstance(operand, (AnyOf, Number)):
            raise self._text.misfit("tolower takes a text", operand.at)
        self._text.need(")", "a closing bracket behind tolower's text")
        self._depth -= 1
        if isinstance(operand, TextLiteral):
            return TextLiteral(operand.value.lower(), start)
        return Lower(operand, start)

    def _field(self, start: int) -> Operand | AnyOf:
        path = self.path()
        if self._text.took("("):
            if path[-1].lower() != "any" or len(path) == 1:
                raise self._text.misfit("the functions are tolower(...) and, behind a list, any(v: ...)", start)
            return self._any(Field(path[:-1], start), start)
        if len(path) == 1 and path[0] in self._variables:
            # the innermost variable of that name
            return Variable(len(self._variables) - 1 - self._variables[::-1].index(path[0]), start)
        return Field(path, start)

    def _any(self, items: Field, start: int) -> AnyOf:
        self._deepen()
        place = self._text.here()
        variable = self._text.match(WORD)
        if variable is None:
            raise self._text.misfit("expected the name of a variable, as in any(v: v eq 'x')", place)
        self._text.need(":", "a colon behind the variable")
        self._variables.append(variable)
        body = self.condition()
        if isinstance(body, Or):
            raise self._text.misfit("'or' is allowed only at the root", body.at)
        self._text.need(")", "a closing bracket behind any")
        self._variables.pop()
        self._depth -= 1
        return AnyOf(items, body, expected=True, at=start)

    def path(self) -> tuple[str, ...]:
        """``session/roles/lfg``, spaces around the slashes allowed (seen in clients)."""
        place = self._text.here()
        first = self._text.match(WORD)
        if first is None:
            raise self._text.misfit("expected a field, a quoted text or a number", place)
        parts = [first]
        while self._text.took("/"):
            place = self._text.here()
            part = self._text.match(_PART)
            if part is None:
                raise self._text.misfit("expected a name behind the slash", place)
            parts.append(part)
        return tuple(parts)

    def _deepen(self) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise self._text.misfit(f"more than {DEEPEST} brackets are nested")
