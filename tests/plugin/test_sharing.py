"""Tests that share a cassette: no command that we print, and none that we take, drops what others have recorded."""

from __future__ import annotations

from pathlib import Path

import pytest

from handlesfake.cassettes.format.loading import load_cassette
from handlesfake.cassettes.sharing import Collected
from tests.intercept.loopback import Loopback
from tests.plugin.sessions import Suite, outcomes
from tests.plugin.test_cassettes import CREDENTIALS
from tests.plugin.test_recording_workers import PARTY, held, server

__all__ = ["server"]

REFUSED = """\
CassetteError: cassettes/test_party/lobby.yaml: a rewrite would drop what tests have recorded that do not run now.
  they are  test_party.py::test_it[[]a], test_party.py::test_it[[]c]
  record what this test asks for again, and keep the rest:
      pytest "test_party.py::test_it[[]b]" --mpsd-record=all
  or record it again, in every test that shares it, with real accounts:
      pytest "test_party.py::test_it" --mpsd-record=rewrite
  or delete the cassette first, if you do not need it any more.""".splitlines()


@pytest.fixture
def shared(suite: Suite, server: Loopback) -> Suite:
    """Three tests that have recorded one cassette."""
    suite.ini(f"mpsd_hosts = {server.authority}")
    suite.write(CREDENTIALS + PARTY.format(authority=server.authority, names="abc"))
    suite.run("--mpsd-record=once").assert_outcomes(passed=3)
    return suite


def cassette_of(suite: Suite) -> Path:
    """Where it lies."""
    return suite.pytester.path / "cassettes/test_party/lobby.yaml"


def test_a_cassette_names_the_tests_that_have_recorded_it(shared: Suite) -> None:
    """Without their parameters, which may hold anything."""
    assert ("test_party.py::test_it",) == load_cassette(cassette_of(shared)).tests


@pytest.mark.parametrize("arguments", [("test_party.py::test_it[b]",), ("-k", "b]"), ("--deselect=x", "-kb]")])
def test_a_rewrite_of_a_part_is_refused(shared: Suite, server: Loopback, arguments: tuple[str, ...]) -> None:
    """Nothing is sent, the cassette stays, and the commands are named that lose nothing."""
    before, sent = cassette_of(shared).read_bytes(), len(server.seen)
    result = shared.run("--mpsd-record=rewrite", *arguments)

    assert {"errors": 1} == {name: count for name, count in outcomes(result).items() if name != "deselected"}
    assert (before, sent) == (cassette_of(shared).read_bytes(), len(server.seen))
    result.stdout.fnmatch_lines(REFUSED, consecutive=True)


@pytest.mark.parametrize(
    "arguments", [("test_party.py::test_it[b]", "--mpsd-record=all"), ("--mpsd-record=rewrite",)]
)
def test_the_commands_that_it_names_work(shared: Suite, arguments: tuple[str, ...]) -> None:
    """Each of them keeps what the three tests have recorded."""
    result = shared.run(*arguments)

    assert "failed" not in outcomes(result)
    assert "errors" not in outcomes(result)
    assert [f"{name}-{number}" for name in "abc" for number in range(5)] == held(cassette_of(shared))


@pytest.mark.thorough
def test_two_workers_refuse_it_alike(shared: Suite) -> None:
    """Each worker has collected all tests, and knows which of them run."""
    before = cassette_of(shared).read_bytes()
    refused = shared.run("-n2", "--mpsd-record=rewrite", "-k", "a] or b]", plugins=("xdist.plugin",))

    assert {"errors": 2} == {name: count for name, count in outcomes(refused).items() if name != "deselected"}
    assert before == cassette_of(shared).read_bytes()


def test_a_test_of_another_file_that_has_recorded_it_is_known_by_the_cassette(suite: Suite, server: Loopback) -> None:
    """A path from rootdir is shared by files, of which only one may be collected."""
    suite.ini(f"mpsd_hosts = {server.authority}")
    text = PARTY.replace('"lobby"', '__import__("pathlib").Path("lobby.yaml")')
    for name in ("test_one", "test_two"):
        suite.write(CREDENTIALS + text.format(authority=server.authority, names=name[-1]), name)
    suite.run("--mpsd-record=once").assert_outcomes(passed=2)
    path = suite.pytester.path / "lobby.yaml"
    before = path.read_bytes()
    refused = suite.run("test_one.py", "--mpsd-record=rewrite")
    (suite.pytester.path / "test_two.py").unlink()
    alone = suite.run("test_one.py", "--mpsd-record=rewrite")

    refused.stdout.fnmatch_lines(
        ["  they are  test_two.py::test_it", '*"test_one.py::test_it" "test_two.py::test_it"*']
    )
    assert before != path.read_bytes()
    alone.assert_outcomes(passed=1)
    assert ("test_one.py::test_it",) == load_cassette(path).tests


def test_a_miss_advises_what_keeps_the_others(shared: Suite) -> None:
    """To record what is missing, or all of it in every test."""
    path = shared.pytester.path / "test_party.py"
    path.write_text(path.read_text().replace("{name}-{number}", "{name}-{number}-new"))
    result = shared.run("test_party.py::test_it[b]")

    result.stdout.fnmatch_lines(
        [
            "*correct what is sent, or record what is missing, with real accounts:",
            '*    pytest "test_party.py::test_it[[]b]" --mpsd-record=new_episodes',
            "*or record it again, in every test that shares it, with real accounts:",
            '*    pytest "test_party.py::test_it" --mpsd-record=rewrite',
        ],
        consecutive=True,
    )


def test_a_test_that_is_gone_shares_nothing() -> None:
    """One whose file was collected whole, or is missing; a class that was not collected may hold it still."""
    path = Path("lobby.yaml")
    collected = Collected(Path(__file__).parent, complete=frozenset({"test_sharing.py"}))
    tests = ["test_sharing.py::test_old", "test_no_such_file.py::test_it", "test_sharing.py::TestIt::test_it"]

    assert ["test_sharing.py::TestIt::test_it"] == collected.sharers(path, tests)
