"""Sharing: which tests share a cassette, as far as the cassette and this session of pytest know."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from handlesfake.values.values import field, frozen

# Imported as tests are collected: nothing heavy may be imported here.


@frozen(slots=False)
class Collected:
    """What one session of pytest has collected."""

    root: Path
    named: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The real path of a cassette to the node ids of the tests whose markers name it."""

    seen: frozenset[str] = frozenset()
    """The node ids of the tests that have a double, also of those that were deselected."""

    running: frozenset[str] = frozenset()
    """The node ids of the tests that are run."""

    complete: frozenset[str] = frozenset()
    """The node ids of the files and classes whose tests were all seen."""

    def sharers(self, path: Path, tests: Iterable[str]) -> list[str]:
        """The tests that share the cassette at ``path``: those that name it, and ``tests``, which have recorded it.

        :param tests: as a cassette has them: without parameters. Tests that do not exist any more are left out.
        """
        found = dict.fromkeys(self.named.get(os.path.realpath(path), ()))
        for test in tests:
            known = sorted(one for one in self.seen if function_of(one) == test)
            found.update(dict.fromkeys(known if known or self._is_gone(test) else [test]))
        return list(found)

    def _is_gone(self, test: str) -> bool:
        return test.rpartition("::")[0] in self.complete or not (self.root / test.partition("::")[0]).exists()


_sessions: dict[str, Collected] = {}


def know(run: str, collected: Collected) -> None:
    """Keep what the session called ``run`` has collected."""
    _sessions[run] = collected


def leave(run: str) -> None:
    """The session called ``run`` is over."""
    _sessions.pop(run, None)


def function_of(node_id: str) -> str:
    """``node_id`` without its parameters: they may hold anything, and a cassette is published."""
    return node_id.partition("[")[0]


def others(path: Path, holder: str, tests: Iterable[str], run: str) -> list[str]:
    """The tests beside ``holder`` that share the cassette at ``path``.

    :param tests: those that have recorded it.
    """
    collected = _sessions.get(run)
    if collected is not None:
        return [one for one in collected.sharers(path, tests) if one != holder]
    return [one for one in tests if one != function_of(holder)]


def place_among_sharers(path: Path, holder: str, run: str) -> int:
    """The position of ``holder`` among the tests whose markers name the cassette at ``path``, as they were collected.

    Behind them all, when no marker of it does.
    """
    collected = _sessions.get(run)
    named = collected.named.get(os.path.realpath(path), ()) if collected is not None else ()
    return named.index(holder) if holder in named else len(named)


def absent(path: Path, holder: str, tests: Iterable[str], run: str) -> list[str]:
    """Those of the :func:`others` that ``run`` does not run."""
    collected = _sessions.get(run)
    running = collected.running if collected is not None else frozenset[str]()
    return [one for one in others(path, holder, tests, run) if one not in running]
