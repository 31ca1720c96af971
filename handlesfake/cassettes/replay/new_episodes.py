"""NewEpisodes: what the cassette holds already, played to the real accounts that record the rest."""

from __future__ import annotations

from collections.abc import Mapping

from handlesfake.cassettes.replay.player import Player
from handlesfake.cassettes.replay.scrubbed_requests import masked
from handlesfake.cassettes.replay.this_run import in_this_run
from handlesfake.cassettes.scrubbing.learned_values import Learned
from handlesfake.cassettes.scrubbing.scrubber import Scrubber
from handlesfake.exchange.outcome import Answer, Call, Outcome, Proceed
from handlesfake.values.values import replace


class NewEpisodes:
    """Plays what the cassette holds to real accounts, whose xuids it does not know, and passes the rest on as it was.

    :param roles: real xuid to the cassette's.
    """

    def __init__(self, player: Player, scrubber: Scrubber, roles: Mapping[str, str]) -> None:
        self._player = player
        self._scrubber = scrubber
        self._real = Learned()
        for real, made_up in roles.items():
            self._real.learn(made_up, real)

    def __call__(self, call: Call, proceed: Proceed) -> Outcome:
        """Answer from the cassette, or pass the call on."""
        passed = False

        def pass_on(_: Call) -> Outcome:
            nonlocal passed
            passed = True
            return proceed(call)

        outcome = self._player(masked(self._scrubber, call), pass_on)
        if passed or not isinstance(outcome, Answer):
            return outcome
        return replace(outcome, response=in_this_run(outcome.response, self._real))
