"""Double: the object that a test holds."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

from handlesfake.callsite.call_site import calling_line
from handlesfake.double.assertions_api import AssertionsApi
from handlesfake.double.core import DoubleCore
from handlesfake.double.faults_api import FaultsApi
from handlesfake.double.rules_api import RulesApi
from handlesfake.double.seeding_api import SeedingApi
from handlesfake.double.started_doubles import started
from handlesfake.errors import Unanswered
from handlesfake.exchange.journal import Journal
from handlesfake.fake_service.taps import Pushes
from handlesfake.json_diff import short_json
from handlesfake.options.options import Options
from handlesfake.reporting.timeline import counted
from handlesfake.timing.clock import Clock
from handlesfake.values.values import fields_of

if TYPE_CHECKING:
    from responses import RequestsMock

    from handlesfake.cassettes.recording.cassette_report import Recording

_F = TypeVar("_F", bound=Callable[..., Any])


class Double(AssertionsApi, SeedingApi, FaultsApi, RulesApi):
    """A session directory that exists only for a test.

    Use it as a context manager (``with handlesfake.fake() as mpsd:``, also ``async with``), as a decorator of plain
    and ``async`` functions, or through the pytest fixture ``mpsd``. While it is active, it receives the requests of
    any Python HTTP client for MPSD, from any thread, task or loop. With ``isolated=True`` it receives only those
    from the context that started it.
    """

    def __init__(self, options: Options | None = None) -> None:
        if options is not None and not isinstance(options, Options):
            raise TypeError(
                f"Double(): expected Options, got {short_json(options)}; write handlesfake.fake(strict=True)."
            )
        super().__init__(DoubleCore(options))

    @property
    def journal(self) -> Journal:
        """Every request that reached the double, in the order in which the service acted."""
        return self._core.shown_journal

    @property
    def clock(self) -> Clock:
        """The service's clock: ``now``, ``advance()``, ``set()``."""
        return self._core.clock

    @property
    def taps(self) -> Pushes:
        """The shoulder taps that the service would push: ``.xuid``, ``.session_ref``, ``.changes`` ..."""
        return self._core.taps

    _settable = tuple(fields_of(Options))

    def _how_to_set(self, name: str, value: object) -> str:
        if name not in self._settable:
            return "It is a word of the double, and stays what it is."
        said = f"{name}={'...' if name == 'credentials' else repr(value)}"  # they hold tokens
        made = f"handlesfake.fake({said}), or @pytest.mark.mpsd({said})"
        if name in ("record", "credentials"):
            made = f"handlesfake.record('lobby.yaml', {said})"
        return f"How a double is to be is said when it is made:\n  {made}"

    # ---- to go back

    @contextmanager
    def checkpoint(self) -> Iterator[Double]:
        """Inside, everything may change; afterwards state, rules, ids, clock and journal are as they were.

        What is taken back is judged before, where nothing else is being raised.

        :raises AssertionError: a rule that was made inside never acted, or a claim of ``soon`` was never awaited.
        :raises Unanswered: something that nothing could answer was swallowed, and no plugin of pytest reports it.
        """
        __tracebackhide__ = True
        with self._core.checkpoint():
            yield self

    @contextmanager
    def expect_unanswered(self) -> Iterator[None]:
        """Inside, the test wants a request that nothing may answer: none fails it, and none leaves this block.

        :raises AssertionError: every request was answered.
        """
        unanswered = self._core.engine.unanswered
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
        line = calling_line(2).partition(" in ")[0]
        self._core.start(f"started in {line}" if line else "")
        return self

    def stop(self) -> None:
        """Answer no more; a recording is written now.

        :raises CassetteError: the recording cannot be written.
        :raises Unanswered: something that nothing could answer was swallowed, and no plugin of pytest reports it.
        :raises AssertionError: a rule of the test never acted, or a claim of ``soon`` was never awaited, and no
            plugin of pytest reports it.
        """
        __tracebackhide__ = True
        self._core.stop()
        if not started.is_judged:
            self._core.swallowed.raise_swallowed()

    def register_on(self, rsps: RequestsMock) -> None:
        """Let ``rsps.calls`` of a mock of ``responses`` note what is sent to MPSD, as all else they note.

        A suite on ``responses`` needs it for nothing else: requests for MPSD come to the double in any case. Once no
        double is active, what ``rsps`` is asked of MPSD is refused with ``Escaped``.

        :param rsps: ``responses.RequestsMock()``, or ``responses.mock`` for the functions of the module.
        :raises TypeError: it is not such a mock.
        """
        if not hasattr(rsps, "calls") or not hasattr(rsps, "registered"):
            raise TypeError(
                f"mpsd.register_on(): expected a mock of responses, responses.RequestsMock(), got {short_json(rsps)}."
            )
        from handlesfake.intercept.tools.responses import register_on  # lazily: few suites mock with responses

        register_on(rsps)

    @property
    def recording(self) -> Recording | None:
        """What was recorded, once the double has stopped: ``mpsd.recording.lines()``; None when nothing was."""
        return self._core.recording

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
        :raises AssertionError: nothing else is being raised, and a rule of the test never acted or a claim of
            ``soon`` was never awaited.
        """
        __tracebackhide__ = True
        core = self._core
        core.stop(failed=kind is not None)
        if kind is None:
            started.settle(core)
            core.swallowed.raise_swallowed()
            return
        core.tracker.forget_unfired()  # the test may not have reached them
        if issubclass(kind, Unanswered):
            core.swallowed.misses()  # it is being told

    def __call__(self, function: _F) -> _F:
        """Decorate a plain or ``async`` function: each call runs under its own double; nothing is injected.

        :raises TypeError: it is a class or a generator function, whose body no call runs.
        """
        from handlesfake.double.decorator import decorated  # lazily: it imports inspect

        return decorated(function, functools.partial(Double, self._core.options))

    def __dir__(self) -> list[str]:
        """What a test uses: to seed, upset, look and assert; ``start`` and ``stop`` are what ``with`` does."""
        return sorted(
            name for name in super().__dir__() if not name.startswith("_") and name not in ("start", "stop")
        )

    def __repr__(self) -> str:
        options, got = self._core.options, counted(len(self.journal), "request")
        return f"<Double {options.effective_mode} of {options.name}: {got}>"


def core_of(double: Double) -> DoubleCore:
    """The core under the faces that a test is shown: for the server, the plugin and other parts of the package."""
    return double._core  # noqa: SLF001 - this is its one door: a public name of Double would be shown to every test
