"""What a cassette holds after a recording: of what it held before, of this recording, and of others beside it."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Sequence

from handlesfake.cassettes.cassette import Cassette, Interaction
from handlesfake.cassettes.format.writing import rendered
from handlesfake.cassettes.recording.kept_values import interactions_in
from handlesfake.cassettes.volatile_fields import VolatileFields
from handlesfake.values.values import frozen


def texts_of(cassette: Cassette | None) -> list[str]:
    """The text of each interaction of ``cassette``, as we write it."""
    return [rendered(one) for one in cassette.interactions] if cassette is not None else []


@frozen
class Merged:
    """The texts of all interactions that a cassette is to hold."""

    texts: list[str]
    old: list[str]
    """Those among them that are left of before the run."""

    added: int
    """How many are after the rest, as they were recorded; others have the place of an old one."""


def merge_recording(policy: str, held: Sequence[str], at_start: Collection[str], new: Sequence[str]) -> Merged:
    """What the cassette is to hold.

    :param held: what it holds now.
    :param at_start: what of it was there as the run began; the rest is of this run, or of one beside it: it stays.
    :param new: what was recorded, in order.
    """
    started = set(at_start)
    if policy == "rewrite":
        return Merged([*(text for text in held if text not in started), *new], [], len(new))
    if policy == "all":
        return _renewed(held, started, new)
    return Merged([*held, *new], [text for text in held if text in started], len(new))


def _renewed(held: Sequence[str], started: Collection[str], new: Sequence[str]) -> Merged:
    """``held`` with the requests that ``new`` has, too, renewed in their places; the rest of ``new`` behind."""
    fresh: dict[Hashable, list[str]] = {}
    for text, key in zip(new, _keys(new), strict=True):
        fresh.setdefault(key, []).append(text)
    asked = set(fresh)
    result, left = [], []
    for text, key in zip(held, _keys(held), strict=True):
        if text not in started:
            result.append(text)
        elif key not in asked:
            result.append(text)
            left.append(text)
        elif fresh[key]:
            result.append(fresh[key].pop(0))
    more = [text for texts in fresh.values() for text in texts]
    return Merged([*result, *sorted(more, key=new.index)], left, len(more))


def _keys(texts: Sequence[str]) -> list[Hashable]:
    return [_key(one) for one in interactions_in(texts)]


def _key(interaction: Interaction) -> Hashable:
    return interaction.caller, interaction.request.host, VolatileFields().shape(interaction.call).key
