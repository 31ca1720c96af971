"""Frozen JSON: what was sent, read by either spelling of its names, and never changed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from handlesfake.exchange.request_fields import snake
from handlesfake.json_diff import differences
from handlesfake.suggestions import nearest
from handlesfake.users.user import User


class Frozen(Mapping[str, Any]):
    """A JSON object that cannot change: ``ref.template_name``, ``ref["templateName"]`` and ``ref["template_name"]``.

    It is a mapping by wire names, and equal to every mapping that holds the same values by either spelling.
    """

    __slots__ = ("_wire",)
    _wire: Mapping[str, Any]
    _maybe: ClassVar[frozenset[str]] = frozenset()
    """Names in snake case that read as None where nothing was sent."""

    def __init__(self, wire: Mapping[str, Any]) -> None:
        object.__setattr__(self, "_wire", wire)

    @property
    def wire(self) -> dict[str, Any]:
        """A copy as plain JSON values, by wire names."""
        copy: dict[str, Any] = json.loads(json.dumps(self._wire))
        return copy

    def __getitem__(self, name: str) -> Any:
        wire = name if name in self._wire else _wire_name(name, self._wire)
        return _frozen(self._wire[wire], _KINDS.get(wire, FrozenFields))

    def _read(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        try:
            return self[name]
        except KeyError:
            if name in self._maybe:
                return None
            names = [snake(known) for known in self._wire]
            raise AttributeError(
                f"{self._what} has no field {name!r}{nearest(name, names)} It has: {', '.join(names)}"
            ) from None

    if not TYPE_CHECKING:  # a type checker knows the names of records, and tells a wrong one

        def __getattr__(self, name: str) -> Any:
            return self._read(name)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{self._what} is a record of what was sent, and cannot change.")

    @property
    def _what(self) -> str:
        return "this object"

    def __iter__(self) -> Iterator[str]:
        return iter(self._wire)

    def __len__(self) -> int:
        return len(self._wire)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Mapping):
            return NotImplemented
        return not differences(as_wire(other, self._wire), self._wire)

    def __hash__(self) -> int:
        return hash(json.dumps(self._wire, sort_keys=True))

    def __repr__(self) -> str:
        return repr(dict(self._wire))


class FrozenFields(Frozen):
    """A JSON object whose names are not known beforehand: ``record.game_types``."""

    __slots__ = ()

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...


class RefFields(Frozen):
    """A session reference as it was sent."""

    __slots__ = ()

    scid: str
    """The service configuration id, a GUID."""

    template_name: str
    """The name of the session's template."""

    name: str
    """The session's name."""


class InviteAttributes(Frozen):
    """``inviteAttributes`` as they were sent; other names than these by ``attributes["name"]``."""

    __slots__ = ()
    _maybe = frozenset({"title_id", "context", "context_string", "sender_string"})

    title_id: str | None
    """The title that is to be started, decimal text."""

    context: str | None
    """What the invited title is given, as it was sent."""

    context_string: str | None
    sender_string: str | None


def as_wire(wanted: Any, sent: Any) -> Any:
    """``wanted`` in wire names and plain values: users become xuids, snake case the names that ``sent`` has."""
    if isinstance(wanted, User):
        return wanted.xuid
    if isinstance(wanted, Frozen):
        return wanted.wire
    if isinstance(wanted, Mapping):
        values = sent if isinstance(sent, Mapping) else {}
        names = {name: name if name in values else _wire_name(str(name), values) for name in wanted}
        return {names[name]: as_wire(value, values.get(names[name])) for name, value in wanted.items()}
    if isinstance(wanted, (list, tuple)):
        others = sent if isinstance(sent, (list, tuple)) else ()
        return [as_wire(value, others[i] if i < len(others) else None) for i, value in enumerate(wanted)]
    return wanted


def _wire_name(name: str, wire: Mapping[str, Any]) -> str:
    return next((known for known in wire if snake(known) == name), name)


_KINDS: dict[str, type[Frozen]] = {"sessionRef": RefFields, "inviteAttributes": InviteAttributes}


def _frozen(value: Any, kind: type[Frozen] = FrozenFields) -> Any:
    if isinstance(value, Mapping):
        return kind(value)
    return tuple(_frozen(part) for part in value) if isinstance(value, list) else value
