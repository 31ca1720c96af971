"""SwallowedErrors: unanswered requests whose error the code under test swallowed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from handlesfake.cassettes.hosts import other_host
from handlesfake.errors import Unanswered
from handlesfake.mpsd.operations import OPERATIONS, UNROUTED
from handlesfake.suggestions import closest

if TYPE_CHECKING:
    from handlesfake.engine.engine import Engine
    from handlesfake.exchange.entry import Entry
    from handlesfake.options.options import Options

SHOWN = 3
"""How many different errors one failure prints whole."""

WANTED = "The code under test swallowed this error. A test that wants it:  with mpsd.expect_unanswered(): ..."
NOT_FOUND = 404


class SwallowedErrors:
    """What one double has to tell, each thing once.

    :param never_acted: what to say of the rules of the test that never acted.
    :param never_awaited: what to say of the claims that were never awaited.
    """

    def __init__(
        self,
        engine: Engine,
        options: Options,
        never_acted: Callable[[], list[str]],
        never_awaited: Callable[[], list[str]],
    ) -> None:
        self._engine = engine
        self._options = options
        self._never_acted = never_acted
        self._never_awaited = never_awaited
        self.is_over = False
        """Its double has stopped: a rule that has not acted will not. Before, a later test may still need it."""

        self._told = 0
        self._addresses: set[tuple[str, str]] = set()

    def misses(self) -> list[Unanswered]:
        """What nothing could answer, and was not told yet."""
        found = self._engine.unanswered.since(self._told)
        self._told = self._engine.unanswered.count
        return found

    def is_unrouted(self, entry: Entry) -> bool:
        """Whether it asked for an address that MPSD does not have, for the first time."""
        # a known address under a wrong method has no operation either, and is answered 405
        if entry.operation != UNROUTED or entry.status != NOT_FOUND:
            return False
        if other_host(entry.request, self._options.record_hosts) is not None:
            return False
        address = (entry.request.method, entry.request.path)
        is_new = address not in self._addresses
        self._addresses.add(address)
        return is_new

    def unrouted(self) -> list[str]:
        """Addresses that MPSD does not have, where ``unrouted="fail"`` makes them failures."""
        if self._options.unrouted != "fail":
            return []
        return [failing_line(entry) for entry in self._engine.journal if self.is_unrouted(entry)]

    def problems(self, *, swallowed: bool) -> list[str]:
        """All of it as texts.

        :param swallowed: nothing was raised; otherwise the error may be the very failure of the test.
        """
        found = self.misses()
        hint = [WANTED] if swallowed and found else []
        slips = [*self._never_awaited(), *(self._never_acted() if self.is_over else [])]
        return [*told_once(found), *hint, *self.unrouted(), *slips]

    def raise_swallowed(self, besides: Sequence[str] = ()) -> None:
        """Tell it at the end of a ``with`` that nothing else has left.

        :param besides: what else is wrong.
        :raises Unanswered: there was something that nothing could answer.
        :raises AssertionError: there was something else.
        """
        __tracebackhide__ = True
        kinds: set[type[Exception]] = {type(error) for error in self._engine.unanswered.since(self._told)}
        problems = [*self.problems(swallowed=True), *besides]
        if problems:
            kind = kinds.pop() if len(kinds) == 1 else Unanswered if kinds else AssertionError
            raise kind("\n".join(problems).removeprefix(f"{kind.__name__}: "))


def told_once(errors: Iterable[Unanswered]) -> list[str]:
    """Each different error as a text, the first few whole."""
    counts = Counter(f"{type(error).__name__}: {error}" for error in errors)
    told = [text + (f"\n  ({count} times)" if count > 1 else "") for text, count in list(counts.items())[:SHOWN]]
    if len(counts) > SHOWN:
        told.append(f"... and {len(counts) - SHOWN} more that nothing may answer.")
    return told


def failing_line(entry: Entry) -> str:
    """What fails the test of ``entry`` under ``unrouted="fail"``."""
    return f"{unknown_address(entry)}\n  unrouted='fail' makes this a failure."


def unknown_address(entry: Entry) -> str:
    """``MPSD has no address POST /handle``, the nearest one, and who asked for it."""
    asked = f"{entry.request.method} {entry.request.path}"
    known = {f"{operation.method} {operation.template}": operation.name for operation in OPERATIONS}
    near = closest(asked, known, like=0.5)
    hint = f"; the nearest is {near} ({known[near]})" if near else ""
    return f"MPSD has no address {asked}{hint}. Sent from {entry.source or 'a library'}; answered {entry.status}."
