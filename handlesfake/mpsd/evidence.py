"""What a statement about the service rests on."""

from __future__ import annotations

from enum import Enum
from functools import cached_property
from operator import attrgetter


class Evidence(Enum):
    """The six levels of evidence, strongest first; the values are the marks of the contract."""

    CAPTURED = "CAP"
    LOGGED = "LOG"
    DOCUMENTED = "DOC"
    CLIENT = "CLI"
    INFERRED = "INF"
    ASSUMED = "UNK"

    @property
    def words(self) -> str:
        """The level as people read it: ``captured``, ``seen in clients`` ..."""
        return _WORDS[self]

    @cached_property
    def rank(self) -> int:
        """0 for the strongest level, 5 for the weakest."""
        return _ORDER.index(self)


_ORDER = list(Evidence)
_WORDS = {
    Evidence.CAPTURED: "captured",
    Evidence.LOGGED: "logged",
    Evidence.DOCUMENTED: "documented",
    Evidence.CLIENT: "seen in clients",
    Evidence.INFERRED: "inferred",
    Evidence.ASSUMED: "assumed",
}


_RANK = attrgetter("rank")


def weakest(*levels: Evidence) -> Evidence:
    """A chain of statements is as strong as its weakest: never raise an evidence level."""
    return max(levels, key=_RANK)
