"""FaultsApi: how a test lets the network fail, lets time pass, and steps in while a request is under way."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Unpack

from handlesfake.double.face import Face
from handlesfake.double.request_steps import beside
from handlesfake.double.rule_factory import of_operation, title_of
from handlesfake.errors import RuleError
from handlesfake.rules.rule import Action
from handlesfake.suggestions import nearest

if TYPE_CHECKING:
    from handlesfake.double.keywords import WhenWords
    from handlesfake.engine.holds import Hold
    from handlesfake.literals import FaultMoment, FaultName, OperationName


class FaultsApi(Face):
    """What a test may say of network and time. It counts from now on; the first rule that fits decides."""

    def fault(
        self,
        name: FaultName,
        operation: OperationName | None = None,
        *,
        times: int | None = None,
        at: FaultMoment | None = None,
        seconds: float | None = None,
        **when: Unpack[WhenWords],
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
        action = _action(name, at, seconds)
        self._core.rules.add(
            self._core.rule_factory.of_action("fault", name, action, times, of_operation(operation, when))
        )

    def slow(
        self,
        seconds: float,
        operation: OperationName | None = None,
        *,
        times: int | None = None,
        **when: Unpack[WhenWords],
    ) -> None:
        """Let answers come ``seconds`` after their requests have arrived, in virtual time; on a server in real time.

        The service acts at once. A client that has less patience gets its own timeout, without any waiting.

        :param operation: ``"create_handle"`` ...; None for every one.
        :param times: how many answers are slow; None for all until the test ends.
        :param when: as for :meth:`refuse`.
        :raises RuleError: a word is unknown, or the seconds are not a number.
        """
        from handlesfake.rules.then.actions import Slow  # lazily: most tests have a network that holds

        action = Slow(_seconds("slow", seconds))
        self._core.rules.add(
            self._core.rule_factory.of_action("slow", seconds, action, times, of_operation(operation, when))
        )

    def hold(self, operation: OperationName | None = None, **when: Unpack[WhenWords]) -> Hold:
        """Keep requests waiting before the service acts: ``with mpsd.hold("create_handle") as held:``.

        :param operation: ``"create_handle"`` ...; None for every one.
        :param when: as for :meth:`refuse`.
        :raises RuleError: a word is unknown.
        """
        rule = self._core.rule_factory.of_action("hold", operation, beside, None, of_operation(operation, when))
        return self._core.steps.hold(rule)

    def before(
        self,
        operation: OperationName | None,
        act: Callable[[], Any],
        *,
        times: int | None = 1,
        **when: Unpack[WhenWords],
    ) -> None:
        """Call ``act`` when a request has arrived and the service has not yet acted: another client was faster.

        :param operation: ``"create_handle"`` ...; None for every one.
        :param act: a function without arguments, or for clients in a loop a coroutine function. It may arrange what
            it likes, and send requests itself; what it raises reaches the code under test.
        :param times: before how many requests; None for all until the test ends.
        :param when: as for :meth:`refuse`.
        :raises RuleError: a word is unknown.
        """
        _check_callable(act, "before", operation, times)
        rule = self._core.rule_factory.of_action("before", operation, beside, times, of_operation(operation, when))
        self._core.steps.before(rule, act)

    def after(
        self,
        operation: OperationName | None,
        act: Callable[[], Any],
        *,
        times: int | None = 1,
        **when: Unpack[WhenWords],
    ) -> None:
        """Call ``act`` when the service has acted and the caller has not heard; the rest as for :meth:`before`."""
        _check_callable(act, "after", operation, times)
        rule = self._core.rule_factory.of_action("after", operation, beside, times, of_operation(operation, when))
        self._core.steps.after(rule, act)


def _check_callable(act: object, call: str, operation: str | None, times: int | None) -> None:
    if not callable(act):
        title = title_of(call, operation, times)
        raise RuleError(f"mpsd.{title}: what is to be done must be a function without arguments, and is {act!r}")


def _action(name: str, at: str | None, seconds: float | None) -> Action:
    from handlesfake.exchange.faults import NAMES  # as above
    from handlesfake.rules.then.failing import AT, fault_action  # as above

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
        return fault_action(name, at, late)
    except ValueError as error:
        raise RuleError(f"mpsd.fault({name!r}, at={at!r}): {error}") from None


def _seconds(call: str, seconds: float) -> float:
    from handlesfake.rules.then.failing import LONGEST  # as above

    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)) or not 0 < seconds < float("inf"):
        raise RuleError(f"mpsd.{call}(): the seconds must be a number above 0, and are {seconds!r}")
    if seconds > LONGEST:
        raise RuleError(f"mpsd.{call}(): the seconds must be at most {LONGEST:.0f}, a year, and are {seconds!r}")
    return float(seconds)
