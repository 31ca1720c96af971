"""Nothing leaks: the benchmark of leaks in small, under a fair schedule and under a hostile one."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from benchmarks import leaking
from handlesfake.double import started_doubles
from tests.systems.needed import system_has

LISTED = system_has("descriptors")


@pytest.fixture(
    params=[pytest.param(None, marks=pytest.mark.thorough), leaking.HOSTILE], ids=["fair", "hostile"], autouse=True
)
def schedule(request: pytest.FixtureRequest) -> Iterator[None]:
    """How often threads take turns."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(request.param or usual)
    yield
    sys.setswitchinterval(usual)


def leaks(*figures: leaking.Figure) -> list[leaking.Figure]:
    """Those that are not as they should be."""
    return [one for one in figures if one.leaks]


def test_threads_are_all_answered_and_look_nothing_up() -> None:
    """Every call of every client is answered, is in the journal, and asks no network."""
    assert [] == leaks(*leaking.storms(threads=8, calls=5))


def test_threads_that_outlive_their_double_are_refused() -> None:
    """What they send after the end gets no answer."""
    assert [] == leaks(leaking.stragglers(threads=4))


def test_kept_connections_lead_where_they_should() -> None:
    """One from before the double leads to it, one to the double leads to the real service afterwards."""
    assert [] == leaks(*leaking.kept_connections(rounds=2))


@pytest.fixture
def unjudged(monkeypatch: pytest.MonkeyPatch) -> None:
    """The plugin holds what has ended until the test is over, to judge it then."""
    monkeypatch.setattr(started_doubles.started, "is_judged", False)
    monkeypatch.setattr(started_doubles.started, "followers", ())


@LISTED
@pytest.mark.usefixtures("unjudged")
def test_doubles_leave_nothing_behind() -> None:
    """No open file, no thread and no object more after each, also with clients that are never closed."""
    assert [] == leaks(leaking.growth("fixture", leaking.one_fixture, 16))


@LISTED
@pytest.mark.usefixtures("unjudged")
@pytest.mark.thorough
def test_closed_loops_leave_nothing_behind() -> None:
    """The same for loops that end under open clients."""
    assert [] == leaks(leaking.growth("loop", leaking.one_loop, 16))


@pytest.mark.thorough
def test_a_leak_would_be_seen() -> None:
    """What stays behind is counted."""
    kept: list[list[int]] = []
    figure = leaking.growth("list", lambda: kept.append([1]), 24)

    assert figure.leaks, figure
