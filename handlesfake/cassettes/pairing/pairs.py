"""Pairs: of two recordings of the same traffic, which exchange of the one is which of the other."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Sequence

from handlesfake.cassettes.cassette import Interaction
from handlesfake.cassettes.volatile_fields import VolatileFields

Key = Callable[[Interaction], Hashable]


def twins(old: Sequence[Interaction], new: Sequence[Interaction], holes: VolatileFields) -> list[Interaction | None]:
    """For each of ``new`` the one of ``old`` that it is; None where ``old`` does not have it.

    First those that a replay would take for the same: the first of them is the first, the second the second. Of the
    rest, those of the same operation and caller, in their order.
    """
    found: list[Interaction | None] = [None] * len(new)
    for key in (lambda one: (one.caller, one.request.host, holes.shape(one.call).key), _roughly):
        taken = {one.number for one in found if one is not None}
        _pair([one for one in old if one.number not in taken], new, found, key)
    return found


def _roughly(one: Interaction) -> Hashable:
    return one.what, one.call.type, one.caller, one.request.host


def _pair(old: Sequence[Interaction], new: Sequence[Interaction], found: list[Interaction | None], key: Key) -> None:
    free: dict[Hashable, deque[Interaction]] = {}
    for one in old:
        free.setdefault(key(one), deque()).append(one)
    for place, one in enumerate(new):
        if found[place] is None and (alike := free.get(key(one))):
            found[place] = alike.popleft()
