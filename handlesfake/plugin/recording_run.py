"""A run that records: one name for all of its processes, and alive until the last of them is done."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest

from handlesfake.cassettes.recording import run_notes
from handlesfake.errors import CassetteError
from handlesfake.plugin.configuration import GIVEN_RUN, run_of


class RecordingRun:
    """Takes part in the run from before its workers start until its notes are thrown away.

    A worker of xdist may have all of its tests behind it before another one begins. So the workers alone do not tell
    whether a run still lives.
    """

    def __init__(self, config: pytest.Config) -> None:
        self._config = config

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """The controller of xdist is about to start a worker."""
        node.workerinput[GIVEN_RUN] = run_of(self._config)
        with suppress(CassetteError):  # no folder for locks: the first test that records says so
            run_notes.join(run_of(self._config))

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self) -> None:
        """Leave the run: the controller has thrown its notes away, or they stay for the next run."""
        run_notes.leave(run_of(self._config))
