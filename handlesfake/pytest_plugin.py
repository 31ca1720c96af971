"""The entry point of pytest: marker, options and hooks, wired to what ``handlesfake.plugin`` does."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Generator
from contextlib import ExitStack

import pytest

from handlesfake.double import start_listeners
from handlesfake.plugin import fixtures
from handlesfake.plugin.configuration import INI, ON_FIRST_DOUBLE, SEEN, add_to, read_ini

# Every pytest session imports this module, also one that has nothing to do with MPSD. So other modules of
# handlesfake are imported only inside functions that a test reaches when it uses a double.

_SESSION: pytest.StashKey[ExitStack] = pytest.StashKey()
_VERDICT = "handlesfake.verdict"
_SHORT_NAME = "handlesfake"
"""What ``-p no:`` may block the plugin by, beside the name of its entry point, which is that of this module."""
_LEFT_ACTIVE = "handlesfake.left_active"
_lock = threading.RLock()

MARKER = """\
mpsd(mode, cassette, rules, strict, dialect, choices, unrouted, ...): the test talks to a double of MPSD, whether or \
not it takes the fixture mpsd. The nearest marker wins, word by word.
    @pytest.mark.mpsd(cassette="lobby")               # replays cassettes/<test module>/lobby.yaml
    def test_the_party(mpsd):                         # recorded by: pytest --mpsd-record=once
        mpsd.assert_invited("9000000000000001")"""


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    """Tell pytest of the options and ini settings."""
    if not pluginmanager.is_blocked(_SHORT_NAME):
        add_to(parser)


def pytest_plugin_registered(plugin: object, manager: pytest.PytestPluginManager) -> None:
    """Obey ``-p no:handlesfake``; and keep what inner sessions in this process import of handlesfake."""
    if getattr(plugin, "pytest_plugin_registered", None) is pytest_plugin_registered:
        if manager.is_blocked(_SHORT_NAME) and manager.is_registered(plugin):
            manager.unregister(plugin)
    elif getattr(plugin, "__name__", "") == "_pytest.pytester":
        from handlesfake.plugin.imported_once import keep_imported  # lazily, see above

        keep_imported()


def pytest_configure(config: pytest.Config) -> None:
    """Read what is configured, so that a bad value ends the session before it begins."""
    config.addinivalue_line("markers", MARKER)
    config.stash[INI] = read_ini(config)
    config.pluginmanager.register(fixtures, "handlesfake.fixtures")
    # a session whose tests make doubles by hand is judged from the first one on
    begun: Callable[[], None] = functools.partial(_add_verdict, config)
    config.stash[ON_FIRST_DOUBLE] = begun
    start_listeners.listeners.append(begun)
    if _reports(config) or config.getoption("dist", "no") != "no":
        _add_summary(config)
    if config.getoption("mpsd_record") not in (None, "none"):
        from handlesfake.plugin.recording_run import RecordingRun  # lazily, see above

        config.pluginmanager.register(RecordingRun(config), "handlesfake.recording_run")
    if config.stash[INI].get("mpsd_vcr_marker"):
        from handlesfake.plugin.vcr_marker import VcrMarker  # lazily, see above

        config.pluginmanager.register(VcrMarker(config), "handlesfake.vcr_marker")
    if config.getoption("mpsd_allow_real") or config.stash[INI].get("mpsd_guard"):
        from handlesfake.plugin.session_guard import guarding  # lazily, see above

        config.stash[_SESSION] = stack = ExitStack()
        stack.enter_context(guarding(config.stash[INI], allow_real=config.getoption("mpsd_allow_real")))
        _add_verdict(config)


def _add_verdict(config: pytest.Config) -> None:
    """From now on each test is judged by its traffic: a session without doubles pays nothing for it."""
    with _lock:  # threads may start doubles at once
        if not config.pluginmanager.hasplugin(_VERDICT):
            from handlesfake.plugin.left_active import LeftActive  # lazily, see above
            from handlesfake.plugin.verdict import TestVerdict

            if not config.pluginmanager.hasplugin(_LEFT_ACTIVE):
                config.pluginmanager.register(LeftActive(config), _LEFT_ACTIVE)
            config.pluginmanager.register(TestVerdict(config), _VERDICT)
            _add_summary(config)


def _add_summary(config: pytest.Config) -> None:
    if config.getoption("dist", "no") != "no" and not config.pluginmanager.hasplugin(_LEFT_ACTIVE):
        from handlesfake.plugin.left_active import LeftActive  # lazily, see above

        config.pluginmanager.register(LeftActive(config), _LEFT_ACTIVE)
    if not hasattr(config, "workerinput") and not config.pluginmanager.hasplugin("handlesfake.summary"):
        from handlesfake.plugin.report_target import ReportTarget  # lazily, see above
        from handlesfake.plugin.summary import Summary

        # a worker of xdist reports to its controller
        target = ReportTarget(config, config.stash[INI])
        config.pluginmanager.register(Summary(target), "handlesfake.summary")
        if target.is_page:
            from handlesfake.plugin.page_report import PageReport  # lazily, see above

            config.pluginmanager.register(PageReport(target, config), "handlesfake.page_report")
    if not config.pluginmanager.hasplugin("handlesfake.cassettes"):
        from handlesfake.plugin.unused.recordings import Unused  # lazily, see above

        config.pluginmanager.register(Unused(config, config.stash[INI]), "handlesfake.cassettes")
    if not config.pluginmanager.hasplugin("handlesfake.rules_used"):
        from handlesfake.plugin.unused.rules import UnusedRules  # lazily, see above

        config.pluginmanager.register(UnusedRules(config, config.stash[INI]), "handlesfake.rules_used")


def _reports(config: pytest.Config) -> bool:
    """Whether a report of the session was asked for."""
    return config.getoption("mpsd_report") is not None or "mpsd_report" in config.stash[INI]


def pytest_unconfigure(config: pytest.Config) -> None:
    """End what was begun for the session."""
    listener = config.stash.get(ON_FIRST_DOUBLE, None)
    if listener in start_listeners.listeners:
        start_listeners.listeners.remove(listener)
    verdict = config.pluginmanager.get_plugin(_VERDICT)
    if verdict is not None:
        verdict.end()
    stack = config.stash.get(_SESSION, None)
    if stack is not None:
        stack.close()


# ---- collection


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """A marker that cannot be is an error of the file in which it stands."""
    report = yield
    marked = [node for node in report.result or () if isinstance(node, pytest.Item) and _is_marked(node)]
    if marked:
        from handlesfake.plugin.collecting import refuse_bad_markers  # lazily, see above

        refuse_bad_markers(report, marked)
    # also those that the command line does not ask for: they may share a cassette with those that it does
    items = [node for node in report.result or () if isinstance(node, pytest.Item)]
    collector.config.stash.setdefault(SEEN, []).append((collector.nodeid, items))
    return report


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The marker alone gives a test its double; last, so that it may also be put by a hook of the user's."""
    in_threads = config.getoption("parallel_threads", None) is not None  # pytest-run-parallel is here
    for item in items:
        if _is_marked(item) and "mpsd" not in getattr(item, "fixturenames", ("mpsd",)):
            from handlesfake.plugin.collecting import use_the_fixture  # lazily, see above

            use_the_fixture(item)
        if "mpsd" in getattr(item, "fixturenames", ()):
            _add_verdict(config)
            if in_threads:
                from handlesfake.plugin.collecting import keep_to_one_thread  # lazily, see above

                keep_to_one_thread(item)


def _is_marked(item: pytest.Item) -> bool:
    # The keywords come first because they cost a third: they hold the names of markers, and others beside.
    return "mpsd" in item.keywords and item.get_closest_marker("mpsd") is not None


# ---- each test, where none has a hook until there is a double


def pytest_assertrepr_compare(config: pytest.Config, op: str, left: object, right: object) -> list[str] | None:
    """``assert mpsd.invites == [...]`` shows where the records differ."""
    if not config.pluginmanager.hasplugin(_VERDICT):  # no double, no records; sys.modules forgets what pytester drops
        return None
    from handlesfake.assertions.comparison import explain  # lazily, see above

    return explain(op, left, right)
