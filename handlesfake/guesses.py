"""Guesses: an object that knows, of a name that it does not have, which one was meant."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from handlesfake.nearest import nearest


class Guesses:
    """Base of what a test holds: pytest shows no guess of Python's own for a wrong name."""

    if not TYPE_CHECKING:  # a type checker would take any name for right

        def __getattr__(self, name: str) -> NoReturn:
            """Raise AttributeError, which names the nearest of what this object shows to a test."""
            __tracebackhide__ = True
            kind = type(self).__name__
            hint = "." if name.startswith("_") else nearest(name, (word for word in dir(self) if word[0] != "_"))
            raise AttributeError(f"{kind!r} object has no attribute {name!r}{hint}")
