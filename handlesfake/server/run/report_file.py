"""The report of a server's run: a file whose name says its form."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from handlesfake.errors import SettingsError
from handlesfake.files.whole_file import check_writable, write_whole
from handlesfake.reporting.journal_json import entry_as_json
from handlesfake.reporting.tap_json import tap_as_json
from handlesfake.server.command.process import Ending
from handlesfake.server.run.chronicle import Chronicle, WorldStory
from handlesfake.server.run.report_junit import junit_of
from handlesfake.server.run.report_page import page_of

Document = dict[str, Any]


def report_document(chronicle: Chronicle, command: str = "", ending: Ending | None = None) -> Document:
    """A run as values: what ran, how it ended, and what each world was sent."""
    ran = None
    if ending is not None:
        ran = {
            "line": command,
            "status": ending.status,
            "ended": ending.words,
            "timed_out": ending.timed_out,
            "seconds": round(ending.seconds, 3),
        }
    worlds = [story.masked(_world(story)) for story in chronicle.stories()]
    return {
        "handlesfake": version("handlesfake"),
        "command": ran,
        "unused_rules": chronicle.unused_of_files(),
        "worlds": worlds,
    }


def _world(story: WorldStory) -> Document:
    assumed = [assumption for entry in story.entries for assumption in entry.assumptions]
    return {
        "world": story.world.name,
        "id": story.world.id,
        "end": story.end.words if story.end is not None else None,
        "late": story.late,
        "users": story.users,
        "sent": story.sent,
        "dropped": story.sent - len(story.entries),
        "failed_claims": list(story.failed_claims),
        "unused_rules": story.unused,
        "assumptions": [{"question": one.question, "text": one.text, "instead": one.by_control} for one in assumed],
        "journal": [
            {"resets": number, **entry_as_json(entry)} for number, part in enumerate(story.parts()) for entry in part
        ],
        "taps": [
            {"resets": number, **tap_as_json(tap)} for number, part in enumerate(story.pushed()) for tap in part
        ],
    }


def _as_json(chronicle: Chronicle, command: str, ending: Ending | None) -> str:
    document = report_document(chronicle, command, ending)
    return json.dumps(document, indent=2, ensure_ascii=False, default=str) + "\n"


WRITERS: Mapping[str, Callable[[Chronicle, str, Ending | None], str]] = {
    ".json": _as_json,
    ".html": page_of,
    ".xml": junit_of,
}
"""By the ending of the file's name: what makes the text of a report."""


def check_report(path: Path) -> None:
    """See before anything runs that a report can be written there.

    :raises SettingsError: its name does not end like a report's, or the file cannot be written there.
    """
    if path.suffix not in WRITERS:
        *others, last = WRITERS
        known = f"{', '.join(others)} or {last}"
        raise SettingsError(f"--report {path}: the name says the form, and ends with {known}")
    try:
        check_writable(path)
    except OSError as error:
        raise SettingsError(
            f"--report {path}: {error.strerror or error}.\n  name a file in a folder that this user may write"
        ) from None


def write_report(path: Path, chronicle: Chronicle, command: str = "", ending: Ending | None = None) -> None:
    """Write what a run was, in the form that the file's name says; a report of an earlier run is replaced.

    :param command: its line; empty where there is none.
    :param ending: how it ended; None where there is none.
    :raises OSError: the file cannot be written.
    """
    text = WRITERS[path.suffix](chronicle, command, ending)
    write_whole(path, text)
