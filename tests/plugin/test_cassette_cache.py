"""Where the plugin keeps what was read of cassettes: in pytest's own cache."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.plugin.sessions import Suite

CASSETTE = """\
interactions:
- request: {method: POST, uri: 'https://sessiondirectory.xboxlive.com/handles', body: '{"version":1}', headers: {}}
  response: {status: {code: 201, message: Created}, headers: {}, body: {string: '{}'}}
version: 1
"""
SUITE = """
import sys

HEAVY = {"asyncio", "filelock", "h11", "yaml", "handlesfake.cassettes.scrubbing.scrubber"}
if sys.version_info >= (3, 14):
    HEAVY.remove("asyncio")  # pytest imports pdb, which imports it

@pytest.mark.mpsd(cassette="lobby")
def test_it(mpsd):
    assert (201, {}) == send({"version": 1})
    print("imported:", *sorted(HEAVY & set(sys.modules)))
"""
PLUGIN = ("-p", "handlesfake.pytest_plugin")


@pytest.fixture
def replaying(suite: Suite) -> Suite:
    """A suite with one cassette."""
    path = suite.pytester.path / "cassettes/test_party/lobby.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(CASSETTE, encoding="utf-8")
    suite.write(SUITE)
    return suite


def run(suite: Suite, *arguments: str) -> None:
    """A session with pytest's cache, in this process."""
    suite.pytester.runpytest_inprocess(*PLUGIN, *arguments).assert_outcomes(passed=1)


def kept(suite: Suite) -> list[Path]:
    """The entries, and whatever else lies there."""
    return sorted(suite.pytester.path.glob(".pytest_cache/d/handlesfake-cassettes/*"))


def test_the_second_run_imports_nothing_that_it_does_not_need(replaying: Suite) -> None:
    """YAML in the first run, in separate processes; never what records, scrubs, takes locks or runs a loop."""
    runs = [replaying.pytester.runpytest_subprocess(*PLUGIN, "-s") for _ in range(2)]

    for one in runs:
        one.assert_outcomes(passed=1)
    assert 1 == len(kept(replaying))
    imported = [line for one in runs for line in one.outlines if "imported:" in line]
    assert [["yaml"], []] == [line.partition("imported:")[2].split() for line in imported]


@pytest.mark.parametrize("how", [("-p", "no:cacheprovider"), ("-o", "mpsd_cassette_cache=false")])
def test_it_can_be_switched_off(replaying: Suite, how: tuple[str, str]) -> None:
    """With pytest's cache, or alone."""
    run(replaying, *how)

    assert [] == kept(replaying)


def test_pytest_clears_it(replaying: Suite) -> None:
    """With the rest of its cache: ``--cache-clear``."""
    run(replaying)
    old = kept(replaying)[0]
    junk = old.with_name("junk")
    old.rename(junk)
    run(replaying, "--cache-clear")

    assert [old] == kept(replaying)


def test_a_suite_without_cassettes_has_none(suite: Suite) -> None:
    """No folder is made for it."""
    suite.write("\ndef test_it(mpsd):\n    send()\n")
    run(suite)

    assert not (suite.pytester.path / ".pytest_cache/d").exists()


def test_where_the_cache_cannot_be_written_it_is_done_without(replaying: Suite) -> None:
    """As in a container whose folder is read-only: not a word about it from us."""
    (replaying.pytester.path / ".pytest_cache").mkdir()
    (replaying.pytester.path / ".pytest_cache/d").write_text("no folder", encoding="utf-8")
    result = replaying.pytester.runpytest_inprocess(*PLUGIN)

    result.assert_outcomes(passed=1)
    result.stdout.no_fnmatch_line("*handlesfake-cassettes*")
