"""Compare: the stage that answers from a cassette, and puts each recorded request to a fake as well."""

from __future__ import annotations

from collections.abc import Callable

from handlesfake.cassettes.cassette import Cassette, Interaction
from handlesfake.cassettes.comparison.verify import Account, Verifier
from handlesfake.cassettes.next_steps import display_path
from handlesfake.cassettes.replay.player import Player, Playing
from handlesfake.exchange.outcome import Call
from handlesfake.mpsd.http.message import Request
from handlesfake.mpsd.operations import UNROUTED
from handlesfake.mpsd.settings import Settings
from handlesfake.mpsd.state.identity import Caller


class Compare(Player):
    """A player that knows where the fake would have answered otherwise."""

    def __init__(
        self,
        cassette: Cassette,
        who: Callable[[Request], Caller | None],
        playing: Playing | None = None,
        settings: Settings | None = None,
    ) -> None:
        super().__init__(cassette, who, playing)
        self.account = Account()
        self._verifier = Verifier(cassette, settings)
        self._lines: list[str] = []

    def taken(self, call: Call, caller: Caller | None) -> Interaction | None:
        """See :meth:`handlesfake.cassettes.replay.player.Player.taken`."""
        before = len(self.played)
        interaction = super().taken(call, caller)
        if interaction is not None and len(self.played) > before and call.operation != UNROUTED:
            # the recorded request: in it are the recorded ids, and the recorded pseudonyms
            self._lines += self.account.add(self._verifier.check(interaction))
        return interaction

    def told(self) -> str:
        """Where the fake answers otherwise, for the failure of a test; empty where it does not. Told once."""
        lines, self._lines = self._lines, []
        if not lines:
            return ""
        head = f"the fake answers differently from {display_path(self.cassette.path)}:"
        return "\n".join((head, *lines, *self.account.lines()))
