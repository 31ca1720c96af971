"""The verdict on each test: what fails it beyond its own assertions, and what its report shows of its traffic."""

from __future__ import annotations

import sys
from collections.abc import Generator
from types import FrameType

import pytest

from handlesfake.double.core import DoubleCore
from handlesfake.double.started_doubles import started
from handlesfake.intercept.registry import registry
from handlesfake.plugin.configuration import INI
from handlesfake.plugin.double_monitor import DoubleMonitor, escaped
from handlesfake.plugin.failures import journal_of_claim, store_failure
from handlesfake.plugin.html_extras import add_extras, html_path
from handlesfake.plugin.mpsd_fixture import WATCH, WATCHES, foreign
from handlesfake.plugin.report_target import ReportTarget
from handlesfake.plugin.reporting import account, add_sections, failure_sections, mask
from handlesfake.plugin.summary import ACCOUNT
from handlesfake.plugin.traceback import cut
from handlesfake.plugin.unused.rules import STORED, unused_rules_line

_BESIDE: pytest.StashKey[list[str]] = pytest.StashKey()
"""What would have failed a test that failed already: shown, but never instead of the test's own failure."""


def _is_planned(item: pytest.Item) -> bool:
    """Whether ``--setup-plan`` is only to show what fixtures there are: none was made."""
    return bool(item.config.getoption("setupplan", default=False))


class TestVerdict:
    """The hooks of each test, registered once a test of the session has a double."""

    def __init__(self, config: pytest.Config) -> None:
        self._target = ReportTarget(config, config.stash[INI])
        started.is_judged = True
        self._told = len(registry.escapes)
        """How many of them were told so far."""

        self._watches: list[DoubleMonitor] = []
        """What follows the doubles of the present test, those of wider scope included."""

        self._is_own = False
        """Whether what comes is the test's own: a fixture of its scope has begun, or the test itself."""

        self._is_in_wide_fixture = _scope_of_fixture() not in ("", "function")
        """Whether the first double of the session starts in a fixture of wider scope, whose setup is under way."""

        started.follow(self._follow)

    def end(self) -> None:
        """The session is over."""
        started.unfollow(self._follow)

    def _follow(self, core: DoubleCore) -> None:
        self._watches.append(DoubleMonitor(core))

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[object]) -> Generator[None, object, object]:
        """What a fixture of wider scope sends and makes is not the first test's own."""
        self._leave_first_fixture()
        is_wide = fixturedef.scope != "function"
        self._is_own = self._is_own or not is_wide
        # one that a test asks for as it runs is part of the test's own work
        before = len(self._watches) if self._is_own else 0
        result = yield
        if is_wide:
            self._pass_over(self._watches[before:])
        return result

    def _leave_first_fixture(self) -> None:
        if self._is_in_wide_fixture:
            self._is_in_wide_fixture = False
            self._pass_over(self._watches)

    @staticmethod
    def _pass_over(watches: list[DoubleMonitor]) -> None:
        for watch in watches:
            watch.pass_over()
            watch.is_wider = True

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Generator[None, object, object]:
        """Follow the doubles of the test, also those that come from fixtures of the user's."""
        item.stash[WATCH] = None  # also when the test is run again
        item.stash[WATCHES] = self._watches = [DoubleMonitor(core) for core in started.active]
        for watch in self._watches:
            watch.is_wider = True
            watch.core.engine.passed_by.clear()
        item.stash[_BESIDE] = []
        self._is_own = False
        self._told = min(self._told, len(registry.escapes))  # other code may have taken some back
        try:
            result = yield
            if item.stash[WATCH] is None and "mpsd" in getattr(item, "funcargs", ()) and not _is_planned(item):
                item.stash[WATCH] = foreign(item)
        except BaseException:
            self._show_beside(item)
            raise
        return result

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, object, object]:
        """Fail a test that passed although nothing could answer it."""
        __tracebackhide__ = True  # else the report of an error from another plugin would end here
        self._leave_first_fixture()
        self._is_own = True
        try:
            result = yield
        except BaseException:
            self._show_beside(item)
            raise
        self._fail_on_problems(item)
        return result

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> Generator[None, object, object]:
        """The same for what fixtures do as they end."""
        for watch in self._all(item):
            watch.look()
        try:
            result = yield
        except BaseException:
            self._show_beside(item)
            raise
        self._fail_on_problems(item)
        return result

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """A failed test shows its traffic; the last report of each test has what the summary needs."""
        journal = journal_of_claim(call.excinfo.value) if call.excinfo is not None else None  # before frames are cut
        if call.excinfo is not None and not item.config.getoption("fulltrace"):
            cut(call.excinfo)
        report = yield
        if call.excinfo is not None:
            for one in self._all(item):
                one.fail()
        if report.failed:
            beside = item.stash.get(_BESIDE, [])
            sections = failure_sections(self._all(item), beside, report.longreprtext)
            add_sections(report, sections, is_captured=item.config.getoption("showcapture") == "no")
        for one in self._all(item):
            if one.masking is not None:
                mask(report, one.masking)
        self._tell_pages(item, report, journal)
        if call.when == "teardown":
            self._give_account(item, report)
            self._end_test(item)
        return report

    def _tell_pages(self, item: pytest.Item, report: pytest.TestReport, journal: object | None) -> None:
        """Add to ``report`` what pages for people show about it: ours, and that of pytest-html."""
        beside = html_path(item.config)
        if report.failed and (self._target.is_page or beside):
            store_failure(report, self._all(item), journal)
        if beside is not None and (report.when == "call" or report.failed):
            add_extras(report, self._all(item), self._target, beside)

    def _give_account(self, item: pytest.Item, report: pytest.TestReport) -> None:
        """Add to ``report``, the last of its test, what the end of the session needs."""
        watches = self._all(item)
        told = account(item.stash.get(WATCH, None), watches, self._target)
        if told:
            setattr(report, ACCOUNT, told)
        stored = _stored(watches)
        if stored:
            failed = any(one.failed for one in watches)
            setattr(report, STORED, unused_rules_line(stored, failed=failed))

    def _end_test(self, item: pytest.Item) -> None:
        """The session keeps its items to the end, and is to keep no double with them."""
        for watch in self._all(item):
            watch.close()
        item.stash[WATCH] = None
        item.stash[WATCHES] = self._watches = []

    def _all(self, item: pytest.Item) -> list[DoubleMonitor]:
        """What follows the doubles of the test, in the order of their start, that of ``mpsd`` among them."""
        watch = item.stash.get(WATCH, None)
        if watch is None or any(one is watch for one in self._watches):
            return self._watches
        return [*self._watches, watch]

    def _show_beside(self, item: pytest.Item) -> None:
        """What the test itself raises stays its failure; what we would have raised is only shown with it."""
        item.stash[_BESIDE] = [*item.stash.get(_BESIDE, []), *self._problems(item, swallowed=False)]

    def _fail_on_problems(self, item: pytest.Item) -> None:
        problems = self._problems(item, swallowed=True)
        if problems:
            pytest.fail("\n".join(problems), pytrace=False)

    def _problems(self, item: pytest.Item, *, swallowed: bool) -> list[str]:
        """What must fail the test, each reported once: to the first that asks."""
        watches = self._all(item)
        problems = []
        for watch in watches:
            problems += watch.problems(swallowed=swallowed)
            problems += watch.unrouted()
        for core in self._ended(watches):
            problems += core.swallowed.problems(swallowed=swallowed)
            problems += core.swallowed.unrouted(core.journal)
        told, self._told = self._told, len(registry.escapes)
        return problems + escaped(told) if told < self._told else problems

    @staticmethod
    def _ended(watches: list[DoubleMonitor]) -> list[DoubleCore]:
        """The doubles of earlier that have ended in this test, or answer still, and that nothing follows."""
        return [core for core in started.to_judge() if not any(watch.core is core for watch in watches)]


def _stored(watches: list[DoubleMonitor]) -> dict[str, bool]:
    """The rules of files that the doubles of a test had, and whether each has acted for one of them."""
    stored: dict[str, bool] = {}
    for watch in watches:
        for rule, acted in watch.stored.items():
            stored[rule] = stored.get(rule, False) or acted
    return stored


def _scope_of_fixture() -> str:
    """The scope of the fixture that this thread is setting up; empty where it sets up none.

    No hook has reported it, because there are none before the first double of a session.
    """
    frame: FrameType | None = sys._getframe()  # noqa: SLF001 - the one way to a caller; the names looked for are those of pytest's hook
    while frame is not None:
        if frame.f_code.co_name == "pytest_fixture_setup" and "fixturedef" in frame.f_locals:
            return str(getattr(frame.f_locals["fixturedef"], "scope", ""))
        frame = frame.f_back
    return ""
