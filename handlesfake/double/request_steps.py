"""RequestSteps: what the test lays in the way of a request: holds, and acts before and after the service acts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

from handlesfake.double.rule_tracker import RuleTracker
from handlesfake.engine.engine import Engine
from handlesfake.engine.exchange import Exchange, Steps
from handlesfake.engine.steps import Act, Step
from handlesfake.exchange.outcome import Call
from handlesfake.rules.rule import Rule
from handlesfake.rules.stage import Rules

if TYPE_CHECKING:
    from handlesfake.engine.held_requests import HeldRequests
    from handlesfake.engine.holds import Hold, ToAwait


class RequestSteps:
    """The holds and acts of one double. A rule says for which requests each is; it decides nothing of them."""

    def __init__(self, engine: Engine, tracker: RuleTracker, to_await: ToAwait) -> None:
        self._engine = engine
        self._tracker = tracker
        self._to_await = to_await
        self._holds: dict[HeldRequests, Steps] = {}
        """What is kept waiting now, and the step by which each hold does."""

    # ---- to lay one

    def hold(self, rule: Rule) -> Hold:
        """Keep the requests of ``rule`` waiting before the service acts."""
        from handlesfake.engine.held_requests import HeldRequest, HeldRequests  # lazily: most tests keep none waiting
        from handlesfake.engine.holds import Hold  # as above

        kept = HeldRequests(rule.title, self._engine.journal)
        rules = self._tracker.alone(rule)

        def steps(exchange: Exchange) -> Step | None:
            return HeldRequest(kept, exchange) if not kept.is_over and _fits(rules, exchange) else None

        with self._engine.lock:
            self._holds[kept] = steps
            self._engine.steps_before = (*self._engine.steps_before, steps)
        return Hold(kept, partial(self._end_hold, kept), self._to_await)

    def before(self, rule: Rule, act: Callable[[], Any]) -> None:
        """Call ``act`` when a request of ``rule`` has arrived and the service has not yet acted."""
        with self._engine.lock:
            self._engine.steps_before = (*self._engine.steps_before, self._acting(rule, act))

    def after(self, rule: Rule, act: Callable[[], Any]) -> None:
        """Call ``act`` when the service has acted on a request of ``rule`` and the caller has not heard."""
        with self._engine.lock:
            self._engine.steps_after = (*self._engine.steps_after, self._acting(rule, act))

    def _acting(self, rule: Rule, act: Callable[[], Any]) -> Steps:
        rules = self._tracker.add_beside(rule)

        def steps(exchange: Exchange) -> Step | None:
            return Act(act, rule.title) if _fits(rules, exchange) else None

        return steps

    # ---- to go back, and to end

    @contextmanager
    def checkpoint(self) -> Iterator[None]:
        """Afterwards, holds and acts are those that there were before.

        :raises AssertionError: a hold that was made inside still kept a request.
        """
        engine, beside = self._engine, self._tracker.state()
        before, after, held = engine.steps_before, engine.steps_after, set(self._holds)
        forgotten: list[str] = []
        try:
            yield
        finally:
            forgotten = self._end_holds_but(held)
            engine.steps_before, engine.steps_after = before, after
            self._tracker.restore(beside)
        if forgotten:
            raise AssertionError("\n".join(forgotten))

    def end_holds(self) -> None:
        """Let every request go that still waits.

        :raises AssertionError: some did.
        """
        forgotten = self._end_holds_but(set())
        if forgotten:
            raise AssertionError("\n".join(forgotten))

    def _end_hold(self, kept: HeldRequests) -> str:
        """End one; what to say of requests that still waited."""
        with self._engine.lock:
            steps = self._holds.pop(kept, None)
            self._engine.steps_before = tuple(one for one in self._engine.steps_before if one is not steps)
        return kept.end()

    def _end_holds_but(self, others: set[HeldRequests]) -> list[str]:
        """End all holds that are not among ``others``; what to say of those that still kept requests."""
        ended = [kept for kept in self._holds if kept not in others]
        return [text for kept in ended if (text := self._end_hold(kept))]


def beside(*_: Any) -> Any:
    """The action of a rule that only watches requests: it says that the rule fits, and decides nothing."""
    return True


def _fits(rules: Rules, exchange: Exchange) -> bool:
    """Whether the one rule of the stage ``rules``, whose action is :func:`beside`, is for a request."""
    call = exchange.call or Call(exchange.request, exchange.arrived)
    return bool(rules(call, _no_outcome))


def _no_outcome(_call: Call) -> Any:
    return None
