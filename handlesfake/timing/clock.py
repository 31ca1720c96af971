"""Clock: the virtual time of a double, as a test reads and moves it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta

from handlesfake.errors import SettingsError
from handlesfake.mpsd.ticks import TICKS_PER_SECOND, from_datetime, to_datetime
from handlesfake.suggestions import AttributeSuggestions
from handlesfake.timing.virtual_time import VirtualTime
from handlesfake.vocabulary import spoken

_UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400}


class Clock(AttributeSuggestions):
    """The service's clock: starts at the real now, then moves only as the test says.

    Each answered request moves it by 100 ns, so that no two handles have the same ``createTime``.

    :param shown: the time that it shows and moves.
    """

    def __init__(self, shown: VirtualTime) -> None:
        self._time = shown

    @property
    def now(self) -> datetime:
        """The present virtual time, an aware UTC datetime (microseconds; the wire has one digit more)."""
        return to_datetime(self._time.ticks)

    def monotonic(self) -> float:
        """What ``time.monotonic`` gives, in virtual time: seconds that never go back, for code that takes a clock.

        ``RateLimiter(clock=mpsd.clock.monotonic)``. :meth:`set` to an earlier time leaves it as it is.
        """
        return self._time.ticks_forward / TICKS_PER_SECOND

    def advance(self, by: timedelta | float | str) -> None:
        """Move on by a timedelta, by seconds, or by a text such as ``"90s"``, ``"5m"``, ``"2h"``.

        :raises SettingsError: the step is negative or cannot be read.
        """
        step = _seconds(by)
        if step < 0:
            earlier = spoken().either("set an earlier time with clock.set()", "set takes an earlier time")
            raise SettingsError(f"{_advance(by)}: time moves on only; {earlier}.")
        try:
            there = self._time.ticks + round(step * TICKS_PER_SECOND)
            to_datetime(there)
        except OverflowError:
            raise SettingsError(f"{_advance(by)} leads beyond the year 9999.") from None
        self._time.restore(there)

    def set(self, moment: datetime | str) -> None:
        """Put the clock to an aware datetime or an ISO 8601 text with its offset.

        :raises SettingsError: the moment has no offset or cannot be read.
        """
        self._time.restore(from_datetime(_moment(moment)))

    # ---- of a clock that goes on by itself, as a server's does

    @property
    def frozen(self) -> bool:
        """Whether time stands still, and moves only as the test says."""
        return self._time.frozen

    def freeze(self) -> None:
        """Stand still from now on; :meth:`advance` and :meth:`set` move it. In Python it does from the start."""
        self._time.freeze()

    def thaw(self) -> None:
        """Go on by itself from where it stands."""
        self._time.thaw()

    # ---- to wait

    def sleep(self, seconds: float) -> None:
        """What ``time.sleep`` does, in virtual time: to put over a sleep that :meth:`skip_sleeps` cannot see.

        Time moves on once nothing else happens for a moment; threads and tasks that sleep at the same time sleep
        together. In a task it is ``await mpsd.clock.asleep(seconds)``.

        :raises SettingsError: the seconds are not a number.
        """
        self._time.sleepers.sleep(self._due_in(seconds))

    async def asleep(self, seconds: float) -> None:
        """The same for tasks of asyncio and trio: what ``asyncio.sleep`` does, in virtual time.

        :raises SettingsError: the seconds are not a number.
        """
        await self._time.sleepers.sleep_async(self._due_in(seconds))

    @contextmanager
    def skip_sleeps(self) -> Iterator[None]:
        """Inside, code that was told to wait waits in virtual time, and so at once.

        ``time.sleep``, ``asyncio.sleep`` and ``trio.sleep`` become :meth:`sleep` and :meth:`asleep`, also for
        modules that have imported them by name, as anyio does. That is so only in a thread or task whose last answer
        was a 429, a 503 or a fault. A heartbeat goes on in real time.
        """
        from handlesfake.timing.skipping import skipping  # lazily: in most tests no thread or task sleeps

        sleepers = self._time.sleepers
        with skipping(sleepers.was_told_to_wait, self):
            sleepers.skips += 1
            try:
                yield
            finally:
                sleepers.skips -= 1

    def _due_in(self, seconds: float) -> int:
        return self._time.ticks + round(max(_finite(seconds), 0) * TICKS_PER_SECOND)

    def _how_to_set(self, name: str, value: object) -> str:
        ways = {"now": f"Write: mpsd.clock.set({value!r})", "frozen": "Write: mpsd.clock.freeze() or .thaw()"}
        return ways.get(name, "mpsd.clock.set() and .advance() move the clock.")

    def __repr__(self) -> str:
        return f"<Clock {self.now:%Y-%m-%d %H:%M:%S} UTC>"


def _seconds(by: timedelta | float | str) -> float:
    if isinstance(by, timedelta):
        return by.total_seconds()
    if not isinstance(by, str):
        return _finite(by)
    for unit in sorted(_UNITS, key=len, reverse=True):
        if by.endswith(unit):
            try:
                return _finite(float(by[: -len(unit)])) * _UNITS[unit]
            except ValueError:
                break
    raise _no_length(by)


def _finite(by: object) -> float:
    with suppress(OverflowError):  # an int may be larger than any float
        if isinstance(by, (int, float)) and not isinstance(by, bool) and math.isfinite(by):
            return float(by)
    raise _no_length(by)


def _no_length(by: object) -> SettingsError:
    return SettingsError(
        f"clock: {by!r} is not a length of time; write seconds, or a text such as '90s', '5m', '2h', '1d'."
    )


def _moment(moment: datetime | str) -> datetime:
    if isinstance(moment, str):
        try:
            moment = datetime.fromisoformat(moment.replace("Z", "+00:00"))
        except ValueError:
            raise SettingsError(f"clock: {moment!r} is not a time; write 2026-01-06T10:00:00Z.") from None
    if not isinstance(moment, datetime):
        raise SettingsError(f"clock: {moment!r} is not a time; write 2026-01-06T10:00:00Z.")
    if moment.tzinfo is None:
        raise SettingsError(f"clock: {moment.isoformat()} has no offset; write 2026-01-06T10:00:00Z.")
    try:
        return moment.astimezone(UTC)
    except OverflowError:  # the first and the last hours of the calendar, in some zones
        raise SettingsError(
            f"clock: {moment.isoformat()} is not a time between the years 1 and 9999 in UTC."
        ) from None


def _advance(by: object) -> str:
    return spoken().either(f"clock.advance({by!r})", f"POST /clock, advance {by!r}")
