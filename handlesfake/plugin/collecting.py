"""What the marker ``mpsd`` does to the tests that have it, as they are collected."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from handlesfake.errors import SettingsError
from handlesfake.plugin.marker_arguments import marked, options_of


def refuse_bad_markers(report: pytest.CollectReport, items: Sequence[pytest.Item]) -> None:
    """Make of ``report`` an error if a marker of ``items`` has unknown words, or words that contradict each other."""
    errors = [error for error in map(_error, items) if error]
    if errors:
        report.outcome = "failed"
        report.longrepr = "\n".join(dict.fromkeys(errors))
        report.result = []


def _error(item: pytest.Item) -> str:
    try:
        options_of(item, {}, marked(item))
    except (SettingsError, TypeError) as error:
        file, line, name = item.location
        return f"{file}:{(line or 0) + 1}: @pytest.mark.mpsd of {name}: {error}"
    return ""


def use_the_fixture(item: pytest.Item) -> None:
    """Let ``item`` use the fixture ``mpsd``: after those of wider scope, before those that may call MPSD."""
    names: list[str] = getattr(item, "fixturenames", [])
    known = getattr(getattr(item, "_fixtureinfo", None), "name2fixturedefs", {})  # no public way tells the scopes
    narrow = (place for place, name in enumerate(names) if name in known and known[name][-1].scope == "function")
    first = next(narrow, len(names))
    # A new list: tests of one function share theirs, and only some of them may be marked.
    item.fixturenames = [*names[:first], "mpsd", *names[first:]]  # type: ignore[attr-defined] # of Function only


def keep_to_one_thread(item: pytest.Item) -> None:
    """Have pytest-run-parallel run ``item`` in one thread: its fixture is one double, which all threads would ask."""
    reason = (
        "its fixture mpsd is one double for all threads; "
        "a test that makes its own runs in parallel: handlesfake.fake(isolated=True)"
    )
    item.add_marker(pytest.mark.thread_unsafe(reason=reason))
