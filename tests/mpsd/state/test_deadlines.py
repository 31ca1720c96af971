"""What waits for its time comes out in order of time."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from handlesfake.mpsd.state.deadlines import DeadlineQueue

KEYS = st.sampled_from([("s", "t", "a"), ("s", "t", "b"), ("s", "t", "c")])
ENTRIES = st.lists(st.tuples(st.integers(0, 50), KEYS), max_size=40)


def filled(entries: list[tuple[int, tuple[str, str, str]]]) -> DeadlineQueue:
    """An index with these entries put in one after the other."""
    due = DeadlineQueue()
    for at, key in entries:
        due = due.plus(at, key)
    return due


@given(ENTRIES, st.integers(0, 50))
def test_what_has_reached_its_time_comes_out_once_and_the_rest_stays(
    entries: list[tuple[int, tuple[str, str, str]]], now: int
) -> None:
    """As sorting all entries would have it."""
    keys, rest = filled(entries).reached(now)
    reached = dict.fromkeys(key for at, key in sorted(entries) if at <= now)
    left = sorted(at for at, _ in entries if at > now)

    assert tuple(reached) == keys
    assert (left[0] if left else None) == rest.earliest


@given(ENTRIES)
def test_an_index_is_a_value(entries: list[tuple[int, tuple[str, str, str]]]) -> None:
    """Taking out and putting in leave the index that one had as it was."""
    due = filled(entries)
    earliest = due.earliest
    due.reached(50)
    due.plus(-1, ("s", "t", "d"))

    assert earliest == due.earliest


def test_a_long_row_is_never_deep() -> None:
    """Entries that come in order of time, as timers do, cost no recursion."""
    keys, rest = filled([(at, ("s", "t", str(at))) for at in range(5_000)]).reached(5_000)

    assert (5_000, None) == (len(keys), rest.earliest)
