"""Chronicle: what was sent to each world while a server ran, told when it has ended."""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections import deque
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from handlesfake.double.core import DoubleCore
from handlesfake.exchange.entry import Entry
from handlesfake.mpsd.shoulder_taps import Tap
from handlesfake.reporting.timeline import counted
from handlesfake.reporting.unused_rules import never_acted
from handlesfake.server.control.words import CONTROL
from handlesfake.server.worlds.past_worlds import WorldEnd
from handlesfake.server.worlds.world import Identity, World
from handlesfake.server.worlds.worlds import Worlds
from handlesfake.values.values import field, mutable
from handlesfake.vocabulary import speaking

if TYPE_CHECKING:
    from handlesfake.cassettes.recording.masking import Masking

FAILED_CLAIMS = 100
"""How many texts of failed claims are kept of a world, the newest."""


@mutable
class WorldStory:
    """What is known about one world, whether or not it still exists."""

    world: Identity
    core: DoubleCore | None
    """None once it has ended: of many worlds only what is told is kept."""

    given: set[int] = field(default_factory=set)
    """The identities of the rules that it began with: those of the server's own files."""

    users: dict[str, str] = field(default_factory=dict)
    """Its users, xuid to role, those included that a reset has forgotten."""

    end: WorldEnd | None = None
    """How it ended; None for one that existed when the server ended."""

    late: int = 0
    """How many requests with its tokens came after its end, and were refused."""

    sent: int = 0
    """How many requests it got, those no longer kept included."""

    entries: list[Entry] = field(default_factory=list)
    """The newest of them, in order; after a reset the numbers start again."""

    turn: int = 0
    """How often it was taken back."""

    turns: list[int] = field(default_factory=list)
    """For each of the entries, how often it had been taken back by then."""

    taps: deque[tuple[int, int, Tap]] = field(default_factory=deque)
    """What was pushed, each with how many requests there had been before, and how often it had been taken back."""

    unused: list[str] = field(default_factory=list)
    """What to say of each rule that a test gave it and that never acted."""

    failed_claims: deque[str] = field(default_factory=lambda: deque(maxlen=FAILED_CLAIMS))
    """The texts of the claims about it that did not hold: a test may have wanted that."""

    claimed_after: deque[int] = field(default_factory=lambda: deque(maxlen=FAILED_CLAIMS))
    """For each of these, how many requests it had got by then."""

    masking: Masking | None = None
    """What masks all that is shown of its traffic while it is real."""

    def masked(self, value: Any) -> Any:
        """A JSON value about it as it may be shown."""
        return value if self.masking is None else self.masking.value(value)

    @property
    def title(self) -> str:
        """What heads its part of a report."""
        return f"world {self.world.called}" if self.world.id else self.world.title

    @property
    def ending(self) -> str:
        """How it ended, where its test may not have meant it to; else empty."""
        if self.end is None or (self.end.expired_after is None and not self.late):
            return ""
        late = f"; {counted(self.late, 'later request')} with its tokens answered 401" if self.late else ""
        return f"it {self.end.words}{late}"

    @property
    def is_told(self) -> bool:
        """Whether there is anything to report about it."""
        return bool(self.entries or self.unused or self.failed_claims or self.late)

    def parts(self) -> Iterator[list[Entry]]:
        """Its entries from reset to reset."""
        cuts = [place for place, (one, two) in enumerate(pairwise(self.entries), 1) if two.number <= one.number]
        for first, last in pairwise([0, *cuts, len(self.entries)]):
            yield self.entries[first:last]

    def claims(self) -> Iterator[tuple[str, int]]:
        """The texts of claims that did not hold, each with the number of the part of :meth:`parts` that it read."""
        starts = self._starts()
        for text, count in zip(self.failed_claims, self.claimed_after, strict=True):
            yield text, max(bisect_right(starts, count - 1) - 1, 0)

    def _starts(self) -> list[int]:
        """How many requests there had been before each of :meth:`parts`."""
        starts, start = [], self.sent - len(self.entries)
        for part in self.parts():
            starts.append(start)
            start += len(part)
        return starts

    def pushed(self) -> list[list[Tap]]:
        """Its taps from reset to reset, as :meth:`parts`."""
        starts, first = self._starts(), self.sent - len(self.entries)
        found: list[list[Tap]] = [[] for _ in starts]
        for place, turn, tap in self.taps:
            part_number = bisect_right(starts, place) - 1
            if part_number > 0 and place == starts[part_number] and turn < self.turns[place - first]:
                part_number -= 1  # the last that was pushed before the reset: no request came after it
            if part_number >= 0:  # else it was pushed before all that is kept
                found[part_number].append(tap)
        return found


class Chronicle:
    """Follows all worlds of a server, and keeps what they were sent over their resets and ends.

    :param limit: how many requests it keeps in all, the newest.
    """

    def __init__(self, worlds: Worlds, limit: int) -> None:
        self._lock = threading.Lock()
        self._stories: dict[str, WorldStory] = {}
        self._limit = limit
        self._kept: deque[tuple[WorldStory, Entry, int]] = deque(maxlen=limit)
        self._stored: dict[str, bool] = {}
        worlds.listen(self._follow)
        worlds.before_end.append(self._take_stock)
        worlds.on_end.append(self._note_end)
        worlds.on_late.append(self._note_late)
        worlds.on_failed_claim.append(self._note_claim)

    def _follow(self, world: World) -> None:
        core = world.core
        story = self._stories[world.id] = WorldStory(world.identity, core, masking=core.masking)
        story.given.update(id(rule) for rule, _, _ in core.rules.counts())
        core.journal.listen(partial(self._note, story, core))
        core.taps.listen(partial(self._note_taps, story))

    def _note(self, story: WorldStory, core: DoubleCore) -> None:
        entry = core.shown(core.journal.newest)
        with self._lock:
            self._kept.append((story, entry, story.turn))
            story.sent += 1

    def _note_taps(self, story: WorldStory, found: Sequence[Tap]) -> None:
        with self._lock:
            for tap in found:
                story.taps.append((story.sent, story.turn, tap))
                if len(story.taps) > self._limit:
                    story.taps.popleft()

    def _note_claim(self, world_id: str, text: str) -> None:
        story = self._stories[world_id]
        story.failed_claims.append(text)
        story.claimed_after.append(story.sent)

    def _note_end(self, world: World, end: WorldEnd) -> None:
        story = self._stories[world.id]
        story.core, story.end = None, end

    def _note_late(self, world_id: str) -> None:
        self._stories[world_id].late += 1

    def _take_stock(self, world_id: str) -> None:
        """Look at what a reset, or the end of the world, is about to take away."""
        story = self._stories[world_id]
        if story.core is None:
            return
        core = story.core
        story.users |= core.traffic.roles()
        for rule, _, acted in core.rules.counts():
            if id(rule) in story.given:
                told = f"{rule.place}: {rule.title if rule.name else 'this rule'}"
                self._stored[told] = self._stored.get(told, False) or acted > 0
            elif not acted:
                with speaking(CONTROL):
                    text = never_acted(rule, tuple(core.journal), core.rules.scene, core.options.services)
                story.unused.append(text)
        story.turn += 1

    def stories(self) -> list[WorldStory]:
        """What is known about each world, in order of their beginnings; for use after the end of the server."""
        for world_id, story in self._stories.items():
            self._take_stock(world_id)
            story.core = None
            story.entries, story.turns = [], []
        for story, entry, turn in self._kept:
            story.entries.append(entry)
            story.turns.append(turn)
        return list(self._stories.values())

    def unused_of_files(self) -> list[str]:
        """The rules of files that never acted in any world."""
        return [f"{rule} never acted" for rule, acted in self._stored.items() if not acted]

    def count(self) -> dict[str, Any]:
        """How many requests there were, in how many worlds that got any."""
        return {
            "requests": sum(one.sent for one in self._stories.values()),
            "worlds": sum(one.sent > 0 for one in self._stories.values()),
        }
