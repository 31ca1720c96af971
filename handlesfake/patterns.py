"""Patterns: the regular expressions that users write, met within a time."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Protocol

from handlesfake.values.values import frozen

LONGEST = 1.0
"""Seconds of processor time that one pattern may take for one text: thousands of times what good ones take."""

_BRACE = r"(?s:(\\N\{[^}]*\}|\\.)|\{(?!\d+(?:,\d*)?\}|,\d*\}))"
_FLAGS_WITHIN = r"\(\?[aiLmsux]+\)"


class Engine(Protocol):
    """A compiled expression that can give up."""

    def fullmatch(self, text: str, *, timeout: float) -> object | None:
        """What of ``text`` it matches, all of it; None for nothing.

        :raises TimeoutError: it takes longer than ``timeout`` seconds to tell.
        """


class OutOfTime(Exception):
    """A pattern was not through with a text within :data:`LONGEST`: whether it fits is not known."""

    def __init__(self, pattern: Pattern, text: str) -> None:
        super().__init__(
            f"{pattern.written} was not through with a text of {len(text)} characters within {LONGEST:g} s: "
            "it tries too many ways to match"
        )


@frozen
class Pattern:
    """A regular expression with the meaning that it has in Python's ``re``.

    The package ``regex`` matches an expression of a user, because it has a timeout. ``re`` has none: an expression
    that backtracks without end would stop a test, or a server, for good.
    """

    expression: str
    written: str
    """As the user wrote it, for messages: ``{like: 'lobby-*'}``."""

    is_glob: bool = False
    """Whether it was made of a text with ``*`` and ``?``: it never goes back, ``re`` is safe with it, and faster."""

    any_case: bool = False

    def fits(self, text: str, seconds: float = LONGEST) -> bool:
        """Whether all of ``text`` is of this form.

        :param seconds: how long it may take to tell.
        :raises OutOfTime: it takes too long to tell.
        """
        if self.is_glob:
            return _of_glob(self.expression, any_case=self.any_case).fullmatch(text) is not None
        engine = compiled(self.expression, any_case=self.any_case)
        try:
            return engine.fullmatch(text, timeout=seconds) is not None
        except TimeoutError:
            raise OutOfTime(self, text) from None

    @property
    def can_be_joined(self) -> bool:
        """Whether it means the same beside others: groups have numbers, and flags and comments reach beyond it."""
        if self.is_glob:
            return True
        found = re.compile(self.expression)
        return not (found.groups or found.flags & re.VERBOSE or re.search(_FLAGS_WITHIN, self.expression))


def glob(text: str) -> Pattern:
    """The meaning of ``text``, in which ``*`` is anything and ``?`` one character."""
    first, *rest = ("".join("." if one == "?" else re.escape(one) for one in part) for part in text.split("*"))
    if rest:
        # each part where it comes first, and there it stays: what comes later never asks to try again
        first += "".join(f"(?>.*?{part})" for part in rest[:-1] if part) + f".*{rest[-1]}"
    return Pattern(first, f"{{like: {text!r:.80}}}", is_glob=True)


def check(expression: str) -> None:
    """See that ``expression`` is one of Python's ``re``.

    :raises ValueError: it is not; the text says why.
    """
    import regex  # lazily, as below

    try:
        re.compile(expression)  # what it does not know, regex may: then it would mean more than users can look up
        compiled(expression)
    except (re.error, regex.error, OverflowError, RecursionError) as error:
        raise ValueError(str(error)) from None


@lru_cache(maxsize=1024)
def compiled(expression: str, *, any_case: bool = False) -> Engine:
    """``expression`` as ``regex`` meets it in its version 0, that of ``re``."""
    import regex  # lazily: few tests write patterns, and it takes 20 ms

    flags = regex.VERSION0 | (regex.IGNORECASE if any_case else 0)
    # a brace that does not count repeats is a plain character in re; regex would read {e<=1} as "with one error"
    made: Engine = regex.compile(re.sub(_BRACE, lambda found: found[1] or r"\{", expression), flags)
    return made


@lru_cache(maxsize=1024)
def _of_glob(expression: str, *, any_case: bool) -> re.Pattern[str]:
    return re.compile(expression, re.DOTALL | (re.IGNORECASE if any_case else 0))
