"""Edits: what is put into a JSON document, added to it, and taken out of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from copy import deepcopy
from typing import Any, TypeAlias

from handlesfake.rules.question import Path
from handlesfake.values.values import frozen

Holder: TypeAlias = "dict[str, Any] | list[Any]"


@frozen
class Edits:
    """What is changed, in this order: taken out, put, added. ``*`` in a place means every one."""

    put: tuple[tuple[Path, Any], ...] = ()
    """Places and their values afterwards; objects on the way are made."""

    added: tuple[tuple[Path, Any], ...] = ()
    """Places of lists, and what is added to each; places where nothing stands get it."""

    removed: tuple[Path, ...] = ()

    def of(self, body: bytes) -> bytes | None:
        """``body``, edited; as it is when there is nothing to do, None when it is not a JSON object or list."""
        if not (self.put or self.added or self.removed):
            return body
        try:
            document = json.loads(body)
        except ValueError:
            return None
        if not isinstance(document, (dict, list)):
            return None
        self._edit(document)
        return json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "surrogatepass")

    def _edit(self, document: Holder) -> None:
        for path in self.removed:
            for holder, key in list(_places(document, path, make=False)):
                _remove(holder, key)
        for path, value in self.put:
            for holder, key in list(_places(document, path, make=True)):
                _put(holder, key, deepcopy(value))
        for path, value in self.added:
            for holder, key in list(_places(document, path, make=True)):
                _add(holder, key, deepcopy(value))


def _places(holder: Holder, path: Path, *, make: bool) -> Iterator[tuple[Holder, str | int]]:
    """Every holder and key that ``path`` leads to; the last from the end first, so that each can be removed."""
    first, *rest = path
    for key in _keys(holder, first):
        if not rest:
            yield holder, key
            continue
        below = _below(holder, key, make=make)
        if isinstance(below, (dict, list)):
            yield from _places(below, tuple(rest), make=make)


def _keys(holder: Holder, part: str) -> Sequence[str | int]:
    if isinstance(holder, dict):
        return list(holder) if part == "*" else [part]
    if part == "*":
        return list(range(len(holder)))[::-1]
    return [int(part)] if part.isdecimal() and int(part) < len(holder) else []


def _below(holder: Any, key: Any, *, make: bool) -> Any:
    if isinstance(holder, list):
        return holder[key]
    return holder.setdefault(key, {}) if make else holder.get(key)


def _put(holder: Any, key: Any, value: Any) -> None:
    holder[key] = value


def _add(holder: Any, key: Any, value: Any) -> None:
    there = holder[key] if isinstance(holder, list) else holder.get(key)
    if isinstance(there, list):
        there.append(value)
    elif there is None:
        holder[key] = value


def _remove(holder: Any, key: Any) -> None:
    if isinstance(holder, list):
        del holder[key]
    else:
        holder.pop(key, None)
