"""Snapshots: everything of one double as it was, to go back to by name."""

from __future__ import annotations

from handlesfake.double.core import DoubleCore
from handlesfake.double.core_state import CoreState
from handlesfake.errors import SettingsError
from handlesfake.suggestions import nearest


class Snapshots:
    """The snapshots of one server, by world and name. What a world was as it began is there from the start."""

    def __init__(self) -> None:
        self._taken: dict[tuple[str, str], CoreState] = {}

    def begin(self, world: str, core: DoubleCore) -> None:
        """Keep how ``core`` begins, for ``reset``."""
        self._taken[world, ""] = core.state(copied=True)

    def take(self, world: str, core: DoubleCore, name: str) -> None:
        """Keep the state of ``core``, instead of what ``name`` was before.

        :raises SettingsError: it plays a recording, which can only go back to its beginning.
        """
        if core.options.effective_mode != "fake":
            raise SettingsError("a recording plays from its beginning to its end: POST reset starts it again.")
        self._taken[world, name] = core.state(copied=True)

    def restore(self, world: str, core: DoubleCore, name: str = "") -> None:
        """Let ``core`` be as it was at ``name``; without a name, as it began.

        :raises SettingsError: there is no such snapshot.
        """
        snapshot = self._taken.get((world, name))
        if snapshot is None:
            known = self.names(world)
            listed = ", ".join(known) or "none yet: PUT snapshots/{name} takes one"
            raise SettingsError(f"there is no snapshot {name!r}{nearest(name, known)}\n  known: {listed}")
        with core.engine.lock:  # no request sees half of it
            core.rewind()
            core.restore(snapshot)

    def names(self, world: str) -> list[str]:
        """The names of the snapshots of ``world``, in order of first use."""
        return [name for one, name in self._taken if one == world and name]

    def forget(self, world: str) -> None:
        """Drop everything of ``world``."""
        self._taken = {key: taken for key, taken in self._taken.items() if key[0] != world}
