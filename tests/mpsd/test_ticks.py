"""Times in units of 100 ns, and as MPSD writes them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from handlesfake.mpsd.ticks import TICKS_PER_SECOND, from_datetime, from_wire_time, http_date, to_datetime, wire_time

MOMENT = datetime(2026, 1, 6, 10, tzinfo=UTC)
TICKS = 17_676_936_000_000_000


def test_ticks_count_from_1970() -> None:
    """A moment and its ticks are the same thing."""
    assert TICKS == from_datetime(MOMENT)
    assert MOMENT == to_datetime(TICKS)


def test_a_moment_of_another_zone_is_the_same_moment() -> None:
    """Ticks have no time zone."""
    assert TICKS == from_datetime(MOMENT.astimezone(timezone(timedelta(hours=9))))


def test_a_datetime_has_no_place_for_the_last_digit() -> None:
    """A datetime ends at microseconds."""
    assert MOMENT + timedelta(microseconds=123456) == to_datetime(TICKS + 1_234_567)


@pytest.mark.parametrize(
    ("ticks", "text"),
    [
        (TICKS, "2026-01-06T10:00:00.0000000Z"),
        (TICKS + 1_234_567, "2026-01-06T10:00:00.1234567Z"),
        (TICKS + TICKS_PER_SECOND - 1, "2026-01-06T10:00:00.9999999Z"),
    ],
)
def test_the_wire_has_seven_digits(ticks: int, text: str) -> None:
    """Times on the wire have seven fraction digits, as captured."""
    assert text == wire_time(ticks)


def test_the_date_header_has_whole_seconds() -> None:
    """``Date`` is written as RFC 1123 has it."""
    assert "Tue, 06 Jan 2026 10:00:00 GMT" == http_date(TICKS + 9_999_999)


@pytest.mark.parametrize(
    ("text", "ticks"),
    [
        ("2026-01-06T10:00:00.1234567Z", TICKS + 1_234_567),
        ("2026-01-06T10:00:00Z", TICKS),
        ("2026-01-06T19:00:00+09:00", TICKS),
        ("2026-01-06", TICKS - 10 * 3600 * TICKS_PER_SECOND),
        ("2026-02-30T10:00:00Z", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("tomorrow", None),
    ],
)
def test_a_time_on_the_wire_is_read(text: str, ticks: int | None) -> None:
    """ISO 8601 with all its seven digits, UTC where it does not say; a missing time is not an error."""
    assert ticks == from_wire_time(text)
