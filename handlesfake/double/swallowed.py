"""SwallowedErrors: unanswered requests whose error the code under test swallowed."""

from __future__ import annotations

import re
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from handlesfake.double.started_doubles import started
from handlesfake.errors import Unanswered, UnroutedWarning
from handlesfake.mpsd.operations import UNROUTED
from handlesfake.reporting.printable import printable
from handlesfake.services.table import service_of
from handlesfake.suggestions import closest

if TYPE_CHECKING:
    from handlesfake.engine.engine import Engine
    from handlesfake.exchange.entry import Entry
    from handlesfake.options.options import Options

SHOWN = 3
"""How many different errors one failure prints whole."""

WANTED = "The code under test swallowed this error. A test that wants it:  with mpsd.expect_unanswered(): ..."
_UNKNOWN = (404, 501)
_SOURCE = r"(?P<file>.+):(?P<line>\d+) in .+"


class SwallowedErrors:
    """What one double has to tell, each thing once.

    :param never_acted: what to say of the rules of the test that never acted.
    :param never_awaited: what to say of the claims that were never awaited.
    :param shown: an entry as it may be shown.
    """

    def __init__(
        self,
        engine: Engine,
        options: Options,
        never_acted: Callable[[], list[str]],
        never_awaited: Callable[[], list[str]],
        shown: Callable[[Entry], Entry],
    ) -> None:
        self._engine = engine
        self._options = options
        self._never_acted = never_acted
        self._never_awaited = never_awaited
        self._shown = shown
        self.is_over = False
        """Its double has stopped: a rule that has not acted will not. Before, a later test may still need it."""

        self._told = 0
        self._unrouted: dict[int, Entry] = {}
        """The requests for addresses that MPSD does not have and that were told, by identity: a checkpoint gives
        their numbers to others."""

    def misses(self) -> list[Unanswered]:
        """What nothing could answer, and was not told yet."""
        found = self._engine.unanswered.since(self._told)
        self._told = self._engine.unanswered.count
        return found

    def unrouted(self, entries: Iterable[Entry]) -> list[str]:
        """Report the addresses among ``entries`` that MPSD does not have, each once: as a warning, or as a failure.

        :returns: what fails the test, under ``unrouted="fail"`` or a filter that makes the warning an error.
        """
        new = {(one.request.method, one.request.path): one for one in reversed([*filter(self._is_untold, entries)])}
        told = [self._shown(entry) for entry in reversed(new.values())]
        if self._options.unrouted == "fail":
            return [failing_line(entry) for entry in told]
        return [raised for entry in told if (raised := _warn(entry))]

    def _is_untold(self, entry: Entry) -> bool:
        """Whether it asked for an address that MPSD does not have, and was not told yet."""
        # a known address under a wrong method has no operation either, and is answered 405
        if entry.operation != UNROUTED or entry.status not in _UNKNOWN or id(entry) in self._unrouted:
            return False
        from handlesfake.cassettes.hosts import other_host  # lazily: most requests are for addresses that there are

        if other_host(entry.request, self._options.record_hosts) is not None:
            return False
        self._unrouted[id(entry)] = entry
        return True

    def problems(self, *, swallowed: bool) -> list[str]:
        """All of it as texts.

        :param swallowed: nothing was raised; otherwise the error may be the very failure of the test.
        """
        found = self.misses()
        hint = [WANTED] if swallowed and found else []
        slips = [*self._never_awaited(), *(self._never_acted() if self.is_over else [])]
        return [*told_once(found), *hint, *slips]

    def raise_swallowed(self, besides: Sequence[str] = ()) -> None:
        """Tell it at the end of a ``with`` that nothing else has left.

        :param besides: what else is wrong.
        :raises Unanswered: there was something that nothing could answer.
        :raises AssertionError: there was something else.
        """
        __tracebackhide__ = True
        kinds: set[type[Exception]] = {type(error) for error in self._engine.unanswered.since(self._told)}
        problems = [*self.problems(swallowed=True), *self._unrouted_now(), *besides]
        if problems:
            kind = kinds.pop() if len(kinds) == 1 else Unanswered if kinds else AssertionError
            raise kind("\n".join(problems).removeprefix(f"{kind.__name__}: "))

    def _unrouted_now(self) -> list[str]:
        """The addresses that MPSD does not have; a warning is left to the plugin of pytest, where it judges."""
        is_left = started.is_judged and self._options.unrouted != "fail"
        return [] if is_left else self.unrouted(self._engine.journal)


def told_once(errors: Iterable[Unanswered]) -> list[str]:
    """Each different error as a text, the first few whole."""
    errors = [*errors]
    if not errors:
        return []
    counts = Counter(f"{type(error).__name__}: {error}" for error in errors)
    told = [text + (f"\n  ({count} times)" if count > 1 else "") for text, count in list(counts.items())[:SHOWN]]
    if len(counts) > SHOWN:
        told.append(f"... and {len(counts) - SHOWN} more that nothing may answer.")
    return told


def failing_line(entry: Entry) -> str:
    """What fails the test of ``entry`` under ``unrouted="fail"``."""
    return f"{unknown_address(entry)}\n  unrouted='fail' makes this a failure."


def _warn(entry: Entry) -> str:
    """Warn at the line that sent the request; what a filter makes an error is returned as a text."""
    found = re.fullmatch(_SOURCE, entry.source)
    file, line = (found["file"], int(found["line"])) if found else ("handlesfake", 1)
    try:
        warnings.warn_explicit(UnroutedWarning(unknown_address(entry)), None, str(Path(file).absolute()), line)
    except UnroutedWarning as raised:
        return f"{type(raised).__name__}: {raised}"
    return ""


def unknown_address(entry: Entry) -> str:
    """``MPSD has no address POST /handle``, the nearest one, and who asked for it."""
    asked = printable(f"{entry.request.method} {entry.request.path}")
    service = service_of(entry.request)
    known = {f"{operation.method} {operation.template}": operation.name for operation in service.operations()}
    near = closest(asked, known, like=0.5)
    hint = f"; the nearest is {near} ({known[near]})" if near else ""
    sent = f"Sent from {entry.source or 'a library'}; answered {entry.status}."
    return f"{service.label} has no address {asked}{hint}. {sent}"
