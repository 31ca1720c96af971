"""The end of a session: which rules of files have never acted, in any test that had them."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import Any

import pytest

from handlesfake.plugin.summary import was_cut_short

# Imported by sessions that have a double: nothing heavy of handlesfake may be imported here.

STORED = "handlesfake_rules"
"""The attribute of a test's last report with its rules: reports cross from worker to controller anyway."""

_SHOWN = 10
"""How many rules are named at most."""


class UnusedRules:
    """Collects which rules have acted, from this process or from workers of xdist, and tells which never did."""

    def __init__(self, config: pytest.Config, ini: Mapping[str, Any]) -> None:
        self._fails = ini.get("mpsd_unused_rules") == "fail"
        self._root = f"{config.rootpath}{os.sep}"
        self._is_worker = hasattr(config, "workerinput")
        self._acted: dict[str, bool] = {}
        self._lines: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """What the rules of one test have done; several tests may have the same."""
        told = getattr(report, STORED, None)
        for rule, acted in json.loads(told).items() if told else ():
            self._acted[rule] = self._acted.get(rule, False) or acted

    @property
    def idle(self) -> list[str]:
        """The rules that have never acted so far."""
        return sorted(rule.removeprefix(self._root) for rule, acted in self._acted.items() if not acted)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Fail the session where that is wanted; a worker leaves it to its controller."""
        if self._is_worker or was_cut_short(session):  # in the tests that were left out, the rules may act
            return
        idle = self.idle
        more = [f"and {len(idle) - _SHOWN} rules more that never acted"] if len(idle) > _SHOWN else []
        self._lines = [*(f"{rule} never acted in any test" for rule in idle[:_SHOWN]), *more]
        if idle and self._fails and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """One line for each; none when all have acted."""
        for line in self._lines:
            terminalreporter.write_line(line, red=self._fails, yellow=not self._fails)
        if self._lines and self._fails:
            terminalreporter.write_line("mpsd_unused_rules = fail makes this a failure")


def unused_rules_line(rules: Mapping[str, bool], *, failed: bool) -> str:
    """What :data:`STORED` has about one test. In a failed test a rule may not have acted because of the failure."""
    return json.dumps({rule: acted or failed for rule, acted in rules.items()})
