"""CassetteDiff: where two recordings of the same traffic differ, as a replay would see it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from handlesfake.cassettes.cassette import Cassette, Interaction
from handlesfake.cassettes.comparison.normalisers import compared_fields
from handlesfake.cassettes.pairing.answers import times_in
from handlesfake.cassettes.pairing.keeping import in_recorded_values
from handlesfake.cassettes.volatile_fields import VolatileFields
from handlesfake.json_diff import Difference, differences
from handlesfake.mpsd.http.message import Response
from handlesfake.values.values import frozen


@frozen
class Change:
    """One exchange that only one of the recordings has, or that both have in other words."""

    kind: Literal["changed", "added", "removed"]
    old: Interaction | None
    new: Interaction | None
    """In the ids and times of the old recording."""

    unlike: tuple[Difference, ...] = ()


@frozen
class CassetteDiff:
    """What has changed from one recording to another."""

    changes: tuple[Change, ...]
    """In the order of the new recording; what was removed stands where it was."""

    roles: tuple[Difference, ...]
    """The roles that only one of them has."""

    ids: int
    """How many ids differ, which says nothing."""

    times: int
    """How many times differ, which says nothing."""

    @property
    def is_empty(self) -> bool:
        """Whether a replay takes one for the other."""
        return not self.changes and not self.roles


def cassette_diff(old: Cassette, new: Cassette, patterns: Iterable[str] = ()) -> CassetteDiff:
    """Where ``new`` differs from ``old``: requests as the matcher compares them, answers as ``verify`` does.

    Each id matches one other id, as in a replay. Times are compared only where they are in the future.

    :param patterns: dotted paths of more volatile fields; see :class:`VolatileFields`.
    """
    holes = VolatileFields(tuple(patterns), frozenset(old.roles.values()))
    people = {xuid: old.roles[role] for role, xuid in new.roles.items() if role in old.roles}
    kept = in_recorded_values(old.interactions, new.interactions, holes, people)
    pairs = list(zip(kept.twins, kept.interactions, strict=True))
    ids = sum(one != other for one, other in kept.renamed.items() if one not in people)
    times = sum(
        _times(one.response, twin.response) for one, twin in zip(new.interactions, kept.twins, strict=True) if twin
    )
    roles = differences(dict.fromkeys(old.roles, "here"), dict.fromkeys(new.roles, "here"), path="roles")
    return CassetteDiff(tuple(_changes(old.interactions, pairs)), tuple(roles), ids, times)


def _times(new: Response, old: Response) -> int:
    recorded = times_in(old)
    return sum(recorded.get(place, time) != time for place, time in times_in(new).items())


def _changes(old: tuple[Interaction, ...], pairs: list[tuple[Interaction | None, Interaction]]) -> Iterator[Change]:
    met = {twin.number for twin, _ in pairs if twin is not None}
    left = [one for one in old if one.number not in met]
    for twin, one in pairs:
        while twin is not None and left and left[0].number < twin.number:
            yield Change("removed", left.pop(0), None)
        if twin is None:
            yield Change("added", None, one)
        elif unlike := _unlike(twin, one):
            yield Change("changed", twin, one, tuple(unlike))
    for one in left:
        yield Change("removed", one, None)


def _unlike(old: Interaction, new: Interaction) -> list[Difference]:
    request = differences(old.fields, new.fields)
    answer = differences(compared_fields(old.response), compared_fields(new.response), path="answer")
    return [*request, *(one for one in answer if one.path != "answer.headers.Date")]
