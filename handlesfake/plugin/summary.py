"""The end of a session: one line about assumptions, and the report file."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from handlesfake.plugin.report_target import ReportTarget

# Imported by every session: nothing else of handlesfake may be imported here.

ACCOUNT = "handlesfake_account"
"""The attribute of a test's last report with its account: reports cross from worker to controller anyway."""

RECORDING, UNRECORDED = "recording", "unrecorded"
"""The content of an account of a test that has recorded, or that was to record but had nothing to record."""

WAITED = "waited"
"""The same for the real seconds that a test has waited for a ``Retry-After``."""

TAKEN_IN, NOTE = "taken_in", "note"
"""The same for what a replay has put into its cassette of a run that was killed, and for the note of the run."""

LEFT_OUT = "left_out"
"""The same where tests that share the cassette are not run, and may play what this test has left."""


class Summary:
    """Collects the accounts of tests as their reports come in, from this process or from workers of xdist.

    :param target: where a report goes; it is written here where it is JSON.
    :raises pytest.UsageError: no file can be written there.
    """

    def __init__(self, target: ReportTarget) -> None:
        self._target = target
        target.check()
        self._outcomes: dict[str, str] = {}
        self._accounts: dict[str, dict[str, Any]] = {}
        self._recordings: dict[str, dict[str, Any]] = {}
        self._unrecorded: dict[str, str] = {}
        self._waited: dict[str, float] = {}
        self._taken_in: Counter[str] = Counter()
        self._notes: set[str] = set()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep the account of a test that had a double; when it is run again, the last run counts."""
        if self._target.is_any and (report.when == "setup" or report.outcome != "passed"):
            self._outcomes[report.nodeid] = report.outcome
        account = getattr(report, ACCOUNT, None)
        if account is not None:
            import json  # lazily: most sessions need none

            found = self._accounts[report.nodeid] = json.loads(account)
            # for the terminal alone
            if WAITED in found:
                self._waited[report.nodeid] = found.pop(WAITED)
            if RECORDING in found:
                self._recordings[report.nodeid] = found.pop(RECORDING)
            if UNRECORDED in found:
                self._unrecorded[report.nodeid] = found.pop(UNRECORDED)
            self._taken_in.update(found.pop(TAKEN_IN, {}))
            self._notes.update(found.pop(NOTE, ()))
            found.pop(LEFT_OUT, None)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Write the report file; a run that recorded, and came to its end, needs its notes no more."""
        if self._notes and not was_cut_short(session):
            from handlesfake.cassettes.recording.run_notes import forget  # lazily, see above

            forget(map(Path, self._notes))
        if self._target.path is not None and not self._target.is_page:
            import json  # lazily, as above

            tests = [
                {"test": test, "outcome": self._outcomes.get(test, "passed"), **account}
                for test, account in self._accounts.items()
            ]
            self._target.write(json.dumps(tests, indent=2) + "\n")

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """What was recorded; one line when something was assumed; nothing otherwise."""
        if self._target.trouble:
            terminalreporter.write_line(self._target.trouble, red=True)
        if self._recordings or self._unrecorded:
            for line in _recorded(list(self._recordings.values()), self._unrecorded):
                terminalreporter.write_line(line)
        if self._taken_in:
            from handlesfake.cassettes.recording.cassette_report import took_in_lines  # lazily, see above

            for line in took_in_lines(self._taken_in):
                terminalreporter.write_line(line)
        for test, seconds in self._waited.items():
            waited = f"really waited {seconds:.1f} s for Retry-After: {test}"
            terminalreporter.write_line(
                f"{waited}; no time passes with mpsd.clock.skip_sleeps(), or mpsd.clock.sleep", yellow=True
            )
        assumed = {test: account["assumptions"] for test, account in self._accounts.items() if account["assumptions"]}
        if not assumed:
            return
        if self._target.is_terminal:
            _list(terminalreporter, assumed)
        count = sum(map(len, assumed.values()))
        hint = "mpsd_strict = true refuses them"
        if not self._target.is_any:
            hint += "; --mpsd-report=- lists them"
        terminalreporter.write_line(
            f"{_counted(count, 'assumption')} in {_counted(len(assumed), 'test')} ({hint})", yellow=True
        )


def was_cut_short(session: pytest.Session) -> bool:
    """Whether tests were left out that were to run: Ctrl-C, ``-x``, ``--maxfail``."""
    return session.exitstatus == pytest.ExitCode.INTERRUPTED or bool(session.shouldfail or session.shouldstop)


def _recorded(recordings: list[dict[str, Any]], unrecorded: dict[str, str]) -> list[str]:
    """The result of each recording; and the tests that made no cassette, whose replay will fail."""
    # lazily, see above
    from handlesfake.cassettes.next_steps import display_path
    from handlesfake.cassettes.recording.session_report import together

    lines = together(recordings)
    for test, path in unrecorded.items():
        if not any(Path(one).exists() for one in (path, f"{path}.rejected")):
            lines.append(f"not recorded {display_path(Path(path))}: {test} sent nothing that is recorded")
    return lines


def _list(terminalreporter: pytest.TerminalReporter, assumed: dict[str, list[dict[str, str]]]) -> None:
    terminalreporter.write_sep("=", "MPSD: what the fake took for granted")
    for test, assumptions in assumed.items():
        terminalreporter.write_line(test)
        for (text, instead), count in Counter((one["text"], one["instead"]) for one in assumptions).items():
            times = f" ({count} times)" if count > 1 else ""
            terminalreporter.write_line(f"    {text}{times}")
            if instead:
                terminalreporter.write_line(f"        say it instead:  {instead}")


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
