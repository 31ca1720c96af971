"""An index: an immutable map from a key to its few or many entries, without empty places."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping
from typing import TypeVar

from handlesfake.mpsd.state.maps import with_item, without_item

Key = TypeVar("Key", bound=Hashable)
Entry = TypeVar("Entry", bound=Hashable)

Index = Mapping[Key, Collection[Entry]]
"""Key to entries: a tuple while they are few, which takes a third of the memory, and then a map with ``None`` as
values."""

_SHORT = 8
"""The most entries of a tuple: to look through so few costs no more than to hash one."""


def with_entry(index: Index[Key, Entry], key: Key, entry: Entry) -> Index[Key, Entry]:
    """The index with ``entry`` under ``key``."""
    entries: Collection[Entry] = index.get(key, ())
    if entry in entries:
        return index
    longer: Collection[Entry]
    if type(entries) is not tuple and isinstance(entries, Mapping):  # to ask whether it is a mapping takes longer
        longer = with_item(entries, entry, None)
    else:
        longer = (*entries, entry) if len(entries) < _SHORT else dict.fromkeys((*entries, entry))
    return with_item(index, key, longer)


def without_entry(index: Index[Key, Entry], key: Key, entry: Entry) -> Index[Key, Entry]:
    """The index without ``entry`` under ``key``; unchanged when it is not under that key."""
    entries: Collection[Entry] = index.get(key, ())
    if entry not in entries:
        return index
    if isinstance(entries, Mapping):
        rest: Collection[Entry] = without_item(entries, entry)
    else:
        rest = tuple(known for known in entries if known != entry)
    return with_item(index, key, rest) if rest else without_item(index, key)


def exchanged(index: Index[Key, Entry], key: Key, old: Entry, new: Entry) -> Index[Key, Entry]:
    """The index with ``new`` instead of ``old``, which is under ``key``."""
    entries = index[key]
    if len(entries) == 1:
        return with_item(index, key, (new,))
    if type(entries) is not tuple and isinstance(entries, Mapping):
        return with_item(index, key, with_item(without_item(entries, old), new, None))
    return with_item(index, key, tuple([new if entry == old else entry for entry in entries]))


def moved(index: Index[Key, Entry], entry: Entry, before: Iterable[Key], after: Iterable[Key]) -> Index[Key, Entry]:
    """The index with ``entry`` under the keys ``after``, and no longer under the rest of ``before``."""
    old, new = set(before), set(after)
    for key in old - new:
        index = without_entry(index, key, entry)
    for key in new - old:
        index = with_entry(index, key, entry)
    return index
