"""What no test plays is told at the end of the run, and can fail it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from handlesfake.cassettes.cassette import Interaction, labelled
from handlesfake.cassettes.format.writing import dump_cassette
from handlesfake.mpsd.http.message import Headers, Request, Response
from tests.plugin.sessions import Suite, outcomes

TWO = """
    from party import HOST
    import http.client

    def get(handle, mpsd):
        connection = http.client.HTTPSConnection(HOST)
        connection.request("GET", f"/handles/{handle}", headers=mpsd.user("host").headers)
        assert 200 == connection.getresponse().status

    @pytest.mark.mpsd(cassette="lobby")
    def test_one(mpsd):
        get("a", mpsd)

    @pytest.mark.mpsd(cassette="lobby")
    def test_two(mpsd):
        get("b", mpsd)
"""


def cassette(suite: Suite, name: str, *handles: str, days: int = 0) -> None:
    """A recording of Host's reading of ``handles``, so many days ago."""
    path = suite.pytester.path / "cassettes" / "test_party" / f"{name}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    headers = Headers([("Authorization", labelled("host"))])
    date = format_datetime(datetime.now(UTC) - timedelta(days=days, hours=1), usegmt=True)
    answer = Response(200, Headers([("Date", date)]), b"{}")
    recorded = [
        Interaction(number, Request("GET", f"/handles/{handle}", headers), answer)
        for number, handle in enumerate(handles, 1)
    ]
    path.write_text(dump_cassette(recorded, {"host": "9000000000000001"}))


@pytest.fixture
def party(suite: Suite) -> Suite:
    """Two tests that share a cassette, which holds one exchange more; and a cassette that no test names."""
    suite.write(TWO)
    cassette(suite, "lobby", "a", "b", "c")
    cassette(suite, "old", "a")
    return suite


TOLD = [
    "cassettes/test_party/lobby.yaml: never played: #3 get_handle",
    "cassettes/test_party/old.yaml: no test plays it",
][
    : 2 if hasattr(pytest.Config, "ArgsSource") else 1
]  # before 7.2 pytest does not tell whether all tests were asked for


@pytest.mark.parametrize("arguments", [(), pytest.param(("-n2",), marks=pytest.mark.thorough)])
def test_what_is_unused_is_told(party: Suite, arguments: tuple[str, ...]) -> None:
    """What one test leaves, another may play, also in another worker."""
    result = party.run(*arguments, plugins=("xdist.plugin",) if arguments else ())

    result.stdout.fnmatch_lines(TOLD)
    result.assert_outcomes(passed=2)
    assert 0 == result.ret


@pytest.mark.parametrize("arguments", [(), pytest.param(("-n2",), marks=pytest.mark.thorough)])
def test_what_is_unused_can_fail_the_run(party: Suite, arguments: tuple[str, ...]) -> None:
    """``mpsd_unused = fail``: the tests pass, the run does not."""
    party.ini("mpsd_unused = fail")
    result = party.run(*arguments, plugins=("xdist.plugin",) if arguments else ())

    result.stdout.fnmatch_lines([*TOLD, "mpsd_unused = fail makes this a failure"])
    result.assert_outcomes(passed=2)
    assert 1 == result.ret


def test_a_part_of_the_tests_says_nothing_of_orphans(party: Suite) -> None:
    """The other tests may play them."""
    result = party.run("-k", "test_one")

    result.stdout.no_fnmatch_line("*no test plays it")


def test_nothing_is_said_when_all_was_played(suite: Suite) -> None:
    """No line, and no failure."""
    suite.ini("mpsd_unused = fail")
    suite.write(TWO)
    cassette(suite, "lobby", "a", "b")
    result = suite.run()

    result.stdout.no_fnmatch_line("cassettes/*")
    assert 0 == result.ret


def test_what_a_failed_test_leaves_is_no_news(party: Suite) -> None:
    """It is a consequence."""
    party.write(TWO + '        assert "x" == "y"\n')
    result = party.run()

    result.stdout.no_fnmatch_line("*never played*")


@pytest.mark.parametrize("chosen", [("-k", "test_one"), ("test_party.py::test_one",)], ids=["-k", "node id"])
def test_a_part_of_the_tests_says_nothing_of_a_cassette_that_others_share(
    party: Suite, chosen: tuple[str, ...]
) -> None:
    """The others may play what is left; ``mpsd_unused = fail`` does not fail such a run."""
    party.ini("mpsd_unused = fail")
    result = party.run(*chosen)

    result.stdout.no_fnmatch_line("*never played*")
    assert 0 == result.ret


@pytest.mark.parametrize(
    ("stops", "arguments"),
    [
        ("pytest.exit('enough')", ()),
        ("assert False", ("-x",)),
        pytest.param("assert False", ("-x", "-n2", "-p", "xdist.plugin"), marks=pytest.mark.thorough),
    ],
    ids=["exit", "-x", "-x with two workers"],
)
def test_a_run_that_was_cut_short_says_nothing_of_what_is_unused(
    party: Suite, stops: str, arguments: tuple[str, ...]
) -> None:
    """The tests that were left out may play it."""
    party.write(TWO.replace("def test_two(mpsd):", f"def test_two(mpsd):\n        {stops}"), "test_party")
    party.write(f"def test_first():\n    {stops}\n", "test_a")
    result = party.run("test_party.py::test_one", "test_a.py", "test_party.py::test_two", *arguments)

    result.stdout.no_fnmatch_line("*never played*")
    result.stdout.no_fnmatch_line("*no test plays it*")


def test_an_old_recording_is_told(suite: Suite) -> None:
    """With its age and the command that records it again; a filter makes an error of it."""
    suite.ini("mpsd_max_age = 90d")
    suite.write(TWO)
    cassette(suite, "lobby", "a", "b", days=120)
    day = (datetime.now(UTC) - timedelta(days=120, hours=1)).strftime("%Y-%m-%d")
    warned = suite.run()
    failed = suite.run("-W", "error::handlesfake.errors.OldRecordingWarning")

    warned.stdout.fnmatch_lines(
        [
            f"*/lobby.yaml:1: OldRecordingWarning: cassettes/test_party/lobby.yaml was recorded {day}, 120 days ago; 90 allowed.",
            "*  record it again, in every test that shares it, with real accounts:",
            '*pytest "test_party.py::test_one" "test_party.py::test_two" --mpsd-record=rewrite',
        ]
    )
    assert {"passed": 2} == outcomes(warned)
    assert {"errors": 2} == outcomes(failed)


def test_an_old_recording_can_fail_its_tests(suite: Suite) -> None:
    """``mpsd_old = fail``: before they run, with the command that records it again."""
    suite.ini("mpsd_max_age = 90d\nmpsd_old = fail")
    suite.write(TWO)
    cassette(suite, "lobby", "a", "b", days=120)

    result = suite.run()

    result.assert_outcomes(errors=2)
    result.stdout.fnmatch_lines(
        [
            "CassetteError: cassettes/test_party/lobby.yaml was recorded *, 120 days ago; 90 allowed.",
            "  record it again, in every test that shares it, with real accounts:",
            '      pytest "test_party.py::test_one" "test_party.py::test_two" --mpsd-record=rewrite',
        ],
        consecutive=True,
    )


def test_a_young_recording_is_not(suite: Suite) -> None:
    """Within its days."""
    suite.ini("mpsd_max_age = 90d")
    suite.write(TWO)
    cassette(suite, "lobby", "a", "b", days=89)

    suite.run("-W", "error::handlesfake.errors.OldRecordingWarning").assert_outcomes(passed=2)


def test_an_age_is_a_number_of_days(suite: Suite) -> None:
    """Anything else ends the session before it begins."""
    suite.ini("mpsd_max_age = soon")
    suite.write(TWO)

    suite.run().stderr.fnmatch_lines(
        ["*mpsd_max_age in tox.ini: wanted a number of days, such as 90d, and found 'soon'.*"]
    )
