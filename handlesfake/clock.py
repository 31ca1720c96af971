"""Virtual time: integers of 100 ns, the resolution of the times that MPSD writes."""

from __future__ import annotations

import time
from datetime import datetime, timedelta, timezone

from handlesfake.errors import SettingsError
from handlesfake.mpsd.ticks import TICKS_PER_SECOND, from_datetime, to_datetime

_UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400}


class Clock:
    """The service's clock: starts at the real now, then moves only as the test says.

    Each answered request moves it by 100 ns, so that no two handles bear the same ``createTime``.

    :param start: where it starts; None for the real now.
    :param running: whether it goes on by itself, as the system's clock does; a server's does.
    """

    def __init__(self, start: datetime | None = None, *, running: bool = False) -> None:
        self._ticks = from_datetime(start) if start else time.time_ns() // 100
        self._running = running
        self._ahead = self._ticks - time.time_ns() // 100

    @property
    def now(self) -> datetime:
        """The present virtual time, an aware UTC datetime (microseconds; the wire has one digit more)."""
        return to_datetime(self.ticks)

    @property
    def ticks(self) -> int:
        """The present virtual time in 100 ns since 1970-01-01 UTC."""
        if self._running:
            self._ticks = max(self._ticks, time.time_ns() // 100 + self._ahead)
        return self._ticks

    def advance(self, by: timedelta | float | str) -> None:
        """Move on by a timedelta, by seconds, or by a text such as ``"90s"``, ``"5m"``, ``"2h"``.

        :raises SettingsError: the step is negative or cannot be read.
        """
        step = _seconds(by)
        if step < 0:
            raise SettingsError(f"clock.advance({by!r}): time moves on only; set an earlier time with clock.set().")
        self.restore(self.ticks + round(step * TICKS_PER_SECOND))

    def set(self, moment: datetime | str) -> None:
        """Put the clock to an aware datetime or an ISO 8601 text with its offset.

        :raises SettingsError: the moment has no offset or cannot be read.
        """
        self.restore(from_datetime(_moment(moment)))

    def tick(self) -> int:
        """Move on by 100 ns and return the new time in ticks."""
        self._ticks = self.ticks + 1
        return self._ticks

    def restore(self, ticks: int) -> None:
        """Put the clock to a time in ticks, earlier or later."""
        self._ticks = ticks
        self._ahead = ticks - time.time_ns() // 100

    def __repr__(self) -> str:
        return f"<Clock {self.now:%Y-%m-%d %H:%M:%S} UTC>"


def _seconds(by: timedelta | float | str) -> float:
    if isinstance(by, timedelta):
        return by.total_seconds()
    if not isinstance(by, str):
        return float(by)
    for unit in sorted(_UNITS, key=len, reverse=True):
        if by.endswith(unit):
            try:
                return float(by[: -len(unit)]) * _UNITS[unit]
            except ValueError:
                break
    raise SettingsError(
        f"clock: {by!r} is no length of time; write seconds, or a text such as '90s', '5m', '2h', '1d'."
    )


def _moment(moment: datetime | str) -> datetime:
    if isinstance(moment, str):
        try:
            moment = datetime.fromisoformat(moment.replace("Z", "+00:00"))
        except ValueError:
            raise SettingsError(f"clock: {moment!r} is no time; write 2026-01-06T10:00:00Z.") from None
    if moment.tzinfo is None:
        raise SettingsError(f"clock: {moment.isoformat()} has no offset; write 2026-01-06T10:00:00Z.")
    return moment.astimezone(timezone.utc)
