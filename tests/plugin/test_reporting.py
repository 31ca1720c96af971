"""What a session says of the traffic: a section where a test failed, one line at the end, and a report file."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.plugin.sessions import Suite, outcomes

ASSUMING = """
    def test_it(mpsd):
        send()
"""


def test_a_failed_test_shows_its_traffic(suite: Suite) -> None:
    """A failure in the user's own code comes with what was sent, why it was refused, and from which line."""
    suite.write("""
        def test_it(mpsd):
            host = mpsd.user("host")
            send(authorization=host.authorization, version="")[1]["id"]
    """)

    result = suite.run()

    assert {"failed": 1} == outcomes(result)
    result.stdout.fnmatch_lines(
        [
            "E *TypeError: string indices must be integers*",
            "*- MPSD: 1 request, 1 refused -*",
            "#1  create_handle activity  * 400   party.py:15 in send",
            "*X-Xbl-Contract-Version*",
        ]
    )


def test_the_section_goes_with_what_was_captured(suite: Suite) -> None:
    """``--show-capture=no`` hides the traffic as it hides what the test has printed."""
    suite.write("""
        def test_it(mpsd):
            send()
            assert False
    """)

    shown, hidden = suite.run(), suite.run("--show-capture=no")

    shown.stdout.fnmatch_lines(["*- MPSD: 1 request, 3 assumptions -*"])
    hidden.stdout.no_fnmatch_line("*MPSD: 1 request*")


def test_a_passed_test_shows_nothing(suite: Suite) -> None:
    """Neither a test that passes nor one whose failure is expected has a section, not even with ``-rA``."""
    suite.write("""
        def test_it(mpsd):
            mpsd.session("lobby-1", members=[mpsd.user("host")])
            assert 201 == send(authorization=mpsd.user("host").authorization)[0]

        @pytest.mark.xfail(strict=True)
        def test_expected(mpsd):
            send()
            assert False
    """)

    result = suite.run("-rA")

    assert {"passed": 1, "xfailed": 1} == outcomes(result)
    result.stdout.no_fnmatch_line("*- MPSD*")


def test_the_last_ten_entries_are_shown(suite: Suite) -> None:
    """A long test shows the end of its traffic, and says how much came before."""
    suite.write("""
        def test_it(mpsd):
            for _ in range(12):
                send()
            assert False
    """)

    result = suite.run()

    result.stdout.fnmatch_lines(
        ["*- MPSD: 12 requests, *", "2 earlier requests not shown; mpsd.journal has all", "#3 *"]
    )
    result.stdout.fnmatch_lines(["#12 *"])
    result.stdout.no_fnmatch_line("#2 *")


def test_a_test_of_a_shared_double_shows_its_own_traffic(suite: Suite) -> None:
    """Where tests share a double, a failure shows what its test sent, also when its end takes the journal back."""
    suite.write("""
        import handlesfake

        @pytest.fixture(scope="session")
        def world():
            with handlesfake.fake() as mpsd:
                yield mpsd

        @pytest.fixture
        def mpsd(world, request):
            if request.node.name == "test_two":
                with world.checkpoint():
                    yield world
            else:
                yield world

        @pytest.fixture
        def broken(mpsd):
            yield
            raise KeyError("end")

        def test_one(mpsd):
            send()

        def test_two(mpsd, broken):
            send(path="/two")

        def test_three(mpsd):
            send(path="/three")
            assert False
    """)

    result = suite.run()

    assert 2 == str(result.stdout).count("MPSD: 1 request, 1 refused")
    result.stdout.fnmatch_lines(["*KeyError: 'end'", "#2  POST /two *", "*test_three*", "#2  POST /three *"])


def test_no_token_is_shown(suite: Suite) -> None:
    """Neither the section nor the report file holds a token."""
    suite.write("""
        def test_it(mpsd):
            send(authorization="XBL3.0 x=9000000000000001;made-up-secret")
            assert False
    """)

    result = suite.run("--mpsd-report=report.json", "--tb=no")

    result.stdout.no_fnmatch_line("*made-up-secret*")
    assert "made-up-secret" not in (suite.pytester.path / "report.json").read_text()


def test_assumptions_are_counted_at_the_end(suite: Suite) -> None:
    """One line tells how much was assumed, in how many tests, and what refuses or lists it."""
    suite.write("""
        @pytest.mark.mpsd
        @pytest.mark.parametrize("turn", range(2))
        def test_it(turn):
            send()
    """)

    result = suite.run()

    result.stdout.fnmatch_lines(
        ["6 assumptions in 2 tests (mpsd_strict = true refuses them; --mpsd-report=- lists them)"]
    )


def test_who_really_slept_for_a_retry_after_is_told(suite: Suite) -> None:
    """With how long, in which test, and what takes no time."""
    suite.write("""
        import itertools

        def test_it(mpsd, monkeypatch):
            readings = itertools.count(100, 3)
            monkeypatch.setattr("handlesfake.engine.early_retries.monotonic", lambda: next(readings))
            mpsd.refuse("throttled", times=1, retry_after=2)
            host = mpsd.user("host")
            send(authorization=host.authorization)
            send(authorization=host.authorization)

        def test_in_time(mpsd):
            send(authorization=mpsd.user("host").authorization)
    """)

    result = suite.run()

    assert {"passed": 2} == outcomes(result)
    assert [
        "really waited 3.0 s for Retry-After: test_party.py::test_it; "
        "no time passes with mpsd.clock.skip_sleeps(), or mpsd.clock.sleep"
    ] == [line for line in result.outlines if line.startswith("really waited")]


def test_a_session_without_assumptions_says_nothing(suite: Suite) -> None:
    """There is no line when nothing was assumed."""
    suite.write("""
        def test_it(mpsd):
            mpsd.session("lobby-1", members=[mpsd.user("host")])
            send(authorization=mpsd.user("host").authorization)

        def test_other():
            pass
    """)

    result = suite.run()

    result.stdout.no_fnmatch_line("*assumptions in*")


@pytest.mark.thorough
def test_workers_count_together(suite: Suite) -> None:
    """Under xdist the line counts the tests of all workers, and the report holds them all."""
    suite.write("""
        @pytest.mark.mpsd
        @pytest.mark.parametrize("turn", range(4))
        def test_it(turn):
            send()
    """)

    result = suite.run("-n2", "--mpsd-report=report.json", plugins=("xdist.plugin",))

    result.stdout.fnmatch_lines(["12 assumptions in 4 tests (mpsd_strict = true refuses them)"])
    assert {f"test_party.py::test_it[{turn}]" for turn in range(4)} == {test["test"] for test in _report(suite)}


def test_the_last_run_of_a_test_counts(suite: Suite) -> None:
    """A test that is run again is counted once."""
    suite.write("""
        turns = []

        @pytest.mark.flaky(reruns=1)
        def test_it(mpsd):
            send()
            turns.append(1)
            assert len(turns) == 2
    """)

    result = suite.run(plugins=("pytest_rerunfailures",))

    result.stdout.fnmatch_lines(["3 assumptions in 1 test (*"])


def test_assumptions_are_listed_on_the_terminal(suite: Suite) -> None:
    """``--mpsd-report=-`` lists each assumption with the line that would say it instead."""
    suite.write("""
        def test_it(mpsd):
            send(authorization="XBL3.0 x=1111111111111111111;a")
            send(authorization="XBL3.0 x=1111111111111111111;a")
    """)

    result = suite.run("--mpsd-report=-")

    result.stdout.fnmatch_lines(
        [
            "*= MPSD: what the fake took for granted =*",
            "test_party.py::test_it",
            "    an unknown token came from a separate user, 9000000000000001",
            '        say it instead:  host = mpsd.user("host"); give the code under test host.authorization',
            "    9000000000000001 plays the title 1234567890",
            '        say it instead:  host = mpsd.user("host", title_id="1234567890")',
            "    the session lobby-1 exists",
            '        say it instead:  mpsd.session("lobby-1", members=[[]host])',
            "    9000000000000001 is active in the session lobby-1",
            '        say it instead:  mpsd.session("lobby-1", members=[[]host])',
            "4 assumptions in 1 test (mpsd_strict = true refuses them)",
        ],
        consecutive=True,
    )


def test_the_report_holds_one_object_per_test(suite: Suite) -> None:
    """The file is a JSON list: each test with a double, its outcome, its journal and its assumptions."""
    suite.write("""
        def test_sent(mpsd):
            mpsd.session("lobby-1", members=[mpsd.user("host")])
            send(authorization=mpsd.user("host").authorization)

        def test_failed(mpsd):
            assert False

        def test_without():
            pass
    """)

    suite.run("--mpsd-report=reports/mpsd.json")

    sent, failed = _report(suite, "reports/mpsd.json")
    assert ("test_party.py::test_sent", "passed", []) == (sent["test"], sent["outcome"], sent["assumptions"])
    assert {
        "test": "test_party.py::test_failed",
        "outcome": "failed",
        "assumptions": [],
        "journal": [],
        "taps": [],
    } == failed
    (entry,) = sent["journal"]
    assert "activity" == entry["body"]["type"]
    expected = {
        "number": 1,
        "operation": "create_handle",
        "type": "activity",
        "method": "POST",
        "target": "/handles",
        "status": 201,
        "decided_by": "mpsd",
        "fault": None,
        "source": "party.py:15 in send",
        "straggler": False,
    }
    assert expected == {key: entry[key] for key in expected}


def test_a_report_bears_any_body(suite: Suite) -> None:
    """Text that no encoding has, and numbers of any size, cross from worker to controller to file."""
    suite.write(r"""
        def test_it(mpsd):
            send({"type": "\ud800", "n": 2 ** 70})
            assert False
    """)

    result = suite.run("-n1", "--mpsd-report=report.json", plugins=("xdist.plugin",))

    assert {"failed": 1} == outcomes(result)
    assert 1 == len(_report(suite)[0]["journal"])


def test_a_report_that_cannot_be_written_is_a_usage_error(suite: Suite) -> None:
    """A folder is not a report file: the session ends before it begins."""
    suite.write(ASSUMING)

    result = suite.run("--mpsd-report=.")

    assert 4 == result.ret
    result.stderr.fnmatch_lines(["ERROR: --mpsd-report=.: Is a directory; name a file, or - for the terminal."])


def test_records_compare_readably(suite: Suite) -> None:
    """A plain ``assert`` over invites shows where they differ, not two long lines."""
    suite.write("""
        def test_it(mpsd):
            host = mpsd.user("host")
            lobby = mpsd.session("lobby-1", members=[host])
            send({"version": 1, "type": "invite", "sessionRef": lobby.ref, "invitedXuid": "9000000000000011",
                  "inviteAttributes": {"titleId": "1234567890"}}, authorization=host.authorization)
            assert mpsd.invites == [{"invited_xuid": "9000000000000012"}]
    """)

    result = suite.run()

    result.stdout.fnmatch_lines(
        [
            "E       AssertionError: assert 1 invite accepted, 1 wanted",
            "E           [[]0] <Invite #1 by Host 9000000000000001: 9000000000000011 to lobby-1>:",
            "E               invitedXuid   wanted '9000000000000012'   sent '9000000000000011'",
        ],
        consecutive=True,
    )


def _report(suite: Suite, name: str = "report.json") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((suite.pytester.path / name).read_text())
    return found
