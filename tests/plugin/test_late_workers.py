"""Workers of pytest-xdist that begin after others have ended or crashed: what ``once`` decides is the same for all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.intercept.loopback import Loopback
from tests.patience import PATIENCE
from tests.plugin.sessions import Suite, outcomes
from tests.plugin.test_cassettes import CREDENTIALS
from tests.plugin.test_recording_workers import PARTY, held, server
from tests.systems.needed import system_has

__all__ = ["server"]

ALL = [f"{name}-{number}" for name in "abcdefgh" for number in range(5)]

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


@pytest.fixture
def party(suite: Suite, server: Loopback, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Suite:
    """Eight tests that record one cassette, with a separate temporary folder."""
    (tmp_path / "tmp").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    suite.ini(f"mpsd_hosts = {server.authority}")
    suite.write(CREDENTIALS + PARTY.format(authority=server.authority, names="abcdefgh"))
    return suite


def waiting(party: Suite, ends: str, then: str) -> None:
    """Let the second worker wait until the first one has ended as ``ends`` says, and then do ``then``."""
    os.mkfifo(party.pytester.path / "pipe")
    party.pytester.makeconftest(WAITING.format(patience=PATIENCE, then=then) + ends)


def record(party: Suite, *arguments: str) -> dict[str, int]:
    """Record with two workers; how many tests passed and failed."""
    return outcomes(party.run("--mpsd-record=once", "-n2", *arguments, plugins=("xdist.plugin",)))


def cassette_of(party: Suite) -> Path:
    """Where it is."""
    return party.pytester.path / "cassettes/test_party/lobby.yaml"


def left(party: Suite, tmp_path: Path) -> list[str]:
    """All files beside the cassette, and in the folder of locks."""
    return sorted(one.name for one in (*cassette_of(party).parent.iterdir(), *(tmp_path / "tmp").glob("*/*")))


@system_has("fifos")
@pytest.mark.thorough
def test_a_worker_that_begins_after_the_others_have_ended_records(party: Suite, tmp_path: Path) -> None:
    """Only the controller takes part in the run then: no process, of this or another run, calls it cut short."""
    waiting(party, ENDED, then='Path("seen").write_text(str(cut_short(CASSETTE)))')

    assert {"passed": 8} == record(party)
    assert ALL == held(cassette_of(party))
    assert "[]" == (party.pytester.path / "seen").read_text()
    assert ["lobby.yaml"] == left(party, tmp_path)


@system_has("fifos")
@pytest.mark.thorough
def test_workers_record_on_after_one_has_crashed(party: Suite, tmp_path: Path) -> None:
    """A worker dies at the end of its first test: only that test fails, and even its recording is kept."""
    waiting(party, CRASHED, then="wait_for_the_death_of(CASSETTE.parent.glob('.*.journal'))")
    path = party.pytester.path / "test_party.py"
    path.write_text("from conftest import crash\n" + path.read_text() + "    crash(name)\n")

    assert {"passed": 7, "failed": 1} == record(party)
    assert ALL == held(cassette_of(party))
    assert ["lobby.yaml"] == left(party, tmp_path)


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
