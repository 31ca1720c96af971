"""An index: a map from a key to the few or many that stand there, immutable, that keeps no empty places."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable
from typing import TypeVar

from immutables import Map

Key = TypeVar("Key", bound=Hashable)
Entry = TypeVar("Entry", bound=Hashable)

Index = Map[Key, Collection[Entry]]
"""Key to entries: a tuple as long as they are few, which takes a third of the memory, and then a :class:`Map` with
``None`` as values."""

_SHORT = 8
"""The most entries of a tuple: to look through so few costs no more than to hash one."""


def with_entry(index: Index[Key, Entry], key: Key, entry: Entry) -> Index[Key, Entry]:
    """The index with ``entry`` under ``key``."""
    entries: Collection[Entry] = index.get(key, ())
    if entry in entries:
        return index
    if isinstance(entries, Map):
        return index.set(key, entries.set(entry, None))
    longer = (*entries, entry)
    return index.set(key, longer if len(longer) <= _SHORT else Map(dict.fromkeys(longer)))


def without_entry(index: Index[Key, Entry], key: Key, entry: Entry) -> Index[Key, Entry]:
    """The index less ``entry`` under ``key``; unchanged when it does not stand there."""
    entries: Collection[Entry] = index.get(key, ())
    if entry not in entries:
        return index
    if isinstance(entries, Map):
        rest: Collection[Entry] = entries.delete(entry)
    else:
        rest = tuple(known for known in entries if known != entry)
    return index.set(key, rest) if rest else index.delete(key)


def moved(index: Index[Key, Entry], entry: Entry, before: Iterable[Key], after: Iterable[Key]) -> Index[Key, Entry]:
    """The index with ``entry`` under the keys ``after``, and no longer under the rest of ``before``."""
    old, new = set(before), set(after)
    for key in old - new:
        index = without_entry(index, key, entry)
    for key in new - old:
        index = with_entry(index, key, entry)
    return index
