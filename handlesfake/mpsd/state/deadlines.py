"""Due: what waits for its time, as an immutable heap."""

from __future__ import annotations

from handlesfake.values.values import frozen

Key = tuple[str, str, str]
_Node = tuple[int, tuple[int, Key], "_Node | None", "_Node | None"]
"""Rank, (ticks, key), left and right: a leftist heap, whose right spine is never longer than log2 of its size."""


@frozen
class DeadlineQueue:
    """Keys by the ticks at which they have to be looked at. Putting in and taking out cost log n at most."""

    root: _Node | None = None

    @property
    def earliest(self) -> int | None:
        """The ticks of the first entry; None when there is none."""
        return self.root[1][0] if self.root else None

    def plus(self, at: int, key: Key) -> DeadlineQueue:
        """With ``key`` waiting for ``at``."""
        return DeadlineQueue(_merged(self.root, (1, (at, key), None, None)))

    def reached(self, now: int) -> tuple[tuple[Key, ...], DeadlineQueue]:
        """The keys whose time has come by ``now``, in order and each once, and what waits on."""
        keys: dict[Key, None] = {}
        root = self.root
        while root is not None and root[1][0] <= now:
            keys[root[1][1]] = None
            root = _merged(root[2], root[3])
        return tuple(keys), DeadlineQueue(root)


def _merged(one: _Node | None, other: _Node | None) -> _Node | None:
    if one is None or other is None:
        return one or other
    first, second = (one, other) if one[1] <= other[1] else (other, one)
    left, right = first[2], _merged(first[3], second)
    if _rank(left) < _rank(right):
        left, right = right, left
    return _rank(right) + 1, first[1], left, right


def _rank(node: _Node | None) -> int:
    return node[0] if node else 0
