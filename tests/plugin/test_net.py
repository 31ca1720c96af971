"""What protects a test does not hang on the name or the scope of the fixture that its double comes from."""

from __future__ import annotations

import json
import textwrap

import pytest

from tests.plugin.sessions import Suite, outcomes

FORGOTTEN = "mpsd.soon.assert_invited(...) was never awaited, and so has claimed nothing: test_party.py:"
NEVER = "*refuse('throttled', times=1) never acted: no request fitted it. Made in test_party.py:*"

WORLD = """
        import handlesfake

        @pytest.fixture(scope="{scope}")
        def world():
            with handlesfake.fake() as m:
                m.session("lobby-1", members=[m.user("host")])
                send(method="GET", path="/nothing-of-the-test")
                yield m

        @pytest.fixture
        def lobby_world(world):
            with world.checkpoint():
                yield world
"""


@pytest.mark.parametrize("scope", ["function", "class", "module", "session"])
def test_a_rule_inside_a_checkpoint_is_judged(suite: Suite, scope: str) -> None:
    """A rule of the test fails it, under any fixture name; one that acted does not, nor one that the world brought."""
    suite.write(
        WORLD.format(scope=scope)
        + """
        def test_acted(lobby_world):
            lobby_world.refuse("throttled", times=1)
            assert 429 == send()[0]

        def test_never(lobby_world):
            lobby_world.refuse("throttled", times=1)

        def test_after(lobby_world):
            assert 201 == send()[0]
        """
    )

    result = suite.run()

    assert {"passed": 2, "failed": 1} == outcomes(result)
    result.stdout.fnmatch_lines(["*_ test_never _*", NEVER])


def test_a_rule_of_the_world_need_not_act(suite: Suite) -> None:
    """What a fixture of wider scope has made is for all tests that start from it: one of them alone passes."""
    suite.write(
        WORLD.format(scope="module").replace("yield m\n", "m.refuse('throttled', nth=9)\n                yield m\n")
        + """
        def test_it(lobby_world):
            send()
        """
    )

    assert {"passed": 1} == outcomes(suite.run())


@pytest.mark.parametrize("order", [["test_one", "test_two"], ["test_two", "test_one"]])
def test_each_test_is_judged_by_itself(suite: Suite, order: list[str]) -> None:
    """A double of wider scope without a checkpoint: the rule of a test is that test's, in any order."""
    suite.write(
        WORLD.format(scope="session")
        + """
        class TestIt:
            def test_one(self, world):
                world.refuse("throttled", times=1, operation="delete_handle")

            def test_two(self, world):
                send()
        """
    )

    result = suite.run(*(f"test_party.py::TestIt::{name}" for name in order))

    assert {"passed": 1, "failed": 1} == outcomes(result)
    result.stdout.fnmatch_lines(["FAILED test_party.py::TestIt::test_one - *"])
    result.stdout.fnmatch_lines([NEVER, "  it waits for operation='delete_handle'"], consecutive=True)
    result.stdout.no_fnmatch_line("*nothing-of-the-test*")


@pytest.mark.parametrize("fixture", ["world", "lobby_world"])
@pytest.mark.parametrize("scope", ["class", "module", "session"])
def test_a_failed_test_shows_what_was_sent_in_it(suite: Suite, fixture: str, scope: str) -> None:
    """The report of each failed test has the traffic of a wider double, but only that of the test."""
    suite.write(
        WORLD.format(scope=scope)
        + f"""
        class TestIt:
            def test_before(self, {fixture}):
                send(path="/before")

            def test_it(self, {fixture}):
                send()
                assert 1 == 2
        """
    )

    result = suite.run()

    assert {"passed": 1, "failed": 1} == outcomes(result)
    result.stdout.fnmatch_lines(["*- MPSD: 1 request (started in test_party.py:8) -*"])
    result.stdout.fnmatch_lines(["#* create_handle activity *201*"])
    result.stdout.no_fnmatch_line("#*/nothing-of-the-test*")
    result.stdout.no_fnmatch_line("#*/before*")


def test_a_checkpoint_inside_a_test_hides_no_traffic(suite: Suite) -> None:
    """What a checkpoint has taken back before the report is made is still shown."""
    suite.write(
        WORLD.format(scope="module")
        + """
        def test_it(world):
            with world.checkpoint():
                send()
                assert 1 == 2

        def test_mpsd(mpsd):
            with mpsd.checkpoint():
                send()
            send(path="/later")
            assert 1 == 2
        """
    )

    result = suite.run()

    assert {"failed": 2} == outcomes(result)
    result.stdout.fnmatch_lines(["*_ test_it _*", "#* create_handle activity *201*"])
    result.stdout.fnmatch_lines(
        ["*_ test_mpsd _*", "*- MPSD: 2 requests, 1 refused*", "#* create_handle*", "#*/later*"]
    )


def test_a_wide_fixture_amid_a_test_hides_nothing_of_it(suite: Suite) -> None:
    """A test that asks for a fixture of wider scope as it runs keeps its own rules and traffic."""
    suite.write(
        WORLD.format(scope="session")
        + """
        def test_it(mpsd, request):
            mpsd.refuse("throttled", times=1, operation="delete_handle")
            send()
            request.getfixturevalue("world")
        """
    )

    result = suite.run()

    assert {"failed": 1} == outcomes(result)
    result.stdout.fnmatch_lines([NEVER, "*- MPSD: 1 request, 3 assumptions -*"])
    result.stdout.no_fnmatch_line("*nothing-of-the-test*")


def test_a_rule_before_a_checkpoint_may_act_in_it(suite: Suite) -> None:
    """A rule of the test that acted inside a checkpoint has acted; one that never did fails the test."""
    suite.write(
        """
        def test_acted(mpsd):
            mpsd.refuse("throttled", times=1)
            with mpsd.checkpoint():
                send()

        def test_never(mpsd):
            mpsd.refuse("throttled", times=1)
            with mpsd.checkpoint():
                pass
        """
    )

    result = suite.run()

    assert {"passed": 1, "failed": 1} == outcomes(result)
    result.stdout.fnmatch_lines(["*_ test_never _*", NEVER])


def test_every_double_of_a_failed_test_shows_its_traffic(suite: Suite) -> None:
    """Two doubles that were asked: each has its own section, which says where it was started."""
    suite.write(
        """
        import handlesfake

        def test_it(mpsd):
            send()
            with handlesfake.fake():
                send(path="/inner")
            assert 1 == 2
        """
    )

    result = suite.run()

    assert {"failed": 1} == outcomes(result)
    result.stdout.fnmatch_lines(
        [
            "*- MPSD: 1 request, 3 assumptions (the fixture mpsd) -*",
            "#1  create_handle*",
            "*",
            "*- MPSD: 1 request, 1 refused (started in test_party.py:8) -*",
            "#1  POST /inner*",
        ]
    )


def test_a_double_of_a_unittest_class_is_judged_test_by_test(suite: Suite) -> None:
    """``setUpClass`` starts one double: a rule and the traffic of a method are that method's."""
    suite.write(
        """
        import unittest
        import handlesfake

        class TestUnit(unittest.TestCase):
            @classmethod
            def setUpClass(cls):
                cls.m = handlesfake.fake().start()
                cls.addClassCleanup(cls.m.stop)

            def test_a(self):
                send()

            def test_b(self):
                self.m.refuse("throttled", times=1)

            def test_c(self):
                with self.m.checkpoint():
                    self.m.refuse("throttled", times=1)
        """
    )

    result = suite.run()

    assert {"passed": 1, "failed": 2} == outcomes(result)
    result.stdout.fnmatch_lines(["*_ TestUnit.test_b _*", NEVER, "  nothing was sent to MPSD*"], consecutive=True)
    result.stdout.fnmatch_lines(["*_ TestUnit.test_c _*", f"E *{NEVER}"])


def test_the_report_file_has_the_traffic_of_every_double(suite: Suite) -> None:
    """``--mpsd-report=PATH`` holds what was sent to a double of another name, test by test."""
    suite.write(
        WORLD.format(scope="module")
        + """
        def test_one(lobby_world):
            send()

        def test_two(lobby_world):
            pass
        """
    )

    suite.run("--mpsd-report=report.json").assert_outcomes(passed=2)

    report = json.loads((suite.pytester.path / "report.json").read_text())
    assert {"test_party.py::test_one": ["create_handle"]} == {
        test["test"]: [entry["operation"] for entry in test["journal"]] for test in report
    }


# ---- forgotten waiting


FORGETTING = {
    "with": """
        @pytest.mark.asyncio
        async def test_it():
            with handlesfake.fake() as m:
                m.soon.assert_invited("3210")
    """,
    "async with": """
        @pytest.mark.asyncio
        async def test_it():
            async with handlesfake.fake() as m:
                m.soon.assert_invited("3210")
    """,
    "start and stop": """
        @pytest.mark.asyncio
        async def test_it(mpsd):
            m = handlesfake.fake().start()
            m.soon.assert_invited("3210")
            m.stop()
    """,
    "module": """
        @pytest.fixture(scope="module")
        def world():
            with handlesfake.fake() as m:
                yield m

        @pytest.mark.asyncio
        async def test_it(world):
            world.soon.assert_invited("3210")
    """,
    "checkpoint": """
        @pytest.fixture(scope="session")
        def world():
            with handlesfake.fake() as m:
                yield m

        @pytest.fixture
        def lobby_world(world):
            with world.checkpoint():
                yield world

        @pytest.mark.asyncio
        async def test_it(lobby_world):
            lobby_world.soon.assert_invited("3210")
    """,
    "checkpoint inside": """
        @pytest.mark.asyncio
        async def test_it(mpsd):
            with mpsd.checkpoint():
                mpsd.soon.assert_invited("3210")
    """,
    "unittest": """
        import unittest

        class TestIt(unittest.IsolatedAsyncioTestCase):
            async def test_it(self):
                m = await self.enterAsyncContext(handlesfake.fake())
                m.soon.assert_invited("3210")
    """,
    "trio": """
        @pytest.mark.anyio
        @pytest.mark.parametrize("anyio_backend", ["trio"])
        async def test_it(anyio_backend):
            async with handlesfake.fake() as m:
                m.soon.assert_invited("3210")
    """,
}


@pytest.mark.parametrize("way", FORGETTING)
def test_a_claim_never_awaited_fails_however_the_double_was_made(suite: Suite, way: str) -> None:
    """Each way to have a double finds the missing ``await``, in our words, once, without a warning beside them."""
    suite.write("import handlesfake\n" + textwrap.dedent(FORGETTING[way]))

    result = suite.run("-W", "error")

    assert {"failed": 1} == outcomes(result)
    assert 1 == str(result.stdout).split("short test summary")[0].count(FORGOTTEN)
    result.stdout.no_fnmatch_line("*RuntimeWarning*")


@pytest.mark.parametrize("use", ["await {}", "await asyncio.create_task({})", "await asyncio.gather({}, {})"])
def test_a_claim_that_is_awaited_in_any_way_is_none(suite: Suite, use: str) -> None:
    """It is a coroutine: a task, ``gather`` and ``wait_for`` take it."""
    claim = 'mpsd.soon.assert_sent("create_handle")'
    suite.write(f"""
        import asyncio

        @pytest.mark.asyncio
        async def test_it(mpsd):
            await asyncio.to_thread(send)
            {use.format(claim, claim)}
            await asyncio.wait_for({claim}, 30)
    """)

    assert {"passed": 1} == outcomes(suite.run())


# ---- the marker beside a wider double


def test_the_marker_makes_no_second_double_beside_the_one_that_a_test_takes(suite: Suite) -> None:
    """The double that the test takes under another name is its double; a net that it does not take is not."""
    suite.write(
        WORLD.format(scope="module")
        + """
        @pytest.fixture(scope="module", autouse=True)
        def net():
            with handlesfake.fake() as m:
                yield m

        @pytest.mark.mpsd
        def test_it(lobby_world):
            assert 201 == send()[0]
            lobby_world.assert_sent("create_handle", times=1)
            lobby_world.assert_not_invited("3210")

        @pytest.mark.mpsd(strict=True)
        def test_net():
            assert 403 == send()[0]

        @pytest.mark.mpsd(strict=True)
        def test_words(lobby_world):
            pass
        """
    )

    result = suite.run()

    assert {"passed": 2, "errors": 1} == outcomes(result)
    result.stdout.fnmatch_lines(
        [
            "SettingsError: @pytest.mark.mpsd(strict=True): these words reach no double, because",
            "this test takes the double of its fixture 'world'.",
            "Say them where that double is made, and let each test start from it:",
        ],
        consecutive=True,
    )


# ---- threads, and doubles that are never stopped


def test_threads_may_start_doubles_at_once(suite: Suite) -> None:
    """The first doubles of a session may start in several threads: the plugin is registered once."""
    suite.write("""
        import threading
        import handlesfake

        def test_it():
            errors, gate = [], threading.Barrier(4)

            def run():
                gate.wait()
                try:
                    with handlesfake.fake():
                        pass
                except Exception as error:
                    errors.append(error)

            threads = [threading.Thread(target=run) for _ in range(4)]
            [thread.start() for thread in threads]
            [thread.join() for thread in threads]
            assert [] == errors
    """)

    assert {"passed": 1} == outcomes(suite.apart())


LEAK = """
        import handlesfake

        def test_leak():
            handlesfake.fake().start()

        def test_later():
            send()
            assert 1 == 2
"""


@pytest.mark.parametrize("workers", [[], ["-n1"]])
def test_a_double_that_is_never_stopped_is_told_at_the_end(suite: Suite, workers: list[str]) -> None:
    """One line says where it was started; the report of a later test shows what it answered."""
    suite.write(LEAK)

    result = suite.apart(*workers, plugins=("xdist.plugin",) if workers else ())

    assert {"passed": 1, "failed": 1} == outcomes(result)
    line = "a double is still active: started in test_party.py:7; use with, or call its stop()"
    assert 1 == result.outlines.count(line)
    result.stdout.fnmatch_lines(["*- MPSD: 1 request, 3 assumptions (started in test_party.py:7) -*"])


def test_doubles_that_were_stopped_are_not_told(suite: Suite) -> None:
    """No line at the end of a session whose doubles have ended, those of session scope included."""
    suite.write(
        WORLD.format(scope="session")
        + """
        def test_it(world, mpsd):
            with handlesfake.fake():
                send()
        """
    )

    result = suite.apart()

    assert {"passed": 1} == outcomes(result)
    result.stdout.no_fnmatch_line("*still active*")


DOUBLES = {
    "the fixture mpsd": ("", "mpsd", ""),
    **{
        f"a fixture of scope {scope}": (
            f"""
        import handlesfake

        @pytest.fixture(scope="{scope}")
        def party():
            with handlesfake.fake() as m:
                yield m
""",
            "party",
            "",
        )
        for scope in ("function", "class", "module", "session")
    },
    "with": ("\n        import handlesfake\n", "", "with handlesfake.fake():\n                    "),
}
"""Each way to a double: what comes before the tests, the argument that they take, and what is around their bodies."""


def asking(way: str, path: str = "/handles") -> str:
    """Two tests of one class that ask a double for ``path``."""
    before, argument, around = DOUBLES[way]
    tests = "".join(
        f"""
            def test_{name}(self{argument and f", {argument}"}):
                {around}send(path={path!r})
"""
        for name in ("one", "two")
    )
    return f"{before}\n        class TestParty:{tests}"


@pytest.mark.parametrize("way", DOUBLES)
def test_an_unknown_address_is_a_warning_of_each_test(suite: Suite, way: str) -> None:
    """Each test that asks for it is told, whatever made its double."""
    suite.write(asking(way, "/handle"))

    result = suite.run()

    assert {"passed": 2} == outcomes(result)
    shown = [line for line in result.outlines if "UnroutedWarning: MPSD has no address POST /handle; " in line]
    assert 1 == len(shown)
    result.stdout.fnmatch_lines(["test_party.py::TestParty::test_one", "test_party.py::TestParty::test_two"])


@pytest.mark.parametrize("way", DOUBLES)
def test_an_unknown_address_fails_each_test_under_a_filter(suite: Suite, way: str) -> None:
    """``-W error`` makes it a failure, whatever made the double; in teardown where it is the first of the session."""
    suite.write(asking(way, "/handle"))

    result = suite.run("-Werror::handlesfake.errors.UnroutedWarning")

    counts = outcomes(result)
    assert 2 == counts["failed"] + counts.get("errors", 0)
    assert 2 == sum(
        line.startswith("UnroutedWarning: MPSD has no address POST /handle; ") for line in result.outlines
    )


@pytest.mark.parametrize("way", DOUBLES)
def test_assumptions_are_counted_for_every_double(suite: Suite, way: str) -> None:
    """The line at the end and the report count what was assumed in each test, whatever made its double."""
    suite.write(asking(way))

    result = suite.run("--mpsd-report=report.json")

    told = {
        test["test"]: len(test["assumptions"])
        for test in json.loads((suite.pytester.path / "report.json").read_text())
    }
    # what the first test has left unsaid is known to a double that the second one shares
    of_second = 0 if way.endswith(("class", "module", "session")) else 3
    assert {"test_party.py::TestParty::test_one": 3, "test_party.py::TestParty::test_two": of_second} == told
    count = "6 assumptions in 2 tests" if of_second else "3 assumptions in 1 test"
    result.stdout.fnmatch_lines([f"{count} (mpsd_strict = true refuses them)"])


def test_an_unknown_address_that_a_with_has_told_is_told_once(suite: Suite) -> None:
    """What left a ``with`` as an error, and was wanted, does not fail the test again."""
    suite.write("""
        import handlesfake

        def test_it():
            with pytest.raises(AssertionError, match="MPSD has no address"), handlesfake.fake(unrouted="fail"):
                send(path="/handle")
    """)

    assert {"passed": 1} == outcomes(suite.run("-Werror::handlesfake.errors.UnroutedWarning"))


def test_rules_of_files_are_counted_for_every_double(suite: Suite) -> None:
    """A rule file that a double of another fixture has, and of which no rule ever acted, is told at the end."""
    (suite.pytester.path / "busy.yaml").write_text("rules:\n- when: {type: search}\n  then: {refuse: throttled}\n")
    suite.write("""
        import handlesfake

        @pytest.fixture
        def party():
            with handlesfake.fake(rules="busy.yaml") as m:
                yield m

        def test_it(party):
            send()
    """)

    suite.run().stdout.fnmatch_lines(["*busy.yaml, line 2, column 3: this rule never acted in any test"])
