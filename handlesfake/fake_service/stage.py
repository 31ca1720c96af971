"""Fake: the stage that lets the pure service answer, and keeps what the service knows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from handlesfake.exchange.outcome import Answer, Call, Fault, Outcome, Proceed
from handlesfake.fake_service.ids import Ids
from handlesfake.mpsd.choices import Choices
from handlesfake.mpsd.sessions.told_missing import told_missing
from handlesfake.mpsd.settings import Settings
from handlesfake.mpsd.state.directory import Directory
from handlesfake.services.table import service_of
from handlesfake.values.values import replace

if TYPE_CHECKING:
    from handlesfake.services.mixing import Mixing


class Fake:
    """The innermost stage of the fake: answers everything."""

    def __init__(
        self, settings: Settings, ids: Ids, directory: Directory | None = None, services: Iterable[str] = ()
    ) -> None:
        """Play MPSD, and those of ``services``, by name."""
        self._mixing = _mixing(services)
        self.settings = settings
        self.ids = ids
        self._directory = directory if directory is not None else Directory()
        self._now: int | None = None
        self.on_change: Callable[[Directory, Directory, int | None], None] | None = None
        """Called when sessions with listening members have changed: with the directory before and after, and the
        request's ticks (None for a test)."""

        self._watchers: tuple[Callable[[], object], ...] = ()

    @property
    def directory(self) -> Directory:
        """What the service knows now. Every change is an assignment: a snapshot is a reference."""
        return self._directory

    @directory.setter
    def directory(self, after: Directory) -> None:
        before, self._directory = self._directory, after.at_rest() if after.touched else after
        if after.touched and self.on_change is not None:
            self.on_change(before, after, self._now)
        if self._watchers and _people_differ(before, after):
            for watcher in self._watchers:
                watcher()

    def choose(self, choices: Choices) -> None:
        """Answer open questions so from now on."""
        self.settings = replace(self.settings, choices=choices)

    def watch(self, watcher: Callable[[], object]) -> Callable[[], None]:
        """Call ``watcher`` once connections or tokens have changed, from the thread that did it; the result ends it.

        The push channel looks then which of its ends are to end.
        """
        self._watchers = (*self._watchers, watcher)

        def stop() -> None:
            self._watchers = tuple(one for one in self._watchers if one is not watcher)

        return stop

    def overhear(self, call: Call, proceed: Proceed) -> Outcome:
        """The outermost stage: learn that a session was not made from what a rule decides instead of the service."""
        outcome = proceed(call)
        if self._directory.sessions_created:  # then nothing is assumed anyway
            return outcome
        if isinstance(outcome, Answer) and outcome.original is None:
            self.directory = told_missing(self._directory, call.route, outcome.response.status)
        elif isinstance(outcome, Fault) and outcome.answer is None:
            self.directory = told_missing(self._directory, call.route, None)
        return outcome

    def __call__(self, call: Call, proceed: Proceed) -> Outcome:  # noqa: ARG002 - nothing lies further in
        """Let the service answer that the request is for."""
        service = service_of(call.request)
        reply = service.answer()(self._directory, call.request, call.now, self.ids, self.settings)
        provenance, directory = reply.provenance, reply.directory
        if self._mixing is not None:
            directory, provenance = self._mixing.noted(service, reply) or (directory, provenance)
        self._now = call.now
        self.directory = directory
        self._now = None
        return Answer(reply.response, service.name, provenance)


def _mixing(services: Iterable[str]) -> Mixing | None:
    """What notes that a title uses services that exclude each other; None where no two of them do."""
    if not services:
        return None
    from handlesfake.services.mixing import Mixing  # lazily: most doubles play MPSD alone

    found = Mixing(services)
    return found if found.matters else None


def _people_differ(before: Directory, after: Directory) -> bool:
    return (
        before.connections is not after.connections
        or before.users is not after.users
        or before.services_expired is not after.services_expired
    )
