"""Snapshots: everything of one double as it was, to go back to by name."""

from __future__ import annotations

from typing import Any

from handlesfake.double.double import Double
from handlesfake.errors import SettingsError
from handlesfake.suggestions import nearest


class Snapshot:
    """One double as it is now: state, users and their roles, rules, ids, clock and journal."""

    def __init__(self, mpsd: Double) -> None:
        # what a checkpoint keeps, and besides the users themselves: a snapshot is gone back to and forth
        world = mpsd._world  # noqa: SLF001 - a test has checkpoint(), which ends where it began
        self._state = world.state()
        self._known = [dict(known) for known in _known(world)]
        self._rules = mpsd._rules.state()  # noqa: SLF001 - as above
        self._ticks, self._taps = mpsd.clock.ticks, tuple(mpsd.taps)
        self._frozen = mpsd.clock.frozen
        self._entries, self._written = tuple(mpsd.journal), mpsd.journal.written

    def restore(self, mpsd: Double) -> None:
        """Let ``mpsd`` be as it was."""
        with mpsd._engine.lock:  # noqa: SLF001 - as above; no request sees half of it
            mpsd._rewind()  # noqa: SLF001 - as above
            world = mpsd._world  # noqa: SLF001 - as above
            world.restore(self._state)
            for now, then in zip(_known(world), self._known, strict=True):
                now.clear()
                now.update(then)
            mpsd._rules.restore(self._rules)  # noqa: SLF001 - as above
            mpsd.clock.freeze() if self._frozen else mpsd.clock.thaw()
            mpsd.clock.restore(self._ticks)
            mpsd.taps.restore(self._taps)
            mpsd.journal.restore(self._entries, self._written)


def _known(world: Any) -> tuple[dict[str, Any], ...]:
    return world._users, world._roles, world._named_sessions  # noqa: SLF001 - as above


class Snapshots:
    """The snapshots of one server, by world and name. What a world was as it began is there from the start."""

    def __init__(self) -> None:
        self._taken: dict[tuple[str, str], Snapshot] = {}

    def begin(self, world: str, mpsd: Double) -> None:
        """Keep how ``mpsd`` begins, for ``reset``."""
        self._taken[world, ""] = Snapshot(mpsd)

    def take(self, world: str, mpsd: Double, name: str) -> None:
        """Keep how ``mpsd`` is, in the place of what ``name`` was before.

        :raises SettingsError: it plays a recording, which knows no way back but to its beginning.
        """
        if mpsd._options.effective_mode != "fake":  # noqa: SLF001 - a test knows its own mode
            raise SettingsError("a recording plays from its beginning to its end: POST reset begins it anew.")
        self._taken[world, name] = Snapshot(mpsd)

    def restore(self, world: str, mpsd: Double, name: str = "") -> None:
        """Let ``mpsd`` be as it was at ``name``; without a name, as it began.

        :raises SettingsError: there is no such snapshot.
        """
        snapshot = self._taken.get((world, name))
        if snapshot is None:
            known = self.names(world)
            listed = ", ".join(known) or "none yet: PUT snapshots/{name} takes one"
            raise SettingsError(f"there is no snapshot {name!r}{nearest(name, known)}\n  known: {listed}")
        snapshot.restore(mpsd)

    def names(self, world: str) -> list[str]:
        """The names of the snapshots of ``world``, in order of first use."""
        return [name for one, name in self._taken if one == world and name]

    def forget(self, world: str) -> None:
        """Drop everything of ``world``."""
        self._taken = {key: taken for key, taken in self._taken.items() if key[0] != world}
