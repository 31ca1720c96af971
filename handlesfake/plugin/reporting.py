"""What pytest's report says of a test's traffic: a section of a failure, an account for the summary and the file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from handlesfake.cassettes.recording.session_report import recording_document
from handlesfake.exchange.entry import Entry
from handlesfake.intercept.registry import registry
from handlesfake.plugin.double_monitor import DoubleMonitor
from handlesfake.plugin.summary import RECORDING, UNRECORDED
from handlesfake.reporting.journal_json import entry_as_json
from handlesfake.reporting.timeline import section, title


def failure_sections(watch: DoubleMonitor | None, beside: Sequence[str], shown: str) -> list[tuple[str, str]]:
    """Titles and texts of what a failed test shows of its traffic; none when there was none.

    :param beside: what would have failed the test, had it not failed already.
    :param shown: what the report shows of the failure itself: nothing is told twice.
    """
    entries: Sequence[Entry] = ()
    text = []
    if watch is not None:
        watch.look()
        entries = watch.entries
        text = [section(entries, users=watch.users)] if entries else []
    told = _bare(shown)
    text += [problem for problem in beside if _bare(problem.partition(": ")[2] or problem) not in told]
    if not text:
        return []
    return [(title(entries) if entries else "MPSD", "\n".join(text).encode("utf-8", "backslashreplace").decode())]


def _bare(text: str) -> str:
    """``text`` less what pytest sets before the lines of an error."""
    return "\n".join(line.removeprefix("E").strip() for line in text.splitlines())


def account(watch: DoubleMonitor, *, whole: bool) -> str:
    """What the end of the session needs of one test, as JSON in ASCII: it crosses from worker to controller.

    :param whole: with the journal, for ``--mpsd-report=PATH``.
    """
    watch.look()
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
    if whole:
        found["journal"] = [entry_as_json(entry) for entry in watch.entries]
    return json.dumps(found, default=str)
