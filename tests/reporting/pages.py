"""Reports of made-up runs, and the content of one."""

from __future__ import annotations

import json
import re
from typing import Any

from handlesfake import Double
from handlesfake.double.double import core_of
from handlesfake.reporting.html.document import report_page
from handlesfake.reporting.html.told import part_told


def data_of(page: str) -> dict[str, Any]:
    """What a page shows, as values."""
    found = re.search(r'<script id="data" type="application/json">(.*?)</script>', page, re.S)
    assert found is not None, page[:200]
    run: dict[str, Any] = json.loads(found[1])
    return run


def part_of(double: Double) -> dict[str, Any]:
    """All that a double has seen."""
    return part_told("", list(double.journal), list(double.taps), core_of(double).traffic.roles())


def scope(name: str, *parts: dict[str, Any], **words: Any) -> dict[str, Any]:
    """A test that passed, unless ``words`` say otherwise."""
    known = {"outcome": "passed", "seconds": 0.1, "failures": [], "assumptions": [], "unused": [], "attempts": 1}
    return {"id": name, **known, "parts": list(parts), **words}


def page_of(*scopes: dict[str, Any], **words: Any) -> str:
    """The page of a run of tests."""
    failed = sum(one["outcome"] == "failed" for one in scopes)
    run = {"made_by": "handlesfake 0", "kind": "test", "title": f"{failed} of {len(scopes)} tests failed"}
    run |= {"is_failed": failed > 0, "ended": "now", "unused_rules": [], "scopes": list(scopes)}
    return report_page({**run, **words})
