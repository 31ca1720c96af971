"""What pytest's report says of a test's traffic: a section of a failure, an account for the summary and the file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pytest

from handlesfake.intercept.registry import registry
from handlesfake.plugin.double_monitor import DoubleMonitor
from handlesfake.plugin.report_target import ReportTarget
from handlesfake.plugin.summary import LEFT_OUT, NOTE, RECORDING, TAKEN_IN, UNRECORDED, WAITED
from handlesfake.reporting.timeline import section, title

if TYPE_CHECKING:
    from handlesfake.cassettes.recording.masking import Masking
    from handlesfake.cassettes.replay.player import Player


def add_sections(report: pytest.TestReport, sections: Sequence[tuple[str, str]], *, is_captured: bool) -> None:
    """Let ``report`` show ``sections`` behind its failure.

    :param is_captured: they are among the captured output, which ``--show-capture=no`` hides. Else they are part of
        the failure itself: that reaches ``junit.xml``, which drops all unknown sections.
    """
    add = getattr(report.longrepr, "addsection", None)
    if is_captured or add is None:
        report.sections.extend(sections)
        return
    for name, text in sections:
        add(name, text, "-")


def mask(report: pytest.TestReport, masking: Masking) -> None:
    """Mask all texts of ``report`` that reach a terminal, a log or ``junit.xml``; its node id stays."""
    report.sections[:] = [(name, masking.text(text)) for name, text in report.sections]
    report.user_properties[:] = [(name, masking.value(value)) for name, value in report.user_properties]
    report.longrepr = _masked(report.longrepr, masking, set())


def _masked(node: Any, masking: Masking, done: set[int]) -> Any:
    """``node``, a part of pytest's picture of a failure, with its texts masked in place."""
    if isinstance(node, str):
        return masking.text(node)
    if isinstance(node, tuple):
        return tuple(_masked(one, masking, done) for one in node)
    if isinstance(node, list):
        node[:] = [_masked(one, masking, done) for one in node]
    elif type(node).__module__.startswith("_pytest.") and hasattr(node, "__dict__") and id(node) not in done:
        done.add(id(node))
        for name, value in vars(node).items():
            setattr(node, name, _masked(value, masking, done))
    return node


def failure_sections(watches: Sequence[DoubleMonitor], beside: Sequence[str], shown: str) -> list[tuple[str, str]]:
    """Titles and texts of what a failed test shows of its traffic, one for each double that got any.

    :param beside: what would have failed the test, had it not failed already.
    :param shown: what the report shows of the failure itself: nothing is told twice.
    """
    for watch in watches:
        watch.look()
    asked = [watch for watch in watches if watch.entries]
    sections = [[_titled(one, alone=len(asked) == 1), section(one.shown_entries(), users=one.users)] for one in asked]
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


def account(watch: DoubleMonitor | None, watches: Sequence[DoubleMonitor], target: ReportTarget) -> str:
    """What the end of the session needs of one test, as JSON in ASCII: it crosses from worker to controller.

    :param watch: what follows the double of the fixture ``mpsd``, whose cassette is the test's; None where the test
        has none.
    :param watches: what follows all doubles of the test.
    :param target: a file holds the journals, too.
    :returns: empty where there is nothing to tell.
    """
    for one in watches:
        one.look()
    found: dict[str, Any] = {"assumptions": [assumed for one in watches for assumed in _assumptions(one)]}
    if target.is_page:
        sent = {"parts": parts_of(watches)}
    elif target.path:
        sent = {
            "journal": [entry for one in watches for entry in _journal(one)],
            "taps": [tap for one in watches for tap in _taps(one)],
        }
    else:
        sent = {}
    waited = sum(one.waited_really for one in watches)
    if watch is None and not any(sent.values()) and not waited and not found["assumptions"]:
        return ""
    if waited:
        found[WAITED] = waited
    found |= _of_the_fixture(watch) if watch is not None else {}
    return json.dumps({**found, **sent}, default=str)


def parts_of(watches: Sequence[DoubleMonitor]) -> list[dict[str, Any]]:
    """What the page shows of each double that got something, or of the only one; ``double`` is its place in all."""
    from handlesfake.reporting.html.told import part_told  # lazily: most sessions have no page

    asked = [
        (number, watch) for number, watch in enumerate(watches) if watch.entries or watch.taps or len(watches) == 1
    ]
    parts = []
    for number, watch in asked:
        place = watch.core.engine.place if watch.is_wider or len(asked) > 1 else ""
        told = part_told(place, watch.shown_entries(), watch.taps, watch.users)
        parts.append({**(told if watch.masking is None else watch.masking.value(told)), "double": number})
    return parts


def _journal(watch: DoubleMonitor) -> list[dict[str, Any]]:
    from handlesfake.double.shown import shown_document  # lazily: most sessions have no report

    return [shown_document(entry, watch.masking) for entry in watch.entries]


def _taps(watch: DoubleMonitor) -> list[dict[str, Any]]:
    from handlesfake.reporting.tap_json import tap_as_json  # lazily, as above

    found = [tap_as_json(tap) for tap in watch.taps]
    return [watch.masking.value(one) for one in found] if watch.masking is not None else found


def _assumptions(watch: DoubleMonitor) -> list[dict[str, Any]]:
    assumed = [assumption for entry in watch.entries for assumption in entry.assumptions]
    found = [{"question": one.question, "text": one.text, "instead": one.instead} for one in assumed]
    return [watch.masking.value(one) for one in found] if watch.masking is not None else found


def _of_the_fixture(watch: DoubleMonitor) -> dict[str, Any]:
    found: dict[str, Any] = {}
    player = watch.player
    if player is not None:
        found["cassette"] = str(player.cassette.path.absolute())
        found["unused"] = [f"#{one.number} {one.what}" for one in player.unused]
        found["failed"] = watch.failed
        found |= _of_the_others(watch, player)
    recording = watch.core.recording
    if recording is not None:
        from handlesfake.cassettes.recording.session_report import (
            recording_document,
        )  # lazily: most tests do not record

        others = registry.others(watch.core.engine)
        found["recorded"] = recording.lines(others)
        found[RECORDING] = recording_document(recording, others)
    elif watch.core.mode.recorder is not None:
        found[UNRECORDED] = str(watch.core.mode.recorder.path)
    return found | _of_the_run(watch)


def _of_the_others(watch: DoubleMonitor, player: Player) -> dict[str, Any]:
    """Whether tests that this run leaves out may play what this one has left."""
    if not player.unused:
        return {}
    from handlesfake.cassettes.sharing import absent  # lazily: most tests play all

    options, cassette = watch.core.options, player.cassette
    return {LEFT_OUT: True} if absent(cassette.path, options.name, cassette.tests, options.run) else {}


def _of_the_run(watch: DoubleMonitor) -> dict[str, Any]:
    """What the run has left beside the test's cassette, and what it has put into it."""
    found: dict[str, Any] = {}
    recorder, player = watch.core.mode.recorder, watch.player
    if recorder is not None:
        from handlesfake.cassettes.recording.run_notes import note_of  # lazily: a fake needs none of it

        found[NOTE] = [str(note_of(recorder.path, watch.core.options.run).absolute())]
    elif player is not None:
        from handlesfake.cassettes.recording.left_behind import told_of  # lazily, as above

        count = told_of(player.cassette.path)
        if count:
            found[TAKEN_IN] = {str(player.cassette.path): count}
    return found
