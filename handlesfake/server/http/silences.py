"""Silences: connections that a fault keeps silent, until their double goes back, or has the fault no more."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol
from weakref import WeakKeyDictionary

from handlesfake.values.values import frozen


class SilentConnection(Protocol):
    """A connection over which nothing more comes."""

    def hang_up(self) -> None:
        """End it; what was sent before still goes out."""


@frozen
class Silence:
    """Why a connection is silent."""

    double: object
    """Whose fault it is; compared by identity."""

    decided_by: str
    """The rule, as an outcome calls it."""

    since: int
    """The round in which the request came: see :attr:`Silences.round`."""


class Silences:
    """The silent connections of one server, by the double whose fault each is."""

    def __init__(self) -> None:
        self.round = 0
        """Counts how often silences were ended: a request that came before may fall silent only after it."""

        self._kept: dict[SilentConnection, Silence] = {}
        self._ended: WeakKeyDictionary[object, tuple[int, Collection[str]]] = WeakKeyDictionary()

    def begin(self, connection: SilentConnection, why: Silence) -> None:
        """``connection`` is silent from now on; at once no more where its fault has been ended meanwhile."""
        ended, still = self._ended.get(why.double, (0, ()))
        if ended > why.since and why.decided_by not in still:
            connection.hang_up()
        else:
            self._kept[connection] = why

    def forget(self, connection: SilentConnection) -> None:
        """``connection`` is no more."""
        self._kept.pop(connection, None)

    def end(self, double: object, still: Collection[str] = ()) -> None:
        """Hang up on every client that a fault of ``double`` keeps waiting.

        :param still: the rules that are still in force: theirs go on.
        """
        self.round += 1
        self._ended[double] = self.round, still
        for connection, why in list(self._kept.items()):
            if why.double is double and why.decided_by not in still:
                connection.hang_up()
