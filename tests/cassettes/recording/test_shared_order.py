"""A cassette that tests share: its exchanges are in the order of the tests, whichever of them is done first."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

import handlesfake
from handlesfake.cassettes.format.loading import load_cassette
from handlesfake.cassettes.recording.ordering import in_order
from handlesfake.cassettes.recording.session_report import recording_document, together
from handlesfake.cassettes.sharing import Collected, know, leave
from handlesfake.double.double import Double
from tests.cassettes.accounts import CREDENTIALS
from tests.cassettes.conftest import call
from tests.cassettes.service import Service, serving
from tests.transports import CLIENTS

NAMES = ("test_party.py::test_a[lobby]", "test_party.py::test_b", "test_party.py::test_c")
RUNS = ("monday", "tuesday")


@pytest.fixture
def path(tmp_path: Path) -> Iterator[Path]:
    """A cassette that the markers of three tests name, in two sessions."""
    found = tmp_path / "lobby.yaml"
    for run in RUNS:
        know(run, Collected(tmp_path, {os.path.realpath(found): NAMES}, frozenset(NAMES), frozenset(NAMES)))
    yield found
    for run in RUNS:
        leave(run)


def recorder(path: Path, service: Service, test: str, policy: str, run: str = "monday") -> Double:
    """The double of ``test``, which records."""
    words = {"credentials": CREDENTIALS, "hosts": (service.authority,), "run": run, "name": test}
    return handlesfake.record(path, record=policy, **words)


def ask(mpsd: Double, service: Service, test: str) -> None:
    """Two requests that tell the test."""
    letter = test.partition("test_party.py::test_")[2][0]
    for number in (1, 2):
        target = f"http://{service.authority}/handles/{letter}-{number}"
        call(CLIENTS["requests"], "GET", target, mpsd.user("host").headers, None)


def held(path: Path) -> list[str]:
    """What the cassette answers for."""
    return [one.request.path.removeprefix("/handles/") for one in load_cassette(path).interactions]


def one_after_the_other(path: Path, policy: str, run: str, seed: str = "real", later: int = 0) -> list[Double]:
    """Record the three tests as a session without workers does."""
    done = []
    with serving(seed, later) as service:
        for test in NAMES:
            with recorder(path, service, test, policy, run) as mpsd:
                ask(mpsd, service, test)
            done.append(mpsd)
    return done


@pytest.mark.parametrize("policy", ["once", "new_episodes", "all", "rewrite"])
def test_the_last_to_be_done_may_be_the_first_test(policy: str, path: Path, service: Service) -> None:
    """As workers are done: c, a, b. The file has a, b, c."""
    for test in (NAMES[2], NAMES[0], NAMES[1]):
        with recorder(path, service, test, policy) as mpsd:
            ask(mpsd, service, test)

    assert ["a-1", "a-2", "b-1", "b-2", "c-1", "c-2"] == held(path)


def test_what_was_there_stays_before_what_is_new(path: Path, service: Service) -> None:
    """New episodes come after the old ones, in the order of their tests."""
    with recorder(path, service, NAMES[1], "once") as mpsd:
        ask(mpsd, service, NAMES[1])
    for test in (NAMES[2], NAMES[0]):
        with recorder(path, service, test, "new_episodes", "tuesday") as mpsd:
            ask(mpsd, service, test)

    assert ["b-1", "b-2", "a-1", "a-2", "c-1", "c-2"] == held(path)


@pytest.mark.parametrize("policy", ["all", "rewrite"])
def test_recorded_again_by_workers_it_is_the_same_file(policy: str, path: Path) -> None:
    """What one process has recorded, two record again in another order of being done, byte for byte."""
    one_after_the_other(path, "once", "monday")
    before = path.read_bytes()

    with serving("again", 864_000_000_000) as service:
        for test in (NAMES[1], NAMES[2], NAMES[0]):
            with recorder(path, service, test, policy, "tuesday") as mpsd:
                ask(mpsd, service, test)

    assert before == path.read_bytes()


@pytest.mark.parametrize("policy", ["all", "rewrite"])
def test_the_report_compares_the_whole_with_the_whole(policy: str, path: Path) -> None:
    """A part is another file than all; what all tests have recorded together is the same one, and the report says so."""
    one_after_the_other(path, "once", "monday")

    doubles = one_after_the_other(path, policy, "tuesday", "again", 864_000_000_000)

    documents = [recording_document(one.recording) for one in doubles if one.recording is not None]
    (kept,) = [line for line in together(reversed(documents)) if line.startswith("  kept")]
    assert kept.endswith("nothing has changed: the file is the same, byte for byte")


def test_the_report_tells_a_change_whoever_made_it(path: Path) -> None:
    """One test that has recorded more makes another file."""
    one_after_the_other(path, "once", "monday")
    documents = []
    with serving("again") as service:
        for test in NAMES:
            with recorder(path, service, test, "rewrite", "tuesday") as mpsd:
                ask(mpsd, service, test)
                ask(mpsd, service, NAMES[2])
            assert mpsd.recording is not None
            documents.append(recording_document(mpsd.recording))

    assert [] == [line for line in together(documents) if "byte for byte" in line]


def test_equal_texts_have_the_place_of_the_first_test() -> None:
    """Two tests that record the same exchange, to the byte, are told apart by nothing: no order of theirs counts."""
    texts, ranks = in_order(["old", "same"], 1, 2, {})
    again, _ = in_order([*texts, "mine", "same"], 2, 1, ranks)

    assert ["old", "same", "mine", "same"] == again
