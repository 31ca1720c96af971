"""Pushes: the shoulder taps of one double, in order."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import overload

from handlesfake.exchange.indexing import item_of
from handlesfake.fake_service.stage import Fake
from handlesfake.mpsd.shoulder_taps import Tap, taps
from handlesfake.mpsd.state.directory import Directory
from handlesfake.suggestions import AttributeSuggestions
from handlesfake.timing.virtual_time import VirtualTime


class Pushes(AttributeSuggestions, Sequence[Tap]):
    """What the service would push to each user, whether or not the user is connected.

    :param limit: how many taps are kept at most, the newest; None for all.
    """

    def __init__(self, fake: Fake, clock: VirtualTime, limit: int | None = None) -> None:
        self._clock = clock
        self._taps: deque[Tap] = deque(maxlen=limit)
        self._lock = threading.Lock()
        self._listeners: tuple[Callable[[Sequence[Tap]], None], ...] = ()
        fake.on_change = self._changed

    def _changed(self, before: Directory, after: Directory, now: int | None) -> None:
        found = taps(before, after, self._clock.ticks if now is None else now)
        if not found:
            return
        self._taps.extend(found)
        for listener in self._listeners:
            listener(found)

    def listen(self, listener: Callable[[Sequence[Tap]], None]) -> Callable[[], None]:
        """Call ``listener`` with the taps of each change, from the thread that made it; the result ends that."""
        with self._lock:
            self._listeners = (*self._listeners, listener)

        def stop() -> None:
            with self._lock:
                self._listeners = tuple(one for one in self._listeners if one is not listener)

        return stop

    def restore(self, earlier: Sequence[Tap]) -> None:
        """Put back an earlier state; no listener is told."""
        self._taps.clear()
        self._taps.extend(earlier)

    def __len__(self) -> int:
        return len(self._taps)

    def __iter__(self) -> Iterator[Tap]:
        return iter(tuple(self._taps))

    @overload
    def __getitem__(self, index: int) -> Tap: ...

    @overload
    def __getitem__(self, index: slice) -> list[Tap]: ...

    def __getitem__(self, index: int | slice) -> Tap | list[Tap]:
        return item_of(tuple(self._taps), index, "mpsd.taps")

    def __repr__(self) -> str:
        return f"<Pushes: {len(self)} taps>"
