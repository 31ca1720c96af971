"""Who sends a request: the task, and the line of the user's code."""

from __future__ import annotations

import functools
import sys
import sysconfig
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

_PACKAGE = str(Path(__file__).parents[1])
_LIBRARIES = tuple({_PACKAGE, *(sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib"))})


@dataclass(frozen=True, slots=True)
class Asker:
    """Where a request comes from, read while the user's code still stands on the stack."""

    task: object | None
    """The task of asyncio or trio; ``None`` outside of a loop."""

    filename: str
    """The file of the user's code: neither the standard library, nor an installed package, nor handlesfake. Empty
    when no such code is on the stack."""

    line: int
    function: str


described: ContextVar[Asker | None] = ContextVar("handlesfake_asker", default=None)
"""Set by a seam that serves a request from a task of its own, where the user's code is no longer on the stack."""


def asker() -> Asker:
    """Who sends the request that is arriving now."""
    return described.get() or here()


def here() -> Asker:
    """Who calls, by the present stack and the present task."""
    frame: FrameType | None = sys._getframe(1)  # noqa: SLF001 - inspect.currentframe() is this, for 30 ms of import
    while frame is not None and _is_library(frame.f_code.co_filename):
        frame = frame.f_back
    if frame is None:
        return Asker(_task(), "", 0, "")
    return Asker(_task(), frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_name)


def _task() -> object | None:
    """The running task, asked of no library that is not imported already."""
    trio = sys.modules.get("trio")
    if trio is not None and trio.lowlevel.in_trio_run():
        task: object = trio.lowlevel.current_task()
        return task
    asyncio = sys.modules.get("asyncio")
    if asyncio is None:
        return None
    try:
        current: object | None = asyncio.current_task()
    except RuntimeError:  # no loop is running
        return None
    return current


@functools.lru_cache(maxsize=4096)
def _is_library(filename: str) -> bool:
    return filename.startswith((*_LIBRARIES, "<frozen")) or "site-packages" in filename
