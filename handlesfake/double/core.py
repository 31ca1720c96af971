"""DoubleCore: what a double is made of, and how it starts, goes back and stops; tests hold a ``Double`` over it."""

from __future__ import annotations

import functools
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from handlesfake.assertions.soon import Soon
from handlesfake.double.core_state import CoreState
from handlesfake.double.mode_stages import ModeFactory
from handlesfake.double.request_steps import RequestSteps
from handlesfake.double.rule_factory import RuleFactory
from handlesfake.double.rule_tracker import RuleTracker
from handlesfake.double.started_doubles import started
from handlesfake.double.swallowed import SwallowedErrors
from handlesfake.double.world_of_mode import world_of
from handlesfake.engine.engine import Engine
from handlesfake.errors import OverlappingDoublesWarning
from handlesfake.exchange.entry import Entry
from handlesfake.exchange.entry_log import EntryLog
from handlesfake.exchange.journal import Journal
from handlesfake.exchange.outcome import Stage
from handlesfake.fake_service.ids import Ids
from handlesfake.fake_service.stage import Fake
from handlesfake.fake_service.taps import Pushes
from handlesfake.intercept.install import install
from handlesfake.intercept.registry import registry
from handlesfake.mpsd.http.message import Request
from handlesfake.mpsd.state.identity import Caller
from handlesfake.options.options import Options
from handlesfake.rules.question import Scene
from handlesfake.rules.rule import Rule
from handlesfake.rules.stage import Rules
from handlesfake.templates.shelf import Shelf
from handlesfake.timing.clock import Clock
from handlesfake.timing.virtual_time import VirtualTime
from handlesfake.traffic.traffic import Traffic

if TYPE_CHECKING:
    from handlesfake.cassettes.modes.mode import ModeStages
    from handlesfake.cassettes.recording.cassette_report import Recording
    from handlesfake.cassettes.recording.masking import Masking


class DoubleCore:
    """The parts of one double. The server, the plugin and the commands take it; a test is shown its faces.

    :raises SettingsError: the options name an unknown mode, or a template that cannot be.
    :raises CassetteError: the cassette that is to be played cannot be read.
    :raises RuleError: a rule file cannot be read.
    """

    def __init__(self, options: Options | None = None) -> None:
        self.options = options or Options()
        name = self.options.name
        self.time = VirtualTime(self.options.start, running=self.options.clock == "system")
        """The service's time."""

        self.clock = Clock(self.time)
        """The same for the test."""

        self.journal = EntryLog(self.options.journal_limit)
        """Every request that reached the double, in the order in which the service acted."""

        self.shown_journal = Journal(self.journal, self._journal_text)
        """What a test sees of it."""

        self.shelf = Shelf(self.options.template_files)
        """The templates of sessions that the double knows."""

        settings, ids = self.shelf.settings(self.options.settings), Ids(f"{name} {registry.number_of(name)}")
        self.fake = Fake(settings, ids, services=self.options.services)
        """The service itself, which acts in the modes ``fake``, ``hybrid`` and ``verify``."""

        self.taps = Pushes(self.fake, self.time, self.options.journal_limit)
        """What the service would push to clients: shoulder taps."""

        scene = Scene(self._caller, self._names, lambda: self.fake.settings, self.fake.ids)
        self.rules = Rules(scene, _stored_rules(self.options))
        """The stage that lets the first rule decide that fits a request."""

        self.mode = self._opened_mode()
        """What the mode adds: its stages, and what it records or plays."""

        hosts = self.options.played_hosts if self.mode.identities is None else self.options.all_hosts
        self.engine = Engine(self._stages(), self.time, self.journal, name, hosts)
        """Takes each request through the stages: the rules, then those of the mode."""

        self.engine.connect_failures = self.rules
        self.tracker = RuleTracker(self.rules, self.options.services)
        """Which rules of the test never acted."""

        self.steps = RequestSteps(self.engine, self.tracker, self._to_await)
        """The holds, and what the test does before and after the service acts."""

        self.swallowed = SwallowedErrors(
            self.engine, self.options, self._never_acted, self._never_awaited, self.shown
        )
        """What the double could not answer and the code under test swallowed."""

        self.before_restore: tuple[Callable[[int], None], ...] = ()
        """Called as a checkpoint ends, with the mark after which the journal is about to be taken back."""

        self.is_reachable = False
        """It was started, or a server has it: before that nothing could be sent to it."""

        self.failed = False
        """The test has failed: what it recorded is not to be trusted."""

        self.world = world_of(self.mode, self.fake, self.time, self.engine.lock, self.shelf)
        """The users and sessions of the test, and the words that arrange them."""

        self.rule_factory = RuleFactory(self.world.not_a_player)
        """Makes the rules of the test."""

        # without the fake among the stages, only replayed answers show the present state
        present = self.world.shown_by if self.fake in self.engine.stages else None
        others = functools.partial(registry.others, self.engine)
        passed_by, reachable = self.engine.passed_by.since, (lambda: self.is_reachable)
        self.traffic = Traffic(
            self.journal, self.world.named, present, others, passed_by, reachable,
            services=tuple(self.options.services), elsewhere=present and self.world.shown_elsewhere,
        )  # fmt: skip
        """What was sent, as assertions and messages look at it."""

        self.soon = Soon(self.traffic)
        """The assertions as awaitables, and which of them were never awaited."""

        for state in self.options.state_files:
            self.load(state)

    def load(self, state: str | Path | Mapping[str, Any]) -> None:
        """See :meth:`handlesfake.double.seeding_api.SeedingApi.load`."""
        from handlesfake.seeding.loading import load_state  # lazily: most tests have no state file, and no YAML

        load_state(self.world, state)

    def _journal_text(self, entries: Sequence[Entry]) -> str:
        from handlesfake.reporting.journal_text import journal_text  # lazily: most tests keep no snapshot

        return journal_text(entries, self.traffic.roles())

    def _stages(self) -> tuple[Stage, ...]:
        overhear = (self.fake.overhear,) if self.fake in self.mode.stages else ()
        return (*overhear, self.rules, *self.mode.stages)

    def _opened_mode(self) -> ModeStages:
        return ModeFactory(self.options, self.fake, self._caller).opened()

    # the world is made after those that ask it: rules and mode may need it only once a request comes

    def _caller(self, request: Request) -> Caller | None:
        return self.world.caller(request)

    def _names(self, xuid: str) -> tuple[str, ...]:
        return self.world.names(xuid)

    def _never_acted(self) -> list[str]:
        return self.tracker.never_acted_at_all(tuple(self.journal))

    def _never_awaited(self) -> list[str]:
        return self.soon.never_awaited()

    def _to_await(
        self, begin: Callable[[], Coroutine[Any, Any, None]], call: str, nothing: str, instead: str
    ) -> Coroutine[Any, Any, None]:
        return self.soon.to_await(begin, call, nothing, instead)

    @property
    def recording(self) -> Recording | None:
        """What was recorded, once the double has stopped; None when nothing was."""
        return self.mode.recorder.recording if self.mode.recorder is not None else None

    @property
    def masking(self) -> Masking | None:
        """What masks all that is shown of the traffic while it is real; None where no real account is in it."""
        return self.mode.recorder.masking if self.mode.recorder is not None else None

    def shown(self, entry: Entry) -> Entry:
        """``entry`` as it may be shown."""
        return self.masking.entry(entry) if self.masking is not None else entry

    # ---- to start and stop

    def start(self, place: str = "") -> None:
        """Answer the clients of this process from now on.

        :param place: where it is started, for messages: ``started in conftest.py:12``.
        :raises CassetteError: a cassette is to be recorded where none can be written; nothing was sent.
        :raises OverlappingDoublesWarning: a filter makes it an error; nothing was started.
        """
        self.mode.start()
        self.is_reachable = True
        self.engine.place = place
        install()
        try:
            registry.start(self.engine, isolated=self.options.isolated)
        except OverlappingDoublesWarning:
            self.mode.stop(failed=True)
            raise
        started.start(self)
        # what tests ask for one by one may be asked without a double, too
        registry.guard_less(self.options.hosts_beside)

    def stop(self, *, failed: bool = False) -> None:
        """Answer no more; a recording is written now. What was swallowed is told by :attr:`swallowed`.

        :param failed: the test has failed.
        :raises CassetteError: the recording cannot be written.
        :raises AssertionError: a hold still kept a request.
        """
        __tracebackhide__ = True
        self.failed = self.failed or failed
        registry.stop(self.engine)
        started.stop(self)
        try:
            self.steps.end_holds()
        finally:
            self.mode.stop(failed=self.failed)

    # ---- to go back

    def state(self, *, copied: bool = False) -> CoreState:
        """Everything as it is now: state, users and their roles, rules, ids, clock, taps and journal.

        :param copied: so that one may go forth to it again as well as back, see ``World.state()``.
        """
        return CoreState(
            world=self.world.state(copied=copied),
            rules=self.rules.state(),
            time=self.time.state(),
            choices=self.fake.settings.choices,
            taps=tuple(self.taps),
            passed=self.engine.passed_by.state(),
            journal=self.journal.state(),
        )

    def restore(self, state: CoreState) -> None:
        """Go back to an earlier state; no request sees half of it."""
        with self.engine.lock:
            self.rules.restore(state.rules)
            self.world.restore(state.world, self.time.go_back(state.time))
            self.fake.choose(state.choices)
            self.taps.restore(state.taps)
            self.engine.passed_by.restore(state.passed)
            self.journal.restore(state.journal)

    @contextmanager
    def checkpoint(self) -> Iterator[None]:
        """Afterwards everything is as it was before, holds and acts included. What it takes back is judged before.

        :raises AssertionError: a rule that was made inside never acted, a claim was never awaited, or a hold from
            inside still kept a request.
        :raises Unanswered: a request inside was not answered, and no plugin of pytest reports it.
        """
        __tracebackhide__ = True
        shared, pending, state = self.tracker.share(), self.soon.pending, self.state()
        try:
            with self.steps.checkpoint():
                yield
                inside = self.journal.since(state.journal.written)
                slips = [*self.soon.never_awaited(pending), *self.tracker.never_acted(inside, shared)]
        finally:
            for taken_back in self.before_restore:
                taken_back(state.journal.written)
            self.tracker.note_acted(shared)
            self.restore(state)
        if started.is_judged and slips:
            raise AssertionError("\n".join(slips))
        if not started.is_judged:
            self.swallowed.raise_swallowed(slips)

    def rewind(self) -> None:
        """Let a recording that is played begin again; for a server, which outlives the tests that it serves."""
        if self.options.effective_mode in ("replay", "hybrid"):
            self.mode = self._opened_mode()
            self.engine.stages = self._stages()


def _stored_rules(options: Options) -> list[Rule]:
    if not options.rule_files:
        return []
    from handlesfake.rules.loading import load_rules  # lazily: most doubles have no rule file

    return load_rules(*options.rule_files, root=options.root)
