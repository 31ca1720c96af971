"""Session and Member: what the service knows about one multiplayer session."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from sys import intern
from typing import Any
from urllib.parse import quote

from handlesfake.mpsd.state.initialization import Initialization
from handlesfake.mpsd.state.maps import with_item, without_item
from handlesfake.values.values import field, frozen, replace

Document = dict[str, Any]
"""A JSON object. Documents are shared between states and therefore never changed in place."""

NOTHING: Document = {"system": {}, "custom": {}}
"""Constants or properties that say nothing: one value for all who have none."""

UNSAID: Document = {"custom": {}, "system": {}}
"""Properties of a session whose creator sent none: ``custom`` then stands first for as long as the session lives
(captured)."""

_EMPTY: Document = {}
"""One value for all who have no roles, role types or servers: of 100,000 sessions they would fill 20 MB."""


def _empty() -> Document:
    return _EMPTY


_PLAIN = "!$&'()*+,;=:@"
"""Beside letters, digits and ``-._~``, what a part of a path may hold as it is (RFC 3986, pchar)."""

FEW = 8
"""The most members that are looked through for a xuid: an index of so few costs more than it spares."""

DEFAULT_CAPACITY = 100
"""``maxMembersCount`` where nothing says it (contract 8.2, documented)."""

SessionKey = tuple[str, str, str]
"""Scid, template name and session name, in lower case."""


@lru_cache(maxsize=1024)
def _key(scid: str, template_name: str, name: str) -> SessionKey:
    """Made once and shared by all indexes: of 100,000 sessions the keys would else fill a fifth of the memory."""
    lowered = name.lower()
    return intern(scid.lower()), intern(template_name.lower()), name if name == lowered else lowered


def capacity_of(system: Document) -> int:
    """``maxMembersCount`` of ``constants.system``; 100 where it is not said (contract 8.2, documented).

    A recorded session may show anything there: what is not a number of members says nothing.
    """
    said = system.get("maxMembersCount")
    return said if type(said) is int and said > 0 else DEFAULT_CAPACITY


@frozen
class SessionRef:
    """Which session: service configuration, template and name, as the client wrote them."""

    scid: str
    template_name: str
    name: str

    @property
    def key(self) -> SessionKey:
        """What two references to one session share: names are looked up without case (contract 16.2)."""
        return _key(self.scid, self.template_name, self.name)

    @property
    def wire(self) -> dict[str, str]:
        """The reference as it is in a body."""
        return {"scid": self.scid, "templateName": self.template_name, "name": self.name}

    @property
    def path(self) -> str:
        """The session's address, host-relative (contract 16.1); what no address can hold is percent-encoded."""
        # a name from a body may hold anything, line ends too, and this goes into a header
        scid, template_name, name = (
            quote(part, safe=_PLAIN, errors="surrogatepass") for part in (self.scid, self.template_name, self.name)
        )
        return f"/serviceconfigs/{scid}/sessiontemplates/{template_name}/sessions/{name}"


@lru_cache(maxsize=1024, typed=True)  # a test may name a session by a text of its own class
def shared_ref(scid: str, template_name: str, name: str) -> SessionRef:
    """One value for a session and the handles that point to it in the same words: they are equal at a glance."""
    return SessionRef(scid, template_name, name)


@frozen
class Member:
    """One member record of a session."""

    index: int
    xuid: str
    joined_at: int
    """100 ns ticks since 1970-01-01 UTC."""

    status: str = "active"
    """``active``, ``ready``, ``inactive`` or ``reserved``."""

    since: int = 0
    """Ticks at which ``status`` began: the timers count from here."""

    constants: Document = field(default_factory=dict)
    properties: Document = field(default_factory=dict)
    """``{"system": {...}, "custom": {...}}`` as uploaded; ``active`` and ``ready`` are in ``status`` instead."""

    roles: Document = field(default_factory=_empty)
    gamertag: str = ""
    title_id: str = ""
    device_token: str = ""

    episode: int = 0
    """The episode of initialization that the member takes part in; 0 for none."""

    failure: str = ""
    """Why the member did not pass its initialization: a value of ``initializationFailure``."""

    @property
    def active(self) -> bool:
        """Whether the member is active now."""
        return self.status == "active"

    @property
    def listens(self) -> bool:
        """Whether the member may be tapped: there is a connection, and a subscription."""
        system = self.properties.get("system", {})
        return bool(system.get("connection")) and isinstance(system.get("subscription"), dict)

    @property
    def accepted(self) -> bool:
        """Whether the member is more than a reservation (contract 16.2)."""
        return self.status != "reserved"


@frozen
class Session:
    """One session. ``constants`` and ``properties`` are ``{"system": {...}, "custom": {...}}`` in 107 spelling."""

    ref: SessionRef
    branch: str
    etag: str
    """Quoted, 32 hexadecimal digits (captured)."""

    correlation_id: str
    started_at: int
    change_number: int = 1
    constants: Document = field(default_factory=dict)
    properties: Document = field(default_factory=dict)
    role_types: Document = field(default_factory=_empty)
    servers: Document = field(default_factory=_empty)
    members: Mapping[int, Member] = field(default_factory=dict)
    index_of_many: Mapping[str, int] = field(default_factory=_empty, compare=False)
    """Xuid to index, of more than :data:`FEW` members; else empty. See :attr:`by_xuid`."""

    next_index: int = 0
    """The index of the next new member; indices are not used again (contract 16.2)."""

    accepted: int = 0
    """How many members are more than a reservation."""

    active: int = 0
    """How many members are active."""

    listening: int = 0
    """How many members may be tapped: without any, a change is news for no member."""

    empty_since: int | None = None
    """Ticks at which the last member left; None while there are members, or none came yet."""

    scheduled: int | None = None
    """Ticks at which the directory's index of timers looks at this session; None when it does not."""

    lock: frozenset[str] | None = None
    """While the session is locked: the xuids that were members of it since; only they may come back (U72)."""

    initialization: Initialization | None = None
    """Where the initialization of the members stands; None where none ever began."""

    assumed: bool = False
    """True when the fake assumed the session and no client created it."""

    @property
    def by_xuid(self) -> Mapping[str, int]:
        """Xuid to index of every member."""
        return self.index_of_many or {member.xuid: index for index, member in self.members.items()}

    def member_of(self, xuid: str) -> Member | None:
        """The member record of ``xuid``, reservations included; None when there is none."""
        if self.index_of_many:
            index = self.index_of_many.get(xuid)
            return None if index is None else self.members[index]
        for member in self.members.values():
            if member.xuid == xuid:
                return member
        return None

    def in_order(self) -> Iterator[Member]:
        """The members by ascending index."""
        for index in sorted(self.members):
            yield self.members[index]

    def with_member(self, member: Member) -> Session:
        """The session with ``member`` put in or replaced."""
        before = self.members.get(member.index)
        members, index_of_many = with_item(self.members, member.index, member), self.index_of_many
        if len(members) > FEW and (before is None or before.xuid != member.xuid):
            index_of_many = with_item(self.by_xuid, member.xuid, member.index)
        return replace(
            self,
            accepted=self.accepted + member.accepted - (before is not None and before.accepted),
            active=self.active + member.active - (before is not None and before.active),
            listening=self.listening + member.listens - (before is not None and before.listens),
            members=members,
            index_of_many=index_of_many,
            next_index=max(self.next_index, member.index + 1),
        )

    def without_member(self, index: int) -> Session:
        """The session less the member at ``index``."""
        member = self.members[index]
        members = without_item(self.members, index)
        return replace(
            self,
            members=members,
            index_of_many=without_item(self.index_of_many, member.xuid) if len(members) > FEW else _EMPTY,
            accepted=self.accepted - member.accepted,
            active=self.active - member.active,
            listening=self.listening - member.listens,
        )

    def bumped(self, new_id: str, by: int = 1) -> Session:
        """The session after a change: the change number is higher, the ETag new (captured)."""
        if not by:
            return self
        return replace(self, change_number=self.change_number + by, etag=f'"{new_id.replace("-", "")}"')

    @property
    def system(self) -> Document:
        """``constants.system``."""
        found: Document = self.constants.get("system", {})
        return found

    @property
    def capabilities(self) -> Document:
        """``constants.system.capabilities``."""
        found: Document = self.system.get("capabilities", {})
        return found

    @property
    def capacity(self) -> int:
        """How many members there can be, reservations counted: see :func:`capacity_of`."""
        return capacity_of(self.system)

    @property
    def is_full(self) -> bool:
        """Whether no place is left; a reservation takes one (contract 8.6: a full session refuses who joins)."""
        return len(self.members) >= self.capacity

    @property
    def invite_protocol(self) -> str | None:
        """``constants.system.inviteProtocol``."""
        return self.system.get("inviteProtocol")

    @property
    def custom(self) -> Document:
        """``properties.custom``."""
        found: Document = self.properties.get("custom", {})
        return found

    @property
    def keywords(self) -> tuple[str, ...]:
        """``properties.system.keywords``, as written."""
        return tuple(self.properties.get("system", {}).get("keywords") or ())
