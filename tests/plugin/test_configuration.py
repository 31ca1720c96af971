"""Options, ini settings and fixtures: which wins, what they may say, and how they are found."""

from __future__ import annotations

import re
from importlib.metadata import version
from pathlib import Path
from typing import get_args

import pytest

from handlesfake.options.options import Policy
from handlesfake.plugin.marker_arguments import WORDS
from handlesfake.plugin.settings import FLAGS, SETTINGS
from tests.plugin.sessions import ASYNCIO, Suite, outcomes

LOOPS = ("-o", "asyncio_default_fixture_loop_scope=function") if ASYNCIO >= (0, 24) else ()
"""For a session whose file is the page's alone."""

NATIVE = pytest.mark.skipif(
    int(version("pytest").partition(".")[0]) < 9, reason="pytest 9 is the first that reads native TOML"
)
PAGE = Path(__file__).parents[2] / "docs" / "reference.md"


def test_an_option_wins_over_marker_over_fixture_over_ini(suite: Suite) -> None:
    """Each source takes the place of those behind it, word by word."""
    suite.ini("mpsd_strict = false", "mpsd_scid = ini", "mpsd_template_name = ini", "mpsd_dialect = documented")
    suite.write("""
        @pytest.fixture
        def mpsd_config():
            return {"scid": "fixture", "template_name": "fixture"}

        @pytest.mark.mpsd(template_name="marker", strict=False)
        def test_it(mpsd):
            from handlesfake.double.double import core_of
            options = core_of(mpsd).options
            assert (True, "documented", "fixture", "marker") == (
                options.strict, options.dialect, options.scid, options.template_name
            )
    """)

    suite.run("--mpsd-strict").assert_outcomes(passed=1)


def test_every_ini_setting_reaches_the_double(suite: Suite) -> None:
    """What the ini file says holds for every test that does not say otherwise."""
    suite.ini(
        "mpsd_strict = true",
        "mpsd_dialect = documented",
        "mpsd_unrouted = fail",
        "mpsd_hosts = MPSD.test mpsd.test:8443",
        "mpsd_scid = 7e570100-2222-4222-8333-444455556666",
        "mpsd_template_name = GameSession",
        "mpsd_title_id = 896928775",
        "mpsd_now = 2026-01-06T10:00:00Z",
    )
    suite.write("""
        def test_it(mpsd):
            from handlesfake.double.double import core_of
            options = core_of(mpsd).options
            assert (True, "documented", "fail") == (options.strict, options.dialect, options.unrouted)
            assert ("mpsd.test", "mpsd.test:8443") == options.hosts
            assert "7e570100-2222-4222-8333-444455556666" == options.scid
            assert ("GameSession", "896928775") == (options.template_name, mpsd.user("host").title_id)
            assert "2026-01-06T10:00:00+00:00" == mpsd.clock.now.isoformat()
    """)

    suite.run().assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("mpsd_strict = perhaps", "mpsd_strict in tox.ini: wanted true or false, and found 'perhaps'."),
        ("mpsd_guard = perhaps", "mpsd_guard in tox.ini: wanted true or false, and found 'perhaps'."),
        ("mpsd_dialect = spoken", "mpsd_dialect in tox.ini: wanted observed or documented, and found 'spoken'."),
        ("mpsd_unrouted = cry", "mpsd_unrouted in tox.ini: wanted warn or fail, and found 'cry'."),
        (
            "mpsd_hosts = https://mpsd.test/",
            "mpsd_hosts in tox.ini: wanted hosts without scheme and path, such as mpsd.test or mpsd.test:8080, "
            "and found 'https://mpsd.test/'.",
        ),
        ("mpsd_hosts = 'a b", 'mpsd_hosts in tox.ini: wanted a list of texts, and found "\'a b".'),
        (
            "mpsd_title_id = 4294967296",
            "mpsd_title_id in tox.ini: wanted a decimal number below 4294967296, such as 896928775, "
            "and found '4294967296'.",
        ),
        (
            "mpsd_now = 2026-01-06T10:00:00",
            "mpsd_now in tox.ini: wanted a time with its offset, such as 2026-01-06T10:00:00Z, "
            "and found '2026-01-06T10:00:00'.",
        ),
    ],
)
def test_a_bad_ini_value_is_a_usage_error(suite: Suite, line: str, message: str) -> None:
    """The session ends before it begins, with setting, value, what was wanted and what the setting is for."""
    suite.ini(line)
    suite.write("def test_it(): pass")
    (setting,) = (setting for setting in SETTINGS if line.startswith(setting.name))

    result = suite.run()

    assert 4 == result.ret
    result.stderr.fnmatch_lines([f"ERROR: {message}", f"  {setting.name}: {setting.help}"], consecutive=True)


TOML = {
    "mpsd_strict": ('"true"', "wanted true or false, and found 'true'.", "true"),
    "mpsd_shift_times": ("1", "wanted true or false, and found 1.", None),
    "mpsd_hosts": (
        '"mpsd.test other.test"',
        "wanted a list of texts, and found 'mpsd.test other.test'.",
        '["mpsd.test", "other.test"]',
    ),
    "mpsd_volatile_fields": ("[1]", "wanted a list of texts, and found [1].", None),
    "mpsd_title_id": ("896928775", "wanted a text, and found 896928775.", '"896928775"'),
    "mpsd_scid": ('["a"]', "wanted a text, and found ['a'].", None),
    "mpsd_dialect": ("true", "wanted a text, and found true.", None),
    "mpsd_now": (
        "2026-01-06T10:00:00Z",
        "wanted a text, and found 2026-01-06T10:00:00+00:00.",
        '"2026-01-06T10:00:00+00:00"',
    ),
    "mpsd_max_age": ("90", "wanted a text, and found 90.", None),
}


@pytest.mark.parametrize(
    ("file", "table"),
    [
        pytest.param("pytest.toml", "[pytest]", marks=NATIVE),
        pytest.param("pyproject.toml", "[tool.pytest]", marks=NATIVE),
        ("pyproject.toml", "[tool.pytest.ini_options]"),
    ],
)
def test_the_toml_of_the_page_reaches_the_double(suite: Suite, file: str, table: str) -> None:
    """The lines that ``docs/reference.md`` shows, in each place that the page names."""
    (block,) = re.findall(r"^```toml\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.M | re.S)
    (suite.pytester.path / "tox.ini").unlink()
    (suite.pytester.path / file).write_text(block.replace("[pytest]", table))
    suite.write("""
        def test_it(mpsd):
            from handlesfake.double.double import core_of
            options = core_of(mpsd).options
            assert ("sessiondirectory.xboxlive.com", "mpsd.test:8443") == options.hosts
            assert (True, "896928775") == (options.strict, options.title_id)
            assert "2026-01-06T10:00:00+00:00" == mpsd.clock.now.isoformat()
    """)

    suite.run(*LOOPS, "-W", "ignore").assert_outcomes(passed=1)


@NATIVE
@pytest.mark.parametrize("name", TOML)
@pytest.mark.parametrize(("file", "table"), [("pytest.toml", "pytest"), ("pyproject.toml", "tool.pytest")])
def test_a_toml_value_of_the_wrong_kind_is_a_usage_error(suite: Suite, name: str, file: str, table: str) -> None:
    """Each kind of setting, in each of the two files: what was wanted and found, and the line to write instead."""
    value, message, meant = TOML[name]
    (suite.pytester.path / "tox.ini").unlink()
    (suite.pytester.path / file).write_text(f"[{table}]\n{name} = {value}\n")
    suite.write("def test_it(): pass")
    (setting,) = (setting for setting in SETTINGS if name == setting.name)

    result = suite.run(*LOOPS)

    assert 4 == result.ret
    assert [
        f"ERROR: {name} in {file}: {message}",
        *([f"  write {name} = {meant}"] if meant else []),
        f"  {name}: {setting.help}",
    ] == [line for line in result.errlines if line]


@pytest.mark.parametrize(("name", "value"), [("mpsd_scid", '["a"]'), ("mpsd_title_id", "[1]"), ("mpsd_now", "[]")])
def test_a_list_for_a_text_is_a_usage_error_in_older_tables(suite: Suite, name: str, value: str) -> None:
    """``[tool.pytest.ini_options]`` takes lists as they are; an empty one says nothing."""
    (suite.pytester.path / "tox.ini").unlink()
    (suite.pytester.path / "pyproject.toml").write_text(f"[tool.pytest.ini_options]\n{name} = {value}\n")
    suite.write("def test_it(): pass")

    result = suite.run(*LOOPS, "-W", "ignore")

    assert (0 if value == "[]" else 4) == result.ret


def test_a_bad_setting_of_the_command_line_is_a_usage_error(suite: Suite) -> None:
    """What ``-o`` says is told as said there, whatever the file says."""
    suite.ini("mpsd_strict = true")
    suite.write("def test_it(): pass")

    result = suite.run("-o", "mpsd_strict=perhaps")

    assert 4 == result.ret
    result.stderr.fnmatch_lines(["ERROR: mpsd_strict in -o: wanted true or false, and found 'perhaps'."])


def test_a_bad_option_is_a_usage_error(suite: Suite) -> None:
    """An unknown recording policy is refused with those there are."""
    result = suite.run("--mpsd-record=twice")

    assert 4 == result.ret
    result.stderr.fnmatch_lines(["*--mpsd-record: invalid choice: 'twice' (choose from *once*new_episodes*"])


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ("None", "SettingsError: the fixture mpsd_config returned None; return a dict, {'strict': True}."),
        ("{'strikt': True}", "SettingsError: the word 'strikt' is not known; did you mean 'strict'? Known: *"),
        ("{'strict': 'yes'}", "SettingsError: strict='yes': write strict=True or strict=False."),
        ("{'cassette': 'lobby'}", "SettingsError: mode='fake' and cassette=* contradict each other: *"),
    ],
)
def test_what_the_fixture_says_wrongly_is_an_error_of_the_test(suite: Suite, said: str, message: str) -> None:
    """The message is alone, without a traceback through handlesfake's own code."""
    suite.write(f"""
        @pytest.fixture
        def mpsd_config():
            return {said}

        @pytest.mark.mpsd({"mode='fake'" if "cassette" in said else ""})
        def test_it():
            pass
    """)

    result = suite.run()

    assert {"errors": 1} == outcomes(result)
    result.stdout.fnmatch_lines(["*_ ERROR at setup of test_it _*", message], consecutive=True)


def test_the_table_and_the_options_agree(pytestconfig: pytest.Config) -> None:
    """Every ini setting that is a word is one of Options, and the policies are those of Options."""
    words = {setting.name.removeprefix("mpsd_") for setting in SETTINGS if setting.is_word}

    assert set() == words - set(WORDS)
    assert get_args(Policy) == FLAGS["--mpsd-record"]["choices"]
    assert all(pytestconfig.getini(setting.name) is not Ellipsis for setting in SETTINGS)


def test_the_guard_refuses_from_session_start(suite: Suite) -> None:
    """``mpsd_guard`` refuses MPSD before the first double, also where other hosts replace it; and no other host."""
    suite.ini("mpsd_guard = on", "mpsd_hosts = mpsd.test")
    suite.write("""
        from handlesfake.intercept.registry import registry

        def test_before():
            assert registry.double_for("example.test", 443) is None
            swallow()
    """)

    result = suite.apart()

    assert {"failed": 1} == outcomes(result)
    result.stdout.fnmatch_lines(
        [
            "*_ test_before _*",
            "Escaped: a request for sessiondirectory.xboxlive.com was refused: "
            "no double has started yet, and no other is active.",
            "  give what runs now its own double: the fixture mpsd, @pytest.mark.mpsd, handlesfake.fake(), "
            "or let real traffic through:",
            '      pytest --mpsd-allow-real    or    @pytest.mark.mpsd(mode="real")',
        ],
        consecutive=True,
    )


def test_real_requests_may_be_allowed(suite: Suite) -> None:
    """``--mpsd-allow-real`` lifts the guard for the session, also after doubles have come and gone."""
    suite.ini("mpsd_guard = on")
    suite.write("""
        from handlesfake.intercept.registry import registry

        @pytest.mark.parametrize("turn", [1, 2])
        def test_it(turn, mpsd):
            send()
            mpsd.stop()
            assert registry.double_for("sessiondirectory.xboxlive.com", 443) is None
    """)

    suite.run("--mpsd-allow-real").assert_outcomes(passed=2)


def test_the_help_names_everything(suite: Suite) -> None:
    """Options and ini settings are in ``pytest --help``, each with a text."""
    result = suite.run("--help")

    for name in [*FLAGS, *(setting.name for setting in SETTINGS)]:
        result.stdout.fnmatch_lines([f"  {name}*"])


def test_markers_and_fixtures_show_how_to_use_them(suite: Suite) -> None:
    """``pytest --markers`` and ``--fixtures`` hold an example each."""
    markers, fixtures = suite.run("--markers"), suite.run("--fixtures")

    markers.stdout.fnmatch_lines(
        [
            "@pytest.mark.mpsd(mode, cassette, rules, strict, dialect, choices, unrouted, ...): the test talks to a "
            "double of MPSD, whether or not it takes the fixture mpsd. The nearest marker wins, word by word.",
            '    @pytest.mark.mpsd(cassette="lobby")               # replays cassettes/<test module>/lobby.yaml',
            "    def test_the_party(mpsd):                         # recorded by: pytest --mpsd-record=once",
            '        mpsd.assert_invited("9000000000000001")',
        ],
        consecutive=True,
    )
    fixtures.stdout.fnmatch_lines(
        [
            "mpsd -- *fixtures.py:*",
            "    A working Multiplayer Session Directory: requests of any Python HTTP client for MPSD come here.",
            '    host = mpsd.user("host")',
            '    invite_party(host.authorization, mpsd.session("lobby-1", members=[[]host]).ref)   # your code',
            '    mpsd.assert_invited("9000000000000002", times=1)',
        ]
    )
    fixtures.stdout.fnmatch_lines(
        ["mpsd_config [[]session scope] -- *", "*@pytest.fixture", "*def mpsd_config():", '*return {"strict": True*']
    )
    fixtures.stdout.fnmatch_lines(["mpsd_credentials [[]session scope] -- *", "*def mpsd_credentials():"])
