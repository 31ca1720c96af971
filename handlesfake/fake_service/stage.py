"""Fake: the stage that lets the pure service answer, and keeps what the service knows."""

from __future__ import annotations

from collections.abc import Callable

from handlesfake.exchange.outcome import Answer, Call, Outcome, Proceed
from handlesfake.fake_service.ids import Ids
from handlesfake.mpsd.service import answer
from handlesfake.mpsd.settings import Settings
from handlesfake.mpsd.state.directory import Directory


class Fake:
    """The innermost stage of the fake: answers everything."""

    def __init__(self, settings: Settings, ids: Ids, directory: Directory | None = None) -> None:
        self.settings = settings
        self.ids = ids
        self._directory = directory if directory is not None else Directory()
        self._now: int | None = None
        self.on_change: Callable[[Directory, Directory, int | None], None] | None = None
        """Called when sessions have changed, with the directory before and after, and the ticks of the request that
        did it; None when a test did."""

    @property
    def directory(self) -> Directory:
        """What the service knows now. Every change is an assignment: a snapshot is a reference."""
        return self._directory

    @directory.setter
    def directory(self, after: Directory) -> None:
        if not after.touched:
            self._directory = after
            return
        before, self._directory = self._directory, after.at_rest()
        if self.on_change is not None:
            self.on_change(before, after, self._now)

    def __call__(self, call: Call, proceed: Proceed) -> Outcome:  # noqa: ARG002 - nothing lies further in
        """Let the service answer."""
        reply = answer(self._directory, call.request, call.now, self.ids, self.settings)
        self._now = call.now
        self.directory = reply.directory
        self._now = None
        return Answer(reply.response, "mpsd", reply.provenance)
