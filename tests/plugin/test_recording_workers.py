"""Workers of pytest-xdist that record into one cassette: nothing of any of them is lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from handlesfake.cassettes.format.loading import load_cassette
from tests.intercept.loopback import Loopback, serving
from tests.plugin.sessions import Suite, outcomes
from tests.plugin.test_cassettes import CREDENTIALS

PARTY = """
    import http.client

    @pytest.mark.mpsd(cassette="lobby")
    @pytest.mark.parametrize("name", "{names}")
    def test_it(mpsd, name):
        connection = http.client.HTTPConnection("{authority}")
        for number in range(5):
            connection.request("GET", f"/handles/{{name}}-{{number}}", headers=mpsd.user("host").headers)
            assert connection.getresponse().read()
"""


@pytest.fixture
def server() -> Iterator[Loopback]:
    """The replacement of the real service."""
    with serving() as service:
        yield service


def held(path: Path) -> list[str]:
    """The handles that the cassette at ``path`` answers for, each as often as it is there."""
    return sorted(in_its_order(path))


def in_its_order(path: Path) -> list[str]:
    """The same in the order of the file."""
    return [one.request.path.removeprefix("/handles/") for one in load_cassette(path).interactions]


@pytest.mark.parametrize(
    ("policy", "stays"),
    [
        pytest.param("once", False, marks=pytest.mark.thorough),
        pytest.param("new_episodes", True, marks=pytest.mark.thorough),
        pytest.param("all", True, marks=pytest.mark.thorough),
        pytest.param("rewrite", False, marks=pytest.mark.thorough),
    ],
)
def test_two_workers_lose_nothing(suite: Suite, server: Loopback, policy: str, stays: bool) -> None:
    """Eight tests with five requests each in two processes, under every policy; what was there before as it says.

    They are in the order of the tests, whichever worker has run them, after what was there.
    """
    suite.ini(f"mpsd_hosts = {server.authority}")
    path = suite.pytester.path / "cassettes/test_party/lobby.yaml"
    if policy != "once":
        suite.write(CREDENTIALS + PARTY.format(authority=server.authority, names="z"))
        suite.run("--mpsd-record=once").assert_outcomes(passed=1)
    suite.write(CREDENTIALS + PARTY.format(authority=server.authority, names="abcdefgh"))

    result = suite.run("-n2", f"--mpsd-record={policy}", plugins=("xdist.plugin",))

    assert {"passed": 8} == outcomes(result)
    names = "zabcdefgh" if stays else "abcdefgh"
    assert [f"{name}-{number}" for name in names for number in range(5)] == in_its_order(path)
    assert ["lobby.yaml"] == [one.name for one in path.parent.iterdir()]
