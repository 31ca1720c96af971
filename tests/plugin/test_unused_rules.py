"""Rules of files that never acted are told at the end of the run, and can fail it."""

from __future__ import annotations

import pytest

import handlesfake.rules.loading  # noqa: F401 - imported to stay: an inner session would drop it, and YAML with it
from tests.plugin.sessions import Suite

TWO = """
    import pytest
    from party import send

    @pytest.mark.mpsd(rules=["busy"])
    def test_one(mpsd):
        assert 429 == send()[0]

    @pytest.mark.mpsd(rules=["busy", "ready/token_expired_once"])
    def test_two(mpsd):
        assert 429 == send()[0]
        assert 401 == send(path="/handles/a", method="GET")[0]
"""
RULES = """
rules:
  - {name: busy, when: {operation: create_handle}, then: {refuse: throttled}}
  - {name: full, when: {operation: put_session}, then: {refuse: session_full}}
  - {when: {operation: get_session}, then: {delay: 1}}
"""
TOLD = [
    "rules/busy.yaml, line 4, column 5: rule 'full' never acted in any test",
    "rules/busy.yaml, line 5, column 5: this rule never acted in any test",
]


@pytest.fixture
def party(suite: Suite) -> Suite:
    """Two tests that share a rule file, of which one rule is used; and a ready scenario."""
    suite.write(TWO)
    folder = suite.pytester.path / "rules"
    folder.mkdir()
    (folder / "busy.yaml").write_text(RULES)
    return suite


@pytest.mark.parametrize("arguments", [(), pytest.param(("-n2",), marks=pytest.mark.thorough)])
def test_rules_that_never_acted_are_told(party: Suite, arguments: tuple[str, ...]) -> None:
    """What one test does not need, another may, also in another worker; the run is fine."""
    result = party.run(*arguments, plugins=("xdist.plugin",) if arguments else ())

    result.stdout.fnmatch_lines(TOLD, consecutive=True)
    result.stdout.no_fnmatch_line("*'busy' never acted*")
    result.assert_outcomes(passed=2)
    assert 0 == result.ret


@pytest.mark.parametrize("arguments", [(), pytest.param(("-n2",), marks=pytest.mark.thorough)])
def test_rules_that_never_acted_can_fail_the_run(party: Suite, arguments: tuple[str, ...]) -> None:
    """``mpsd_unused_rules = fail``: the tests pass, the run does not."""
    party.ini("mpsd_unused_rules = fail")
    result = party.run(*arguments, plugins=("xdist.plugin",) if arguments else ())

    result.stdout.fnmatch_lines([*TOLD, "mpsd_unused_rules = fail makes this a failure"], consecutive=True)
    result.assert_outcomes(passed=2)
    assert 1 == result.ret


def test_rules_of_a_test_that_failed_are_no_news(party: Suite) -> None:
    """It is a consequence."""
    party.ini("mpsd_unused_rules = fail")
    party.write(TWO.replace("429", "201"))
    result = party.run()

    result.stdout.no_fnmatch_line("*never acted*")


def test_a_run_that_was_cut_short_says_nothing_of_rules(party: Suite) -> None:
    """In the tests that were left out they may act."""
    party.write(TWO)
    party.write("def test_between():\n    pytest.exit('enough')\n", "test_exit")
    result = party.run("test_party.py::test_one", "test_exit.py", "test_party.py::test_two")

    result.stdout.no_fnmatch_line("*never acted*")


def test_a_wrong_rule_file_fails_its_tests_alone(party: Suite) -> None:
    """With file, line and column, and without a line of handlesfake's own code."""
    (party.pytester.path / "rules" / "busy.yaml").write_text("rules: [{then: {refuse: throtled}}]\n")
    result = party.run()

    result.stdout.fnmatch_lines(
        ["*rules/busy.yaml, line 1, column 25: no refusal is called 'throtled'; did you mean*"]
    )
    result.assert_outcomes(errors=2)
