"""The report of a server's run as JUnit XML, which CI shows test by test: the command, and each world."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections import Counter

from handlesfake.server.command.process import Ending
from handlesfake.server.control.words import CONTROL
from handlesfake.server.run.chronicle import Chronicle, WorldStory
from handlesfake.server.run.failure_text import story_lines
from handlesfake.vocabulary import speaking

_SHOWN = 100
"""How many requests of a world are shown at most, the newest: CI shows this beside the failure."""

_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no document of XML 1.0 may hold."""


def junit_of(chronicle: Chronicle, command: str, ending: Ending | None) -> str:
    """The document, less real people while the traffic is real.

    A claim that did not hold is a failure of its world where the command failed. In a run that went well, the test
    wanted that.

    :param command: its line; empty where there is none.
    :param ending: how it ended; None where there is none.
    """
    failed = ending is None or ending.status != 0
    suite = ET.Element("testsuite", name="handlesfake serve")
    if ending is not None:
        _add_command(suite, command, ending, chronicle.unused_of_files())
    stories = [story for story in chronicle.stories() if story.is_told]
    names = Counter(story.world.name for story in stories)
    with speaking(CONTROL):
        for story in stories:
            # CI compares runs by names: an id, which says how many came before, is there only to tell two apart
            plain = names[story.world.name] == 1
            _add_world(suite, story, story.world.name or story.title if plain else story.title, failed=failed)
    cases = suite.findall("testcase")
    suite.set("tests", str(len(cases)))
    suite.set("failures", str(sum(case.find("failure") is not None for case in cases)))
    suite.set("errors", "0")
    suite.set("time", f"{ending.seconds if ending else 0:.3f}")
    whole = ET.Element("testsuites")
    whole.append(suite)
    ET.indent(whole)
    return f"<?xml version='1.0' encoding='utf-8'?>\n{ET.tostring(whole, encoding='unicode')}\n"


def _add_command(suite: ET.Element, command: str, ending: Ending, unused: list[str]) -> None:
    case = _case(suite, "command", command, ending.seconds)
    if ending.status:
        words = f"took longer than its --timeout, and {ending.words}" if ending.timed_out else ending.words
        _add_text(case, "failure", f"{command} {words}", message=words)
    if unused:
        _add_text(case, "system-out", "\n".join(unused))


def _add_world(suite: ET.Element, story: WorldStory, name: str, *, failed: bool) -> None:
    case = _case(suite, "worlds", name, 0)
    claims: list[str] = story.masked(list(story.failed_claims))
    if claims and failed:
        _add_text(case, "failure", "\n\n".join(claims), message=claims[-1].partition("\n")[0])
    _add_text(case, "system-out", "\n".join(story_lines(story, _SHOWN, "a report as .json or .html has all")))


def _case(suite: ET.Element, kind: str, name: str, seconds: float) -> ET.Element:
    said = {"classname": f"handlesfake.{kind}", "name": _clean(name), "time": f"{seconds:.3f}"}
    return ET.SubElement(suite, "testcase", said)


def _add_text(case: ET.Element, tag: str, text: str, **said: str) -> None:
    added = ET.SubElement(case, tag, {word: _clean(value) for word, value in said.items()})
    added.text = _clean(text)


def _clean(text: str) -> str:
    return _NO_XML.sub("\ufffd", text)
