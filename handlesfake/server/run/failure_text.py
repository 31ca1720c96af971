"""What is said of a command that failed: the traffic of each world, as a failed test in Python has it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from handlesfake.exchange.entry import Entry
from handlesfake.reporting.timeline import counted, section, title
from handlesfake.server.addresses import Places
from handlesfake.server.run.chronicle import WorldStory

SHOWN_WORLDS, SHOWN_ENTRIES = 10, 10
"""How many worlds are shown at most, and how many requests of each: the newest."""


def failure_text(stories: Sequence[WorldStory], places: Places) -> str:
    """Each world that got a request or has an unused rule; those first in which a claim did not hold.

    :param places: where the server answers, for a command that never found it.
    """
    told = [one for one in stories if one.entries or one.unused or one.late]
    if not told:
        trust = ", and its CA by MPSD_CA" if places.ca_file else ""
        return f"MPSD: nothing was sent. The command finds the service by MPSD_URL{trust}"
    newest = sorted(enumerate(told), key=lambda place: (not place[1].failed_claims, -place[0]))
    shown = [one for _, one in newest[:SHOWN_WORLDS]]
    lines = [line for story in shown for line in story_lines(story, SHOWN_ENTRIES, "--report FILE has all")]
    if len(told) > len(shown):
        lines.append(f"---- {counted(len(told) - len(shown), 'world')} more not shown; --report FILE has all")
    return "\n".join(lines)


def story_lines(story: WorldStory, most: int, whole: str) -> list[str]:
    """The report about one world, without real people while the traffic is real.

    :param most: how many of its requests are shown, the newest.
    :param whole: what has all of them, for where there are more.
    """
    found: list[str] = story.masked(list(_story(story, most, whole)))
    return found


def _story(story: WorldStory, most: int, whole: str) -> Iterator[str]:
    yield f"---- {story.title}: {title(story.entries)} ----"
    if story.ending:
        yield story.ending
    if story.sent > len(story.entries):
        yield f"{counted(story.sent - len(story.entries), 'earlier request')} no longer kept"
    if story.entries:
        yield from _timeline(story, most, whole)
    yield from story.unused
    for text in list(story.failed_claims)[-1:]:
        yield "the last claim that did not hold:"
        yield from (f"    {line}" for line in text.splitlines())


def _timeline(story: WorldStory, most: int, whole: str) -> Iterator[str]:
    hidden = len(story.entries) - most
    if hidden > 0:
        yield f"{counted(hidden, 'earlier request')} not shown; {whole}"
        yield from _assumed(story.entries[:hidden], story.entries[hidden:])
    place = 0
    for number, part in enumerate(story.parts()):
        kept = part[max(0, hidden - place) :]
        place += len(part)
        if not kept:
            continue
        if number:
            yield "-- reset --"
        yield section(kept, None, story.users)


def _assumed(hidden: Sequence[Entry], shown: Sequence[Entry]) -> Iterator[str]:
    """What was assumed in the requests that are not shown, unless those that are shown say it."""
    said = {assumption.text for entry in shown for assumption in entry.assumptions}
    texts = {assumption.text: assumption for entry in hidden for assumption in entry.assumptions}
    for text, assumption in texts.items():
        if text not in said:
            yield f"    assumed there: {text}. To say it:"
            yield f"        {assumption.by_control}"
