"""Workers of pytest-xdist that begin after others have ended or crashed: what ``once`` decides is the same for all."""

from __future__ import annotations

import os

import pytest

from tests.patience import PATIENCE
from tests.plugin.sessions import Suite, outcomes
from tests.plugin.test_recording_workers import held, server
from tests.plugin.test_recordings_in_trouble import ALL, cassette_of, left, party
from tests.systems.needed import system_has

__all__ = ["party", "server"]

WAITING = """
    import os, select
    from pathlib import Path

    from handlesfake.cassettes.recording.locking import lock_of
    from handlesfake.cassettes.recording.run_notes import cut_short

    WORKER = os.environ.get("PYTEST_XDIST_WORKER")
    CASSETTE = Path("cassettes/test_party/lobby.yaml")

    def tell():
        os.write(os.open("pipe", os.O_RDWR), b"!")

    def wait():
        assert select.select([os.open("pipe", os.O_RDWR)], [], [], {patience})[0]
        Path("waited").touch()

    def wait_for_the_death_of(journals):
        for lock in map(lock_of, journals):
            assert lock.take({patience})
            lock.release()

    def pytest_runtest_setup(item):
        if WORKER == "gw1" and not Path("waited").exists():
            wait()
            {then}
"""
"""The second worker begins its first test once the first worker has called ``tell``."""

ENDED = """
    def pytest_unconfigure():
        if WORKER == "gw0":
            tell()
"""

CRASHED = """
    def crash(name):
        if WORKER == "gw0":
            tell()
            os._exit(1)
"""


def waiting(party: Suite, ends: str, then: str) -> None:
    """Let the second worker wait until the first one has ended as ``ends`` says, and then do ``then``."""
    os.mkfifo(party.pytester.path / "pipe")
    party.pytester.makeconftest(WAITING.format(patience=PATIENCE, then=then) + ends)


def record(party: Suite, *arguments: str) -> dict[str, int]:
    """Record with two workers; how many tests passed and failed."""
    return outcomes(party.run("--mpsd-record=once", "-n2", *arguments, plugins=("xdist.plugin",)))


@system_has("fifos")
@pytest.mark.thorough
def test_a_worker_that_begins_after_the_others_have_ended_records(party: Suite) -> None:
    """Only the controller takes part in the run then: no process, of this or another run, calls it cut short."""
    waiting(party, ENDED, then='Path("seen").write_text(str(cut_short(CASSETTE)))')

    assert {"passed": 8} == record(party)
    assert ALL == held(cassette_of(party))
    assert "[]" == (party.pytester.path / "seen").read_text()
    assert ["lobby.yaml"] == left(party)


@system_has("fifos")
@pytest.mark.thorough
def test_workers_record_on_after_one_has_crashed(party: Suite) -> None:
    """A worker dies at the end of its first test: only that test fails, and even its recording is kept."""
    waiting(party, CRASHED, then="wait_for_the_death_of(CASSETTE.parent.glob('.*.journal'))")
    path = party.pytester.path / "test_party.py"
    path.write_text("from conftest import crash\n" + path.read_text() + "    crash(name)\n")

    assert {"passed": 7, "failed": 1} == record(party)
    assert ALL == held(cassette_of(party))
    assert ["lobby.yaml"] == left(party)


@pytest.mark.thorough
def test_a_run_records_on_after_one_of_the_same_name(party: Suite) -> None:
    """``--testrunuid`` gives two runs one name: the second one records what the first has left out, and no more."""
    path = party.pytester.path / "test_party.py"
    good = path.read_text()
    path.write_text(good + '    assert name != "c"\n')
    record(party, "-x", "--testrunuid=nightly")
    path.write_text(good)

    assert {"passed": 8} == record(party, "--testrunuid=nightly")
    assert ALL == held(cassette_of(party))
