"""What a report says of a failure: its message, and all that pytest shows of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from handlesfake.plugin.double_monitor import DoubleMonitor

# Imported by sessions whose tests have no double: nothing heavy of handlesfake may be imported here.

FAILURE = "handlesfake_failure"
"""The attribute of a failed report that bears what is told of it: reports cross from worker to controller anyway."""


def failure_told(report: pytest.TestReport | pytest.CollectReport) -> dict[str, Any]:
    """``when`` it failed, the ``message`` of what was raised, and the ``text`` that pytest shows."""
    stored = getattr(report, FAILURE, None)
    if stored is not None:
        found: dict[str, Any] = json.loads(stored)
        return found
    crash = getattr(report.longrepr, "reprcrash", None)
    text = report.longreprtext
    return {"when": report.when, "message": getattr(crash, "message", None) or text, "text": text}


def store_failure(report: pytest.TestReport, watches: Sequence[DoubleMonitor]) -> None:
    """Put what is told of a failure on its report, less the credentials that its test has sent."""
    from handlesfake.reporting.shown_headers import credentials_of, without_credentials  # lazily, see above

    found = failure_told(report)
    secrets = {secret for watch in watches for entry in watch.entries for secret in credentials_of(entry.request)}
    for name in ("message", "text"):
        found[name] = without_credentials(found[name], secrets)
    setattr(report, FAILURE, json.dumps(found))
