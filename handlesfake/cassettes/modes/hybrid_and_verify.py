"""From the modes that have a cassette and a fake to their stages."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from handlesfake.cassettes.comparison.hybrid import Hybrid, Knowing
from handlesfake.cassettes.comparison.verify_stage import Compare
from handlesfake.cassettes.modes.load_for_replay import load_for_replay
from handlesfake.cassettes.modes.mode import ModeStages, Who
from handlesfake.cassettes.people.identities import recorded
from handlesfake.cassettes.replay.not_recorded import Miss
from handlesfake.cassettes.replay.player import Player, Playing
from handlesfake.cassettes.replay.scrubbed_requests import ScrubbedRequests
from handlesfake.cassettes.replay.strangers import strangers
from handlesfake.exchange.outcome import Call, Outcome, Proceed, Stage
from handlesfake.mpsd.settings import Settings


class TeachableFake(Knowing, Protocol):
    """The stage that answers by itself, and keeps what the service knows."""

    def __call__(self, call: Call, proceed: Proceed) -> Outcome:
        """Let the service answer."""
        ...


def hybrid(path: Path, who: Who, holder: str, playing: Playing, fake: TeachableFake) -> ModeStages:
    """Answer from the cassette at ``path``, and what it does not hold from ``fake``, which it teaches.

    :param holder: who holds the double, for messages.
    :raises CassetteError: there is none, or it cannot be read.
    """
    player = Player(load_for_replay(path, holder, playing), who, playing)
    stage = Hybrid(ScrubbedRequests(player, playing.key_file), player, fake, who)
    return ModeStages((stage, fake), roles=player.cassette.roles, player=player)


def verifying(path: Path, who: Who, holder: str, playing: Playing, settings: Settings) -> ModeStages:
    """Answer from the cassette at ``path``, and compare with what a fake of ``settings`` would have answered.

    :param holder: who holds the double, for messages.
    :raises CassetteError: there is none, or it cannot be read.
    """
    player = Compare(load_for_replay(path, holder, playing), who, playing, settings)
    masks = ScrubbedRequests(player, playing.key_file)
    stages: tuple[Stage, ...] = (
        masks,
        *strangers(player, masks.without_secrets, playing.key_file),
        Miss(player, who, holder),
    )
    return ModeStages(stages, recorded(player.cassette.roles), player=player)
