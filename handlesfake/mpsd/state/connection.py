"""Connection and Connections: which connections of the push channel the service knows, and which it saw closed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from handlesfake.mpsd.state.maps import with_item, without_item
from handlesfake.values.values import field, frozen, replace

BROKEN = 1006
"""The close code that a client sees where the connection ended without a close frame (RFC 6455, 7.1.5)."""

KEPT = 5000
"""How many closed connections are remembered at least; at twice as many the older half is forgotten."""


@frozen
class Connection:
    """One connection that the service has not yet seen closed."""

    id: str
    """The ConnectionId, a GUID in lower case."""

    xuid: str
    """Its user: a connection carries only the taps of that user (contract 19.1). Empty for a service."""

    is_muted: bool = False
    """Whether nothing is pushed over it, although it is open (contract 19.1: a silent phase)."""

    lost: int | None = None
    """Ticks at which the service notices that it is gone; None for an open one."""

    code: int = BROKEN
    """The WebSocket close code with which it ended; 1006 for the end without a close frame."""


@frozen
class Connections:
    """All of them. A GUID that is in no map is one that the service never issued, or has forgotten (U75a)."""

    known: Mapping[str, Connection] = field(default_factory=dict)
    """Those that the service takes for open, by id."""

    closed: Mapping[str, int] = field(default_factory=dict)
    """The ids of those that it saw closed, with their close codes."""

    closed_before: Mapping[str, int] = field(default_factory=dict)
    """The older half of these."""

    due: tuple[tuple[int, str], ...] = ()
    """Ticks and id of those that are lost and not yet noticed, earliest first."""

    @property
    def earliest(self) -> int | None:
        """Ticks at which the service next notices a lost connection; None when there is none."""
        return self.due[0][0] if self.due else None

    def reached(self, now: int) -> tuple[str, ...]:
        """The ids of the lost ones that are noticed by ``now``."""
        return tuple(connection_id for due, connection_id in self.due if due <= now)

    def of(self, xuid: str) -> Iterator[Connection]:
        """Those that the service takes for open of one user."""
        return (one for one in self.known.values() if one.xuid == xuid)

    def is_closed(self, connection_id: str) -> bool:
        """Whether the service saw the connection closed; the case of the id does not matter."""
        wanted = connection_id.lower()
        return wanted in self.closed or wanted in self.closed_before

    def code_of(self, connection_id: str) -> int:
        """The close code of a connection that the service saw closed; 1006 for any other."""
        return self.closed.get(connection_id, self.closed_before.get(connection_id, BROKEN))

    def may_carry(self, connection_id: str, xuid: str) -> bool:
        """Whether a tap of ``xuid`` goes over that connection, as far as the service knows it."""
        if self.is_closed(connection_id):
            return False
        found = self.known.get(connection_id.lower())
        return found is None or (found.xuid == xuid and not found.is_muted)

    def plus(self, connection: Connection) -> Connections:
        """With ``connection`` put in or replaced."""
        due = [entry for entry in self.due if entry[1] != connection.id]
        if connection.lost is not None:
            due.append((connection.lost, connection.id))
        return replace(self, known=with_item(self.known, connection.id, connection), due=tuple(sorted(due)))

    def minus(self, connection_id: str, code: int | None = None) -> Connections:
        """With that connection closed.

        :param code: the close code; None for that of the connection itself.
        """
        found = self.known.get(connection_id)
        said = code if code is not None else found.code if found is not None else BROKEN
        closed, before = self.closed, self.closed_before
        if len(closed) >= KEPT:
            closed, before = {}, closed
        return Connections(
            without_item(self.known, connection_id) if found is not None else self.known,
            with_item(closed, connection_id, said),
            before,
            tuple(entry for entry in self.due if entry[1] != connection_id),
        )
