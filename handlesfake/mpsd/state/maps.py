"""Maps: a changed map is a new one that shares with the old one what did not change.

A map is a plain ``dict`` while it is small, and a :class:`HashTrie` when it is large. Both are read as any
:class:`~collections.abc.Mapping`. Only :func:`with_item` and :func:`without_item` change them.
"""

from __future__ import annotations

from collections.abc import Hashable, ItemsView, Iterator, Mapping, ValuesView
from itertools import chain
from typing import Any, TypeAlias, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")

LARGEST_DICT = 80
"""The most items of a dict: to copy so many costs no more than to change a trie. One of 86 takes twice the memory."""

_BITS = 6
"""How many bits of a hash lead one level down: 100,000 items take two levels, and a change copies each level."""

_WIDTH = 1 << _BITS
_MASK = _WIDTH - 1
_DEEPEST = 64 // _BITS
"""The level where a hash has no bits left. Keys of equal hashes share a dict there, however many they are."""

_Node: TypeAlias = "list[_Node | dict[Any, Any]]"
"""Sixty-four places, each with a node or a dict of items. Neither is changed once a trie holds it."""


def with_item(known: Mapping[Key, Value], key: Key, value: Value) -> Mapping[Key, Value]:
    """The map with ``value`` under ``key``."""
    if type(known) is HashTrie:
        return known.with_item(key, value)
    changed = {**known}
    changed[key] = value  # not in the display: that would make a dict of this one item, too
    return changed if len(changed) <= LARGEST_DICT else HashTrie(changed)


def with_item_instead(known: Mapping[Key, Value], old: Key, key: Key, value: Value) -> Mapping[Key, Value]:
    """The map with ``value`` under ``key``, and less ``old``.

    :raises KeyError: the map has no such key as ``old``.
    """
    if type(known) is HashTrie:
        return with_item(without_item(known, old), key, value)
    changed = {**known}
    del changed[old]
    changed[key] = value
    return changed


def without_item(known: Mapping[Key, Value], key: Key) -> Mapping[Key, Value]:
    """The map less ``key``.

    :raises KeyError: the map has no such key.
    """
    if type(known) is HashTrie:
        rest = known.without_item(key)
        # only at half the size: a map that gains and loses an item by turns is not made again each time
        return rest if len(rest) > LARGEST_DICT // 2 else {**rest}
    changed = {**known}
    del changed[key]
    return changed


class HashTrie(Mapping[Key, Value]):
    """A large map: the bits of a key's hash lead through nodes to the dict that holds the key.

    A change copies that dict and the nodes above it. The order of the items depends on their hashes.
    """

    __slots__ = ("_root", "_size")

    def __init__(self, items: Mapping[Key, Value]) -> None:
        self._root = _spread(items, 0)
        self._size = len(items)

    def __reduce__(self) -> tuple[Any, ...]:
        # another process may hash the keys otherwise: the items travel without their places
        return HashTrie, ({**self},)

    def __repr__(self) -> str:
        return f"HashTrie({ {**self}!r})"

    def _leaf(self, key: object) -> dict[Any, Any]:
        """The dict that holds ``key`` if one does."""
        rest = hash(key)
        node: Any = self._root[rest & _MASK]
        while type(node) is list:
            rest >>= _BITS
            node = node[rest & _MASK]
        found: dict[Any, Any] = node
        return found

    def __getitem__(self, key: Key) -> Value:
        found: Value = self._leaf(key)[key]
        return found

    def __contains__(self, key: object) -> bool:
        return key in self._leaf(key)

    def get(self, key: Any, default: Any = None) -> Any:
        """The value under ``key``, or ``default``."""
        # what _leaf() does, without the call: a search query looks up a session for each handle
        rest = hash(key)
        node: Any = self._root[rest & _MASK]
        while type(node) is list:
            rest >>= _BITS
            node = node[rest & _MASK]
        return node.get(key, default)

    def __len__(self) -> int:
        return self._size

    def leaves(self) -> Iterator[dict[Key, Value]]:
        """The dicts that together hold the items."""
        waiting: list[Any] = [self._root]
        while waiting:
            node = waiting.pop()
            if type(node) is list:
                waiting += node
            else:
                yield node

    def __iter__(self) -> Iterator[Key]:
        return chain.from_iterable(self.leaves())

    def items(self) -> ItemsView[Key, Value]:
        """The keys with their values."""
        return _Items(self)

    def values(self) -> ValuesView[Value]:
        """The values."""
        return _Values(self)

    def with_item(self, key: Key, value: Value) -> HashTrie[Key, Value]:
        """The trie with ``value`` under ``key``."""
        known = self._leaf(key)
        leaf = {**known}
        leaf[key] = value
        return self._with_leaf(key, leaf, self._size + len(leaf) - len(known))

    def without_item(self, key: Key) -> HashTrie[Key, Value]:
        """The trie less ``key``.

        :raises KeyError: the trie has no such key.
        """
        leaf = {**self._leaf(key)}
        del leaf[key]
        return self._with_leaf(key, leaf, self._size - 1)

    def _with_leaf(self, key: Key, leaf: dict[Key, Value], size: int) -> HashTrie[Key, Value]:
        """The trie with ``leaf`` where ``key`` belongs."""
        rest, level = hash(key), 1
        root = node = self._root.copy()
        place = rest & _MASK
        while type(below := node[place]) is list:
            node[place] = below = below.copy()
            node, level = below, level + 1
            rest >>= _BITS
            place = rest & _MASK
        node[place] = leaf if len(leaf) <= LARGEST_DICT or level == _DEEPEST else _spread(leaf, level)
        changed: HashTrie[Key, Value] = object.__new__(HashTrie)
        changed._root, changed._size = root, size
        return changed


class _Items(ItemsView[Key, Value]):
    """Leaf by leaf, at a third of what a look-up of each key takes."""

    _mapping: HashTrie[Key, Value]

    def __iter__(self) -> Iterator[tuple[Key, Value]]:
        return chain.from_iterable(map(dict.items, self._mapping.leaves()))


class _Values(ValuesView[Value]):
    _mapping: HashTrie[Any, Value]

    def __iter__(self) -> Iterator[Value]:
        return chain.from_iterable(map(dict.values, self._mapping.leaves()))


def _spread(items: Mapping[Any, Any], level: int) -> _Node:
    """A node at ``level`` that holds ``items``."""
    leaves: list[dict[Any, Any]] = [{} for _ in range(_WIDTH)]
    for key, value in items.items():
        leaves[hash(key) >> _BITS * level & _MASK][key] = value
    return [
        leaf if len(leaf) <= LARGEST_DICT or level + 1 == _DEEPEST else _spread(leaf, level + 1) for leaf in leaves
    ]
