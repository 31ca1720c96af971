"""World: one of the doubles behind a server, under its id and its name, and how long it stays."""

from __future__ import annotations

from handlesfake.double.core import DoubleCore
from handlesfake.double.double import Double, core_of
from handlesfake.values.values import frozen

DEFAULT = ""
"""The id of the world of every request whose token names no other."""


@frozen
class Identity:
    """By what a world is known, also once it has ended."""

    id: str
    """``w1``, ``w2`` and so on, never given twice by one server; its user hashes begin with it."""

    name: str
    """What a test calls it; its id where no test does. Free again once the world has ended."""

    @property
    def title(self) -> str:
        """``the world 'lobby' (w4)``, as texts call it."""
        if self.id == DEFAULT:
            return "the default world"
        return f"the world {self.called}"

    @property
    def called(self) -> str:
        """``'lobby' (w4)``, ``w4`` where it has no other name, and ``default``."""
        if self.id == DEFAULT:
            return "default"
        return self.id if self.name == self.id else f"{self.name!r} ({self.id})"


class World:
    """One double, and the use that is made of it.

    Times are seconds of the machine's monotonic clock: what a test does to the double's own makes no world older.

    :param made_at: the present.
    :param expires_after: for how many seconds it may be of no use before it ends by itself; None for as long as one
        likes.
    """

    def __init__(self, identity: Identity, double: Double, made_at: float, expires_after: float | None) -> None:
        self.identity = identity
        self.double = double
        self.made_at = self._used_at = made_at
        self.expires_after = expires_after
        self.connections = 0
        """How many push connections are open."""

        self.told_misses = 0
        """How many unanswered requests are no longer anybody's business."""

        self.calls = 0
        """How many calls about it are under way."""

    @property
    def id(self) -> str:
        """See :attr:`Identity.id`."""
        return self.identity.id

    @property
    def name(self) -> str:
        """See :attr:`Identity.name`."""
        return self.identity.name

    @property
    def core(self) -> DoubleCore:
        """What the double is made of."""
        return core_of(self.double)

    def use(self, now: float) -> None:
        """It was used: its time starts again."""
        self._used_at = now

    def begin_call(self, now: float) -> None:
        """A client asks about it, and may wait for long: it does not end meanwhile."""
        self.calls += 1
        self.use(now)

    def end_call(self, now: float) -> None:
        """That one has the answer."""
        self.calls -= 1
        self.use(now)

    def expires_in(self, now: float) -> float | None:
        """After how many seconds without use it ends by itself; None for never."""
        if self.expires_after is None:
            return None
        return self.expires_after if self.calls else self._used_at + self.expires_after - now

    def is_over(self, now: float) -> bool:
        """Whether its time has passed."""
        left = self.expires_in(now)
        return left is not None and left <= 0
