"""Header lines: names and values of headers, in each way that tools lay them out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from handlesfake.cassettes.audit.nodes import Branch, Leaf, Node
from handlesfake.cassettes.scrubbing.field_names import normalized_name

TITLES, VALUES = ("name", "key", "id"), ("value", "values")
"""What members are called that hold a name, and its value."""


def leaves(node: Node) -> Iterator[Leaf]:
    """The leaves of ``node`` in order, keys left out."""
    open_nodes = [node]
    while open_nodes:
        one = open_nodes.pop()
        if isinstance(one, Leaf):
            yield one
        else:
            open_nodes += reversed(list(one.items()))


def headers_in(node: Node) -> Iterator[tuple[str, Leaf]]:
    """Name and value of each header line, in each way that tools lay them out."""
    if isinstance(node, Leaf):
        return
    if node.is_list:
        yield from _listed(list(node.items()))
        return
    for name, value in node.named():
        for leaf in _values(value):
            yield name, leaf


def _listed(items: Sequence[Node]) -> Iterator[tuple[str, Leaf]]:
    if items and all(isinstance(item, Leaf) for item in items):
        yield from _flat([item for item in items if isinstance(item, Leaf)])
        return
    for item in items:
        members = [] if isinstance(item, Leaf) else item.members
        if isinstance(item, Branch) and item.is_list and len(members) > 1:
            first, *rest = item.items()
            if isinstance(first, Leaf):
                yield from ((first.text, leaf) for one in rest for leaf in leaves(one))
        elif isinstance(item, Branch) and not item.is_list:
            titles = {normalized_name(key): value for key, value in item.named()}
            name = next((titles[key] for key in TITLES if key in titles), None)
            if isinstance(name, Leaf) and any(key in titles for key in VALUES):
                yield from ((name.text, leaf) for key in VALUES if key in titles for leaf in leaves(titles[key]))
            else:
                yield from headers_in(item)


def _flat(texts: Sequence[Leaf]) -> Iterator[tuple[str, Leaf]]:
    """Header lines, or names and values in turn."""
    if all(": " in leaf.text for leaf in texts):
        for leaf in texts:
            name, _, value = leaf.text.partition(":")
            yield name, Leaf(value.strip(), leaf.start, leaf.end)
    elif len(texts) % 2 == 0:
        yield from ((called.text, leaf) for called, leaf in zip(texts[::2], texts[1::2], strict=True))


def _values(node: Node) -> Iterator[Leaf]:
    """The values of one header: of a matcher, which says how it compares, what it compares with."""
    for one in [node] if isinstance(node, Leaf) or not node.is_list else node.items():
        if isinstance(one, Leaf) or one.is_list:
            yield from leaves(one)
        else:
            yield from (leaf for key, value in one.named() if key != "matcher" for leaf in leaves(value))
