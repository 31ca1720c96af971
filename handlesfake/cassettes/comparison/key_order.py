"""Where two JSON values have the same keys in another order; JSON gives that no meaning."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def reordered(recorded: Any, made: Any, path: str = "body") -> Iterator[str]:
    """The paths of the objects of ``recorded`` whose keys have another order in ``made``.

    Keys that only one side has do not count: they are differences.
    """
    if isinstance(recorded, dict) and isinstance(made, dict):
        common = [name for name in recorded if name in made]
        if common != [name for name in made if name in recorded]:
            yield path
        for name in common:
            yield from reordered(recorded[name], made[name], f"{path}.{name}")
    elif isinstance(recorded, list) and isinstance(made, list):
        for place, (one, other) in enumerate(zip(recorded, made, strict=False)):
            yield from reordered(one, other, f"{path}.{place}")
