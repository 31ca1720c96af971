"""From captures to a cassette: through the eyes of a recording, which scrubs, names roles and finds holes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from handlesfake.captures.callers import Callers, CapturedParticipants
from handlesfake.captures.exchange import Capture, CapturedExchange, LeftOut, in_order
from handlesfake.cassettes.cassette import Interaction
from handlesfake.cassettes.format.atomic_file import refuse_to_replace
from handlesfake.cassettes.format.file_names import is_there, real_file
from handlesfake.cassettes.format.loading import load_cassette, load_cassette_text
from handlesfake.cassettes.format.writing import dump_cassette
from handlesfake.cassettes.people.identities import Identity, pseudonyms, real
from handlesfake.cassettes.people.pseudonym_key import key
from handlesfake.cassettes.people.pseudonyms import Pseudonyms
from handlesfake.cassettes.recording.cassette_report import Recording
from handlesfake.cassettes.recording.finishing import Plan
from handlesfake.cassettes.recording.recorder import Recorder
from handlesfake.cassettes.scrubbing.scrubber import Scrubber
from handlesfake.cassettes.volatile_fields import VolatileFields, checked
from handlesfake.errors import CassetteError
from handlesfake.exchange.outcome import Call
from handlesfake.mpsd.http.message import MPSD_HOST
from handlesfake.values.values import field, frozen, replace

_NO_ROLES: Mapping[str, str] = MappingProxyType({})


@frozen
class Import:
    """How captures become a cassette."""

    to: Path
    roles: Mapping[str, str] = field(default_factory=lambda: _NO_ROLES)
    """Role to real xuid."""

    hosts: frozenset[str] = frozenset()
    """Hosts whose exchanges are taken, too, under their own names."""

    mpsd_hosts: frozenset[str] = frozenset()
    """Hosts that are MPSD under another name."""

    not_secret: tuple[str, ...] = ()
    holes: tuple[str, ...] = ()
    key_file: Path | None = None
    rewrite: bool = False
    """An existing cassette is replaced."""


@frozen
class Imported:
    """What came of it."""

    path: Path
    """The cassette; where what was rejected is kept."""

    sources: tuple[tuple[str, str, int], ...]
    """Name, tool and number of entries of each file."""

    recording: Recording | None
    """None where nothing was taken, and nothing is written."""

    left_out: tuple[tuple[str, LeftOut], ...]
    notes: tuple[tuple[str, int, str], ...]
    """File, entry and sentence."""

    other_hosts: Counter[str]
    """Hosts whose exchanges were not asked for."""

    callers: Callers
    without_sender: int
    roles: Mapping[str, Identity]
    unseen: tuple[str, ...]
    """Roles whose xuid is nowhere in what was taken."""

    absent: tuple[str, ...]
    """Hosts that were asked for, and to which nothing was sent."""


def import_captures(captures: Sequence[tuple[str, Capture]], how: Import) -> Imported:
    """Put what ``captures`` hold, each with the name of its file, into the cassette that ``how`` names.

    :raises SettingsError: the value of a role is not a xuid, or the key cannot be read.
    :raises CassetteError: the cassette is there already, or cannot be written.
    """
    path = real_file(how.to)
    if not how.rewrite:
        refuse_to_replace(how.to)
    renamed = set(how.roles.values())
    known = {role: xuid for _, one in captures for role, xuid in one.roles.items() if xuid not in renamed}
    roles = real({role: {"xuid": xuid} for role, xuid in {**known, **how.roles}.items()})
    wanted, others = _wanted(captures, how)
    exchanges = [one for _, one in wanted]
    callers = Callers(exchanges, roles)
    recording = _recorded(path, exchanges, how, roles, callers, known) if exchanges else None
    asked = {MPSD_HOST, *how.hosts, *how.mpsd_hosts, ""}
    others.update(left.host for _, one in captures for left in one.left_out if left.host not in asked)
    met = {one.request.host for _, capture in captures for one in capture.exchanges}
    met |= {left.host for _, capture in captures for left in capture.left_out}
    return Imported(
        recording.path if recording is not None else path,
        tuple((name, one.tool, len(one.exchanges) + len(one.left_out)) for name, one in captures),
        recording,
        tuple((name, left) for name, one in captures for left in one.left_out if left.host in asked),
        tuple((name, one.number, note) for name, one in wanted for note in (*one.notes, *_relaid(one))),
        others,
        callers,
        len(callers.without_sender(one for one in exchanges if one.request.host == MPSD_HOST)),
        roles,
        tuple(role for role, one in roles.items() if not _is_seen(one.xuid, exchanges)),
        tuple(sorted({*how.hosts, *how.mpsd_hosts} - met)),
    )


def _wanted(
    captures: Sequence[tuple[str, Capture]], how: Import
) -> tuple[list[tuple[str, CapturedExchange]], Counter[str]]:
    """The exchanges that were asked for, each with its file, as they were sent; and the hosts of the others."""
    names: dict[int, str] = {}
    taken: list[CapturedExchange] = []
    others: Counter[str] = Counter()
    for name, capture in captures:
        for one in capture.exchanges:
            host = one.request.host
            if host in (MPSD_HOST, *how.mpsd_hosts):
                one = replace(one, request=replace(one.request, host=MPSD_HOST))  # noqa: PLW2901 - the same exchange
            elif host not in how.hosts:
                others[host] += 1
                continue
            names[id(one)] = name
            taken.append(one)
    return [(names[id(one)], one) for one in in_order(taken)], others


def _recorded(
    path: Path,
    exchanges: Iterable[CapturedExchange],
    how: Import,
    roles: Mapping[str, Identity],
    callers: Callers,
    known: Mapping[str, str],
) -> Recording | None:
    held = load_cassette(path).roles if is_there(path) else {}
    made_up = pseudonyms(roles, {**held, **known})
    scrubber = Scrubber(
        Pseudonyms(key(how.key_file)), {one.xuid: made_up[role] for role, one in roles.items()}, how.not_secret
    )
    cast = CapturedParticipants(callers, roles, made_up, how.hosts)
    holes = VolatileFields(checked(how.holes), frozenset(made_up.values()))
    recorder = Recorder(Plan(path, "rewrite", takes_401=True), cast, scrubber, holes)
    recorder.start()
    try:
        for one in exchanges:
            recorder.hear(Call(one.request, 0), one.response)
    except BaseException:
        recorder.discard()
        raise
    try:
        recorder.stop()
    except CassetteError:
        # what was rejected is told in the words of an import
        if recorder.recording is None:
            raise
    return recorder.recording


def _relaid(exchange: CapturedExchange) -> tuple[str, ...]:
    """What to say of an answer that a cassette lays out otherwise: only of several lines is that thinkable."""
    body = exchange.response.body
    if b"\n" not in body:
        return ()
    one = Interaction(1, exchange.request, exchange.response)
    (again,) = load_cassette_text(dump_cassette([one], {}).encode(), Path("lobby.yaml")).interactions
    return () if again.response.body == body else ("the spaces in the JSON of its answer are not kept",)


def _is_seen(xuid: str, exchanges: Iterable[CapturedExchange]) -> bool:
    raw = xuid.encode()
    return any(raw in one.request.body or raw in one.response.body or xuid in one.request.target for one in exchanges)
