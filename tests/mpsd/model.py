"""Model: the session directory again, naively, with lists and dicts, written from the contract.

It shares no code with :mod:`handlesfake.mpsd`, keeps no index, and looks at everything at every request.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

SECOND = 10_000_000
"""Ticks of 100 ns."""

INVITES_LIVE = 7200 * SECOND


@dataclass(frozen=True)
class Kind:
    """What a template fixes. Times in seconds."""

    most: int
    inactive: int
    empty: int
    searchable: bool = False
    owned: bool = False

    @property
    def constants(self) -> dict[str, Any]:
        """The template, as a test would describe it."""
        capabilities = {"searchable": self.searchable, "hasOwners": self.owned}
        timeouts = {
            "reservedRemovalTimeout": 30_000,
            "readyRemovalTimeout": 60_000,
            "inactiveRemovalTimeout": self.inactive * 1000,
            "sessionEmptyTimeout": self.empty * 1000,
        }
        system = {"version": 1, "maxMembersCount": self.most, "capabilities": capabilities, **timeouts}
        return {"system": system, "custom": {}}


LOBBY = Kind(most=3, inactive=120, empty=0)
BROWSE = Kind(most=3, inactive=0, empty=60, searchable=True)
CLUB = Kind(most=2, inactive=120, empty=0, owned=True)
KINDS = {"lobby-1": LOBBY, "lobby-2": LOBBY, "browse-1": BROWSE, "club-1": CLUB}


@dataclass
class Player:
    """A member record."""

    index: int
    xuid: str
    status: str
    since: int
    connection: str | None = None


@dataclass
class Room:
    """A session."""

    players: list[Player] = field(default_factory=list)
    next: int = 0
    change: int = 1
    custom: dict[str, Any] = field(default_factory=dict)
    system: dict[str, Any] = field(default_factory=dict)
    empty: int | None = None

    def of(self, xuid: str) -> Player | None:
        """The record of one user."""
        return next((player for player in self.players if player.xuid == xuid), None)

    def add(self, xuid: str, status: str, now: int) -> Player:
        """A new record; indices are not reused."""
        player = Player(self.next, xuid, status, now)
        self.next += 1
        self.players.append(player)
        return player


@dataclass
class Write:
    """What a session write says."""

    status: str | None = None
    connection: str | None = None
    """Which of the user's connections the member names, together with a status: ``a`` or ``b``."""

    leaves: bool = False
    reserves: str | None = None
    kicks: int | None = None
    custom: dict[str, Any] = field(default_factory=dict)
    system: dict[str, Any] = field(default_factory=dict)
    match: str | None = None
    """``*``, ``stale`` or ``current``."""

    none_match: bool = False
    commits: bool = True


def connection_of(xuid: str, said: Write) -> str | None:
    """The connection that a write names: each user has two of them."""
    return f"{xuid}-{said.connection}" if said.connection else None


class Model:
    """What must hold after each request; each method gives the status of the answer."""

    def __init__(self, now: int) -> None:
        self.now = now
        self.rooms: dict[str, Room] = {}
        self.handles: list[dict[str, Any]] = []
        self.closed: set[str] = set()
        """The connections that the service saw closed."""

        self.lost: dict[str, int] = {}
        """Those that are gone, and the users who lost what made them active without one, to when it is noticed."""

    # ---- time

    def request(self) -> None:
        """Before each read and write, what is due is applied: one transition a member (contract 8.5)."""
        self.now += 1
        for name, room in list(self.rooms.items()):
            if room.empty is not None and room.empty + KINDS[name].empty * SECOND <= self.now:
                self._end(name)
                continue
            late = [player for player in room.players if self._due(name, player) <= self.now]
            for player in late:
                if player.status == "ready":
                    player.status, player.since = "inactive", self.now
                else:
                    room.players.remove(player)
            if late:
                room.change += 1
                self._settle(name)
        gone = [what for what, due in self.lost.items() if due <= self.now]
        if gone:
            self._without(gone)
            self._close(gone)

    def _due(self, name: str, player: Player) -> float:
        limits = {"reserved": 30, "ready": 60, "inactive": KINDS[name].inactive}
        return player.since + limits[player.status] * SECOND if player.status in limits else float("inf")

    def timer(self, name: str) -> float:
        """When something is due next in a room."""
        room = self.rooms[name]
        dues = [self._due(name, player) for player in room.players]
        if room.empty is not None:
            dues.append(room.empty + KINDS[name].empty * SECOND)
        return min(dues, default=float("inf"))

    def _settle(self, name: str) -> None:
        """What follows from the present members of a room."""
        room = self.rooms[name]
        inside = [player.index for player in room.players]
        if KINDS[name].owned and room.system.get("owners"):
            room.system["owners"] = [index for index in room.system["owners"] if index in inside]
            if not room.system["owners"]:  # the last owner left, and by default everybody goes
                room.players = []
        active = [player.xuid for player in room.players if player.status == "active"]
        self.handles = [
            each
            for each in self.handles
            if not (each["type"] == "activity" and each["name"] == name and each["owner"] not in active)
        ]
        if room.players:
            room.empty = None
        elif KINDS[name].empty == 0:
            self._end(name)
        elif room.empty is None:
            room.empty = self.now

    def _end(self, name: str) -> None:
        del self.rooms[name]
        self.handles = [each for each in self.handles if each["name"] != name or each["type"] == "invite"]

    # ---- sessions

    def write(self, xuid: str, name: str, said: Write, handle: dict[str, Any] | None = None) -> int:
        """A PUT to a room, directly or through a handle."""
        kept = deepcopy((self.rooms, self.handles))
        status = self._written(xuid, name, said, handle)
        if status >= 400 or not said.commits:
            self.rooms, self.handles = kept
        return status

    def _written(self, xuid: str, name: str, said: Write, handle: dict[str, Any] | None) -> int:
        created = name not in self.rooms
        if self._unmet(said, created):
            return 412
        room = self.rooms.setdefault(name, Room())
        before = deepcopy(room)
        if not (
            self._said_of_members(xuid, name, said, created, handle) and self._said_of_room(xuid, name, said, created)
        ):
            return 403
        if not created and room != before:
            if before.of(xuid) is None and room.of(xuid) is None:
                return 403  # a user outside a room has nothing to leave, and writes nothing by it
            room.change += 1
        self._settle(name)
        if name not in self.rooms:
            return 204
        return 201 if created else 200

    @staticmethod
    def _unmet(said: Write, missing: bool) -> bool:
        if said.none_match and not missing:
            return True
        return said.match is not None and (missing or said.match == "stale")

    def _said_of_members(
        self, xuid: str, name: str, said: Write, created: bool, handle: dict[str, Any] | None
    ) -> bool:
        room = self.rooms[name]
        if said.kicks is not None and not self._owns(xuid, name):
            return False
        # an index names a member from before the request, not one that comes by it
        kicked = [player.index for player in room.players if player.index == said.kicks]
        if said.leaves:
            room.players = [player for player in room.players if player.xuid != xuid]
        else:
            player = room.of(xuid)
            if player is None:
                if self._full(name) or (not created and self._shut(xuid, name, handle)):
                    return False
                player = room.add(xuid, "inactive", self.now)
            status = said.status or ("inactive" if player.status == "reserved" else player.status)
            if said.status is not None and self._names_closed(player, said):
                status, player.connection = "inactive", None
            if status != player.status:
                player.status, player.since = status, self.now
            if created and KINDS[name].owned:
                room.system["owners"] = [player.index]
        if said.reserves is not None and room.of(said.reserves) is None:
            if self._full(name):
                return False
            room.add(said.reserves, "reserved", self.now)
        room.players = [player for player in room.players if player.index not in kicked]
        return True

    def _names_closed(self, player: Player, said: Write) -> bool:
        """Whether the connection that a player names, or has named, is one that the service saw closed."""
        player.connection = connection_of(player.xuid, said) or player.connection
        return player.connection in self.closed

    def _said_of_room(self, xuid: str, name: str, said: Write, created: bool) -> bool:
        room = self.rooms[name]
        for known, changes in ((room.custom, said.custom), (room.system, said.system)):
            before = dict(known)
            known.update(changes)
            for key in [key for key, value in known.items() if value is None]:
                del known[key]
            bound = known is room.system and KINDS[name].owned and not created
            if bound and known != before and not self._owns(xuid, name):
                return False
        return True

    def _full(self, name: str) -> bool:
        return len(self.rooms[name].players) >= KINDS[name].most

    def _owns(self, xuid: str, name: str) -> bool:
        player = self.rooms[name].of(xuid)
        return player is not None and player.index in self.rooms[name].system.get("owners", [])

    def _shut(self, xuid: str, name: str, handle: dict[str, Any] | None) -> bool:
        """Whether a user outside a room is kept out of it (contract 8.3, 8.6, 16.2)."""
        system = self.rooms[name].system
        if system.get("closed") or (KINDS[name].searchable and handle is None):
            return True
        if self._is_outside_origin(xuid, handle):
            return True
        if system.get("joinRestriction", "none") == "none" or handle is None:
            return bool(system.get("joinRestriction", "none") != "none")
        if handle["type"] == "invite":
            return bool(handle["invited"] != xuid)
        return bool(handle["type"] != "transfer")

    def _is_outside_origin(self, xuid: str, handle: dict[str, Any] | None) -> bool:
        """Whether the handle is a transfer from a room that the user is not in (contract 2.5)."""
        if handle is None or handle["type"] != "transfer":
            return False
        origin = self.rooms.get(handle["origin"] or "")
        return origin is None or origin.of(xuid) is None

    def leave_by_delete(self, xuid: str, name: str) -> int:
        """DELETE of members/me."""
        if name not in self.rooms:
            return 404
        room = self.rooms[name]
        player = room.of(xuid)
        if player is not None:
            room.players.remove(player)
            room.change += 1
            self._settle(name)
        return 204

    def drop(self, xuid: str, seconds: int) -> None:
        """All of a user's connections break, which is noticed at once or in so many seconds (contract 19.1)."""
        players = [room.of(xuid) for room in self.rooms.values()]
        named = [player.connection for player in players if player is not None and player.connection]
        named += [what for what in self.lost if what.startswith(f"{xuid}-")]
        if seconds:
            without = [player for player in players if player and player.status == "active" and not player.connection]
            lost = [*named, *([xuid] if without else [])]
            self.lost |= dict.fromkeys(lost, self.now + seconds * SECOND)
        else:
            self._without([*named, xuid])
            self._close([*named, xuid])

    def _without(self, gone: list[str]) -> None:
        """A member that is active by one of these connections, or without any, is inactive, and has no connection."""
        for name, room in list(self.rooms.items()):
            late = [
                player
                for player in room.players
                if player.status == "active" and (player.connection or player.xuid) in gone
            ]
            for player in late:
                player.status, player.since, player.connection = "inactive", self.now, None
            if late:
                room.change += 1
                self._settle(name)

    def _close(self, gone: list[str]) -> None:
        self.closed |= set(gone)
        self.lost = {what: due for what, due in self.lost.items() if what not in gone}

    # ---- handles

    def may_create(self, kind: str, xuid: str, name: str) -> int:
        """The status of a handle's creation."""
        if name not in self.rooms:
            return 403
        if kind == "search" and not KINDS[name].searchable:
            return 400
        player = self.rooms[name].of(xuid)
        if player is None or player.status == "reserved":
            return 403
        if kind == "activity" and player.status != "active":
            return 403
        if kind == "invite" and KINDS[name].owned and not self._owns(xuid, name):
            return 403
        return 201

    def create(self, kind: str, handle_id: str, xuid: str, name: str, invited: str, origin: str) -> None:
        """A handle that was created: it replaces what there can be one of only, and counts unless it is an invite."""
        if kind == "activity":
            self.handles = [each for each in self.handles if (each["type"], each["owner"]) != (kind, xuid)]
        if kind == "search":
            self.handles = [each for each in self.handles if (each["type"], each["name"]) != (kind, name)]
        if kind != "invite":
            self.rooms[name].change += 1
        self.handles.append(
            {
                "id": handle_id,
                "type": kind,
                "owner": xuid,
                "name": name,
                "invited": invited if kind == "invite" else None,
                "origin": origin if kind == "transfer" else None,
                "until": self.now + INVITES_LIVE if kind == "invite" else None,
            }
        )

    def handle(self, handle_id: str) -> dict[str, Any] | None:
        """A handle that is still good."""
        for each in self.handles:
            if each["id"] == handle_id and (each["until"] is None or each["until"] > self.now):
                return each
        return None

    def delete(self, xuid: str, handle_id: str) -> int:
        """DELETE of a handle."""
        handle = self.handle(handle_id)
        if handle is None:
            return 404
        if handle["owner"] != xuid:
            return 403
        self.handles.remove(handle)
        if handle["type"] != "invite" and handle["name"] in self.rooms:
            self.rooms[handle["name"]].change += 1
        return 204

    def search_of(self, name: str) -> str | None:
        """The id of a room's search handle."""
        return next((each["id"] for each in self.handles if (each["type"], each["name"]) == ("search", name)), None)

    def activities(self, xuids: list[str]) -> list[str]:
        """The ids that an activity query finds, newest first."""
        found = [each["id"] for each in self.handles if each["type"] == "activity" and each["owner"] in xuids]
        return found[::-1]
