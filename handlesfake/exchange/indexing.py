"""Indexing: what a test gets of a list that a double keeps, with a message of ours where there is nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from handlesfake.json_diff import short_json

_T = TypeVar("_T")


def item_of(kept: Sequence[_T], index: int | slice, name: str) -> _T | list[_T]:
    """The one of ``kept`` at ``index``, or those of a slice.

    :param name: what the test calls the list: ``mpsd.journal``.
    :raises TypeError: the index is neither a whole number nor a slice.
    :raises IndexError: there are fewer.
    """
    if isinstance(index, slice):
        return list(kept[index])
    if not isinstance(index, int):
        raise TypeError(f"{name}[{short_json(index)}]: write a whole number or a slice, {name}[-1] or {name}[:3].")
    if not -len(kept) <= index < len(kept):
        raise IndexError(f"{name}[{index}]: there are {len(kept) or 'none'}.")
    return kept[index]
