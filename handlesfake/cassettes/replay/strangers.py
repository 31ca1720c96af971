"""Strangers: people without a role, in a replay without the key of the recording.

With the key, each of them is found by the pseudonym, which the key makes again. Without it, as on a CI server, a
pseudonym in a recorded request matches the person that is sent instead. That holds one to one, everywhere, also in
answers. So a suite that was recorded on one machine replays on every other.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cached_property
from pathlib import Path

from handlesfake.cassettes.people.pseudonym_key import has_key_of, known_key
from handlesfake.cassettes.replay.open_people import OpenPeople, asked, open_people, written
from handlesfake.cassettes.replay.player import Player
from handlesfake.cassettes.replay.this_run import in_this_run
from handlesfake.cassettes.scrubbing.learned_values import Learned
from handlesfake.exchange.outcome import Answer, Call, Outcome, Proceed
from handlesfake.values.values import replace


class Strangers:
    """Replays what the cassette of ``player`` holds about its people to other, unknown people.

    :param less: from a call to what it is without its secrets, which the recorded ones are, too.
    :param key: that of the recording, where it is here. Then each pseudonym matches only its own person. It may be
        that only a later exchange showed the value to be a person.
    """

    def __init__(self, player: Player, less: Callable[[Call], Call], key: bytes | None = None) -> None:
        self._player = player
        self._less = less
        self._key = key
        self._sent: dict[str, str] = {}
        self._recorded: dict[str, str] = {}
        self._real = Learned()

    def __call__(self, call: Call, proceed: Proceed) -> Outcome:
        """Answer from the cassette, or pass the call on."""
        found = self._as_recorded(call)
        if found is None and self._shapes and (less := self._less(call)) is not call:
            found = self._as_recorded(less)
        if found is None:
            return proceed(call)
        missed = False

        def pass_on(_: Call) -> Outcome:
            nonlocal missed
            missed = True
            return proceed(call)

        outcome = self._player(found, pass_on)
        if missed or not isinstance(outcome, Answer):
            return outcome
        return replace(outcome, response=in_this_run(outcome.response, self._real))

    def _as_recorded(self, call: Call) -> Call | None:
        """``call`` with the pseudonyms of the first recorded request that differs from it by people only."""
        target, body = written(call)
        played = self._player.played
        for one in sorted(self._shapes, key=lambda shape: shape.number in played):
            found = one.pattern.fullmatch(f"{target}\n{body}") if one.asked == asked(call) else None
            if found is None or not self._bind(one, found, len(target)):
                continue
            return one.rewritten(call, found)
        return None

    @cached_property
    def _shapes(self) -> list[OpenPeople]:
        roles = frozenset(self._player.cassette.roles.values())
        holes = self._player.index.holes
        shapes = (open_people(one, roles, holes) for one in self._player.interactions)
        return [one for one in shapes if one.people]

    def _bind(self, shape: OpenPeople, found: re.Match[str], target: int) -> bool:
        """Whether the people in ``found`` may replace the recorded ones, which they do from now on."""
        sent, recorded = dict(self._sent), dict(self._recorded)
        for place, (kind, made_up) in enumerate(shape.people, 1):
            real = shape.sent(found, place, target)
            if real != made_up and not self._may_be(kind, real, made_up):
                return False
            if sent.setdefault(real, made_up) != made_up or recorded.setdefault(made_up, real) != real:
                return False
        for made_up, real in recorded.items():
            if made_up not in self._recorded and self._key is None:
                self._real.learn(made_up, real)
        self._sent, self._recorded = sent, recorded
        return True

    def _may_be(self, kind: str, real: str, made_up: str) -> bool:
        """Whether ``made_up`` may be the pseudonym of ``real``."""
        # lazily: only a miss asks for strangers
        if self._key is None:
            from handlesfake.cassettes.scrubbing.patterns import fits

            return real not in self._player.cassette.roles.values() and fits(kind, real)
        from handlesfake.cassettes.people.pseudonyms import Pseudonyms
        from handlesfake.cassettes.scrubbing.replacements import pseudonym_of

        return pseudonym_of(kind, real, Pseudonyms(self._key)) == made_up


def strangers(player: Player, less: Callable[[Call], Call], key_file: Path | None) -> tuple[Strangers, ...]:
    """The stage: with the key of the recording, where it is here, it tells people apart.

    :param less: from a call to what it is without its secrets.
    :param key_file: the setting ``mpsd_pseudonym_key``.
    """
    return (Strangers(player, less, known_key(key_file) if has_key_of(player.cassette.keys, key_file) else None),)
