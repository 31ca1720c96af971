"""What MPA knows, as one immutable value: activities, the numbers that put them in order, and recent players."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from handlesfake.mpsd.state.maps import with_item, without_item
from handlesfake.mpsd.ticks import TICKS_PER_SECOND
from handlesfake.values.values import field, frozen, replace

LIFETIME = 24 * 3600 * TICKS_PER_SECOND
"""Ticks after its last update at which an activity is removed (documented)."""


@frozen
class ShownActivity:
    """What one player shows in one title."""

    xuid: str
    title_id: str
    """A decimal uint32, as text."""

    sequence_number: int
    connection_string: str
    join_restriction: str
    """``Public``, ``InviteOnly`` or ``Followed``."""

    max_players: int | None
    current_players: int | None
    group_id: str | None
    platform: str | None
    """None where the title sent none."""

    updated_at: int
    """Ticks of the last update."""

    @property
    def is_full(self) -> bool:
        """Whether no player more fits in."""
        return None not in (self.max_players, self.current_players) and (
            (self.current_players or 0) >= (self.max_players or 0)
        )

    def is_over(self, now: int) -> bool:
        """Whether it was removed because no update came for a day."""
        return now - self.updated_at >= LIFETIME


@frozen
class RecentPlayer:
    """A user that a player has met in a title."""

    xuid: str
    title_id: str
    encounter_type: str
    """``Default``, ``Teammate`` or ``Opponent``."""

    met_at: int
    """Ticks: as the title said, else when it told."""


@frozen
class Known:
    """All that MPA knows. Every change gives a new value that shares the rest with the old one."""

    activities: Mapping[str, Mapping[str, ShownActivity]] = field(default_factory=dict)
    """Xuid, and then title id, to the activity; those that are over may still be here."""

    sequence_numbers: Mapping[tuple[str, str], int] = field(default_factory=dict)
    """Xuid and title id to the last number that was accepted: it outlives the activity."""

    recent_players: Mapping[str, Mapping[str, RecentPlayer]] = field(default_factory=dict)
    """Xuid to the users that the player has met, by xuid, in order of first mention."""

    def activity(self, xuid: str, title_id: str, now: int) -> ShownActivity | None:
        """What the player shows in the title now; None for nothing."""
        found = self.activities.get(xuid, _NONE).get(title_id)
        return None if found is None or found.is_over(now) else found

    def activities_of(self, xuid: str, now: int) -> Iterator[ShownActivity]:
        """What the player shows now, in any title, in the order in which the titles first showed something."""
        yield from (one for one in self.activities.get(xuid, _NONE).values() if not one.is_over(now))

    def with_activity(self, activity: ShownActivity) -> Known:
        """With ``activity`` instead of what the player showed in that title."""
        of_player = with_item(self.activities.get(activity.xuid, _NONE), activity.title_id, activity)
        known = replace(self, activities=with_item(self.activities, activity.xuid, of_player))
        return known.with_sequence_number(activity.xuid, activity.title_id, activity.sequence_number)

    def without_activity(self, xuid: str, title_id: str) -> Known:
        """Less what the player shows in that title, if anything."""
        of_player = self.activities.get(xuid, _NONE)
        if title_id not in of_player:
            return self
        rest = without_item(of_player, title_id)
        activities = with_item(self.activities, xuid, rest) if rest else without_item(self.activities, xuid)
        return replace(self, activities=activities)

    def with_sequence_number(self, xuid: str, title_id: str, number: int) -> Known:
        """With ``number`` as the last one of the player in that title."""
        return replace(self, sequence_numbers=with_item(self.sequence_numbers, (xuid, title_id), number))

    def with_recent_player(self, xuid: str, met: RecentPlayer) -> Known:
        """With ``met`` on the list of a player; an earlier entry of the same user is replaced."""
        met_by_xuid = with_item(self.recent_players.get(xuid, _NONE), met.xuid, met)
        return replace(self, recent_players=with_item(self.recent_players, xuid, met_by_xuid))


NOTHING = Known()
"""What is known before the first request."""

_NONE: Mapping[str, Any] = {}
