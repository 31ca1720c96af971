"""What pytest's report says of a test's traffic: a section of a failure, an account for the summary and the file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from handlesfake.cassettes.recording.session_report import recording_document
from handlesfake.intercept.registry import registry
from handlesfake.plugin.double_monitor import DoubleMonitor
from handlesfake.plugin.summary import RECORDING, UNRECORDED
from handlesfake.reporting.journal_json import entry_as_json
from handlesfake.reporting.timeline import section, title


def failure_sections(watches: Sequence[DoubleMonitor], beside: Sequence[str], shown: str) -> list[tuple[str, str]]:
    """Titles and texts of what a failed test shows of its traffic, one for each double that got any.

    :param beside: what would have failed the test, had it not failed already.
    :param shown: what the report shows of the failure itself: nothing is told twice.
    """
    for watch in watches:
        watch.look()
    asked = [watch for watch in watches if watch.entries]
    sections = [[_titled(watch, alone=len(asked) == 1), section(watch.entries, users=watch.users)] for watch in asked]
    told = _bare(shown)
    text = [problem for problem in beside if _bare(problem.partition(": ")[2] or problem) not in told]
    if text and not sections:
        sections = [["MPSD"]]
    if text:
        sections[-1] += text
    return [(heading, "\n".join(lines).encode("utf-8", "backslashreplace").decode()) for heading, *lines in sections]


def _titled(watch: DoubleMonitor, *, alone: bool) -> str:
    """What heads a double's traffic: also where it was started, unless the test's own double is the only one."""
    place = watch.core.engine.place
    return f"{title(watch.entries)} ({place})" if place and (watch.is_wider or not alone) else title(watch.entries)


def _bare(text: str) -> str:
    """``text`` less what pytest sets before the lines of an error."""
    return "\n".join(line.removeprefix("E").strip() for line in text.splitlines())


def account(watch: DoubleMonitor | None, watches: Sequence[DoubleMonitor], *, whole: bool) -> str:
    """What the end of the session needs of one test, as JSON in ASCII: it crosses from worker to controller.

    :param watch: what follows the double of the fixture ``mpsd``; None where the test has none.
    :param watches: what follows all doubles of the test.
    :param whole: with the journal, for ``--mpsd-report=PATH``.
    :returns: empty where there is nothing to tell.
    """
    for one in watches:
        one.look()
    found: dict[str, Any] = _of_the_fixture(watch) if watch is not None else {"assumptions": []}
    journal = [entry_as_json(entry) for one in watches for entry in one.entries] if whole else []
    if watch is None and not journal:
        return ""
    if whole:
        found["journal"] = journal
    return json.dumps(found, default=str)


def _of_the_fixture(watch: DoubleMonitor) -> dict[str, Any]:
    assumed = [assumption for entry in watch.entries for assumption in entry.assumptions]
    found: dict[str, Any] = {
        "assumptions": [{"question": one.question, "text": one.text, "instead": one.instead} for one in assumed]
    }
    player = watch.player
    if player is not None:
        found["cassette"] = str(player.cassette.path.absolute())
        found["unused"] = [f"#{one.number} {one.what}" for one in player.unused]
        found["failed"] = watch.failed
    recording = watch.core.recording
    if recording is not None:
        others = registry.others(watch.core.engine)
        found["recorded"] = recording.lines(others)
        found[RECORDING] = recording_document(recording, others)
    elif watch.core.mode.recorder is not None:
        found[UNRECORDED] = str(watch.core.mode.recorder.path)
    return found
