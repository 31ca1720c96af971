"""ScrubbedRequests: a request as the recorder would have written it, so that what was scrubbed then is found now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from handlesfake.cassettes.people.pseudonym_key import known_key
from handlesfake.cassettes.people.pseudonyms import Pseudonyms
from handlesfake.cassettes.replay.player import Player
from handlesfake.cassettes.replay.this_run import in_this_run
from handlesfake.cassettes.scrubbing.learned_values import Learned
from handlesfake.cassettes.scrubbing.scrubber import Scrubber
from handlesfake.exchange.outcome import Answer, Call, Outcome, Proceed


class ScrubbedRequests:
    """Asks ``player`` for a request as it was sent, then less its secrets, then, given a key, with pseudonyms.

    :param file: the setting ``mpsd_pseudonym_key``.
    """

    def __init__(self, player: Player, file: Path | None) -> None:
        self._player = player
        self._file = file
        self._unkeyed = Scrubber(None)

    @cached_property
    def _keyed(self) -> Scrubber | None:
        key = known_key(self._file)
        roles = self._player.cassette.roles.values()  # these are pseudonyms already
        return Scrubber(Pseudonyms(key), {xuid: xuid for xuid in roles}) if key is not None else None

    def as_recorded(self, call: Call) -> Call:
        """``call`` less its secrets and, given a key, with pseudonyms."""
        return _masked(self._keyed or self._unkeyed, call)

    def __call__(self, call: Call, proceed: Proceed) -> Outcome:
        """Answer from the cassette, or pass the call on as it was sent."""
        return self._player(call, lambda _: self._without_secrets(call, proceed))

    def _without_secrets(self, call: Call, proceed: Proceed) -> Outcome:
        masked = _masked(self._unkeyed, call)
        if masked is call:
            return self._with_pseudonyms(call, proceed)
        return self._player(masked, lambda _: self._with_pseudonyms(call, proceed))

    def _with_pseudonyms(self, call: Call, proceed: Proceed) -> Outcome:
        masked = _masked(self._keyed, call) if self._keyed is not None else call
        return proceed(call) if masked is call else self._player(masked, lambda _: proceed(call))


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

        outcome = self._player(_masked(self._scrubber, call), pass_on)
        if passed or not isinstance(outcome, Answer):
            return outcome
        return replace(outcome, response=in_this_run(outcome.response, self._real))


def _masked(scrubber: Scrubber, call: Call) -> Call:
    sent = scrubber.sent(call.request)
    return call if sent == call.request else Call(sent, call.now)
