"""ScrubbedRequests: a request as the recorder would have written it, so that what was scrubbed then is found now."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from handlesfake.cassettes.people.pseudonym_key import known_key
from handlesfake.cassettes.replay.player import Player
from handlesfake.exchange.outcome import Call, Outcome, Proceed

if TYPE_CHECKING:
    from handlesfake.cassettes.scrubbing.scrubber import Scrubber


class ScrubbedRequests:
    """Asks ``player`` for a request as it was sent, then less its secrets, then, given a key, with pseudonyms.

    :param file: the setting ``mpsd_pseudonym_key``.
    """

    def __init__(self, player: Player, file: Path | None) -> None:
        self._player = player
        self._file = file

    @cached_property
    def _unkeyed(self) -> Scrubber:
        from handlesfake.cassettes.scrubbing.scrubber import Scrubber  # lazily: only a miss asks for it

        return Scrubber(None)

    @cached_property
    def _keyed(self) -> Scrubber | None:
        from handlesfake.cassettes.people.pseudonyms import Pseudonyms  # lazily, as above
        from handlesfake.cassettes.scrubbing.scrubber import Scrubber

        key = known_key(self._file)
        roles = self._player.cassette.roles.values()  # these are pseudonyms already
        return Scrubber(Pseudonyms(key), {xuid: xuid for xuid in roles}) if key is not None else None

    def as_recorded(self, call: Call) -> Call:
        """``call`` less its secrets and, given a key, with pseudonyms."""
        return masked(self._keyed or self._unkeyed, call)

    def without_secrets(self, call: Call) -> Call:
        """``call`` less its secrets; itself where it has none."""
        return masked(self._unkeyed, call)

    def __call__(self, call: Call, proceed: Proceed) -> Outcome:
        """Answer from the cassette, or pass the call on as it was sent."""
        return self._player(call, lambda _: self._without_secrets(call, proceed))

    def _without_secrets(self, call: Call, proceed: Proceed) -> Outcome:
        less = self.without_secrets(call)
        if less is call:
            return self._with_pseudonyms(call, proceed)
        return self._player(less, lambda _: self._with_pseudonyms(call, proceed))

    def _with_pseudonyms(self, call: Call, proceed: Proceed) -> Outcome:
        made_up = masked(self._keyed, call) if self._keyed is not None else call
        return proceed(call) if made_up is call else self._player(made_up, lambda _: proceed(call))


def masked(scrubber: Scrubber, call: Call) -> Call:
    """``call`` as ``scrubber`` would have it written; itself where nothing is to be hidden."""
    sent = scrubber.sent(call.request)
    return call if sent == call.request else Call(sent, call.now)
