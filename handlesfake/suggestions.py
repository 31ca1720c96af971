"""Nearest: of the words that are known, the one that was probably meant; every message asks here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar, NoReturn

LIKE = 0.6
"""How like another a word must be to be meant: the share of letters in the same order, 0 to 1."""


def closest(word: object, known: Iterable[object], like: float = LIKE) -> str | None:
    """The one of ``known`` that is most like ``word``, None when no one is."""
    from difflib import get_close_matches  # only for a mistake

    words = [str(one) for one in known]
    near = get_close_matches(str(word), words, n=1, cutoff=like)
    if near:
        return near[0]
    lower = str(word).lower()  # a difference in case alone may leave no letter the same
    return next((one for one in words if one.lower() == lower), None)


def nearest(word: object, known: Iterable[object]) -> str:
    """``; did you mean 'create_handle'?``, or a full stop when nothing known is like ``word``."""
    near = closest(word, known)
    return f"; did you mean {near!r}?" if near is not None else "."


class AttributeSuggestions:
    """Base of what a test holds: names the nearest attribute, as pytest does not show Python's own suggestion.

    No public name can be assigned: what would be taken and do nothing is an error that says what to write.
    """

    _settable: ClassVar[tuple[str, ...]] = ()
    """Further words that a test may try to assign, for the nearest."""

    def _how_to_set(self, name: str, value: object) -> str:  # noqa: ARG002 - for those that know more
        """What to write instead of an assignment."""
        return "Nothing of it can be assigned."

    if not TYPE_CHECKING:  # a type checker would take any name for right

        def __setattr__(self, name: str, value: object) -> None:
            """Raise AttributeError for a public name, which says what to write instead."""
            __tracebackhide__ = True
            if name[0] == "_":
                object.__setattr__(self, name, value)
                return
            kind, known = type(self).__name__, [word for word in dir(self) if word[0] != "_"]
            if name in known or name in self._settable:
                text = f"{name!r} of a {kind!r} object cannot be assigned. {self._how_to_set(name, value)}"
            else:
                text = f"{kind!r} object has no attribute {name!r}{nearest(name, (*known, *self._settable))}"
            raise AttributeError(text)

        def __getattr__(self, name: str) -> NoReturn:
            """Raise AttributeError, which names the nearest of what this object shows to a test."""
            __tracebackhide__ = True
            kind = type(self).__name__
            hint = "." if name.startswith("_") else nearest(name, (word for word in dir(self) if word[0] != "_"))
            raise AttributeError(f"{kind!r} object has no attribute {name!r}{hint}")
