"""Reading a search filter: a recursive descent over its text, which says where it is wrong (contract 5.3)."""

from __future__ import annotations

import math
import re
from typing import get_args

from handlesfake.mpsd.filter_syntax import (
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
    Text,
    Variable,
)
from handlesfake.mpsd.reading import short
from handlesfake.mpsd.refusals import Refusal, refuse

DEEPEST = 40
"""Levels of brackets in a filter; a bound of the fake, so that no filter exhausts the stack."""

_SPACE = re.compile(r"\s*")
_WORD = re.compile(r"[^\W\d_]\w*")
_PART = re.compile(r"[^\s/()':]+")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])")
_QUOTED = re.compile(r"'((?:[^']|'')*)'")
_OPERATORS: dict[str, Operator] = {name: name for name in get_args(Operator)}


def read_filter(text: str) -> Condition:
    """The condition that ``text`` states.

    :raises Refusal: 400, with the place and what was expected there.
    """
    reader = _Reader(text, "filter")
    condition = reader.condition()
    reader.end("'and', 'or' or the end")
    return condition


def read_order(text: str) -> tuple[Field, bool]:
    """The attribute of ``orderBy`` and whether it ascends: ``strings/map desc``; ``asc`` may be left out.

    :raises Refusal: 400.
    """
    reader = _Reader(text, "orderBy")
    field = Field(reader.path(), 0)
    descends = reader.took_word("desc")
    if not descends:
        reader.took_word("asc")
    reader.end("asc, desc or the end")
    return field, not descends


def misfit(text: str, at: int, problem: str, field: str = "filter") -> Refusal:
    """The refusal of ``text``, the value of ``field``, for what stands at ``at``."""
    near = text[at : at + 20].strip()
    return refuse(
        "invalid_filter", field=field, at=at + 1, near=f", near {short(near)}" if near else "", problem=problem
    )


class _Reader:
    """Where we are in the text, and the variables of the ``any`` around that place."""

    def __init__(self, text: str, field: str) -> None:
        self._text = text
        self._name = field
        self._at = 0
        self._depth = 0
        self._variables: list[str] = []

    # ---- conditions

    def condition(self) -> Condition:
        """``conjunction [or conjunction]``."""
        start = self._place()
        first = self._conjunction()
        place = self._place()
        if not self.took_word("or"):
            return first
        second = self._conjunction()
        if isinstance(first, Or) or isinstance(second, Or) or self._peeks("or"):
            raise self._misfit("there can be one 'or' only", place)
        return Or((first, second), start)

    def _conjunction(self) -> Condition:
        start = self._place()
        parts = [self._term()]
        while self.took_word("and"):
            parts.append(self._term())
        if len(parts) == 1:
            return parts[0]
        for part in parts:
            if isinstance(part, Or):
                raise self._misfit("'or' can stand at the root only", part.at)
        return And(tuple(parts), start)

    def _term(self) -> Condition:
        if not self._took("("):
            return self._comparison()
        self._deepen()
        inner = self.condition()
        self._need(")", "a closing bracket")
        self._depth -= 1
        return inner

    def _comparison(self) -> Condition:
        start = self._place()
        left = self._operand()
        if isinstance(left, AnyOf):
            return self._any_compared(left)
        operator = _OPERATORS.get(self._peek_word())
        if operator is None:
            raise self._misfit("expected one of eq, ne, gt, ge, lt, le")
        self.took_word(operator)
        right = self._operand()
        if isinstance(right, AnyOf):
            raise self._misfit("any(...) can stand on the left only, before eq true", right.at)
        return Comparison(left, operator, right, start)

    def _any_compared(self, condition: AnyOf) -> AnyOf:
        """``any(...)`` alone, or followed by ``eq true`` and its like."""
        word = self._peek_word()
        if word not in ("eq", "ne"):
            return condition
        self.took_word(word)
        truth = self._peek_word()
        if truth not in ("true", "false"):
            raise self._misfit("expected true or false behind any(...)")
        self.took_word(truth)
        return AnyOf(condition.items, condition.body, (word == "eq") == (truth == "true"), condition.at)

    # ---- operands

    def _operand(self) -> Operand | AnyOf:
        start = self._place()
        quoted = self._match(_QUOTED)
        if quoted is not None:
            return Text(quoted[1:-1].replace("''", "'"), start)
        number = self._match(_NUMBER)
        if number is not None:
            return self._number(number, start)
        if self._peek_word() == "tolower":
            self.took_word("tolower")
            return self._lower(start)
        return self._field(start)

    def _number(self, text: str, start: int) -> Number:
        value = float(text)
        if not math.isfinite(value):
            raise self._misfit("the number is too large", start)
        return Number(value, start)

    def _lower(self, start: int) -> Lower | Text:
        self._need("(", "an opening bracket behind tolower")
        self._deepen()
        operand = self._operand()
        if isinstance(operand, (AnyOf, Number)):
            raise self._misfit("tolower takes a text", operand.at)
        self._need(")", "a closing bracket behind tolower's text")
        self._depth -= 1
        if isinstance(operand, Text):
            return Text(operand.value.lower(), start)
        return Lower(operand, start)

    def _field(self, start: int) -> Operand | AnyOf:
        path = self.path()
        if self._took("("):
            if path[-1].lower() != "any" or len(path) == 1:
                raise self._misfit("the functions are tolower(...) and, behind a list, any(v: ...)", start)
            return self._any(Field(path[:-1], start), start)
        if len(path) == 1 and path[0] in self._variables:
            # the innermost variable of that name
            return Variable(len(self._variables) - 1 - self._variables[::-1].index(path[0]), start)
        return Field(path, start)

    def _any(self, items: Field, start: int) -> AnyOf:
        self._deepen()
        place = self._place()
        variable = self._match(_WORD)
        if variable is None:
            raise self._misfit("expected the name of a variable, as in any(v: v eq 'x')", place)
        self._need(":", "a colon behind the variable")
        self._variables.append(variable)
        body = self.condition()
        if isinstance(body, Or):
            raise self._misfit("'or' can stand at the root only", body.at)
        self._need(")", "a closing bracket behind any")
        self._variables.pop()
        self._depth -= 1
        return AnyOf(items, body, expected=True, at=start)

    def path(self) -> tuple[str, ...]:
        """``session/roles/lfg``, spaces around the slashes allowed (seen in clients)."""
        place = self._place()
        first = self._match(_WORD)
        if first is None:
            raise self._misfit("expected a field, a quoted text or a number", place)
        parts = [first]
        while self._took("/"):
            place = self._place()
            part = self._match(_PART)
            if part is None:
                raise self._misfit("expected a name behind the slash", place)
            parts.append(part)
        return tuple(parts)

    # ---- the text

    def end(self, expected: str) -> None:
        """Nothing may follow; ``expected`` is what could have."""
        if self._place() < len(self._text):
            raise self._misfit(f"expected {expected}")

    def took_word(self, word: str) -> bool:
        """Step over ``word``, whatever its case; False when something else stands here."""
        if self._peek_word() != word:
            return False
        self._at += len(word)
        return True

    def _peeks(self, word: str) -> bool:
        return self._peek_word() == word

    def _peek_word(self) -> str:
        found = _WORD.match(self._text, self._place())
        return found[0].lower() if found else ""

    def _took(self, symbol: str) -> bool:
        if not self._text.startswith(symbol, self._place()):
            return False
        self._at += len(symbol)
        return True

    def _need(self, symbol: str, name: str) -> None:
        if not self._took(symbol):
            raise self._misfit(f"expected {name}")

    def _match(self, pattern: re.Pattern[str]) -> str | None:
        found = pattern.match(self._text, self._place())
        if found is None:
            return None
        self._at = found.end()
        return found[0]

    def _place(self) -> int:
        found = _SPACE.match(self._text, self._at)
        self._at = found.end() if found else self._at
        return self._at

    def _deepen(self) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise self._misfit(f"more than {DEEPEST} brackets stand in each other")

    def _misfit(self, problem: str, at: int | None = None) -> Refusal:
        return misfit(self._text, self._place() if at is None else at, problem, self._name)
