"""What the plugin costs a suite that has nothing to do with MPSD: next to nothing."""

from __future__ import annotations

import pytest

from handlesfake.intercept.inheritance import VARIABLE
from tests.plugin.sessions import Suite

HEAVY = ("vcr", "yaml", "requests", "urllib3", "httpx", "httpx2", "aiohttp", "h11", "responses", "trio")
OURS = {
    "handlesfake",
    "handlesfake.double",
    "handlesfake.double.start_listeners",
    "handlesfake.plugin",
    "handlesfake.plugin.configuration",
    "handlesfake.plugin.fixtures",
    "handlesfake.plugin.settings",
    "handlesfake.pytest_plugin",
}


@pytest.fixture(autouse=True)
def _no_guard_is_inherited(monkeypatch: pytest.MonkeyPatch) -> None:
    """A double of an earlier test has set the variable by which children refuse MPSD, and load the seams for it."""
    monkeypatch.delenv(VARIABLE, raising=False)


def test_an_unused_plugin_imports_nothing_heavy(suite: Suite) -> None:
    """A session without a double imports the wiring and no client, no YAML, no cassette, none of the service."""
    suite.write(f"""
        import sys

        def test_it():
            assert set() == set(sys.modules) & set({HEAVY})
            assert {OURS} == {{name for name in sys.modules if name.startswith("handlesfake")}}
    """)

    result = suite.pytester.runpytest_subprocess("-p", "handlesfake.pytest_plugin")

    result.assert_outcomes(passed=1)


def test_a_fake_imports_no_client_and_no_yaml(suite: Suite) -> None:
    """A test with a double loads what it uses: the service, and the seam of its own client."""
    suite.write(f"""
        import sys

        def test_it(mpsd):
            assert 201 == send()[0]
            assert set() == set(sys.modules) & set({HEAVY}) - {{"h11"}}
    """)

    result = suite.pytester.runpytest_subprocess("-p", "handlesfake.pytest_plugin")

    result.assert_outcomes(passed=1)


def test_pytest_finds_the_plugin_by_itself(suite: Suite, monkeypatch: pytest.MonkeyPatch) -> None:
    """The entry point of the installed package is enough."""
    monkeypatch.delenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD")
    suite.write("""
        def test_it(mpsd):
            assert 201 == send()[0]
    """)

    suite.pytester.runpytest_subprocess("-p", "no:cacheprovider").assert_outcomes(passed=1)
