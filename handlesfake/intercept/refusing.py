"""What is said where doubles do not answer, or answer for each other: refused requests, and doubles that overlap."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from handlesfake.callsite import sender
from handlesfake.callsite.call_site import calling_line
from handlesfake.errors import OverlappingDoublesWarning
from handlesfake.intercept.inheritance import VARIABLE
from handlesfake.services.table import OTHERS

_REAL = 'pytest --mpsd-allow-real    or    @pytest.mark.mpsd(mode="real")'


class Named(Protocol):
    """What is said of a double."""

    name: str
    hosts: tuple[str, ...]
    place: str


def too_late(host: str, last: str | None) -> str:
    """No double is active; ``last`` is the name of the one that stopped last."""
    after = f"the double of {last} has stopped" if last else "no double has started yet"
    return (
        f"a request for {host} was refused: {after}, and no other is active.\n"
        f"{_way_out()}, or let real traffic through:\n"
        f"      {_REAL}"
    )


def in_a_child(host: str) -> str:
    """No double has started in this process, and the one that started it guards ``host``."""
    return (
        f"a request for {host} was refused: the process that started this one guards it.\n"
        "  its doubles do not reach here\n"
        "  give this process the server of the test, env={**os.environ, **mpsd_server.env} and MPSD_URL,\n"
        "  or a separate double, handlesfake.fake(),\n"
        f"  or let real traffic through: unset {VARIABLE}"
    )


def of_another_host(host: str, double: Named) -> str:
    """The one that is active does not answer for ``host``."""
    hosts = ", ".join(double.hosts)
    played = {name for service in OTHERS.values() for name in service.hosts}
    both = (*(name for name in double.hosts if name not in played), host)
    return (
        f"a request for {host} was refused: the double of {double.name} answers for {hosts} alone.\n"
        "  let it answer here too, in the ini file or in Python:\n"
        f"      mpsd_hosts = {' '.join(both)}\n"
        f"      handlesfake.fake(hosts={both!r})\n"
        f"  or let real traffic through:    {_REAL}"
    )


def outside(host: str, isolated: Sequence[Named]) -> str:
    """Those that are active and answer for ``host`` are isolated, and none was started in this context."""
    are = "the double that is active is" if len(isolated) == 1 else "the doubles that are active are"
    shown = "; ".join(_named(one) for one in isolated[:_SHOWN])
    more = f"; {len(isolated) - _SHOWN} more" if len(isolated) > _SHOWN else ""
    return (
        f"a request for {host} was refused: {are} isolated, and it was sent outside of {_it(isolated)}.\n"
        f"  isolated: {shown}{more}\n"
        f"  sent by {_present()}, whose context does not come from there\n"
        "  send it from a task or asyncio.to_thread(); give a thread or executor the context of the test,\n"
        "      threading.Thread(target=contextvars.copy_context().run, args=(work,))\n"
        "  or make the double without isolated=True, for every thread and task of the process"
    )


_SHOWN = 3


def _it(isolated: Sequence[Named]) -> str:
    return "it" if len(isolated) == 1 else "them"


def _named(double: Named) -> str:
    return f"{double.name}, {double.place}" if double.place else double.name


def _way_out() -> str:
    thread = threading.current_thread()
    if thread is threading.main_thread():
        return "  give what runs now its own double: the fixture mpsd, @pytest.mark.mpsd, handlesfake.fake()"
    return (
        f"  sent from thread {thread.name!r}, which outlived the test that started it\n"
        "  end it in that test (close the client, join the thread)"
    )


def _present() -> str:
    task = sender.task()
    name = getattr(task, "name", None) or (task.get_name() if hasattr(task, "get_name") else "")
    return f"task {name!r}" if name else f"thread {threading.current_thread().name!r}"


def _one(double: Named) -> str:
    """``one started in conftest.py:12``; the place of a fixture's double is the fixture itself."""
    if not double.place:
        return f"one of {double.name}"
    return f"one {double.place}" if double.place.startswith("started") else double.place


class Overlaps:
    """Doubles that overlap, each pair of lines told once."""

    def __init__(self) -> None:
        self._told: set[frozenset[str]] = set()

    def warn(self, first: Named, second: Named) -> None:
        """Tell that ``first``, of another thread or task, is active as ``second`` starts.

        :raises OverlappingDoublesWarning: a filter makes it an error.
        """
        places = [_one(double) for double in (first, second)]
        if frozenset(places) in self._told:
            return
        self._told.add(frozenset(places))
        text = (
            f"two doubles overlap, in separate threads or tasks: {places[0]}, and {places[1]}.\n"
            "  the one that was started last answers both, and the other gets nothing\n"
            "  let each answer where it was started:    handlesfake.fake(isolated=True)"
        )
        file, _, line = calling_line().partition(" in ")[0].rpartition(":")
        where = str(Path(file).absolute()) if file else "handlesfake"
        warnings.warn_explicit(text, OverlappingDoublesWarning, where, int(line or 1))
