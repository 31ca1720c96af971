"""The words of the marker: the nearest wins, and what cannot be is an error of the file in which it stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from handlesfake.plugin.marker_arguments import WORDS, cassette_path
from tests.plugin.sessions import Suite, outcomes

KNOWN = ", ".join(WORDS)


def test_the_nearest_marker_wins_word_by_word(suite: Suite) -> None:
    """Markers of module, class and function add up; where they say the same word, the nearest to the test counts."""
    suite.write("""
        pytestmark = pytest.mark.mpsd(dialect="documented", unrouted="fail")

        @pytest.mark.mpsd(strict=True, scid="class")
        class TestClass:
            @pytest.mark.mpsd(scid="outer")
            @pytest.mark.mpsd(dialect="observed", scid="inner")
            def test_it(self, mpsd):
                from handlesfake.double.double import core_of
                options = core_of(mpsd).options
                assert ("observed", "fail", True, "inner") == (
                    options.dialect, options.unrouted, options.strict, options.scid
                )
    """)

    suite.run().assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("dialekt='documented'", f"the word 'dialekt' is not known; did you mean 'dialect'? Known: {KNOWN}."),
        ("xyz=1", f"the word 'xyz' is not known. Known: {KNOWN}."),
        (
            "dialect='documentd'",
            "dialect 'documentd' is not known; did you mean 'documented'? Known: observed, documented.",
        ),
        ("'lobby'", f"'lobby' has no word before it; write for example cassette='lobby'. Words: {KNOWN}."),
        (
            "record='once'",
            "record='once': recording is asked for by an option only, so that no test records by accident. "
            "Say cassette='lobby' here, and once:  pytest --mpsd-record=once",
        ),
        (
            "mode='record', cassette='lobby'",
            "mode='record': recording is asked for by an option only, so that no test records by accident. "
            "Say cassette='lobby' here, and once:  pytest --mpsd-record=once",
        ),
        ("mode='replay'", "mode='replay' needs a cassette: say cassette='lobby'."),
        ("cassette=7", "cassette=7: write a name, cassette='lobby', or cassette=True to name it after the test."),
        ("rules=7", "rules=7: write the names of rule files, rules=['busy']."),
        ("state=7", "state=7: write the names of state files, state=['state.yaml']."),
        (
            "choices={'invite_to_selv': 400}",
            "the choice 'invite_to_selv' is not known; did you mean 'invite_to_self'?*",
        ),
        (
            "isolated=True",
            "isolated=True: the double of the fixture is for every thread and task of the test. Make one that is "
            "isolated where it is to answer: with handlesfake.fake(isolated=True) as mpsd: ...",
        ),
        ("now='tomorrow'", "now='tomorrow': write a time with its offset, such as 2026-01-06T10:00:00Z."),
    ],
)
def test_a_bad_marker_is_a_collection_error(suite: Suite, words: str, message: str) -> None:
    """It names file, line and test, the nearest word and all of them; no test of the file runs, others do."""
    suite.write(f"""
        def test_before():
            pass

        @pytest.mark.mpsd({words})
        def test_it():
            pass
    """)
    suite.write("def test_other(): pass", "test_other")

    result = suite.run("--continue-on-collection-errors")

    assert {"passed": 1, "errors": 1} == outcomes(result)
    escaped = message.replace("[", "[[]")
    result.stdout.fnmatch_lines(
        ["*_ ERROR collecting test_party.py _*", f"test_party.py:7: @pytest.mark.mpsd of test_it: {escaped}"],
        consecutive=True,
    )


def test_markers_that_contradict_each_other_are_a_collection_error(suite: Suite) -> None:
    """A cassette of the class and the fake of a function cannot both be; both ways out are named."""
    suite.write("""
        @pytest.mark.mpsd(cassette="lobby")
        class TestClass:
            @pytest.mark.mpsd(mode="fake")
            def test_it(self):
                pass
    """)

    result = suite.run()

    assert {"errors": 1} == outcomes(result)
    result.stdout.fnmatch_lines(
        [
            "test_party.py:6: @pytest.mark.mpsd of TestClass.test_it: mode='fake' and cassette='*lobby.yaml' "
            "contradict each other: a fake answers by itself. "
            "Leave out the mode to replay the cassette, or the cassette to fake.",
        ]
    )


def test_bad_markers_of_unittest_classes_are_collection_errors(suite: Suite) -> None:
    """A TestCase is not an exception."""
    suite.write("""
        import unittest

        @pytest.mark.mpsd(strikt=True)
        class TestUnit(unittest.TestCase):
            def test_method(self):
                pass
    """)

    result = suite.run()

    assert {"errors": 1} == outcomes(result)
    result.stdout.fnmatch_lines(["*TestUnit.test_method: the word 'strikt' is not known; did you mean 'strict'?*"])


@pytest.mark.parametrize(
    ("module", "test", "cassette", "path"),
    [
        ("tests/test_party.py", "test_it", "lobby", "cassettes/test_party/lobby.yaml"),
        ("tests/bots/test_party.py", "test_it", "lobby.yaml", "cassettes/bots/test_party/lobby.yaml"),
        ("checks/test_party.py", "test_it", "lobby", "cassettes/checks/test_party/lobby.yaml"),
        ("test_party.py", "test_it", "night/first", "cassettes/test_party/night/first.yaml"),
        ("test_party.py", "TestClass::test_it", True, "cassettes/test_party/TestClass.test_it.yaml"),
        ("test_party.py", "test_it[a/b:c]", True, "cassettes/test_party/test_it[a%2Fb%3Ac].yaml"),
        ("test_party.py", "test_it", Path("elsewhere/lobby.yaml"), "elsewhere/lobby.yaml"),
    ],
)
def test_a_cassette_lies_where_its_module_says(
    pytestconfig: pytest.Config, module: str, test: str, cassette: object, path: str
) -> None:
    """Below the folder of cassettes comes the module's path without ``tests/`` and ``.py``, then the name."""
    root = pytestconfig.rootpath

    class Item:
        config = pytestconfig
        nodeid = f"{module}::{test}"
        name = test.rpartition("::")[2]
        path = root / module

    assert root / path == cassette_path(Item(), root / "cassettes", cassette)  # type: ignore[arg-type] # has all it needs


def test_a_rule_file_lies_in_the_folder_of_rules(suite: Suite) -> None:
    """A name is looked up in ``mpsd_rules_dir``; a path is taken from the root."""
    suite.write("""
        from pathlib import Path
        from handlesfake.plugin.marker_arguments import options_of

        def test_it(request, pytestconfig):
            root = pytestconfig.rootpath
            rules = ["busy", Path("a/slow.yaml")]
            found = options_of(request.node, {"mpsd_rules_dir": Path("ours")}, {"rules": rules})
            assert (root / "ours/busy.yaml", root / "a/slow.yaml") == found.rules
    """)

    suite.run().assert_outcomes(passed=1)


def test_a_marker_says_with_what_state_a_test_begins(suite: Suite) -> None:
    """One file or several, relative to rootdir; the nearest marker wins, as for every word."""
    suite.pytester.makefile(".yaml", party="users: [host]\nsessions:\n  - {name: lobby-1, members: [host]}\n")
    suite.pytester.makefile(".yaml", more="users: [far]\n")
    suite.write("""
        pytestmark = pytest.mark.mpsd(state="party.yaml")

        def test_of_the_module(mpsd):
            assert mpsd.session("lobby-1").members == [mpsd.user("host").xuid]

        @pytest.mark.mpsd(state=["party.yaml", "more.yaml"])
        def test_of_both(mpsd):
            mpsd.session("lobby-1").join("far")

        @pytest.mark.mpsd(state=[])
        def test_of_none(mpsd):
            assert mpsd.session("lobby-1").members == []

        @pytest.mark.mpsd(state="nowhere.yaml")
        def test_of_a_file_that_is_not_there(mpsd):
            pass
    """)

    result = suite.run()

    assert {"passed": 3, "errors": 1} == outcomes(result)
    result.stdout.fnmatch_lines(
        [
            "*SettingsError: the state file *nowhere.yaml cannot be read: No such file or directory",
            "  there are: *more.yaml, *party.yaml",
        ]
    )
