"""The end of a session: which doubles were started and never stopped; they have answered all later tests."""

from __future__ import annotations

from typing import Any

import pytest

# Imported by the controller of xdist, which has no double: nothing of handlesfake may be imported here.

_KEY = "handlesfake_left_active"


class LeftActive:
    """Tells where each was started, from this process or from workers of xdist."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._lines: list[str] = []
        self._before = _active()
        """Those of an outer session in this process."""

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self) -> None:
        """Look once the fixtures of the session have ended."""
        if hasattr(self._config, "workeroutput"):
            self._config.workeroutput[_KEY] = self._left()
        else:
            self._lines += self._left()

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """A worker of xdist has ended."""
        self._lines += getattr(node, "workeroutput", {}).get(_KEY, [])

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """One line for each; none when all have stopped."""
        for line in dict.fromkeys(self._lines):
            terminalreporter.write_line(line, yellow=True)

    def _left(self) -> list[str]:
        left = [core for core in _active() if not any(core is other for other in self._before)]
        if not left:
            return []
        from handlesfake.double.started_doubles import still_active  # it is there already

        return [still_active(core) for core in left]


def _active() -> tuple[Any, ...]:
    import sys

    module = sys.modules.get("handlesfake.double.started_doubles")
    return module.started.active if module is not None else ()
