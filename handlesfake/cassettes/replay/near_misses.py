"""The recorded requests that are most like one that was sent, and where they differ."""

from __future__ import annotations

from collections.abc import Iterable

from handlesfake.cassettes.cassette import Interaction
from handlesfake.cassettes.replay.matching import RecordingIndex
from handlesfake.cassettes.volatile_fields import fields_of
from handlesfake.exchange.outcome import Call
from handlesfake.json_diff import Difference, differences
from handlesfake.values.values import frozen, replace


@frozen
class Near:
    """One recorded request, and where the one that was sent differs from it."""

    interaction: Interaction
    unlike: tuple[Difference, ...]
    bound: tuple[str, ...]
    """The fields that hold other values, which is right, since they are new in each run."""


def nearest_recorded(
    call: Call,
    label: str,
    interactions: Iterable[Interaction],
    index: RecordingIndex,
    played: set[int],
    limit: int = 3,
) -> list[Near]:
    """At most ``limit`` of ``interactions``, of the same operation, that ``call`` is most like, the nearest first."""
    sent = _Sent(call, label, index)
    alike = [sent.near(one) for one in interactions if one.call.operation == call.operation]
    alike.sort(key=lambda one: (len(one.unlike), one.interaction.number in played, one.interaction.number))
    return alike[:limit]


def as_sent(near: Near, call: Call, label: str, index: RecordingIndex) -> Near:
    """``near`` with what ``call`` really holds where the two differ: it was found with the people's pseudonyms."""
    mine = {one.path: one for one in _Sent(call, label, index).near(near.interaction).unlike}
    return replace(near, unlike=tuple(mine.get(one.path, one) for one in near.unlike))


class _Sent:
    """What was sent, to be compared with many recorded requests."""

    def __init__(self, call: Call, label: str, index: RecordingIndex) -> None:
        self._label = label
        self._index = index
        self._fields = fields_of(call)
        self._holes = index.holes.shape(call).holes

    def near(self, interaction: Interaction) -> Near:
        """Where ``interaction`` differs."""
        mine = self._fields
        if interaction.caller:
            caller = self._caller(interaction.caller)
            mine = {**mine, "caller": caller} if caller else mine
        unlike, bound = [], []
        found = differences(interaction.fields, mine)
        fitting = self._fitting(interaction) if self._holes and found else frozenset()
        for one in found:
            if one.path in fitting:
                bound.append(one.path)
            else:
                unlike.append(one)
        return Near(interaction, tuple(unlike), tuple(bound))

    def _fitting(self, interaction: Interaction) -> frozenset[str]:
        """The holes of both requests whose values may match each other."""
        index = self._index
        theirs = {hole.path: hole for hole in index.holes.shape(interaction.call).holes}
        fitting = set()
        for hole in self._holes:
            other = theirs.get(hole.path)
            if other is None:
                continue
            stands_for = index.bindings.recorded(hole.key)
            if stands_for == other.key or (stands_for is None and index.bindings.is_free(other.key)):
                fitting.add(hole.path)
        return frozenset(fitting)

    def _caller(self, recorded: str) -> str:
        """What the cassette calls the sender: ``recorded``, where it may be that one."""
        index = self._index
        known = index.callers.get(self._label, self._label)
        is_open = index.is_unknown(known) and recorded not in index.callers.values()
        return recorded if is_open else known
