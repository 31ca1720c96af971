"""The mode that replays: its stages. Nothing that records or scrubs is imported for it, nor YAML."""

from __future__ import annotations

from pathlib import Path

from handlesfake.cassettes.modes.load_for_replay import load_for_replay
from handlesfake.cassettes.modes.mode import ModeStages, Who
from handlesfake.cassettes.people.identities import recorded
from handlesfake.cassettes.replay.not_recorded import Miss
from handlesfake.cassettes.replay.player import Player, Playing
from handlesfake.cassettes.replay.scrubbed_requests import ScrubbedRequests
from handlesfake.cassettes.replay.strangers import strangers
from handlesfake.exchange.outcome import Stage


def replaying(path: Path, who: Who, holder: str, playing: Playing) -> ModeStages:
    """Answer from the cassette at ``path``, and from nothing else.

    :param holder: who holds the double, for messages.
    :raises CassetteError: there is none, or it cannot be read.
    """
    player = Player(load_for_replay(path, holder, playing), who, playing)
    masks = ScrubbedRequests(player, playing.key_file)
    miss = Miss(player, who, holder, masks.as_recorded)
    stages: tuple[Stage, ...] = (masks, *strangers(player, masks.without_secrets, playing.key_file), miss)
    return ModeStages(stages, recorded(player.cassette.roles), player=player)
