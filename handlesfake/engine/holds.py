"""Hold: requests that are kept waiting before the service acts, until a test lets them go."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import partial
from types import TracebackType
from typing import Any

from handlesfake.callsite.still_running import in_loop
from handlesfake.engine.held_requests import HeldRequests
from handlesfake.errors import SettingsError
from handlesfake.json_diff import short_json
from handlesfake.mpsd.http.message import Request
from handlesfake.suggestions import AttributeSuggestions
from handlesfake.vocabulary import spoken

WITHIN = 5.0
"""Default: real seconds in which requests are expected to arrive."""


ToAwait = Callable[[Callable[[], Coroutine[Any, Any, None]], str, str, str], Coroutine[Any, Any, None]]


class Hold(AttributeSuggestions):
    """Keeps requests waiting while its ``with`` block runs; from any thread, and from tasks of asyncio and trio.

    :param kept: the requests that it keeps.
    :param end: ends it and takes it out of the double; gives what to say of requests that still waited.
    :param to_await: gives what the test has to await; see :meth:`handlesfake.assertions.soon.Soon.to_await`.
    """

    def __init__(self, kept: HeldRequests, end: Callable[[], str], to_await: ToAwait) -> None:
        self._kept, self._end, self._to_await = kept, end, to_await

    @property
    def waiting(self) -> int:
        """How many requests wait now."""
        return len(self._kept)

    @property
    def requests(self) -> tuple[Request, ...]:
        """The requests that wait now, in the order of their arrival."""
        return self._kept.requests

    def wait_for(self, number: int, within: float = WITHIN) -> None:
        """Block this thread until ``number`` requests wait, at most ``within`` real seconds.

        :raises AssertionError: fewer have come.
        :raises SettingsError: the number or the seconds cannot be; or an event loop is running in this thread: to
            block would stop it.
        """
        __tracebackhide__ = True
        _check_wait("wait_for", number, within)
        if in_loop():
            raise SettingsError(
                f"held.wait_for({number}) would stop the loop. Write: await held.waiting_for({number})"
            )
        self._demand(self._kept.reached(number).wait(within), number, within)

    def waiting_for(self, number: int, within: float = WITHIN) -> Coroutine[Any, Any, None]:
        """Wait, in a task of asyncio or trio, until ``number`` requests wait, at most ``within`` real seconds.

        :raises AssertionError: fewer have come.
        :raises SettingsError: the number or the seconds cannot be.
        """
        __tracebackhide__ = True
        _check_wait("waiting_for", number, within)
        begin = partial(self._waited_for, number, within)
        return self._to_await(begin, f"held.waiting_for({number})", "waited for nothing", f"held.wait_for({number})")

    async def _waited_for(self, number: int, within: float) -> None:
        __tracebackhide__ = True
        self._demand(await self._kept.reached(number).wait_async(within), number, within)

    def _demand(self, are_there: bool, number: int, within: float) -> None:  # noqa: FBT001 - what was waited for
        __tracebackhide__ = True
        if not are_there:
            raise AssertionError(
                f"{self._kept.title}: {self.waiting} of {number} requests came within {within:g} s.\n"
                "  they must be sent by other threads or tasks than the one that waits for them"
            )

    def release(self, number: int | None = None) -> None:
        """Let the first ``number`` requests go; without a number all of them, and hold no requests from then on.

        :raises SettingsError: fewer wait, or the number is not a whole one from 1.
        """
        if number is not None:
            _check_number("release", number)
        self._kept.release(number)
        if number is None:
            self._end()

    def __enter__(self) -> Hold:
        """Itself.

        :raises SettingsError: it has ended already, and would hold no requests.
        """
        if self._kept.is_over:
            title = self._kept.title
            raise SettingsError(f"{title} has ended and holds no requests any more. Make another: mpsd.hold(...)")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        __tracebackhide__ = True
        forgotten = self._end()
        if forgotten and kind is None:
            raise AssertionError(forgotten)


def _check_wait(call: str, number: object, within: object) -> None:
    _check_number(call, number)
    if not isinstance(within, (int, float)) or isinstance(within, bool) or not 0 <= within < float("inf"):
        raise SettingsError(f"held.{call}(within=): the seconds are a number from 0, got {short_json(within)}.")


def _check_number(call: str, number: object) -> None:
    if not isinstance(number, int) or isinstance(number, bool) or number < 1:
        said = spoken().either(f"held.{call}()", f"{call}, count")
        raise SettingsError(f"{said}: how many requests is a whole number from 1, got {short_json(number)}.")
