"""What a report says of a failure: its message, and all that pytest shows of it."""

from __future__ import annotations

import json
import traceback
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from handlesfake.plugin.double_monitor import DoubleMonitor

# Imported by sessions whose tests have no double: nothing heavy of handlesfake may be imported here.

FAILURE = "handlesfake_failure"
"""The attribute of a failed report with the text about it: reports cross from worker to controller anyway."""

_CLAIMING = ("handlesfake.assertions.blocking", "handlesfake.assertions.soon")
"""The modules that check a claim: each function that does is given the ``journal`` of its double."""


def failure_told(report: pytest.TestReport | pytest.CollectReport) -> dict[str, Any]:
    """``when`` it failed, the ``message`` of what was raised, and the ``text`` that pytest shows."""
    stored = getattr(report, FAILURE, None)
    if stored is not None:
        found: dict[str, Any] = json.loads(stored)
        return found
    crash = getattr(report.longrepr, "reprcrash", None)
    text = report.longreprtext
    return {"when": report.when, "message": getattr(crash, "message", None) or text, "text": text}


def journal_of_claim(raised: BaseException) -> object | None:
    """The journal of the double whose claim raised this, by the frames that it went through; None for no claim."""
    frames = [frame for frame, _ in traceback.walk_tb(raised.__traceback__)]
    claims = [frame.f_locals for frame in frames if frame.f_globals.get("__name__") in _CLAIMING]
    return next((found["journal"] for found in reversed(claims) if "journal" in found), None)


def store_failure(report: pytest.TestReport, watches: Sequence[DoubleMonitor], journal: object | None = None) -> None:
    """Put the text about a failure on its report, without the credentials that its test has sent.

    :param watches: what follows the doubles of the test.
    :param journal: that of the double whose claim failed; ``double`` says which of ``watches`` it is.
    """
    from handlesfake.reporting.shown_headers import credentials_of, without_credentials  # lazily, see above

    found = failure_told(report)
    numbers = [number for number, watch in enumerate(watches) if watch.core.journal is journal]
    if numbers:
        found["double"] = numbers[0]
    secrets = {secret for watch in watches for entry in watch.entries for secret in credentials_of(entry.request)}
    for name in ("message", "text"):
        found[name] = without_credentials(found[name], secrets)
    setattr(report, FAILURE, json.dumps(found))
