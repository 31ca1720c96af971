"""Process groups: a command with all that it has started, which POSIX signals at once. Windows has no such groups."""

from __future__ import annotations

import os
import sys
from contextlib import suppress


def at_terminal() -> bool:
    """Whether this process is in the foreground of a terminal that a command might read."""
    if sys.platform != "win32":
        with suppress(OSError):
            return os.isatty(0) and os.tcgetpgrp(0) == os.getpgrp()
    return False


def signal_group(group: int, number: int) -> None:
    """Send a signal to each process of ``group``; those that have ended, or are not this user's, get none."""
    if sys.platform != "win32":
        with suppress(ProcessLookupError, PermissionError):  # macOS denies access to one that has just ended
            os.killpg(group, number)


def is_there(group: int) -> bool:
    """Whether ``group`` has a process that this user may end."""
    if sys.platform != "win32":
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(group, 0)
            return True
    return False
