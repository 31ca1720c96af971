"""The mode that records: its stages, and whether anything is to be recorded now."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from handlesfake.cassettes.cassette import Cassette
from handlesfake.cassettes.format.file_names import is_there, real_file
from handlesfake.cassettes.format.loading import load_cassette
from handlesfake.cassettes.modes.load_for_replay import recovered
from handlesfake.cassettes.modes.mode import ModeStages, Who
from handlesfake.cassettes.next_steps import display_path, instead_of_a_rewrite
from handlesfake.cassettes.people.identities import Credentials, pseudonyms, real
from handlesfake.cassettes.people.pseudonym_key import fingerprint, key
from handlesfake.cassettes.people.pseudonyms import Pseudonyms
from handlesfake.cassettes.recording.finishing import Plan, begin
from handlesfake.cassettes.recording.left_behind import has_abandoned
from handlesfake.cassettes.recording.recorder import Participants, Recorder
from handlesfake.cassettes.recording.run_notes import cut_short, noted
from handlesfake.cassettes.replay.age import is_too_old
from handlesfake.cassettes.replay.new_episodes import NewEpisodes
from handlesfake.cassettes.replay.player import Player, Playing
from handlesfake.cassettes.scrubbing.scrubber import Scrubber
from handlesfake.cassettes.sharing import absent, function_of, others, place_among_sharers
from handlesfake.cassettes.volatile_fields import VolatileFields, checked
from handlesfake.errors import CassetteError
from handlesfake.values.values import frozen

if TYPE_CHECKING:
    from handlesfake.options.options import Options


_SHOWN = 5
"""Tests that a refused rewrite names."""


@frozen
class Taping:
    """How a cassette is recorded."""

    policy: str = "once"
    run: str = ""
    """Names one session of pytest with all its workers; empty for one recording by itself."""

    other_hosts: frozenset[str] = frozenset()
    """Hosts that are recorded although they are not MPSD."""

    not_secret: tuple[str, ...] = ()
    key_file: Path | None = None
    holder: str = ""
    """The double's name: a test's node id."""


def taping(options: Options) -> Taping:
    """What ``options`` say of it."""
    return Taping(
        options.record,
        options.run,
        frozenset(options.hosts_beside),
        tuple(options.not_secret),
        options.pseudonym_key,
        options.name,
    )


def recording(path: Path, who: Who, credentials: Credentials | None, taping: Taping, playing: Playing) -> ModeStages:
    """Make requests for real, all or those that the cassette does not hold, and record them into ``path``.

    :raises SettingsError: the credentials are not as they must be.
    :raises CassetteError: the existing cassette cannot be read.
    """
    identities = real(credentials)
    path = real_file(path)
    # what a killed run has left is in the cassette by now, so that a recording without a run finds no trace of it
    policy = _policy(path, taping) or "new_episodes"
    recovered(path, taping.run)
    cassette = load_cassette(path) if is_there(path) else None
    if cassette is not None and policy == "rewrite":
        _refuse_to_drop(cassette, taping)
    made_up = pseudonyms(identities, cassette.roles if cassette is not None else None)
    names = {one.xuid: made_up[role] for role, one in identities.items()}
    tests = (function_of(taping.holder),) if "::" in taping.holder else ()
    cast = Participants(who, identities, made_up, taping.other_hosts, tests)
    secret = key(taping.key_file)
    scrubber = Scrubber(Pseudonyms(secret), names, taping.not_secret)
    for identity in identities.values():
        scrubber.knows_token(identity.authorization)
    for role, one in identities.items():
        if one.user_hash:
            scrubber.name(one.user_hash, role)
    cast.labels.update({one.user_hash: role for role, one in identities.items() if one.user_hash})
    holes = VolatileFields(checked(playing.holes), frozenset(made_up.values()))
    goes_on, keeps_times = taping.policy == "once" != policy, cassette is None or not is_too_old(cassette, playing)
    rank = place_among_sharers(path, taping.holder, taping.run)
    plan = Plan(path, policy, taping.run, goes_on, holes, keeps_times, fingerprint(secret), rank)
    recorder = Recorder(plan, cast, scrubber, holes)
    if policy != "new_episodes" or cassette is None:
        return ModeStages((recorder,), identities, recorder)
    player = Player(cassette, who, playing)
    recorder.as_recorded = player.index.bindings.as_recorded
    return ModeStages((NewEpisodes(player, scrubber, names), recorder), identities, recorder, player)


def records(path: Path, taping: Taping) -> bool:
    """Whether the policy wants something recorded now; else the cassette is replayed."""
    return bool(_policy(real_file(path), taping))


def _policy(path: Path, taping: Taping) -> str:
    """The policy as things are; empty for a replay."""
    if taping.policy == "none":
        return ""
    if taping.policy != "once":
        return taping.policy
    # before the note is read: what another worker of this run has written since has its note by then
    was_there = is_there(path)
    if has_abandoned(path) or cut_short(path, taping.run):
        # a run was killed, or interrupted: what it kept plays, and this one records the rest, in all of its tests
        begin(Plan(path, "new_episodes", taping.run, goes_on=True))
        if not taping.run:
            return "new_episodes"
    start = noted(path, taping.run)
    if start is None:
        return "" if was_there else "once"
    if start.goes_on:
        return "new_episodes"
    # the cassette is this very run's: another test, or another worker, has begun it
    return "" if start.texts else "once"


def _refuse_to_drop(cassette: Cassette, taping: Taping) -> None:
    """Refuse a rewrite that would drop what tests have recorded that do not run now.

    :raises CassetteError: names them, and the commands that lose nothing.
    """
    path, holder = cassette.path, taping.holder
    missing = absent(path, holder, cassette.tests, taping.run)
    if not missing:
        return
    more = f" and {len(missing) - _SHOWN} more" if len(missing) > _SHOWN else ""
    sharing = others(path, holder, cassette.tests, taping.run)
    raise CassetteError(
        "\n".join(
            (
                f"{display_path(path)}: a rewrite would drop what tests have recorded that do not run now.",
                f"  they are  {', '.join(missing[:_SHOWN])}{more}",
                *instead_of_a_rewrite(holder, path, sharing),
                "  or delete the cassette first, if you do not need it any more.",
            )
        )
    )
