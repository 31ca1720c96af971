"""Two descriptors of the process for all its connections to doubles, where a client waits for one."""

from __future__ import annotations

import os
import socket
from functools import cache


@cache
def quiet_end() -> int:
    """A descriptor that is never readable."""
    return _descriptor(hung_up=False)


@cache
def readable_end() -> int:
    """A descriptor that is always readable: its other end is closed."""
    return _descriptor(hung_up=True)


def _descriptor(*, hung_up: bool) -> int:
    if os.name == "posix":
        # No socket pair: a suite that forbids sockets may forbid this one, too.
        reading, writing = os.pipe()
        if hung_up:
            os.close(writing)
        return reading
    one, other = socket.socketpair()  # elsewhere select() takes sockets only
    if hung_up:
        other.close()
    else:
        other.detach()
    return one.detach()
