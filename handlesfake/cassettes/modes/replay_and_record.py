"""From a mode with a cassette to its stages."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from handlesfake.cassettes.format.loading import load_cassette
from handlesfake.cassettes.modes.load_for_replay import load_for_replay, recovered
from handlesfake.cassettes.modes.mode import ModeStages, Who
from handlesfake.cassettes.people.identities import Credentials, pseudonyms, real, recorded
from handlesfake.cassettes.people.pseudonym_key import key
from handlesfake.cassettes.people.pseudonyms import Pseudonyms
from handlesfake.cassettes.recording.finishing import Plan
from handlesfake.cassettes.recording.journal_file import has_abandoned
from handlesfake.cassettes.recording.locking import read_start
from handlesfake.cassettes.recording.recorder import Participants, Recorder
from handlesfake.cassettes.replay.not_recorded import Miss
from handlesfake.cassettes.replay.player import Player, Playing
from handlesfake.cassettes.replay.scrubbed_requests import NewEpisodes, ScrubbedRequests
from handlesfake.cassettes.scrubbing.scrubber import Scrubber
from handlesfake.cassettes.volatile_fields import VolatileFields, checked

if TYPE_CHECKING:
    from handlesfake.options.options import Options


@dataclass(frozen=True, slots=True)
class Taping:
    """How a cassette is recorded."""

    policy: str = "once"
    run: str = ""
    """Names one session of pytest with all its workers; empty for one recording by itself."""

    other_hosts: frozenset[str] = frozenset()
    """Hosts that are recorded although they are not MPSD."""

    not_secret: tuple[str, ...] = ()
    key_file: Path | None = None


def taping(options: Options) -> Taping:
    """What ``options`` say of it."""
    return Taping(
        options.record, options.run, frozenset(options.record_hosts), tuple(options.not_secret), options.pseudonym_key
    )


def replaying(path: Path, who: Who, holder: str, playing: Playing) -> ModeStages:
    """Answer from the cassette at ``path``, and from nothing else.

    :param holder: who holds the double, for messages.
    :raises CassetteError: there is none, or it cannot be read.
    """
    player = Player(load_for_replay(path, holder, playing), who, playing)
    masks = ScrubbedRequests(player, playing.key_file)
    return ModeStages(
        (masks, Miss(player, who, holder, masks.as_recorded)), recorded(player.cassette.roles), player=player
    )


def recording(path: Path, who: Who, credentials: Credentials | None, taping: Taping, playing: Playing) -> ModeStages:
    """Make requests for real, all or those that the cassette does not hold, and record them into ``path``.

    :raises SettingsError: the credentials are not as they must be.
    :raises CassetteError: a cassette that is there cannot be read.
    """
    identities = real(credentials)
    policy = _policy(path, taping)
    recovered(path)
    cassette = load_cassette(path) if path.exists() else None
    made_up = pseudonyms(identities, cassette.roles if cassette is not None else None)
    names = {one.xuid: made_up[role] for role, one in identities.items()}
    cast = Participants(who, identities, made_up, taping.other_hosts)
    scrubber = Scrubber(Pseudonyms(key(taping.key_file)), names, taping.not_secret)
    for identity in identities.values():
        scrubber.knows_token(identity.authorization)
    cast.labels.update({one.user_hash: role for role, one in identities.items() if one.user_hash})
    holes = VolatileFields(checked(playing.holes), frozenset(made_up.values()))
    recorder = Recorder(Plan(path, policy, taping.run), cast, scrubber, holes)
    if policy != "new_episodes" or cassette is None:
        return ModeStages((recorder,), identities, recorder)
    player = Player(cassette, who, playing)
    recorder.as_recorded = player.index.bindings.as_recorded
    return ModeStages((NewEpisodes(player, scrubber, names), recorder), identities, recorder, player)


def records(path: Path, taping: Taping) -> bool:
    """Whether the policy wants something recorded now; else the cassette is replayed."""
    return bool(_policy(path, taping))


def _policy(path: Path, taping: Taping) -> str:
    """The policy as things are; empty for a replay."""
    if taping.policy == "none":
        return ""
    if taping.policy != "once":
        return taping.policy
    if has_abandoned(path):
        return "new_episodes"  # a recorder was killed: what it kept plays, and the rest is recorded now
    if not path.exists():
        return "once"
    start = read_start(path, taping.run)
    # the cassette is this very run's: another test, or another worker, has begun it
    return "once" if start is not None and not start.texts else ""
