"""Record once, replay offline: what options, marker and fixtures do for it."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.intercept.loopback import Loopback, serving
from tests.plugin.sessions import Suite, outcomes

RECORDED = """
    import http.client, json

    @pytest.mark.mpsd(cassette="lobby")
    def test_it(mpsd):
        host = mpsd.user("host")
        connection = http.client.HTTPConnection("{authority}")
        connection.request("POST", "/handles", json.dumps({{"version": 1, "type": "activity"}}), host.headers)
        answer = connection.getresponse()
        assert answer.read()
        assert {status} == answer.status
"""

CREDENTIALS = """
    @pytest.fixture(scope="session")
    def mpsd_credentials():
        print("credentials were asked for")
        return {"host": {"xuid": "9000000000000077", "authorization": "XBL3.0 x=1111111111111111111;made-up"}}
"""


@pytest.fixture
def server() -> Iterator[Loopback]:
    """The replacement of the real service."""
    with serving() as service:
        yield service


@pytest.fixture
def recorded(suite: Suite, server: Loopback) -> Suite:
    """A suite whose one test names a cassette, and which takes the server for MPSD."""
    suite.ini(f"mpsd_hosts = {server.authority}")
    suite.write(CREDENTIALS + RECORDED.format(authority=server.authority, status=203))
    return suite


def test_a_recording_is_made_once_and_replayed(recorded: Suite, server: Loopback) -> None:
    """``--mpsd-record=once`` records where there is nothing and replays what there is; without it all is replayed."""
    first = recorded.run("--mpsd-record=once", "-s")
    second = recorded.run("--mpsd-record=once", "-s")
    third = recorded.run("-s")

    for result in (first, second, third):
        result.assert_outcomes(passed=1)
    assert 1 == len(server.seen)
    assert (recorded.pytester.path / "cassettes/test_party/lobby.yaml").exists()


def test_a_name_that_ends_in_json_is_a_cassette_in_json(suite: Suite, server: Loopback) -> None:
    """The marker says it; vcrpy calls it ``serializer="json"``."""
    suite.ini(f"mpsd_hosts = {server.authority}")
    text = RECORDED.replace('"lobby"', '"lobby.json"').format(authority=server.authority, status=203)
    suite.write(CREDENTIALS + text)

    for arguments in (("--mpsd-record=once",), ()):
        assert {"passed": 1} == outcomes(suite.run(*arguments))
    assert 1 == len(server.seen)
    path = suite.pytester.path / "cassettes/test_party/lobby.json"
    assert 1 == json.loads(path.read_text())["version"]


def test_credentials_are_asked_for_only_while_recording(recorded: Suite) -> None:
    """The fixture ``mpsd_credentials`` runs when something is recorded, and not when it is replayed."""
    first = recorded.run("--mpsd-record=once", "-s")
    second = recorded.run("--mpsd-record=once", "-s")
    third = recorded.run("-s")

    asked = ["credentials were asked for" in str(result.stdout) for result in (first, second, third)]
    assert [True, False, False] == asked


def test_a_recording_of_a_failed_test_is_rejected(suite: Suite, server: Loopback) -> None:
    """What a failing test recorded is kept beside, and never taken for a good recording."""
    suite.ini(f"mpsd_hosts = {server.authority}")
    suite.write(CREDENTIALS + RECORDED.format(authority=server.authority, status=201))

    suite.run("--mpsd-record=once").assert_outcomes(failed=1)

    assert ["lobby.yaml.rejected"] == [path.name for path in (suite.pytester.path / "cassettes/test_party").iterdir()]


def test_a_recording_of_a_failed_test_is_rejected_under_any_name(suite: Suite, server: Loopback) -> None:
    """A fixture of the user's that records for one test also learns of its failure."""
    suite.write(
        f"""
    import http.client, handlesfake

    WHO = {{"host": {{"xuid": "9000000000000077", "authorization": "XBL3.0 x=1111111111111111111;made-up"}}}}

    @pytest.fixture
    def party():
        with handlesfake.record("lobby.yaml", credentials=WHO, hosts="{server.authority}") as double:
            yield double

    def test_it(party):
        connection = http.client.HTTPConnection("{server.authority}")
        connection.request("POST", "/handles", "{{}}", party.user("host").headers)
        assert connection.getresponse().read() == "something else"
    """
    )

    suite.run().assert_outcomes(failed=1)

    assert ["lobby.yaml.rejected"] == [path.name for path in suite.pytester.path.rglob("lobby.yaml*")]


def test_a_missing_recording_is_an_error_with_the_command_that_makes_it(suite: Suite) -> None:
    """A marker never records: without its cassette the test does not run, and nothing of ours is between."""
    suite.write("""
        @pytest.mark.mpsd(cassette="first-night")
        def test_a_first_night(mpsd):
            pass
    """)

    result = suite.run()

    assert {"errors": 1} == outcomes(result)
    result.stdout.fnmatch_lines(
        [
            "*_ ERROR at setup of test_a_first_night _*",
            "NoCassette: test_party.py::test_a_first_night replays 'first-night', and no such recording exists.",
            "  looked for  cassettes/test_party/first-night.yaml",
            "  record it once, with real accounts:",
            '      pytest "test_party.py::test_a_first_night" --mpsd-record=once',
        ],
        consecutive=True,
    )


def test_what_is_not_recorded_fails_the_test(recorded: Suite) -> None:
    """A replayed test that sends something else fails in its call phase, even when its code swallows the error."""
    recorded.run("--mpsd-record=once").assert_outcomes(passed=1)
    source = (recorded.pytester.path / "test_party.py").read_text()
    swallowing = source.replace('"activity"', '"invite"').replace(
        "    answer = connection.getresponse()",
        "    try:\n        answer = connection.getresponse()\n    except Exception:\n        return",
    )
    (recorded.pytester.path / "test_party.py").write_text(swallowing)

    result = recorded.run()

    assert {"failed": 1} == outcomes(result)
    result.stdout.fnmatch_lines(
        [
            "*_ test_it _*",
            "NotRecorded: create_handle is not in cassettes/test_party/lobby.yaml (1 exchange, 0 used).",
            "  nearest: #1 create_handle by host, 1 field differs",
            "      type   recorded 'activity'   sent 'invite'",
            "  correct what is sent, or record it again, with real accounts:",
            '      pytest "test_party.py::test_it" --mpsd-record=rewrite',
            "The code under test swallowed this error. A test that wants it:  with mpsd.expect_unanswered(): ...",
        ],
        consecutive=True,
    )


def test_an_unwritable_folder_is_an_error_before_anything_is_sent(recorded: Suite, server: Loopback) -> None:
    """A folder that cannot be written ends the test in its setup, in words."""
    (recorded.pytester.path / "cassettes").write_text("no folder")

    result = recorded.run("--mpsd-record=once")

    assert {"errors": 1} == outcomes(result)
    assert [] == server.seen
    result.stdout.fnmatch_lines(["*_ ERROR at setup of test_it _*", "CassetteError: *"], consecutive=True)


def test_two_tests_that_record_one_cassette_have_one_report(recorded: Suite, server: Loopback) -> None:
    """Which adds them up: a hundred tests may share a cassette."""
    text = CREDENTIALS + RECORDED.format(authority=server.authority, status=203)
    recorded.write(text + text.partition(CREDENTIALS)[2].replace("def test_", "def test_again_"))

    result = recorded.run("--mpsd-record=once")

    result.assert_outcomes(passed=2)
    assert ["2 exchanges"] == [line[42:53] for line in result.outlines if line.startswith("recorded ")]


def test_a_test_that_had_nothing_to_record_is_told_so(suite: Suite) -> None:
    """Else its replay would ask for a recording that cannot be made."""
    suite.write("""
        import pytest

        @pytest.mark.mpsd(cassette="lobby")
        def test_party(mpsd):
            pass
    """)

    result = suite.run("--mpsd-record=once")

    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(
        ["not recorded cassettes/test_party/lobby.yaml: test_party.py::test_party sent nothing that is recorded"]
    )


def test_a_name_that_ends_in_yml_is_a_name(suite: Suite) -> None:
    """It gets no second ending."""
    suite.write("""
        import pytest

        @pytest.mark.mpsd(cassette="lobby.yml")
        def test_party(mpsd):
            pass
    """)

    result = suite.run()

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["  looked for  cassettes/test_party/lobby.yml"])
