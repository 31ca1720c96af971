"""Patterns: what users write means the same as in ``re`` and a shell, and always ends."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlesfake import patterns
from handlesfake.patterns import LONGEST, OutOfTime, Pattern, check, glob

ATOMS = [
    "a",
    "b",
    ".",
    "[ab]",
    "[^a]",
    r"\d",
    r"\w",
    r"\b",
    "(?:ab|a)",
    "(a)",
    "{",
    "}",
    "{}",
    "{e}",
    "{e<=1}",
    "^",
    "$",
    r"\{",
    "[{]",
]
COUNTS = ["", "", "?", "*", "{2}", "{,2}", "{1,}"]
EXPRESSIONS = st.lists(st.tuples(st.sampled_from(ATOMS), st.sampled_from(COUNTS)).map("".join), max_size=4).map(
    "".join
)
TEXTS = st.text("ab1{}e<=", max_size=6)


def is_read(expression: str) -> bool:
    """Whether ``re`` reads it."""
    try:
        re.compile(expression)
    except re.error:
        return False
    return True


@given(EXPRESSIONS.filter(is_read), TEXTS)
def test_an_expression_means_what_it_means_in_re(expression: str, text: str) -> None:
    """Braces that count nothing are plain characters; a fuzzy match of ``regex`` there is none."""
    check(expression)

    assert (re.fullmatch(expression, text) is not None) is Pattern(expression, "").fits(text)


@given(st.text("ab*?.", max_size=8), st.text("ab.\n", max_size=8))
def test_a_glob_means_what_it_means_in_a_shell(text: str, value: str) -> None:
    """``*`` is anything, ends of lines too, ``?`` one character, and nothing else is special."""
    assert fnmatchcase(value, text) is glob(text).fits(value)


def test_what_a_glob_has_of_a_class_stands_for_itself() -> None:
    """Brackets are not classes here."""
    assert [True, False] == [glob("a[bc]*").fits("a[bc]d"), glob("a[bc]*").fits("abd")]


@pytest.mark.parametrize("expression", ["(", "[", "*", r"\p{L}", r"\L<x>", "(?P<a>x)(?P<a>y)", "(?z)"])
def test_what_re_does_not_read_is_refused(expression: str) -> None:
    """What only ``regex`` knows, too."""
    with pytest.raises(ValueError, match="."):
        check(expression)


class NeverReturns:
    """An engine that is never through: it gives up when it was told to."""

    def __init__(self) -> None:
        self.told: list[float] = []

    def fullmatch(self, text: str, *, timeout: float) -> object | None:
        """Give up at once, as after that time."""
        self.told.append(timeout)
        raise TimeoutError


@pytest.fixture
def stuck(monkeypatch: pytest.MonkeyPatch) -> NeverReturns:
    """Every expression is one that is never through."""
    engine = NeverReturns()
    monkeypatch.setattr(patterns, "compiled", lambda *_, **__: engine)
    return engine


def test_a_pattern_that_takes_too_long(stuck: NeverReturns) -> None:
    """It is told to give up after a second, and what was asked is named."""
    with pytest.raises(OutOfTime) as caught:
        Pattern("x", "{matches: 'x'}").fits("lobby-1")

    assert [LONGEST] == stuck.told
    assert (
        "{matches: 'x'} was not through with a text of 7 characters within 1 s: it tries too many ways to match"
    ) == str(caught.value)


def test_the_engine_takes_the_time() -> None:
    """The real one knows the word, and gives up a time that has passed before it began."""
    assert Pattern("a+", "").fits("aaa")
    with pytest.raises(TimeoutError):
        patterns.compiled("a*b").fullmatch("a" * 100_000, timeout=1e-9)
