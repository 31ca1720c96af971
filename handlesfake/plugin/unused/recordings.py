"""The end of a session: which recorded exchanges no test has played, and which cassettes."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

from handlesfake.plugin.configuration import place, run_of
from handlesfake.plugin.summary import ACCOUNT, LEFT_OUT, was_cut_short

# Imported by sessions that have a double: nothing heavy of handlesfake may be imported here.

_OPENED = "handlesfake_opened"
_CHOOSING = ("keyword", "markexpr", "lf", "deselect", "stepwise", "ignore", "maxfail")
_SHOWN = 5
"""How many exchanges of a cassette are named at most."""


class Unused:
    """Collects what was played, from this process or from workers of xdist, and tells what was not."""

    def __init__(self, config: pytest.Config, ini: Mapping[str, Any]) -> None:
        self._config = config
        self._fails = ini.get("mpsd_unused") == "fail"
        self._folder = place(config, ini, "mpsd_cassette_dir")
        self._ini = ini
        self._unused: dict[str, dict[str, None]] = {}
        self._untold: set[str] = set()
        self._opened: set[str] = set()
        self._lines: list[str] = []

    @pytest.hookimpl(trylast=True)
    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """A test that is skipped still has its cassette."""
        # lazily: needed once, with tests
        from handlesfake.cassettes.sharing import know
        from handlesfake.plugin.shared_cassettes import collected, named_by

        self._opened.update(map(str, named_by(session.items, self._folder).values()))
        know(run_of(self._config), collected(session, self._folder))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """What one test has left unplayed; several tests may share a cassette."""
        told = getattr(report, ACCOUNT, None)
        if not told:
            return
        account = json.loads(told)
        path = account.get("cassette")
        if path is None:
            return
        if account["failed"] or LEFT_OUT in account:  # the failure may be why it is left; or another test plays it
            self._untold.add(path)
        left = dict.fromkeys(account["unused"])
        known = self._unused.get(path, left)
        self._unused[path] = {one: None for one in known if one in left}

    @pytest.hookimpl(trylast=True)  # a fixture of a run that was interrupted ends no sooner than with the session
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Fail the session where that is wanted; a worker tells its controller what it has opened."""
        self._leave_the_run()
        loading = sys.modules.get("handlesfake.cassettes.format.loading")
        if loading is not None:
            self._opened.update(map(str, loading.opened))
        if hasattr(self._config, "workerinput"):
            self._config.workeroutput[_OPENED] = sorted(self._opened)  # type: ignore[attr-defined]  # xdist's
            return
        if was_cut_short(session):  # the tests that were left out may play what is unused so far
            return
        self._lines = [*self._exchanges(), *self._orphans()]
        if self._lines and self._fails and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def _leave_the_run(self) -> None:
        from handlesfake.cassettes import sharing  # lazily: imported with the tests

        sharing.leave(run_of(self._config))

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """A worker has ended."""
        self._opened.update(getattr(node, "workeroutput", {}).get(_OPENED, ()))

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """One line for each cassette of which something is left; none when all was played."""
        for line in self._lines:
            terminalreporter.write_line(line, red=self._fails, yellow=not self._fails)
        if self._lines and self._fails:
            terminalreporter.write_line("mpsd_unused = fail makes this a failure")

    def _exchanges(self) -> Iterable[str]:
        for path, left in self._unused.items():
            if left and path not in self._untold:
                more = f" and {len(left) - _SHOWN} more" if len(left) > _SHOWN else ""
                yield f"{self._short(Path(path))}: never played: {', '.join(list(left)[:_SHOWN])}{more}"

    def _orphans(self) -> Iterable[str]:
        if not self._is_whole() or not self._folder.is_dir():
            return
        for path in sorted(self._folder.rglob("*")):
            if path.suffix in (".yaml", ".yml", ".json") and str(path) not in self._opened and _is_plain(path):
                yield f"{self._short(path)}: no test plays it"

    def _is_whole(self) -> bool:
        """Whether all tests were asked for: else it is unknown what the others play."""
        config = self._config
        if any(config.getoption(name, None) for name in _CHOOSING):
            return False
        source = getattr(config, "args_source", None)  # since pytest 7.2
        return source is not None and source.name != "ARGS"

    def _short(self, path: Path) -> str:
        try:
            return path.relative_to(self._config.rootpath).as_posix()
        except ValueError:
            return str(path)


def _is_plain(path: Path) -> bool:
    return path.is_file() and not path.name.startswith(".")
