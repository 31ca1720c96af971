"""Nodes: what a structured file says, each with the characters of the file that say it."""

from __future__ import annotations

from collections.abc import Iterator

from handlesfake.values.values import field, mutable


@mutable
class Leaf:
    """A text, or bytes, between two characters of a file."""

    value: str | bytes
    start: int
    end: int

    @property
    def text(self) -> str:
        """The value as a text, bytes as one character each."""
        return self.value if isinstance(self.value, str) else self.value.decode("latin-1")


@mutable
class Branch:
    """A list or a mapping: unlike a dictionary it keeps a key that appears twice."""

    start: int
    is_list: bool
    end: int = 0
    members: list[tuple[Leaf | None, Node]] = field(default_factory=list)
    """Key and value; None for an item of a list."""

    def named(self) -> Iterator[tuple[str, Node]]:
        """Keys and values of a mapping."""
        return ((key.text, value) for key, value in self.members if key is not None)

    def items(self) -> Iterator[Node]:
        """The values alone."""
        return (value for _, value in self.members)


Node = Leaf | Branch


@mutable
class Document:
    """What was read of a file."""

    roots: list[Node] = field(default_factory=list)
    gaps: list[tuple[int, int]] = field(default_factory=list)
    """Characters outside of leaves that may say something: comments, tags, all behind what cannot be read."""


class Builder:
    """Puts nodes together, one event after the other."""

    def __init__(self) -> None:
        self.document = Document()
        self._open: list[tuple[Branch, Leaf | None]] = []

    @property
    def depth(self) -> int:
        """How many lists and mappings are open."""
        return len(self._open)

    def leaf(self, leaf: Leaf) -> None:
        """A key where a mapping wants one, else a value."""
        if self._open:
            branch, key = self._open[-1]
            if key is None and not branch.is_list:
                self._open[-1] = (branch, leaf)
                return
        self._put(leaf)

    def begin(self, start: int, *, is_list: bool) -> None:
        """A list or mapping begins."""
        self._open.append((Branch(start, is_list), None))

    def end(self, at: int) -> None:
        """The innermost one ends."""
        branch, key = self._open.pop()
        branch.end = at
        if key is not None:  # cut short: a key without a value
            branch.members.append((None, key))
        self._put(branch)

    def missing(self) -> None:
        """A value stands somewhere else, where it is looked at."""
        if self._open:
            branch, key = self._open[-1]
            self._open[-1] = (branch, None if key is not None or branch.is_list else Leaf("", 0, 0))

    def finished(self, at: int) -> Document:
        """All that was read, also where it was cut short at ``at``."""
        while self._open:
            self.end(at)
        return self.document

    def _put(self, node: Node) -> None:
        if not self._open:
            self.document.roots.append(node)
            return
        branch, key = self._open[-1]
        if key is None and not branch.is_list:  # a list or mapping as a key
            self._open[-1] = (branch, Leaf("", node.start, node.start))
            branch.members.append((None, node))
            return
        branch.members.append((key, node))
        self._open[-1] = (branch, None)
