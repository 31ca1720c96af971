"""The virtual clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from handlesfake.errors import SettingsError
from handlesfake.timing.clock import Clock
from handlesfake.timing.virtual_time import VirtualTime

TEN = datetime(2026, 1, 6, 10, 0, tzinfo=UTC)


def test_it_starts_at_the_real_now() -> None:
    """Without a start, the clock shows the real time."""
    before = datetime.now(UTC)
    clock = Clock(VirtualTime())

    assert before <= clock.now <= datetime.now(UTC)


def test_it_stands_still_until_it_is_moved() -> None:
    """Looking at the clock does not move it."""
    clock = Clock(VirtualTime(TEN))

    assert [TEN, TEN] == [clock.now, clock.now]


@pytest.mark.parametrize(
    ("by", "seconds"),
    [
        (timedelta(minutes=2), 120),
        (90, 90),
        (0.5, 0.5),
        ("250ms", 0.25),
        ("90s", 90),
        ("5m", 300),
        ("2h", 7200),
        ("1d", 86400),
    ],
)
def test_it_moves_by_every_form_of_a_length(by: timedelta | float | str, seconds: float) -> None:
    """A timedelta, seconds, or a text with a unit moves the clock by just that."""
    clock = Clock(VirtualTime(TEN))

    clock.advance(by)

    assert TEN + timedelta(seconds=seconds) == clock.now


@pytest.mark.parametrize("moment", [TEN, "2026-01-06T10:00:00Z", "2026-01-06T11:00:00+01:00"])
def test_it_can_be_set(moment: datetime | str) -> None:
    """An aware datetime and ISO texts with an offset set the clock, back too."""
    clock = Clock(VirtualTime(TEN + timedelta(days=1)))

    clock.set(moment)

    assert TEN == clock.now


def test_a_tick_is_100_nanoseconds() -> None:
    """Ten ticks are a microsecond."""
    time = VirtualTime(TEN)
    before = time.ticks
    for _ in range(10):
        time.tick()

    assert 10 == time.ticks - before
    assert TEN + timedelta(microseconds=1) == Clock(time).now


@pytest.mark.parametrize(
    ("by", "message"),
    [
        (-1, "clock.advance(-1): time moves on only; set an earlier time with clock.set()."),
        (
            float("nan"),
            "clock: nan is not a length of time; write seconds, or a text such as '90s', '5m', '2h', '1d'.",
        ),
        (True, "clock: True is not a length of time; write seconds, or a text such as '90s', '5m', '2h', '1d'."),
        ("9999999d", "clock.advance('9999999d') leads beyond the year 9999."),
        (
            "soon",
            "clock: 'soon' is not a length of time; write seconds, or a text such as '90s', '5m', '2h', '1d'.",
        ),
        (
            "xm",
            "clock: 'xm' is not a length of time; write seconds, or a text such as '90s', '5m', '2h', '1d'.",
        ),
    ],
)
def test_an_impossible_step_is_named(by: float | str, message: str) -> None:
    """What is not a step forward is an error that says what to write."""
    with pytest.raises(SettingsError) as caught:
        Clock(VirtualTime(TEN)).advance(by)

    assert message == str(caught.value)


@pytest.mark.parametrize(
    ("moment", "message"),
    [
        ("yesterday", "clock: 'yesterday' is not a time; write 2026-01-06T10:00:00Z."),
        (5, "clock: 5 is not a time; write 2026-01-06T10:00:00Z."),
        ("2026-01-06T10:00:00", "clock: 2026-01-06T10:00:00 has no offset; write 2026-01-06T10:00:00Z."),
    ],
)
def test_an_impossible_time_is_named(moment: Any, message: str) -> None:
    """What is not a moment is an error that says what to write."""
    with pytest.raises(SettingsError) as caught:
        Clock(VirtualTime(TEN)).set(moment)

    assert message == str(caught.value)


def test_a_running_clock_goes_on_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server's clock moves with the system's, from where it was put, and never back."""
    real = [1_000_000_000]
    monkeypatch.setattr("handlesfake.timing.virtual_time.time.time_ns", lambda: real[0])
    clock = Clock(VirtualTime(TEN, running=True))
    real[0] += 3_000_000_000
    later = clock.now
    real[0] -= 9_000_000_000

    assert TEN + timedelta(seconds=3) == later
    assert later == clock.now


def test_it_shows_the_time() -> None:
    """The clock's text is its time."""
    assert "<Clock 2026-01-06 10:00:00 UTC>" == repr(Clock(VirtualTime(TEN)))


def test_a_clock_that_runs_can_be_stopped_and_started() -> None:
    """Frozen it moves as the test says alone; thawed it goes on from where it stood."""
    clock = Clock(VirtualTime(TEN, running=True))
    clock.freeze()
    clock.set("2026-01-06T10:00:00Z")
    frozen = (clock.now, clock.now, clock.frozen)
    clock.thaw()

    assert frozen[0] == frozen[1]
    assert [True, False] == [frozen[2], clock.frozen]
    assert clock.now >= frozen[0]
