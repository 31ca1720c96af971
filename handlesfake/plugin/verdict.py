"""The verdict on each test: what fails it beyond its own assertions, and what its report shows of its traffic."""

from __future__ import annotations

from collections.abc import Generator

import pytest

from handlesfake.double.swallowed import SwallowedErrors, started
from handlesfake.intercept.registry import registry
from handlesfake.plugin.double_monitor import DoubleMonitor, escaped
from handlesfake.plugin.mpsd_fixture import WATCH, foreign
from handlesfake.plugin.reporting import account, failure_sections
from handlesfake.plugin.summary import ACCOUNT
from handlesfake.plugin.traceback import cut
from handlesfake.plugin.unused_rules import STORED, unused_rules_line

_BESIDE: pytest.StashKey[list[str]] = pytest.StashKey()
"""What would have failed a test that failed by itself: shown, and never in the place of its own failure."""


def _is_planned(item: pytest.Item) -> bool:
    """Whether ``--setup-plan`` is only to show what fixtures there are: none was made."""
    return bool(item.config.getoption("setupplan", default=False))


class TestVerdict:
    """The hooks of each test, registered once a test of the session has a double."""

    def __init__(self, config: pytest.Config) -> None:
        self._whole = config.getoption("mpsd_report") not in (None, "-")
        started.is_judged = True
        self._told = len(registry.escapes)
        """How many of them were told so far."""

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Generator[None, object, object]:
        """Follow the double of the test, also one that comes from a fixture of the user's."""
        item.stash[WATCH] = None  # also when the test is run again
        item.stash[_BESIDE] = []
        self._told = min(self._told, len(registry.escapes))  # somebody may have taken some back
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
        watch = item.stash.get(WATCH, None)
        if watch is not None:
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
        """A failed test shows its traffic; the last report of each test bears what the summary needs."""
        if call.excinfo is not None and not item.config.getoption("fulltrace"):
            cut(call.excinfo)
        report = yield
        watch = item.stash.get(WATCH, None)
        if watch is not None and call.excinfo is not None:
            watch.failed = True
        if report.failed:
            beside = item.stash.get(_BESIDE, [])
            report.sections.extend(failure_sections(watch, beside, report.longreprtext))
        if watch is not None and call.when == "teardown":
            setattr(report, ACCOUNT, account(watch, whole=self._whole))
            if watch.stored:
                setattr(report, STORED, unused_rules_line(watch.stored, failed=watch.failed))
            item.stash[WATCH] = None  # the session keeps its items to the end, and is to keep no double with them
        return report

    def _show_beside(self, item: pytest.Item) -> None:
        """What the test itself raises stays its failure; what we would have raised is only shown with it."""
        item.stash[_BESIDE] = [*item.stash.get(_BESIDE, []), *self._problems(item, swallowed=False)]

    def _fail_on_problems(self, item: pytest.Item) -> None:
        problems = self._problems(item, swallowed=True)
        if problems:
            pytest.fail("\n".join(problems), pytrace=False)

    def _problems(self, item: pytest.Item, *, swallowed: bool) -> list[str]:
        """What must fail the test, each told once: whoever asks first has it."""
        watch = item.stash.get(WATCH, None)
        problems = [*watch.problems(swallowed=swallowed), *watch.unrouted()] if watch is not None else []
        problems += [text for one in self._others(watch) for text in one.problems(swallowed=swallowed)]
        told, self._told = self._told, len(registry.escapes)
        return problems + escaped(told) if told < self._told else problems

    @staticmethod
    def _others(watch: DoubleMonitor | None) -> list[SwallowedErrors]:
        """The doubles that the test, or a fixture of its, has made by hand."""
        return [one for one in started.to_judge() if watch is None or one is not watch.unheard]
