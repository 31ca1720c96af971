"""What fails a test although nothing in it raised: in its call phase, and never instead of its own failure."""

from __future__ import annotations

import pytest

from tests.plugin.sessions import Suite, outcomes

UNANSWERED = "Unanswered: no stage answers POST /handles."
WANTED = "The code under test swallowed this error. A test that wants it:  with mpsd.expect_unanswered(): ..."


def test_a_swallowed_error_fails_the_test(suite: Suite) -> None:
    """A request that nothing may answer is one failure, not a pass and an error, whatever its sender does."""
    suite.write("""
        def test_it(nobody_answers):
            swallow()
    """)

    result = suite.run()

    assert {"failed": 1} == outcomes(result)
    result.stdout.fnmatch_lines(
        ["*_ test_it _*", UNANSWERED, WANTED, "*- MPSD: 1 request, 1 unanswered -*"], consecutive=True
    )


def test_every_kind_of_test_fails_for_a_swallowed_error(suite: Suite) -> None:
    """Async and unittest tests fail as plain ones do."""
    suite.write("""
        import unittest

        pytestmark = pytest.mark.usefixtures("nobody_answers")

        def test_plain():
            swallow()

        @pytest.mark.asyncio
        async def test_asyncio():
            swallow()

        @pytest.mark.anyio
        @pytest.mark.parametrize("anyio_backend", ["trio"])
        async def test_trio(anyio_backend):
            swallow()

        class TestUnit(unittest.TestCase):
            def test_method(self):
                swallow()

        class TestUnitAsync(unittest.IsolatedAsyncioTestCase):
            async def test_method(self):
                swallow()
    """)

    result = suite.run()

    assert {"failed": 5} == outcomes(result)
    assert 5 == result.outlines.count(UNANSWERED)


def test_an_error_that_is_raised_is_the_failure(suite: Suite) -> None:
    """What the code under test lets through is told once, with its traceback."""
    suite.write("""
        def test_it(nobody_answers):
            send()
    """)

    result = suite.run()

    assert {"failed": 1} == outcomes(result)
    result.stdout.fnmatch_lines(["E   *Unanswered: no stage answers POST /handles."])
    result.stdout.no_fnmatch_line(WANTED)
    result.stdout.no_fnmatch_line(UNANSWERED)


def test_another_failure_is_not_masked(suite: Suite) -> None:
    """A test that fails by itself keeps its failure; the request without an answer is shown with the traffic."""
    suite.write("""
        import unittest

        def test_it(nobody_answers):
            swallow()
            raise KeyError("id")

        @pytest.mark.usefixtures("nobody_answers")
        class TestUnit(unittest.TestCase):
            def test_method(self):
                swallow()
                raise KeyError("id")
    """)

    result = suite.run()

    assert {"failed": 2} == outcomes(result)
    result.stdout.fnmatch_lines(
        [
            "E       KeyError: 'id'",
            "*- MPSD: 1 request, 1 unanswered -*",
            "#1 *no answer*",
            "    decided by nobody",
            UNANSWERED,
        ]
    )
    result.stdout.fnmatch_lines(["FAILED *::test_it - KeyError: 'id'", "FAILED *::test_method - KeyError: 'id'"])


def test_equal_errors_are_told_once(suite: Suite) -> None:
    """A retry loop does not fill the screen: equal errors are counted, and of different ones a few are shown."""
    suite.write("""
        def test_it(nobody_answers):
            for path in ("/handles", "/a", "/handles", "/b", "/c", "/d"):
                swallow(path=path)
    """)

    result = suite.run()

    result.stdout.fnmatch_lines(
        [
            UNANSWERED,
            "  (2 times)",
            "Unanswered: no stage answers POST /a.",
            "Unanswered: no stage answers POST /b.",
            "... and 2 more that nothing may answer.",
            WANTED,
        ],
        consecutive=True,
    )


def test_a_test_may_want_an_unanswered_request(suite: Suite) -> None:
    """``expect_unanswered`` takes the error whether or not the code under test swallows it, and only there."""
    suite.write("""
        def test_swallowed(nobody_answers):
            with nobody_answers.expect_unanswered():
                swallow()

        def test_raised(nobody_answers):
            with nobody_answers.expect_unanswered():
                send()

        def test_outside(nobody_answers):
            with nobody_answers.expect_unanswered():
                swallow()
            swallow(path="/outside")

        def test_none(mpsd):
            with mpsd.expect_unanswered():
                send()
    """)

    result = suite.run()

    assert {"passed": 2, "failed": 2} == outcomes(result)
    result.stdout.fnmatch_lines(["Unanswered: no stage answers POST /outside.", WANTED], consecutive=True)
    result.stdout.fnmatch_lines(
        ["E *AssertionError: expect_unanswered(): every request inside was answered, or none was sent."]
    )


def test_expected_failures_and_skips_stay_what_they_are(suite: Suite) -> None:
    """``xfail`` counts the failure as expected, strictly too; a skip is not turned into a failure."""
    suite.write("""
        @pytest.mark.xfail(strict=True)
        def test_expected(nobody_answers):
            swallow()

        def test_skipped(nobody_answers):
            swallow()
            pytest.skip("enough")
    """)

    assert {"xfailed": 1, "skipped": 1} == outcomes(suite.run())


@pytest.mark.thorough
def test_workers_fail_tests_as_well(suite: Suite) -> None:
    """Under xdist the same failure with the same words comes from a worker."""
    suite.write("""
        def test_it(nobody_answers):
            swallow()
    """)

    result = suite.run("-n1", plugins=("xdist.plugin",))

    assert {"failed": 1} == outcomes(result)
    result.stdout.fnmatch_lines([UNANSWERED, WANTED, "*- MPSD: 1 request, 1 unanswered -*"], consecutive=True)


def test_a_rerun_starts_anew(suite: Suite) -> None:
    """A run that passes is not failed by what an earlier run of the same test left unanswered."""
    suite.write("""
        turns = []

        @pytest.mark.flaky(reruns=1)
        def test_it(nobody_answers):
            turns.append(1)
            if len(turns) == 1:
                swallow()
    """)

    result = suite.run(plugins=("pytest_rerunfailures",))

    assert {"passed": 1, "rerun": 1} == outcomes(result)


def test_what_fixtures_send_as_they_end_is_their_error(suite: Suite) -> None:
    """A swallowed error of the teardown is an error of the teardown: the test itself had passed."""
    suite.write("""
        @pytest.fixture
        def bot(nobody_answers):
            yield
            swallow()

        def test_it(bot):
            pass
    """)

    result = suite.run()

    assert {"passed": 1, "errors": 1} == outcomes(result)
    result.stdout.fnmatch_lines(["*_ ERROR at teardown of test_it _*", UNANSWERED, WANTED], consecutive=True)


def test_what_fixtures_swallow_before_the_test_fails_the_test(suite: Suite) -> None:
    """A swallowed error of the setup fails the test in its call phase."""
    suite.write("""
        @pytest.fixture
        def bot(nobody_answers):
            swallow()

        def test_it(bot):
            pass
    """)

    assert {"failed": 1} == outcomes(suite.run())


def test_a_request_after_the_double_fails_the_test(suite: Suite) -> None:
    """What asks for MPSD when no double is active any more is refused, and fails the test that runs."""
    suite.write("""
        def test_one(mpsd):
            send()

        def test_two():
            swallow()

        def test_three():
            swallow()
            raise KeyError("id")
    """)

    result = suite.run()

    refused = (
        "Escaped: a request for sessiondirectory.xboxlive.com was refused: "
        "the double of test_party.py::test_one has stopped, and no other is active."
    )
    assert {"passed": 1, "failed": 2} == outcomes(result)
    result.stdout.fnmatch_lines(["*_ test_two _*", refused], consecutive=True)
    result.stdout.fnmatch_lines(["E       KeyError: 'id'", "*- MPSD -*", refused])


def test_a_claim_never_awaited_fails_the_test(suite: Suite) -> None:
    """An assertion of ``mpsd.soon`` without ``await`` has claimed nothing."""
    suite.write("""
        @pytest.mark.asyncio
        async def test_it(mpsd):
            mpsd.soon.assert_invited("9000000000000002")
    """)

    result = suite.run()

    assert {"failed": 1} == outcomes(result)
    result.stdout.fnmatch_lines(
        [
            "mpsd.soon.assert_invited(...) was never awaited, and so has claimed nothing: test_party.py:6 in test_it",
            "  write await before it, or, outside a loop, mpsd.assert_invited(..., within=1.0)",
        ],
        consecutive=True,
    )


def test_a_rule_of_the_test_that_never_acts_fails_it(suite: Suite) -> None:
    """A rule made in the test must act in it; one that did, or that the test did not make, is not a failure."""
    suite.write("""
        import handlesfake

        @pytest.fixture(scope="session")
        def world():
            with handlesfake.fake() as mpsd:
                mpsd.refuse("throttled", operation="get_handle")
                yield mpsd

        @pytest.fixture
        def shared(world):
            with world.checkpoint():
                yield world

        def test_acted(mpsd):
            mpsd.refuse("throttled", times=1)
            send()

        def test_never(mpsd):
            mpsd.refuse("throttled", times=1, operation="get_handle")
            send()

        class TestShared:
            @pytest.fixture
            def mpsd(self, shared):
                return shared

            def test_it(self, mpsd):
                send()
    """)

    result = suite.run()

    assert {"passed": 2, "failed": 1} == outcomes(result)
    result.stdout.fnmatch_lines(
        [
            "*_ test_never _*",
            "refuse('throttled', times=1) never acted: no request fitted it. Made in test_party.py:22 in test_never",
            "  it waits for operation='get_handle'",
            "  nearest: #1 create_handle activity 201   party.py:15 in send",
            "      operation   wanted 'get_handle'   sent 'create_handle'",
            "  correct its words, or take the rule out",
        ],
        consecutive=True,
    )


def test_a_rule_of_a_shared_double_may_act_in_a_later_test(suite: Suite) -> None:
    """A rule of a fixture for several tests is judged when its double ends; one of a test's own fixture, with it."""
    suite.write("""
        import handlesfake

        @pytest.fixture(scope="module")
        def world():
            with handlesfake.fake() as mpsd:
                mpsd.refuse("throttled", times=1)
                yield mpsd

        def test_first(world):
            pass

        def test_second(world):
            send()

        @pytest.fixture
        def never():
            with handlesfake.fake() as mpsd:
                mpsd.refuse("throttled", times=1)
                yield mpsd

        def test_third(never):
            pass
    """)

    result = suite.run()

    assert {"passed": 2, "failed": 1} == outcomes(result)
    result.stdout.fnmatch_lines(["FAILED test_party.py::test_third - Failed: refuse('throttled'*"])


def test_an_unknown_address_is_a_warning(suite: Suite) -> None:
    """An address that MPSD does not have is a warning with the nearest one and the line that sent it, once each."""
    suite.write("""
        def test_it(mpsd):
            send(path="/handle")
            send(path="/handle")
    """)

    result = suite.run()

    assert {"passed": 1} == outcomes(result)
    assert 1 == str(result.stdout).count("UnroutedWarning: ")
    result.stdout.fnmatch_lines(
        [
            "test_party.py::test_it",
            "  */party.py:15: UnroutedWarning: MPSD has no address POST /handle; the nearest is POST /handles "
            "(create_handle). Sent from party.py:15 in send; answered 404.",
        ],
        consecutive=True,
    )


def test_an_unknown_address_may_be_a_failure(suite: Suite) -> None:
    """``unrouted="fail"`` and a filter that turns warnings into errors each fail the test in its call phase."""
    suite.write("""
        @pytest.mark.mpsd(unrouted="fail")
        def test_fail():
            send(path="/handle")

        @pytest.mark.mpsd
        @pytest.mark.filterwarnings("error::handlesfake.errors.UnroutedWarning")
        def test_filtered():
            send(path="/handle")

        @pytest.mark.mpsd
        @pytest.mark.filterwarnings("ignore::handlesfake.errors.UnroutedWarning")
        def test_ignored():
            send(path="/handle")
    """)

    result = suite.run()

    assert {"passed": 1, "failed": 2} == outcomes(result)
    result.stdout.fnmatch_lines(
        [
            "*_ test_fail _*",
            "MPSD has no address POST /handle; the nearest is POST /handles (create_handle). "
            "Sent from party.py:15 in send; answered 404.",
            "  unrouted='fail' makes this a failure.",
        ],
        consecutive=True,
    )


def test_an_unknown_address_masks_no_failure(suite: Suite) -> None:
    """A test that fails or is skipped by itself stays that, alone; the unknown address is shown with its traffic."""
    suite.write("""
        pytestmark = pytest.mark.mpsd(unrouted="fail")

        def test_failed():
            send(path="/nope")
            assert 1 == 2

        def test_skipped():
            send(path="/nope")
            pytest.skip("enough")
    """)

    result = suite.run()

    assert {"failed": 1, "skipped": 1} == outcomes(result)
    result.stdout.fnmatch_lines(
        ["E *assert 1 == 2", "*- MPSD: 1 request, 1 refused*-*", "MPSD has no address POST /nope*"]
    )


def test_a_wrong_method_is_no_unknown_address(suite: Suite) -> None:
    """MPSD has the address and answers 405: ``unrouted`` is about addresses that it does not have."""
    suite.write("""
        @pytest.mark.mpsd(unrouted="fail")
        def test_it():
            assert send(method="GET")[0] == 405
    """)

    assert {"passed": 1} == outcomes(suite.run())


def test_a_rule_that_never_acts_tells_why(suite: Suite) -> None:
    """Nothing was sent, a field of the nearest request differs, or its turn never came."""
    suite.write("""
        def test_nothing(mpsd):
            mpsd.refuse("throttled")

        def test_field(mpsd):
            mpsd.refuse("throttled", session=["lobby-2", "lobby-3"], type="activity", caller=mpsd.user("host"))
            send(authorization=mpsd.user("host").authorization)

        def test_nth(mpsd):
            mpsd.refuse("throttled", nth=3, type="activity")
            send()
    """)

    result = suite.run()

    assert {"failed": 3} == outcomes(result)
    result.stdout.fnmatch_lines(
        [
            "refuse('throttled') never acted: no request fitted it. Made in test_party.py:5 in test_nothing",
            "  nothing was sent to MPSD: was the code under test called?",
        ],
        consecutive=True,
    )
    result.stdout.fnmatch_lines(
        [
            "refuse('throttled') never acted: no request fitted it. Made in test_party.py:8 in test_field",
            "  it waits for type='activity', caller='9000000000000001', session='lobby-2' or 'lobby-3'",
            "  nearest: #1 create_handle activity 201   party.py:15 in send",
            "      session   wanted 'lobby-2' or 'lobby-3'   sent 'lobby-1'",
            "  correct its words, or take the rule out",
        ],
        consecutive=True,
    )
    result.stdout.fnmatch_lines(
        [
            "  it waits for type='activity'",
            "  nearest: #1 create_handle activity 201   party.py:15 in send",
            "  that one fitted: it is to act on nth=3, which never came",
        ],
        consecutive=True,
    )


def test_the_first_double_of_a_session_is_judged_with_its_test(suite: Suite) -> None:
    """Nothing asks before each test whether there is a double: the first that starts tells the plugin."""
    suite.write("""
        import handlesfake

        def test_started():
            mpsd = handlesfake.fake()
            from handlesfake.double.double import core_of
            core_of(mpsd).engine.stages = ()
            mpsd.start()
            swallow()
            mpsd.stop()
    """)

    result = suite.pytester.runpytest_subprocess("-p", "handlesfake.pytest_plugin")

    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*Unanswered: no stage answers POST /handles."])


def test_a_double_made_by_hand_is_judged_too(suite: Suite) -> None:
    """What such a double could not answer fails its test: at the end of the ``with``, else by the plugin."""
    suite.write("""
        import handlesfake

        def nobody(**words):
            mpsd = handlesfake.fake(**words)
            if not words:
                from handlesfake.double.double import core_of
                core_of(mpsd).engine.stages = ()
            return mpsd

        def test_with():
            with nobody():
                swallow()

        def test_with_the_fixture(mpsd):
            with nobody():
                swallow()

        def test_unrouted():
            with nobody(unrouted="fail"):
                send(path="/nope")

        def test_started():
            mpsd = nobody().start()
            swallow()
            mpsd.stop()

        def test_raised():
            with pytest.raises(handlesfake.Unanswered), nobody():
                send()

        def test_wanted():
            with nobody() as mpsd, mpsd.expect_unanswered():
                swallow()

        def test_failed():
            with nobody():
                swallow()
                assert 1 == 2
    """)

    result = suite.run()

    assert {"failed": 5, "passed": 2} == outcomes(result)
    result.stdout.fnmatch_lines(["*_ test_with _*", f"E *{UNANSWERED}", f"E *{WANTED}"])
    result.stdout.fnmatch_lines(["*_ test_unrouted _*", "E *MPSD has no address POST /nope*", "E *unrouted='fail'*"])
    result.stdout.fnmatch_lines(["*_ test_started _*", UNANSWERED, WANTED], consecutive=True)
    result.stdout.fnmatch_lines(["*_ test_failed _*", "E *assert 1 == 2", "*- MPSD: 1 request*", UNANSWERED])


def test_an_error_of_ours_ends_in_the_users_code(suite: Suite) -> None:
    """Neither the client's frames nor ours are shown, nor is the text repeated; ``--full-trace`` shows them."""
    suite.write("""
        def test_miss(nobody_answers):
            send()

        def test_rule(mpsd):
            mpsd.refuse("throtled")

        def test_type(mpsd):
            mpsd.assert_invited(3210)
    """)

    result = suite.run()

    assert {"failed": 3} == outcomes(result)
    result.stdout.no_fnmatch_line("*http/client.py*")
    result.stdout.no_fnmatch_line("*handlesfake/*.py:*")
    result.stdout.fnmatch_lines(
        ["party.py:15: Unanswered", "test_party.py:8: RuleError", "test_party.py:11: TypeError"]
    )
    assert 1 == sum("no stage answers POST /handles." in line for line in result.outlines if "FAILED" not in line)
    suite.run("--full-trace").stdout.fnmatch_lines(["*http/client.py:*"])


def test_an_error_of_another_plugin_is_not_shown_as_ours(suite: Suite) -> None:
    """Hypothesis refuses a fixture under ``@given`` from a hook: its report has no line of handlesfake."""
    suite.write("""
        from hypothesis import given, strategies

        @given(strategies.integers())
        def test_it(mpsd, number):
            pass
    """)

    result = suite.apart(plugins=("_hypothesis_pytestplugin",))

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*FailedHealthCheck*uses a function-scoped fixture 'mpsd'*"])
    result.stdout.no_fnmatch_line("*verdict.py*")
