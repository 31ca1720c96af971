"""Which line of the user's code sent a request."""

from __future__ import annotations

import os
import sys
from contextvars import ContextVar
from types import CodeType, FrameType

_LIBRARIES = tuple(
    os.path.join(os.path.dirname(path), "") for path in (os.__file__, os.path.dirname(os.path.abspath(__file__)))
)
"""The standard library, and handlesfake."""

_INSTALLED = tuple(f"{os.sep}{name}{os.sep}" for name in ("site-packages", "dist-packages"))
"""What is installed, also in other environments that ``sys.path`` may reach: layered ones, ``.pth`` files."""

_shown: dict[str, str] = {}
"""File to how it is shown; empty for one of a library or of handlesfake."""

_lines: dict[int, tuple[CodeType, dict[int, str]]] = {}
"""Number of a code object to that object, which keeps the number its own, and to the text of each place in it."""

_MOST_KNOWN = 1000

told: ContextVar[str] = ContextVar("handlesfake_calling_line", default="")
"""The line, as read by a seam that serves a request in a separate task, off the user's stack."""


def calling_line(depth: int = 1) -> str:
    """``party/mpsd.py:31 in call``: the innermost frame that is neither library nor handlesfake; or empty."""
    # the public inspect.stack() reads every source file
    return told.get() or line_of(sys._getframe(depth))  # noqa: SLF001 - see above


def line_of(frame: FrameType | None, *, outwards: bool = True) -> str:
    """The same for ``frame`` and, ``outwards``, for those that called it."""
    known = _shown.get
    while frame is not None:  # thirty of them under a request: what is asked of each is asked once
        shown = known(frame.f_code.co_filename)
        if shown is None:
            name = frame.f_code.co_filename
            shown = _shown[name] = "" if _is_library(name) else _relative(name)
        if shown:
            return _said(frame, shown)
        frame = frame.f_back if outwards else None
    return ""


def _said(frame: FrameType, shown: str) -> str:
    """The text of one line, made once: a test calls from one line again and again, and to find its number takes long.

    :param shown: how its file is shown.
    """
    code = frame.f_code
    known = _lines.get(id(code))
    if known is None or known[0] is not code:
        if len(_lines) >= _MOST_KNOWN:
            _lines.clear()
        known = _lines[id(code)] = code, {}
    text = known[1].get(frame.f_lasti)
    if text is None:
        text = known[1][frame.f_lasti] = f"{shown}:{frame.f_lineno} in {code.co_name}"
    return text


def _is_library(name: str) -> bool:
    return name.startswith(("<", *_LIBRARIES)) or any(folder in name for folder in _INSTALLED)


def _relative(name: str) -> str:
    """The path relative to where the run stood when the file was first met, with slashes, if it lies below."""
    try:
        short = os.path.relpath(name)
    except ValueError:  # another drive
        return name
    return name if short.startswith("..") else short.replace(os.sep, "/")
