"""Which recorded request is the same as one that is sent: by operation, address, body as MPSD reads it, caller."""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Iterable, Iterator
from typing import Any

from handlesfake.cassettes.cassette import Interaction
from handlesfake.cassettes.replay.bindings import Bindings
from handlesfake.cassettes.volatile_fields import Shape, VolatileFields
from handlesfake.exchange.outcome import Call

Wanted = tuple["str | None", ...]
"""The values that must fill the holes of a recorded request; None for a hole without a known value."""


class RecordingIndex:
    """The interactions that have not played yet, found at once however many there are.

    Callers are distinguished: two accounts can send the same bytes. At its first match, an unknown caller is bound
    to a caller of the cassette that is still free, and stays bound. The values in the holes of a request are bound
    in the same way.

    :param roles: who is known to the cassette, also those who send nothing in it.
    :param handed_out: ids that the service has made up: handles, ETags.
    """

    def __init__(
        self,
        interactions: Iterable[Interaction],
        roles: Iterable[str] = (),
        holes: VolatileFields | None = None,
        handed_out: Iterable[str] = (),
    ) -> None:
        self.holes = holes or VolatileFields()
        self.callers: dict[str, str] = {}
        """The cassette's name for an unknown caller."""

        self._alike: dict[Hashable, dict[str, _Alike]] = {}
        roles = set(roles)
        self._has_roles = bool(roles)
        self.labels = set(roles)
        """The callers in the cassette."""

        self._last: dict[Hashable, Interaction] = {}
        known = {one.lower() for one in handed_out}
        self._played: set[int] = set()
        for interaction in interactions:
            caller = interaction.caller
            self.labels.add(caller)
            for call in interaction.calls:
                shape = self.holes.shape(call)
                callers = self._alike.setdefault(shape.key, {})
                alike = callers.get(caller) or callers.setdefault(caller, _Alike(self._played))
                alike.add(interaction, shape)
                known.update(shape.values)
        self.bindings = Bindings(known)

    def take(self, call: Call, label: str) -> Interaction | None:
        """The first unplayed interaction that is the same as ``call`` of the caller ``label``; it plays now."""
        shape = self.holes.shape(call)
        callers = self._alike.get(shape.key)
        if callers is None:
            return None
        wanted = tuple(map(self.bindings.recorded, shape.values))
        for known in self._known_as(label, callers):
            alike = callers.get(known)
            found = alike.first(wanted, self.bindings) if alike is not None else None
            if found is not None:
                self._played.add(found[0].number)
                self._bind(label, known, shape, found[1])
                self._last[shape.key, known, found[1].values] = found[0]
                return found[0]
        return None

    def last(self, call: Call, label: str) -> Interaction | None:
        """The interaction that was played last for the same as ``call``; None when none was."""
        shape = self.holes.shape(call)
        callers = self._alike.get(shape.key, {})
        wanted = tuple(map(self.bindings.recorded, shape.values))
        for known in self._known_as(label, callers):
            found = self._last.get((shape.key, known, wanted))
            if found is not None:
                return found
        return None

    def is_unknown(self, label: str) -> bool:
        """Whether ``label`` may be a caller with another name in the cassette.

        A missing token is not an unknown caller: where roles were recorded, a request without its token is another
        one.
        """
        return label not in self.labels and bool(label or not self._has_roles)

    def _bind(self, label: str, known: str, sent: Shape, recorded: Shape) -> None:
        if known not in (label, ""):
            self.callers[label] = known
        spelled = {hole.key: hole.value for hole in recorded.holes}
        mine = {hole.key: hole.value for hole in sent.holes}
        for one, other in zip(sent.values, recorded.values, strict=True):
            self.bindings.bind(one, other, (mine[one], spelled[other]))

    def _known_as(self, label: str, callers: dict[str, _Alike]) -> Iterator[str]:
        """What the cassette may call the caller ``label``, the surest first."""
        yield label
        yield ""
        if not self.is_unknown(label):
            return
        if label in self.callers:
            yield self.callers[label]
            return
        taken = set(self.callers.values())
        yield from (known for known in callers if known not in taken)


class _Alike:
    """The interactions of one caller that differ by what fills their holes, if at all.

    There is a queue for each set of holes with known values. What can no longer match is dropped from its front, so
    that each is looked at once, and not once per request.
    """

    def __init__(self, played: set[int]) -> None:
        self._played = played
        self._all: list[tuple[Interaction, Shape]] = []
        self._rows: dict[tuple[bool, ...], dict[Wanted, deque[tuple[Interaction, Shape]]]] = {}

    def add(self, interaction: Interaction, shape: Shape) -> None:
        """Add ``interaction``, in the order of the file."""
        self._all.append((interaction, shape))

    def first(self, wanted: Wanted, bindings: Bindings) -> tuple[Interaction, Shape] | None:
        """The first unplayed one whose holes can be filled by ``wanted``."""
        if len(self._all) == 1:  # as of most requests: no rows are made to look one up in
            one = self._all[0]
            return one if self._fits(one, wanted, bindings) else None
        known = tuple(value is not None for value in wanted)
        rows = self._rows.get(known)
        if rows is None:
            rows = self._rows[known] = self._in_rows(known)
        row: Any = rows.get(wanted, ())
        while row:
            interaction, shape = row[0]
            taken = any(
                value is None and not bindings.is_free(other)
                for value, other in zip(wanted, shape.values, strict=True)
            )
            if not taken and interaction.number not in self._played:
                return interaction, shape
            row.popleft()
        return None

    def _fits(self, one: tuple[Interaction, Shape], wanted: Wanted, bindings: Bindings) -> bool:
        interaction, shape = one
        return interaction.number not in self._played and all(
            bindings.is_free(other) if value is None else value == other
            for value, other in zip(wanted, shape.values, strict=True)
        )

    def _in_rows(self, known: tuple[bool, ...]) -> dict[Wanted, deque[tuple[Interaction, Shape]]]:
        rows: dict[Wanted, deque[tuple[Interaction, Shape]]] = {}
        for one in self._all:
            key = tuple(value if is_known else None for value, is_known in zip(one[1].values, known, strict=True))
            rows.setdefault(key, deque()).append(one)
        return rows
