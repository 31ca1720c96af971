"""What a test leaves in the report of pytest-html: its own page where it failed, and a link to that of the run."""

from __future__ import annotations

import os
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from handlesfake.plugin.double_monitor import DoubleMonitor
from handlesfake.plugin.failures import failure_told
from handlesfake.plugin.report_target import ReportTarget
from handlesfake.plugin.reporting import parts_of

NEWEST = 200
"""How many requests of each double such a page has: its file is beside those of other tests."""

_FRAME = (
    '<iframe title="MPSD report of this test" sandbox="allow-scripts" '
    'style="width:100%;height:640px;border:1px solid #ccc" srcdoc="{}"></iframe>'
)


def html_path(config: pytest.Config) -> Path | None:
    """Where pytest-html writes; None where it is not installed, or not asked for."""
    found = config.getoption("htmlpath", None)
    return Path(found) if found else None


def add_extras(
    report: pytest.TestReport, watches: Sequence[DoubleMonitor], target: ReportTarget, beside: Path
) -> None:
    """Give ``report`` what pytest-html (4 and later) shows with it; nothing for a test that sent nothing.

    :param beside: where pytest-html writes.
    """
    for watch in watches:
        watch.look()
    if not any(watch.entries for watch in watches):
        return
    extras: list[dict[str, Any]] = []
    # pytest-html shows the extras of all phases of a test in each of its rows: one link is enough
    if target.is_page and target.path is not None and report.when != "teardown":
        way = Path(os.path.relpath(target.path, beside.absolute().parent)).as_posix()
        extras.append(_extra("url", f"{way}#{urlencode({'test': report.nodeid})}", "MPSD report"))
    if report.failed:
        extras.append(_extra("html", _FRAME.format(escape(_page(report, watches))), None))
    report.extras = [*getattr(report, "extras", []), *extras]  # type: ignore[attr-defined]  # pytest-html's own


def _extra(form: str, content: str, name: str | None) -> dict[str, Any]:
    """As ``pytest_html.extras.extra`` makes one."""
    return {"name": name, "format_type": form, "content": content, "mime_type": None, "extension": None}


def _page(report: pytest.TestReport, watches: Sequence[DoubleMonitor]) -> str:
    from handlesfake.reporting.html.document import report_page  # lazily: most sessions have no page

    parts = parts_of(watches)
    for part in parts:
        part["earlier"] = max(0, len(part["entries"]) - NEWEST)
        part["entries"] = part["entries"][-NEWEST:]
    scope = {"id": report.nodeid, "outcome": "failed", "seconds": round(report.duration, 3), "unused": []}
    scope |= {"failures": [failure_told(report)], "assumptions": [], "attempts": 1, "parts": parts}
    run = {"made_by": "handlesfake", "kind": "test", "title": "1 test failed", "is_failed": True, "ended": ""}
    return report_page({**run, "unused_rules": [], "scopes": [scope]})
