"""PastWorlds: a memory of worlds that have ended, so that a client that still asks for them is told."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from handlesfake.engine.unanswered import KEPT as KEPT_MISSES
from handlesfake.errors import SettingsError
from handlesfake.server.worlds.world import Identity
from handlesfake.values.values import frozen

KEPT = 10_000
"""Of how many worlds the name and the end are remembered, the newest."""


class WorldEnded(SettingsError):
    """A client asks for a world that has ended."""

    def __init__(self, text: str, world_id: str) -> None:
        super().__init__(text)
        self.world_id = world_id


@frozen
class WorldEnd:
    """How a world ended."""

    expired_after: float | None
    """The seconds without use after which it ended by itself. None where a client deleted it; 0 where a client let a
    lasting world expire."""

    at: float
    """Seconds of the machine's monotonic clock."""

    @property
    def words(self) -> str:
        """``was deleted``, ``was ended by POST expire``, ``ended by itself after 60 s without use``."""
        if self.expired_after is None:
            return "was deleted"
        if not self.expired_after:
            return "was ended by POST expire"
        return f"ended by itself after {self.expired_after:g} s without use"


class PastWorlds:
    """The ids and names of worlds that have ended, and how they ended. No double is kept."""

    def __init__(self) -> None:
        self._ended: dict[str, tuple[Identity, WorldEnd]] = {}
        self._ids: dict[str, str] = {}
        """The id of the last world of each name."""

        self._misses: deque[tuple[str, str]] = deque(maxlen=KEPT_MISSES)

    def add(self, identity: Identity, end: WorldEnd, misses: Iterable[str]) -> None:
        """A world has ended.

        :param misses: what nothing in it could answer.
        """
        self._ended[identity.id] = identity, end
        self._ids.pop(identity.name, None)
        self._ids[identity.name] = identity.id
        self._misses.extend((identity.title, text) for text in misses)
        for kept in (self._ended, self._ids):
            while len(kept) > KEPT:
                del kept[next(iter(kept))]

    @property
    def misses(self) -> list[tuple[str, str]]:
        """What nothing could answer: the title of each world, and the text."""
        return list(self._misses)

    def id_of(self, name: str) -> str | None:
        """The id of the last world that was called so."""
        return self._ids.get(name)

    def error(self, world_id: str, now: float) -> WorldEnded:
        """What to say to a client that asks for the world ``world_id``, which existed once."""
        identity, end = self._ended.get(world_id, (Identity(world_id, world_id), None))
        how = f": it {end.words}, {max(now - end.at, 0):.1f} s ago" if end is not None else ", long ago"
        keep = "" if end is None or not end.expired_after else "; a longer expires_after, or POST renew, keeps it"
        return WorldEnded(
            f"{identity.title} has ended{how}{keep}.\n"
            "  POST /worlds makes another one; its requests are in the files of --journal and --report",
            world_id,
        )

    def never_here(self, world_id: str) -> WorldEnded:
        """What to say to a client with the token of a world that this server never made."""
        return WorldEnded(
            f"there is no world {world_id} here: the token is of another server, or of one that ran before this.\n"
            "  POST /worlds makes a world, with tokens that lead there",
            world_id,
        )
