"""The report for people: what each test did, gathered while the session runs, and written as one page at its end."""

from __future__ import annotations

import json
import platform
from collections import Counter
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

import pytest

from handlesfake.plugin.failures import failure_told
from handlesfake.plugin.report_target import ReportTarget
from handlesfake.plugin.summary import ACCOUNT, was_cut_short
from handlesfake.plugin.unused.rules import UnusedRules
from handlesfake.values.values import field, mutable

_WORST_FIRST = ("failed", "xpassed", "xfailed", "skipped", "passed", "unfinished")


@mutable(slots=False)
class _Test:
    """One test, over all of its attempts."""

    outcome: str = "unfinished"
    """Until it has been taken down, unless it has failed before."""

    seconds: float = 0.0
    failures: list[dict[str, Any]] = field(default_factory=list)
    account: dict[str, Any] = field(default_factory=dict)
    attempts: int = 1

    def begin_again(self) -> None:
        """The test runs again, and the new run counts instead: the failures are kept as those of an attempt."""
        for failure in self.failures:
            failure.setdefault("attempt", self.attempts)
        self.attempts += 1
        self.outcome = "unfinished"

    def note(self, report: pytest.TestReport) -> None:
        """What one of its reports says."""
        self.seconds += report.duration
        outcome: str = report.outcome  # also "rerun", of pytest-rerunfailures
        if outcome in ("failed", "rerun"):
            self.failures.append(failure_told(report))
        if hasattr(report, "wasxfail"):
            outcome = "xfailed" if report.skipped else "xpassed"
        if outcome in _WORST_FIRST and (outcome != "passed" or report.when == "teardown"):
            self.outcome = min(outcome, self.outcome, key=_WORST_FIRST.index)
        account = getattr(report, ACCOUNT, None)
        if account is not None:
            self.account = json.loads(account)
        if outcome == "rerun":
            self.begin_again()

    @property
    def is_told(self) -> bool:
        """Whether the report shows it: it failed, or a double of it got something."""
        return self.outcome == "failed" or any(part["entries"] or part["taps"] for part in self._parts)

    @property
    def _parts(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.account.get("parts", [])
        return found

    def told(self, name: str) -> dict[str, Any]:
        """The test as the page has it."""
        return {
            "id": name,
            "outcome": self.outcome,
            "seconds": round(self.seconds, 3),
            "failures": self.failures,
            "assumptions": self.account.get("assumptions", []),
            "unused": self.account.get("unused", []),
            "attempts": self.attempts,
            "parts": self._parts,
        }


class PageReport:
    """Gathers what reports say, from this process or from workers of xdist."""

    def __init__(self, target: ReportTarget, config: pytest.Config) -> None:
        self._target = target
        self._config = config
        self._tests: dict[str, _Test] = {}
        self._began = datetime.now(UTC)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A file that cannot be collected is told as a test that failed."""
        if report.failed and report.nodeid not in self._tests:
            self._tests[report.nodeid] = _Test("failed", failures=[failure_told(report)])

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """One of a test's three reports, or that of a worker that crashed."""
        self._tests.setdefault(report.nodeid, _Test()).note(report)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Write the page."""
        from handlesfake.reporting.html.document import report_page  # lazily: it is needed once

        self._target.write(report_page(self._told(is_cut_short=was_cut_short(session))))

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Where the page is."""
        if not self._target.trouble:
            terminalreporter.write_line(f"the MPSD report is in {self._target.name}")

    def _told(self, *, is_cut_short: bool) -> dict[str, Any]:
        counts = Counter(test.outcome for test in self._tests.values())
        told = [test.told(name) for name, test in self._tests.items() if test.is_told]
        rules = self._config.pluginmanager.get_plugin("handlesfake.rules_used")
        quiet = len(self._tests) - len(told)
        ran = [
            f"pytest {version('pytest')}, Python {platform.python_version()}",
            f"{self._began:%Y-%m-%d %H:%M} UTC",
            f"{(datetime.now(UTC) - self._began).total_seconds():.1f} s",
            *([f"{quiet} without traffic not shown"] if quiet else []),
        ]
        return {
            "made_by": f"handlesfake {version('handlesfake')}",
            "kind": "test",
            "title": _headline(counts) + ("; the run was cut short" if is_cut_short else ""),
            "is_failed": counts["failed"] > 0 or is_cut_short,
            "ended": " · ".join(ran),
            "unused_rules": rules.idle if isinstance(rules, UnusedRules) else [],
            "scopes": told,
        }


def _headline(counts: Counter[str]) -> str:
    """``2 of 30 tests failed``; ``30 tests passed, 1 skipped``."""
    total, failed = counts.total(), counts["failed"]
    tests = "1 test" if total == 1 else f"{total} tests"
    if failed:
        return f"{failed} of {tests} failed"
    others = [f"{counts[one]} {one}" for one in _WORST_FIRST if one not in ("failed", "passed") and counts[one]]
    passed = counts["passed"]
    return ", ".join([f"{passed} test passed" if passed == 1 else f"{passed} tests passed", *others])
