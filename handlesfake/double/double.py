"""Double: the object that a test holds."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

from handlesfake.assertions.blocking import Assertions
from handlesfake.double.decorator import decorated
from handlesfake.double.mode_stages import Modes
from handlesfake.double.rules_api import RuleWords
from handlesfake.double.swallowed import Unheard, started
from handlesfake.engine.engine import Engine
from handlesfake.errors import Unanswered
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
from handlesfake.reporting.timeline import counted
from handlesfake.rules.question import Scene
from handlesfake.rules.rule import Rule
from handlesfake.rules.stage import Rules
from handlesfake.seeding.api import SeedingWords
from handlesfake.templates.shelf import Shelf
from handlesfake.timing.clock import Clock
from handlesfake.traffic.traffic import Traffic
from handlesfake.world.recorded_world import References
from handlesfake.world.world import World

if TYPE_CHECKING:
    from responses import RequestsMock

    from handlesfake.cassettes.recording.cassette_report import Recording

_F = TypeVar("_F", bound=Callable[..., Any])


class Double(Assertions, SeedingWords, RuleWords):
    """A session directory that exists only for a test.

    Used as a context manager (``with handlesfake.fake() as mpsd:``, ``async with`` too), as a decorator of plain and
    ``async`` functions, or through the pytest fixture ``mpsd``. While it is active, requests of any Python HTTP
    client for MPSD come here, from any thread, task or loop.
    """

    def __init__(self, options: Options | None = None) -> None:
        self._options = options or Options()
        name = self._options.name
        self.clock = Clock(self._options.start, running=self._options.clock == "system")
        """The service's clock: ``now``, ``advance()``, ``set()``."""

        journal = Journal(self._options.journal_limit)
        self._shelf = Shelf(self._options.template_files)
        self._fake = Fake(self._shelf.settings(self._options.settings), Ids(f"{name} {registry.number_of(name)}"))
        self.taps = Pushes(self._fake, self.clock, self._options.journal_limit)
        """What the service would push to whom (shoulder taps): ``.xuid``, ``.session_ref``, ``.changes`` ..."""

        self._rules = Rules(
            Scene(self._caller, self._names, self._fake.settings, self._fake.ids), self._stored_rules()
        )
        self._tape = Modes(self._options, self._fake, self._caller).opened()
        self._failed = False
        """The test has failed: what it recorded is not to be trusted."""

        stages: tuple[Stage, ...] = (self._rules, *self._tape.stages)
        hosts = self._options.mpsd_hosts if self._tape.identities is None else self._options.all_hosts
        self._engine = Engine(stages, self.clock, journal, name, hosts)
        self._engine.foreseen = self._rules
        self._unheard = Unheard(self._engine, self._options, lambda: self._never_acted(tuple(self.journal)))
        self._told_rules = []
        self._beside, self._holds = [], {}
        self._world = self._made_world()
        # without the fake among the stages, nobody knows more of the present than what was played
        present = self._world.shown_by if self._fake in self._engine.stages else None
        others = functools.partial(registry.others, self._engine)
        super().__init__(Traffic(journal, self._world.named, present, others))

    def _stored_rules(self) -> list[Rule]:
        if not self._options.rule_files:
            return []
        from handlesfake.rules.loading import load  # lazily: most doubles have no rule file

        return load(*self._options.rule_files)

    def _made_world(self) -> World:
        tape = self._tape
        if tape.identities is None:
            world = World(self._fake, self.clock, self._engine.lock, self._shelf)
            for role, xuid in (tape.roles or {}).items():
                world.user(role, xuid=xuid)
            return world
        recording = tape.recorder is not None
        return References(self._fake, self.clock, self._engine.lock, tape.identities, recording=recording)

    def _caller(self, request: Request) -> Caller | None:
        return self._world.caller(request)

    def _names(self, xuid: str) -> tuple[str, ...]:
        return self._world.names(xuid)

    # ---- to go back

    @contextmanager
    def checkpoint(self) -> Iterator[Double]:
        """Inside, everything may change; afterwards state, rules, ids, clock and journal are as they were."""
        self._told_rules += self._unfired_rules()  # a double that tests share: whose rules act in which is theirs
        rules = self._rules.state()
        world, ticks, taps = self._world.state(), self.clock.ticks, tuple(self.taps)
        entries, written = tuple(self.journal), self.journal.written
        try:
            with self._steps_as_they_are():
                yield self
        finally:
            self._rules.restore(rules)
            self._world.restore(world)
            self.clock.restore(ticks)
            self.taps.restore(taps)
            self.journal.restore(entries, written)

    @contextmanager
    def expect_unanswered(self) -> Iterator[None]:
        """Inside, the test wants a request that nothing may answer: none fails it, and none leaves this block.

        :raises AssertionError: every request was answered.
        """
        unanswered = self._engine.unanswered
        before = unanswered.count
        try:
            yield
        except Unanswered:
            if unanswered.count == before:  # of another double
                raise
        finally:
            found = unanswered.take(before)
        if not found:
            raise AssertionError("expect_unanswered(): every request inside was answered, or none was sent.")

    # ---- to start and stop

    def start(self) -> Double:
        """Answer from now on; :meth:`stop` ends it. ``with`` does both.

        :raises CassetteError: a cassette is to be recorded where none can be written; nothing was sent.
        """
        self._tape.start()
        install()
        registry.start(self._engine)
        started.start(self._unheard)
        # what is only recorded may be asked without a double, too
        registry.guarded_hosts -= {*self._options.record_hosts}
        return self

    def stop(self) -> None:
        """Answer no more; a recording is written now.

        :raises CassetteError: the recording cannot be written.
        :raises Unanswered: something that nothing could answer was swallowed, and no plugin of pytest tells of it.
        :raises AssertionError: a rule of the test never acted, and no plugin of pytest tells of it.
        """
        __tracebackhide__ = True
        self._stop()
        if not started.is_judged:
            self._unheard.complain()

    def _stop(self) -> None:
        registry.stop(self._engine)
        started.stop(self._unheard)
        try:
            self._end_holds()
        finally:
            self._tape.stop(failed=self._failed)

    def _rewind(self) -> None:
        """Let a recording that is played begin anew; for a server, which outlives the tests that it serves."""
        if self._options.effective_mode in ("replay", "hybrid"):
            self._tape = Modes(self._options, self._fake, self._caller).opened()
            self._engine.stages = (self._rules, *self._tape.stages)

    def register_on(self, rsps: RequestsMock) -> None:
        """Let ``rsps.calls`` of a mock of ``responses`` note what is sent to MPSD, as all else they note.

        A suite on ``responses`` needs it for nothing else: requests for MPSD come to the double in any case. Once no
        double is active, what ``rsps`` is asked of MPSD is refused with ``Escaped``.

        :param rsps: ``responses.RequestsMock()``, or ``responses.mock`` for the functions of the module.
        """
        from handlesfake.intercept.tools.responses import register_on  # lazily: few suites mock with responses

        register_on(rsps)

    @property
    def recording(self) -> Recording | None:
        """What was recorded, once the double has stopped: ``mpsd.recording.lines()``; None when nothing was."""
        return self._tape.recorder.recording if self._tape.recorder is not None else None

    def __enter__(self) -> Double:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        __tracebackhide__ = True
        self._leave(kind)

    async def __aenter__(self) -> Double:
        return self.start()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        __tracebackhide__ = True
        self._leave(kind)

    def _leave(self, kind: type[BaseException] | None) -> None:
        """End a ``with``.

        :raises Unanswered: nothing else is being raised, and something that nothing could answer was swallowed.
        :raises AssertionError: nothing else is being raised, and a rule of the test never acted.
        """
        __tracebackhide__ = True
        self._failed = self._failed or kind is not None
        self._stop()
        if kind is None:
            self._unheard.complain()
            return
        self._told_rules += self._unfired_rules()  # who knows how far the test came
        if issubclass(kind, Unanswered):
            self._unheard.misses()  # it is being told

    def __call__(self, function: _F) -> _F:
        """Decorate a plain or ``async`` function: each call runs under a double of its own; nothing is injected.

        :raises TypeError: it is a class or a generator function, whose body no call runs.
        """
        return decorated(function, functools.partial(Double, self._options))

    def __dir__(self) -> list[str]:
        """What a test uses: to seed, upset, look and assert; ``start`` and ``stop`` are what ``with`` does."""
        return sorted(
            name for name in super().__dir__() if not name.startswith("_") and name not in ("start", "stop")
        )

    def __repr__(self) -> str:
        got = counted(len(self.journal), "request")
        return f"<Double {self._options.effective_mode} of {self._options.name}: {got}>"
