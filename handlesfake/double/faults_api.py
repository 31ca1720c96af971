"""FaultWords: what a test says to let the network fail, to take its time, and to look at what is under way."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

from handlesfake.double.rule_factory import MadeRules, title_of
from handlesfake.engine.engine import Engine
from handlesfake.engine.exchange import Steps
from handlesfake.engine.holds import Hold
from handlesfake.engine.steps import Act
from handlesfake.errors import RuleError
from handlesfake.exchange.faults import NAMES
from handlesfake.exchange.outcome import Call
from handlesfake.rules.actions import Slow
from handlesfake.rules.failing import AT, LONGEST, failing
from handlesfake.rules.rule import Action, Rule
from handlesfake.rules.stage import Rules
from handlesfake.suggestions import nearest


class FaultWords(MadeRules):
    """What a test may say of network and time. It counts from now on; the first rule that fits decides."""

    _engine: Engine
    _holds: dict[Hold, Steps]
    """What is kept waiting now, and the step by which each hold does."""

    def fault(
        self,
        name: str,
        operation: str | None = None,
        *,
        times: int | None = None,
        at: str | None = None,
        seconds: float | None = None,
        **when: Any,
    ) -> None:
        """Let the network fail, as the client's own exception; ``docs/faults.md`` shows which.

        :param name: ``"reset"``, ``"truncated_body"``, ``"hang"``, ``"dns_failure"`` ...; a wrong one lists them all.
            ``"slow_drip"`` lets the answer drip in, ``"duplicate_delivery"`` lets the request arrive twice.
        :param operation: ``"create_handle"`` ...; None for every one.
        :param times: how many requests; None for all until the test ends.
        :param at: ``"before"`` the service has acted, so that it never does, or ``"after"``. None for what is usual:
            it has only where something of its answer still arrives.
        :param seconds: how late the fault comes; for ``slow_drip`` how long the answer takes (10).
        :param when: as for :meth:`refuse`.
        :raises RuleError: a word is unknown, or that fault can never come then.
        """
        if operation is not None:
            when["operation"] = operation
        self._rules.add(self._rule_for("fault", name, _action(name, at, seconds), times, when))

    def slow(self, seconds: float, operation: str | None = None, *, times: int | None = None, **when: Any) -> None:
        """Let answers come ``seconds`` after their requests have arrived, in virtual time; on a server in real time.

        The service acts at once. A client that has less patience gets its own timeout, without any waiting.

        :param operation: ``"create_handle"`` ...; None for every one.
        :param times: how many answers are slow; None for all until the test ends.
        :param when: as for :meth:`refuse`.
        :raises RuleError: a word is unknown, or the seconds are none.
        """
        if operation is not None:
            when["operation"] = operation
        action = Slow(_seconds("slow", seconds))
        self._rules.add(self._rule_for("slow", seconds, action, times, when))

    def hold(self, operation: str | None = None, **when: Any) -> Hold:
        """Keep requests waiting before the service acts: ``with mpsd.hold("create_handle") as held:``.

        :param operation: ``"create_handle"`` ...; None for every one.
        :param when: as for :meth:`refuse`.
        :raises RuleError: a word is unknown.
        """
        if operation is not None:
            when["operation"] = operation
        hold = Hold(title_of("hold", operation, None), self._engine.journal, self._end_hold)

        def action(*_: Any) -> Any:  # a step in the place of an outcome: only the stage below asks it
            return hold

        rules = self._alone(self._rule_for("hold", operation, action, None, when))

        def steps(exchange: Any) -> Any:
            found: Any = rules(Call(exchange.request, exchange.arrived), _nobody)
            return None if found is None else hold._step(exchange)  # noqa: SLF001 - two halves of one thing

        self._holds[hold] = steps
        self._engine.steps_before = (*self._engine.steps_before, steps)
        return hold

    def before(self, operation: str | None, act: Callable[[], Any], *, times: int | None = 1, **when: Any) -> None:
        """Call ``act`` when a request has arrived and the service has not yet acted: somebody else was faster.

        :param operation: ``"create_handle"`` ...; None for every one.
        :param act: a function without arguments, or for clients in a loop a coroutine function. It may arrange what
            it likes, and send requests itself; what it raises reaches the code under test.
        :param times: before how many requests; None for all until the test ends.
        :param when: as for :meth:`refuse`.
        :raises RuleError: a word is unknown.
        """
        steps = self._acting("before", operation, act, times, when)
        self._engine.steps_before = (*self._engine.steps_before, steps)

    def after(self, operation: str | None, act: Callable[[], Any], *, times: int | None = 1, **when: Any) -> None:
        """Call ``act`` when the service has acted and the caller has not heard; the rest as for :meth:`before`."""
        steps = self._acting("after", operation, act, times, when)
        self._engine.steps_after = (*self._engine.steps_after, steps)

    def _acting(
        self, call: str, operation: str | None, act: Callable[[], Any], times: int | None, when: dict[str, Any]
    ) -> Steps:
        if operation is not None:
            when["operation"] = operation
        title = title_of(call, operation, times)
        if not callable(act):
            raise RuleError(f"mpsd.{title}: what is to be done must be a function without arguments, and is {act!r}")

        def action(*_: Any) -> Any:  # a step in the place of an outcome: only the stage below asks it
            return Act(act, title)

        rule = self._rule_for(call, operation, action, times, when)
        rules = self._alone(Rule(rule.when, rule.then, title, times, place=rule.place))
        self._beside.append(rules)

        def steps(exchange: Any) -> Any:
            return rules(exchange.call or Call(exchange.request, exchange.arrived), _nobody)

        return steps

    def _alone(self, rule: Rule) -> Rules:
        """A stage for one rule that stands beside a request and decides nothing of it."""
        return Rules(self._rules.scene, [rule])

    # ---- to go back, and to end

    @contextlib.contextmanager
    def _steps_as_they_are(self) -> Iterator[None]:
        """Afterwards, holds and acts are those that there were before.

        :raises AssertionError: a hold that was made inside still kept somebody.
        """
        engine, beside = self._engine, list(self._beside)
        before, after, held = engine.steps_before, engine.steps_after, set(self._holds)
        forgotten: list[str] = []
        try:
            yield
        finally:
            forgotten = self._end_holds_but(held)
            engine.steps_before, engine.steps_after = before, after
            self._beside[:] = beside
        if forgotten:
            raise AssertionError("\n".join(forgotten))

    def _end_hold(self, hold: Hold) -> None:
        steps = self._holds.pop(hold, None)
        self._engine.steps_before = tuple(one for one in self._engine.steps_before if one is not steps)

    def _end_holds(self) -> None:
        """Let everybody go who still waits.

        :raises AssertionError: somebody did.
        """
        forgotten = self._end_holds_but(set())
        if forgotten:
            raise AssertionError("\n".join(forgotten))

    def _end_holds_but(self, kept: set[Hold]) -> list[str]:
        """End all holds that are not ``kept``; what to say of those that still kept somebody."""
        ended = [hold for hold in self._holds if hold not in kept]
        return [text for hold in ended if (text := hold._let_all_go())]  # noqa: SLF001 - two halves of one thing


def _action(name: str, at: str | None, seconds: float | None) -> Action:
    if name not in NAMES:
        raise RuleError(
            f"mpsd.fault({name!r}): {name!r} is not known{nearest(name, NAMES)}\n  known: {', '.join(NAMES)}"
        )
    if at not in (None, *AT):
        raise RuleError(
            f"mpsd.fault({name!r}, at={at!r}): {at!r} is not known{nearest(at, AT)}\n  known: {', '.join(AT)}"
        )
    late = None if seconds is None else _seconds("fault", seconds)
    try:
        return failing(name, at, late)
    except ValueError as error:
        raise RuleError(f"mpsd.fault({name!r}, at={at!r}): {error}") from None


def _seconds(call: str, seconds: float) -> float:
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)) or not 0 < seconds < float("inf"):
        raise RuleError(f"mpsd.{call}(): the seconds must be a number above 0, and are {seconds!r}")
    if seconds > LONGEST:
        raise RuleError(f"mpsd.{call}(): the seconds must be at most {LONGEST:.0f}, a year, and are {seconds!r}")
    return float(seconds)


def _nobody(_call: Call) -> Any:
    return None
