"""Strangers: people without a role, in a replay without the key of the recording.

Whoever has the key finds each of them by the pseudonym that it makes again. Without it, as on a server of a pipeline,
a pseudonym in a recorded request stands for the one that is sent in its place, one to one and throughout, in answers
too. So a suite that was recorded on one machine replays on every other.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote

from handlesfake.cassettes.cassette import Interaction
from handlesfake.cassettes.people.pseudonym_key import has_key_of
from handlesfake.cassettes.people.pseudonyms import KINDS, is_made_up_xuid, is_pseudonym
from handlesfake.cassettes.replay.player import Player
from handlesfake.cassettes.replay.this_run import in_this_run
from handlesfake.cassettes.scrubbing.learned_values import Learned
from handlesfake.exchange.outcome import Answer, Call, Outcome, Proceed

_LOOKS = (
    r"(?<![0-9A-Za-z])(?:Player\d{9}(?:#0\d*)?|player[0-9a-f]{8}(?:@mail\.invalid)?|\+?999\d{10}|\d{16,20}"
    r"|(?i:machine-[0-9a-f]{8}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})|198\.1[89]\.\d{1,3}\.\d{1,3}"
    r"|said [0-9a-f]{8}|Nowhere \d{5}|aGFuZGxlc2Zha2Ug[A-Za-z0-9+/]{32})(?![0-9A-Za-z])"
)
"""What pseudonyms look like: a text, for only a miss asks for it, and to compile it takes a millisecond."""

_ANYBODY = r"((?:[^\"\\&/?\n]|\\.){1,200}?)"
_ANYTHING = r"(?:[^\"\\&/?\n]|\\.){1,200}?"


class Strangers:
    """Plays to people whom nothing here knows what the cassette of ``player`` holds of others."""

    def __init__(self, player: Player) -> None:
        self._player = player
        self._sent: dict[str, str] = {}
        self._recorded: dict[str, str] = {}
        self._real = Learned()

    def __call__(self, call: Call, proceed: Proceed) -> Outcome:
        """Answer from the cassette, or pass the call on."""
        found = self._as_recorded(call)
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
        target, body = _written(call)
        played = self._player.played
        for one in sorted(self._shapes, key=lambda shape: shape.number in played):
            found = one.pattern.fullmatch(f"{target}\n{body}") if one.asked == _asked(call) else None
            if found is None or not self._bind(one, found, len(target)):
                continue
            return _rewritten(call, one, found)
        return None

    @cached_property
    def _shapes(self) -> list[_Shape]:
        roles = frozenset(self._player.cassette.roles.values())
        shapes = (_shape(one, roles, self._player) for one in self._player.interactions)
        return [one for one in shapes if one.people]

    def _bind(self, shape: _Shape, found: re.Match[str], target: int) -> bool:
        """Whether the people in ``found`` may stand for the recorded ones, which they do from now on."""
        from handlesfake.cassettes.scrubbing.patterns import fits  # lazily: only a miss asks for strangers

        sent, recorded = dict(self._sent), dict(self._recorded)
        roles = self._player.cassette.roles.values()
        for place, (kind, made_up) in enumerate(shape.people, 1):
            real = _plain(found[place], is_target=found.start(place) < target)
            if real != made_up and (real in roles or not fits(kind, real)):
                return False
            if sent.setdefault(real, made_up) != made_up or recorded.setdefault(made_up, real) != real:
                return False
        for made_up, real in recorded.items():
            if made_up not in self._recorded:
                self._real.learn(made_up, real)
        self._sent, self._recorded = sent, recorded
        return True


def strangers(player: Player, key_file: Path | None) -> tuple[Strangers, ...]:
    """The stage, where the key of the recording is not here; nothing where it is, which tells people apart.

    :param key_file: the setting ``mpsd_pseudonym_key``.
    """
    return () if has_key_of(player.cassette.keys, key_file) else (Strangers(player),)


@dataclass(frozen=True)
class _Shape:
    """A recorded request with its people left open."""

    number: int
    asked: tuple[str, str]
    pattern: re.Pattern[str]
    people: tuple[tuple[str, str], ...]
    """Kind and pseudonym of each, in the order of the groups of the pattern."""


def _shape(interaction: Interaction, roles: frozenset[str], player: Player) -> _Shape:
    text = "\n".join(_written(interaction.call))
    volatile = {hole.value for hole in player.index.holes.shape(interaction.call).holes}
    parts, people, done = [], [], 0
    for start, stop, kind in _found(text, roles, volatile):
        if start < done:
            continue
        parts += [re.escape(text[done:start]), _ANYBODY if kind else _ANYTHING]
        people += [(kind, text[start:stop])] if kind else []
        done = stop
    pattern = re.compile("".join([*parts, re.escape(text[done:])]))
    return _Shape(interaction.number, _asked(interaction.call), pattern, tuple(people))


def _found(text: str, roles: frozenset[str], volatile: set[str]) -> Iterator[tuple[int, int, str]]:
    """Where pseudonyms stand in ``text``, with their kinds, and what is new in each run, without one."""
    found = [(one.start(), one.end(), _kind(one[0])) for one in re.finditer(_LOOKS, text) if one[0] not in roles]
    people = [one for one in found if one[2]]
    new = [(one.start(), one.end(), "") for value in volatile for one in re.finditer(re.escape(value), text)]
    yield from sorted([*new, *people])


def _kind(text: str) -> str:
    """The kind of the pseudonym ``text``; empty where it is none that was made by a key."""
    kind = next((kind for kind in KINDS if is_pseudonym(kind, text)), "")
    return "" if kind == "xuid" and not is_made_up_xuid(text) else kind


def _asked(call: Call) -> tuple[str, str]:
    return call.request.method, call.operation if call.route.operation else ""


def _written(call: Call) -> tuple[str, str]:
    """Target and body as they are compared: keys in order, no spaces."""
    document = call.document
    if document is not None:
        body = json.dumps(document, separators=(",", ":"), sort_keys=True, ensure_ascii=False)
    else:
        body = call.request.body.decode("utf-8", "replace")
    return call.request.target, body


def _plain(text: str, *, is_target: bool) -> str:
    if is_target:
        return unquote(text)
    try:
        found = json.loads(f'"{text}"')
    except ValueError:
        return text
    return found if isinstance(found, str) else text


def _rewritten(call: Call, shape: _Shape, found: re.Match[str]) -> Call:
    """``call`` with the pseudonyms in the places of the people."""
    text, parts, done = found.string, [], 0
    for place, (_, made_up) in enumerate(shape.people, 1):
        parts += [text[done : found.start(place)], made_up]
        done = found.end(place)
    path, _, body = "".join([*parts, text[done:]]).partition("\n")
    request = call.request
    headers = request.headers.without("Content-Encoding")
    return Call(replace(request, target=path, headers=headers, body=body.encode()), call.now)
