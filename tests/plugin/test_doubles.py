"""The fixture and the marker, in real sessions: who gets a double, and which."""

from __future__ import annotations

import pytest

from tests.plugin.sessions import Suite, outcomes


def test_the_fixture_answers_in_process(suite: Suite) -> None:
    """A test that takes ``mpsd`` talks to a double, and finds in it what was sent."""
    suite.write("""
        def test_it(mpsd):
            host = mpsd.user("host")
            mpsd.session("lobby-1", members=[host])
            status, handle = send(authorization=host.authorization)
            assert (201, "activity") == (status, handle["type"])
            assert ["create_handle"] == [entry.operation for entry in mpsd.journal]
    """)

    suite.run().assert_outcomes(passed=1)


def test_the_marker_alone_gives_a_double(suite: Suite) -> None:
    """No argument is needed: plain, parametrised, async and unittest tests all get theirs."""
    suite.write("""
        import unittest

        pytestmark = pytest.mark.mpsd

        def test_plain():
            assert send()[0] == 201

        @pytest.mark.parametrize("version, status", [("107", 201), ("103", 400)])
        def test_parametrised(version, status):
            assert send(version=version)[0] == status

        @pytest.mark.asyncio
        async def test_asyncio():
            assert send()[0] == 201

        @pytest.mark.anyio
        @pytest.mark.parametrize("anyio_backend", ["asyncio", "trio"])
        async def test_anyio(anyio_backend):
            assert send()[0] == 201

        class TestClass:
            def test_method(self):
                assert send()[0] == 201

        class TestUnit(unittest.TestCase):
            def test_method(self):
                self.assertEqual(201, send()[0])

        class TestUnitAsync(unittest.IsolatedAsyncioTestCase):
            async def test_method(self):
                self.assertEqual(201, send()[0])
    """)

    suite.run().assert_outcomes(passed=9)


def test_only_marked_parameters_get_a_double(suite: Suite) -> None:
    """A marker on one parameter leaves the test's other parameters alone."""
    suite.write("""
        @pytest.mark.parametrize("wanted", [False, pytest.param(True, marks=pytest.mark.mpsd)])
        def test_it(request, wanted):
            assert wanted is ("mpsd" in request.node.funcargs)
    """)

    suite.run().assert_outcomes(passed=2)


def test_a_hook_of_the_users_may_put_the_marker(suite: Suite) -> None:
    """A conftest that marks tests as they are collected gives them their double too."""
    with (suite.pytester.path / "conftest.py").open("a") as conftest:
        conftest.write(
            "\ndef pytest_collection_modifyitems(items):\n"
            "    for item in items:\n"
            "        item.add_marker(pytest.mark.mpsd(strict=True))\n"
        )
    suite.write("""
        def test_it():
            assert send()[0] == 403  # not strict, the session would be assumed
    """)

    suite.run().assert_outcomes(passed=1)


def test_the_marker_comes_between_wide_and_narrow_fixtures(suite: Suite) -> None:
    """The double starts after fixtures of wider scope, and before those of the test itself, which may call MPSD."""
    suite.write("""
        from handlesfake.intercept.registry import registry

        def active():
            return registry.active_for("sessiondirectory.xboxlive.com", 443) is not None

        @pytest.fixture(scope="session")
        def wide():
            return active()

        @pytest.fixture
        def narrow():
            return active()

        @pytest.mark.mpsd
        def test_it(narrow, wide):
            assert (False, True) == (wide, narrow)
    """)

    suite.run().assert_outcomes(passed=1)


def test_unmarked_tests_have_no_double(suite: Suite) -> None:
    """No fixture is autouse: a test that asks for nothing gets nothing."""
    suite.write("""
        def test_it(request):
            assert not [name for name in request.fixturenames if name.startswith("mpsd")]
    """)

    suite.run().assert_outcomes(passed=1)


def test_a_unittest_test_reaches_its_double(suite: Suite) -> None:
    """A TestCase takes the double by its own fixture, as pytest's documentation does."""
    suite.write("""
        import unittest

        class TestUnit(unittest.TestCase):
            @pytest.fixture(autouse=True)
            def _take(self, mpsd):
                self.mpsd = mpsd

            def test_method(self):
                send()
                self.assertEqual(1, len(self.mpsd.journal))
    """)

    suite.run().assert_outcomes(passed=1)


def test_a_unittest_class_may_have_one_double(suite: Suite) -> None:
    """``setUpClass`` starts a double for all tests of a TestCase, without the plugin's fixture."""
    suite.write("""
        import unittest
        import handlesfake

        class TestUnit(unittest.TestCase):
            @classmethod
            def setUpClass(cls):
                cls.mpsd = handlesfake.fake()
                cls.mpsd.start()
                cls.addClassCleanup(cls.mpsd.stop)

            def test_one(self):
                self.assertEqual(201, send()[0])

            def test_two(self):
                self.assertEqual(201, send()[0])
    """)

    suite.run().assert_outcomes(passed=2)


def test_a_wider_double_starts_each_test_from_its_checkpoint(suite: Suite) -> None:
    """The recipe for session scope: each test finds the seed, and nothing of the test before."""
    suite.write("""
        import handlesfake

        @pytest.fixture(scope="session")
        def world():
            with handlesfake.fake(strict=True) as mpsd:
                mpsd.session("lobby-1", members=[mpsd.user("host")])
                yield mpsd

        @pytest.fixture
        def mpsd(world):
            with world.checkpoint():
                yield world

        @pytest.mark.mpsd
        @pytest.mark.parametrize("turn", [1, 2])
        def test_it(mpsd, turn):
            assert [] == list(mpsd.journal)
            assert 201 == send(authorization=mpsd.user("host").authorization)[0]
            assert 1 == len(mpsd.journal)
    """)

    suite.run().assert_outcomes(passed=2)


def test_the_marker_of_a_double_made_elsewhere_is_an_error(suite: Suite) -> None:
    """Words that can reach no double are refused, with the recipe that gives them to it."""
    suite.write("""
        import handlesfake

        @pytest.fixture(scope="class")
        def mpsd():
            with handlesfake.fake() as mpsd:
                yield mpsd

        @pytest.mark.mpsd(strict=True)
        def test_it(mpsd):
            pass
    """)

    result = suite.run()

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(
        [
            "SettingsError: @pytest.mark.mpsd(strict=True): these words reach no double, because",
            "the fixture mpsd of this test is not handlesfake's own.",
            "Say them where that double is made, and let each test start from it:",
            "",
            '    @pytest.fixture(scope="session")                # or "class", "module"',
            "    def world():",
            "        with handlesfake.fake(strict=True) as mpsd:",
            "            yield mpsd",
            "",
            "    @pytest.fixture",
            "    def mpsd(world):",
            "        with world.checkpoint():",
            "            yield world",
        ],
        consecutive=True,
    )


def test_a_fixture_over_ours_keeps_the_marker(suite: Suite) -> None:
    """A fixture ``mpsd`` that takes ours and arranges something is ours still."""
    suite.write("""
        @pytest.fixture
        def mpsd(mpsd):
            mpsd.user("host")
            return mpsd

        @pytest.mark.mpsd(dialect="documented")
        def test_it(mpsd):
            assert (201, "") == send(authorization=mpsd.user("host").authorization)
    """)

    suite.run().assert_outcomes(passed=1)


def test_ids_are_the_same_on_every_run(suite: Suite) -> None:
    """A test that is run again, or alone, sees the handle ids that it saw before."""
    suite.write("""
        seen = []

        @pytest.mark.mpsd
        @pytest.mark.flaky(reruns=1)
        def test_again():
            seen.append(send()[1]["id"])
            assert len(seen) == 2

        @pytest.mark.mpsd
        def test_other():
            assert seen[0] == seen[1] != send()[1]["id"]
    """)

    result = suite.run(plugins=("pytest_rerunfailures",))

    assert {"passed": 2, "rerun": 1} == outcomes(result)


def test_two_doubles_of_a_test_give_different_ids(suite: Suite) -> None:
    """A second double inside a test is not the first one again."""
    suite.write("""
        import handlesfake

        def test_it(mpsd):
            first = send()[1]["id"]
            with handlesfake.fake():
                assert first != send()[1]["id"]
    """)

    suite.run().assert_outcomes(passed=1)


def test_real_mode_lifts_the_guard_and_has_no_double(suite: Suite) -> None:
    """Under ``mode="real"`` nothing is intercepted or refused, and what asks of the double is told why."""
    suite.write("""
        import handlesfake
        from handlesfake.intercept.registry import registry

        def test_before(mpsd):
            send()

        @pytest.mark.mpsd(mode="real")
        def test_real(mpsd):
            assert registry.double_for("sessiondirectory.xboxlive.com", 443) is None
            with pytest.raises(handlesfake.SettingsError) as caught:
                mpsd.user("host")
            assert str(caught.value) == (
                'mpsd.user: this test has no double, because mode="real" lets its requests reach the real service. '
                "Ask the service itself, or leave out the mode."
            )
    """)

    suite.run().assert_outcomes(passed=2)


@pytest.mark.parametrize("name", ["handlesfake.pytest_plugin", "handlesfake"])
def test_the_plugin_can_be_left_out(name: str, suite: Suite) -> None:
    """``-p no:handlesfake``, by either name, takes the fixtures away, and leaves ``handlesfake.fake()``."""
    suite.write("""
        import handlesfake

        def test_with_a_double():
            with handlesfake.fake() as mpsd:
                assert 201 == send(authorization=mpsd.user("host").authorization)[0]

        def test_with_the_fixture(mpsd):
            pass
    """)

    result = suite.run("-p", f"no:{name}")

    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["E       fixture 'mpsd' not found"])


def test_options_of_a_plugin_that_is_left_out_are_unknown(suite: Suite) -> None:
    """``-p no:handlesfake`` leaves nothing behind that would be taken and do nothing."""
    suite.write("def test_it(): pass")
    result = suite.run("-p", "no:handlesfake", "--mpsd-strict")

    result.stderr.fnmatch_lines(["*error: unrecognized arguments: --mpsd-strict"])


def test_a_plan_of_the_fixtures_is_only_shown(suite: Suite) -> None:
    """Under ``--setup-plan`` no fixture is made: the words of the marker were still for handlesfake's own fixture."""
    suite.write("""
        @pytest.mark.mpsd(strict=True)
        def test_it(mpsd):
            pass
    """)
    result = suite.run("--setup-plan")

    assert 0 == result.ret
    result.stdout.fnmatch_lines(["*SETUP    F mpsd (fixtures used: mpsd_config)"])
