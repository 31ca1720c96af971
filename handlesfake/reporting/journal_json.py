"""A journal entry as JSON values."""

from __future__ import annotations

from typing import Any

from handlesfake.exchange.journal import Entry


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
        "original_status": entry.original.status if entry.original else None,
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
