"""An index: a map from a key to the set of what stands there, immutable, that keeps no empty sets."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import TypeVar

from immutables import Map

Key = TypeVar("Key", bound=Hashable)
Entry = TypeVar("Entry", bound=Hashable)

Index = Map[Key, Map[Entry, None]]
"""Key to entries; a :class:`Map` with ``None`` as values stands for the set."""


def with_entry(index: Index[Key, Entry], key: Key, entry: Entry) -> Index[Key, Entry]:
    """The index with ``entry`` under ``key``."""
    return index.set(key, index.get(key, Map()).set(entry, None))


def without_entry(index: Index[Key, Entry], key: Key, entry: Entry) -> Index[Key, Entry]:
    """The index less ``entry`` under ``key``; unchanged when it does not stand there."""
    entries = index.get(key, Map())
    if entry not in entries:
        return index
    rest = entries.delete(entry)
    return index.set(key, rest) if rest else index.delete(key)


def moved(index: Index[Key, Entry], entry: Entry, before: Iterable[Key], after: Iterable[Key]) -> Index[Key, Entry]:
    """The index with ``entry`` under the keys ``after``, and no longer under the rest of ``before``."""
    old, new = set(before), set(after)
    for key in old - new:
        index = without_entry(index, key, entry)
    for key in new - old:
        index = with_entry(index, key, entry)
    return index
