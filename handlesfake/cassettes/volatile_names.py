"""What people call the places that are new in each run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from handlesfake.cassettes.volatile_fields import Hole

_NAMES = {"sessionRef.name": "session name", "id": "handle id", "If-Match": "ETag", "If-None-Match": "ETag"}


def volatile_name(path: str) -> str:
    """``session name``, ``handle id``, ``ETag``, ``subscription id``, ``NetherNetId``: what ``path`` leads to.

    :param path: dotted, as a hole has it.
    """
    if path in _NAMES:
        return _NAMES[path]
    above, _, last = path.rpartition(".")
    return f"{above.rpartition('.')[2]} id" if last == "id" else last


def counted_names(holes: Iterable[Hole]) -> Counter[str]:
    """How many values of each name there are in ``holes``, each value once."""
    return Counter({hole.key: volatile_name(hole.path) for hole in holes}.values())
