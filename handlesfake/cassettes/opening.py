"""From a mode with a cassette to its stages."""

from __future__ import annotations

from pathlib import Path

from handlesfake.cassettes.age import warn_of_age
from handlesfake.cassettes.identities import Credentials, real, recorded
from handlesfake.cassettes.loading import load
from handlesfake.cassettes.miss import Miss
from handlesfake.cassettes.missing import no_cassette
from handlesfake.cassettes.player import Player, Playing
from handlesfake.cassettes.recorder import Recorder
from handlesfake.cassettes.tape import Tape, Who
from handlesfake.errors import SettingsError

POLICIES = ("none", "once", "rewrite")
"""``once``: record when there is no file, else replay it; ``none`` the same. ``rewrite``: record in any case."""


def replaying(path: Path, who: Who, holder: str, playing: Playing) -> Tape:
    """Answer from the cassette at ``path``, and from nothing else.

    :param holder: who holds the double, for messages.
    :raises CassetteError: there is none, or it cannot be read.
    """
    if not path.exists():
        raise no_cassette(path, holder)
    player = Player(load(path), who, playing)
    warn_of_age(player.cassette, playing.max_age, holder)
    return Tape((player, Miss(player, who, holder)), recorded(player.cassette.roles), player=player)


def recording(path: Path, who: Who, credentials: Credentials | None) -> Tape:
    """Make every request for real, and record into ``path``.

    :raises SettingsError: the credentials are not as they must be.
    """
    identities = real(credentials)
    recorder = Recorder(path, who, identities)
    return Tape((recorder,), identities, recorder)


def records(path: Path, policy: str) -> bool:
    """Whether the policy of recording wants ``path`` recorded now; else it is replayed.

    :raises SettingsError: the policy is not there yet.
    """
    if policy not in POLICIES:
        raise SettingsError(f"the recording policy {policy!r} is not there yet. There are: {', '.join(POLICIES)}.")
    return policy == "rewrite" or not path.exists()
