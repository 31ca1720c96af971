"""What pytest's report says of a test's traffic: a section of a failure, an account for the summary and the file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from handlesfake.journal import Entry
from handlesfake.plugin.watch import Watch
from handlesfake.timeline import section, title


def failure_sections(watch: Watch | None, beside: Sequence[str], shown: str) -> list[tuple[str, str]]:
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
    text += [problem for problem in beside if problem not in shown]
    if not text:
        return []
    return [(title(entries) if entries else "MPSD", "\n".join(text).encode("utf-8", "backslashreplace").decode())]


def account(watch: Watch, *, whole: bool) -> str:
    """What the end of the session needs of one test, as JSON in ASCII: it crosses from worker to controller.

    :param whole: with the journal, for ``--mpsd-report=PATH``.
    """
    watch.look()
    assumed = [assumption for entry in watch.entries for assumption in entry.assumptions]
    found: dict[str, Any] = {
        "assumptions": [{"question": one.question, "text": one.text, "instead": one.instead} for one in assumed]
    }
    if whole:
        found["journal"] = [as_json(entry) for entry in watch.entries]
    return json.dumps(found, default=str)


def as_json(entry: Entry) -> dict[str, Any]:
    """A journal entry as JSON values. Headers stay out, because tokens are among them."""
    return {
        "number": entry.number,
        "at": entry.at.isoformat(),
        "operation": entry.operation,
        "type": entry.type,
        "method": entry.request.method,
        "target": entry.request.target,
        "caller": entry.caller.label if entry.caller else None,
        "body": entry.document,
        "status": entry.status,
        "answer": entry.answer,
        "decided_by": entry.decided_by,
        "evidence": entry.evidence.words if entry.evidence else None,
        "refusal": entry.refusal.kind.name if entry.refusal else None,
        "fault": entry.fault,
        "assumptions": [assumption.text for assumption in entry.assumptions],
        "notes": list(entry.notes),
        "client": entry.client,
        "thread": entry.thread,
        "source": entry.source,
        "straggler": entry.straggler,
    }
