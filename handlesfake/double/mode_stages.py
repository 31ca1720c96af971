"""ModeFactory: each mode of a double is one tuple of stages, and the tape that they read or write."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, cast

from handlesfake.cassettes.modes.mode import ModeStages
from handlesfake.errors import SettingsError
from handlesfake.fake_service.stage import Fake
from handlesfake.mpsd.http.message import Request
from handlesfake.mpsd.state.identity import Caller
from handlesfake.options.options import Options
from handlesfake.values.values import frozen

if TYPE_CHECKING:
    from handlesfake.cassettes.replay.player import Playing


@frozen(slots=False)
class ModeFactory:
    """What a double is made of in each mode."""

    options: Options
    fake: Fake
    caller: Callable[[Request], Caller | None]
    """The sender of a request, as a user of the double's world."""

    def opened(self) -> ModeStages:
        """The stages of the mode that the options name, outermost first.

        :raises SettingsError: there is no such mode.
        :raises CassetteError: its cassette cannot be played.
        """
        modes = {
            "fake": lambda: ModeStages((self.fake,)),
            "replay": self._replaying,
            "record": self._recording,
            "hybrid": self._hybrid,
            "verify": self._verifying,
        }
        mode = self.options.effective_mode
        if mode not in modes:
            raise SettingsError(f"the mode {mode!r} is not known. Known: {', '.join(modes)}.")
        return modes[mode]()

    def _replaying(self) -> ModeStages:
        from handlesfake.cassettes.modes.replaying import replaying  # lazily: a fake needs none of it

        return replaying(self._path, self.caller, self.options.name, self._playing())

    def _recording(self) -> ModeStages:
        from handlesfake.cassettes.modes import recording  # lazily, as above

        taping = recording.taping(self.options)
        if not recording.records(self._path, taping):
            return self._replaying()
        return recording.recording(self._path, self.caller, self.options.credentials, taping, self._playing())

    def _hybrid(self) -> ModeStages:
        from handlesfake.cassettes.modes import hybrid_and_verify  # lazily, as above

        return hybrid_and_verify.hybrid(self._path, self.caller, self.options.name, self._playing(), self.fake)

    def _verifying(self) -> ModeStages:
        from handlesfake.cassettes.modes import hybrid_and_verify  # lazily, as above

        settings = self.fake.settings
        return hybrid_and_verify.verifying(self._path, self.caller, self.options.name, self._playing(), settings)

    def _playing(self) -> Playing:
        from handlesfake.cassettes.replay.player import Playing  # lazily, as above

        one = self.options
        return Playing(
            one.all_hosts,
            one.volatile_fields,
            one.repeats,
            one.shift_times,
            one.max_age,
            one.old,
            one.pseudonym_key,
            one.run,
            one.cassette_cache,
        )

    @property
    def _path(self) -> Path:
        return cast("Path", self.options.cassette)  # the options have checked that all modes but fake have one
