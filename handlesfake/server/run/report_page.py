"""The report of a server's run as a page for people: each world that got a request, or about which a claim failed."""

from __future__ import annotations

import platform
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

from handlesfake.reporting.html.document import report_page
from handlesfake.reporting.html.told import part_told
from handlesfake.server.command.process import Ending
from handlesfake.server.control.words import CONTROL
from handlesfake.server.run.chronicle import Chronicle, WorldStory
from handlesfake.vocabulary import speaking


def page_of(chronicle: Chronicle, command: str, ending: Ending | None) -> str:
    """The page, less real people while the traffic is real.

    :param command: its line; empty where there is none.
    :param ending: how it ended; None where there is none.
    """
    # in a run that went well, a test that made a false claim has wanted that
    failed = ending is None or ending.status != 0
    stories = [one for one in chronicle.stories() if one.is_told]
    with speaking(CONTROL):
        scopes = [story.masked(_world(story, failed=failed)) for story in stories]
    told = [f"handlesfake {version('handlesfake')}, Python {platform.python_version()}"]
    told += [f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC", *([f"{ending.seconds:.1f} s"] if ending else [])]
    return report_page(
        {
            "made_by": told[0],
            "kind": "world",
            "title": f"{command} {ending.words}" if ending else "handlesfake serve",
            "is_failed": ending is not None and ending.status != 0,
            "ended": " · ".join(told),
            "unused_rules": chronicle.unused_of_files(),
            "scopes": scopes,
        }
    )


def _world(story: WorldStory, *, failed: bool) -> dict[str, Any]:
    claims = [{"when": "", "message": text, "text": "", "double": part} for text, part in story.claims()]
    assumed = [assumption for entry in story.entries for assumption in entry.assumptions]
    return {
        "id": story.world.called if story.world.id else story.title,
        "outcome": "failed" if claims and failed else "seen",
        "seconds": None,
        "failures": claims,
        "assumptions": [{"question": one.question, "text": one.text, "instead": one.by_control} for one in assumed],
        "told": story.ending,
        "unused": story.unused,
        "attempts": 1,
        "parts": _parts(story),
    }


def _parts(story: WorldStory) -> list[dict[str, Any]]:
    """What it was sent from reset to reset; a claim names its part by ``double``, since numbers start again there."""
    found = []
    for number, (entries, pushed) in enumerate(zip(story.parts(), story.pushed(), strict=True)):
        title = f"After reset {number}" if number else ""
        earlier = 0 if number else story.sent - len(story.entries)
        found.append({**part_told(title, entries, pushed, story.users, earlier), "double": number})
    return found
