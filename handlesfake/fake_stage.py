"""Fake: the stage that lets the pure service answer, and keeps what the service knows."""

from __future__ import annotations

from handlesfake.ids import Ids
from handlesfake.mpsd.directory import Directory
from handlesfake.mpsd.service import answer
from handlesfake.mpsd.settings import Settings
from handlesfake.outcome import Answer, Call, Outcome, Proceed


class Fake:
    """The innermost stage of the fake: answers everything."""

    def __init__(self, settings: Settings, ids: Ids, directory: Directory | None = None) -> None:
        self.settings = settings
        self.ids = ids
        self.directory = directory if directory is not None else Directory()
        """What the service knows now. Every change is an assignment: a snapshot is a reference."""

    def __call__(self, call: Call, proceed: Proceed) -> Outcome:  # noqa: ARG002 - nothing lies further in
        """Let the service answer."""
        reply = answer(self.directory, call.request, call.now, self.ids, self.settings)
        self.directory = reply.directory
        return Answer(
            reply.response,
            "mpsd",
            evidence=reply.evidence,
            caller=reply.caller,
            refusal=reply.refusal,
            assumptions=reply.assumptions,
            notes=reply.notes,
            created=reply.created,
            delivered=reply.delivered,
        )
