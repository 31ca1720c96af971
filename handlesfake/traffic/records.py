"""Records: what a test reads of the invites and activities that MPSD accepted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from handlesfake.json_diff import Difference, differences
from handlesfake.traffic.frozen_json import Frozen, FrozenFields, InviteAttributes, RefFields, as_wire
from handlesfake.traffic.labels import label
from handlesfake.users.user import User

if TYPE_CHECKING:
    from datetime import datetime

    from handlesfake.exchange.entry import Entry


class Record(Frozen):
    """A request that MPSD accepted: its fields and those of the answer, and who sent it, when and how.

    Two records are equal when all their fields are. A record equals a mapping when every field that the mapping names
    is the same, at every depth: ``mpsd.invites == [{"invited_xuid": guest, "session_ref": lobby.ref}]``. Names are in
    snake case or as on the wire, users count as their xuids, and ``by`` and ``delivered`` count as fields.
    """

    __slots__ = ("at", "by", "delivered", "entry")

    at: datetime
    """When the service acted, an aware UTC datetime of the virtual clock."""

    by: User | str
    """Who sent it: the user of the test, else how messages name the caller (``service of title ...``)."""

    delivered: bool | None
    """Whether an invite reached its invitee, as far as MPSD knows; None where there is nothing to deliver."""

    entry: Entry | None
    """The entry in ``mpsd.journal``; None for what the test arranged."""

    def __init__(
        self, wire: Mapping[str, Any], *, at: datetime, by: User | str, entry: Entry | None, delivered: bool | None
    ) -> None:
        super().__init__(wire)
        for name, value in (("at", at), ("by", by), ("entry", entry), ("delivered", delivered)):
            object.__setattr__(self, name, value)

    @property
    def _what(self) -> str:
        return f"this {type(self).__name__}"

    def differences(self, wanted: Mapping[str, Any]) -> list[Difference]:
        """Where this record is not as ``wanted`` says; what ``wanted`` does not name may be anything."""
        return differences(as_wire(wanted, self._all), self._all, partial=True)

    @property
    def _all(self) -> dict[str, Any]:
        return {**self._wire, "by": str(self.by), "delivered": self.delivered}

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Record):
            return type(self) is type(other) and self._wire == other._wire
        if isinstance(other, Mapping):
            return not self.differences(other)
        return NotImplemented

    __hash__ = Frozen.__hash__

    def __repr__(self) -> str:
        number = f" #{self.entry.number}" if self.entry else ""
        return f"<{type(self).__name__}{number} by {label_of(self.by)}: {self._says}>"

    @property
    def _says(self) -> str:
        return f"{self._session_name}"

    @property
    def _session_name(self) -> str:
        return str((self._wire.get("sessionRef") or {}).get("name", "a session without name"))


class Invite(Record):
    """One invite that MPSD accepted; also when the answer to it was lost. Made by ``mpsd.invites``."""

    __slots__ = ()
    _maybe = frozenset({"invite_attributes", "invite_protocol", "game_types"})

    type: str
    """``invite``."""

    version: int
    """``1``."""

    session_ref: RefFields
    """Where to: ``.scid``, ``.template_name``, ``.name``."""

    invited_xuid: str
    """Who is invited, decimal text."""

    sender_xuid: str
    """Who invites, as the service says."""

    invite_attributes: InviteAttributes | None
    """``.title_id`` and what else was sent (``.context``), each value as it was sent."""

    id: str
    """The handle's id, a GUID."""

    expiration: str
    """When the invite ends, as on the wire: ``2026-01-06T12:00:00.1234567Z``."""

    invite_protocol: str | None
    """That of the session, ``game``."""

    game_types: FrozenFields | None
    """By platform, what to start."""

    @property
    def _says(self) -> str:
        return f"{self._wire.get('invitedXuid')} to {self._session_name}"


class Activity(Record):
    """One activity that MPSD accepted, or that is shown now. Made by ``mpsd.activities`` and ``mpsd.activity_of``."""

    __slots__ = ()
    _maybe = frozenset({"invite_protocol", "game_types"})

    type: str
    """``activity``."""

    version: int
    """``1``."""

    session_ref: RefFields
    """What is shown: ``.scid``, ``.template_name``, ``.name``."""

    owner_xuid: str
    """Who shows it, decimal text."""

    title_id: str
    """The title that is played, decimal text."""

    id: str
    """The handle's id, a GUID."""

    create_time: str
    """As on the wire: ``2026-01-06T10:00:00.1234567Z``."""

    invite_protocol: str | None
    """That of the session, ``game``."""

    game_types: FrozenFields | None
    """By platform, what to start."""


def label_of(who: User | str) -> str:
    """``Host 9000000000000001``: how messages name ``who``."""
    if isinstance(who, User):
        return label(who.xuid, who.role)
    return who
