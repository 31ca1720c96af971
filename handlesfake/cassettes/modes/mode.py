"""ModeStages: what a mode adds to a double, to be started and stopped with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeAlias

from handlesfake.exchange.outcome import Stage
from handlesfake.mpsd.http.message import Request
from handlesfake.mpsd.state.identity import Caller
from handlesfake.values.values import frozen

if TYPE_CHECKING:
    from handlesfake.cassettes.people.identities import Identity
    from handlesfake.cassettes.recording.recorder import Recorder
    from handlesfake.cassettes.replay.player import Player

Who: TypeAlias = Callable[[Request], "Caller | None"]
"""Who sends a request, as the test knows it."""


@frozen
class ModeStages:
    """The stages of a mode, outermost first, and who its roles are."""

    stages: tuple[Stage, ...]
    identities: Mapping[str, Identity] | None = None
    """None where the roles are made up, and where a test may arrange what the service knows."""

    recorder: Recorder | None = None
    player: Player | None = None
    roles: Mapping[str, str] | None = None
    """Role to its made-up xuid, where a test may also arrange states: in a hybrid."""

    def start(self) -> None:
        """The double starts.

        :raises CassetteError: a cassette is to be recorded where none can be written.
        """
        if self.recorder is not None:
            self.recorder.start()

    def stop(self, *, failed: bool = False) -> None:
        """The double stops; ``failed`` when the test did.

        :raises CassetteError: the recording cannot be written.
        """
        if self.recorder is not None:
            self.recorder.stop(failed=failed)
