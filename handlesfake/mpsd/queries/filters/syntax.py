"""What a search filter says, as a tree: comparisons, ``any`` over lists, ``and``, and one ``or`` at the root."""

from __future__ import annotations

from typing import Literal

from handlesfake.values.values import frozen

Operator = Literal["eq", "ne", "gt", "ge", "lt", "le"]


@frozen
class TextLiteral:
    """A quoted text, quotes removed. ``at`` is, here and below, where it starts in the filter, from 0."""

    value: str
    at: int


@frozen
class Number:
    """A number; MPSD compares them as floats (documented)."""

    value: float
    at: int


@frozen
class Field:
    """A field of a search handle or of its session: ``strings/map``, ``session/roles/lfg/confirmed/count``."""

    path: tuple[str, ...]
    """The parts between the slashes, as written."""

    at: int


@frozen
class Variable:
    """The variable of the ``depth``-th ``any`` around it, counted from the outside from 0."""

    depth: int
    at: int


@frozen
class Lower:
    """``tolower(operand)``; that of a quoted text is a text already."""

    operand: Reference
    at: int


@frozen
class Comparison:
    """``left eq right``."""

    left: Operand
    operator: Operator
    right: Operand
    at: int


@frozen
class AnyOf:
    """``tags/any(t: body)``; ``expected`` is false for ``... eq false``."""

    items: Field
    body: Condition
    expected: bool
    at: int


@frozen
class And:
    """Two conditions or more that must all hold."""

    parts: tuple[Condition, ...]
    at: int


@frozen
class Or:
    """Two conditions of which one must hold; only at the root (documented)."""

    parts: tuple[Condition, Condition]
    at: int


Reference = Field | Variable | Lower
Operand = TextLiteral | Number | Reference
Condition = Comparison | AnyOf | And | Or
