"""What a process tells its child processes: which hosts its doubles guard. They have no double themselves."""

from __future__ import annotations

import os

VARIABLE = "HANDLESFAKE_GUARD"
"""The variable of the environment: the number of the process that has set it, and the hosts, with blanks between."""


def tell(hosts: frozenset[str]) -> None:
    """Have each process that is started from now on with this environment refuse ``hosts``, if it imports us."""
    if hosts:
        said = " ".join([str(os.getpid()), *sorted(hosts)])
        if os.environ.get(VARIABLE) != said:  # each double that starts says it again, for a test may clear it
            os.environ[VARIABLE] = said
    else:
        os.environ.pop(VARIABLE, None)


def told() -> frozenset[str]:
    """The hosts that the process which started this one guards; none where this one has set them itself."""
    process, *hosts = os.environ.get(VARIABLE, "").split() or [""]
    return frozenset() if process == str(os.getpid()) else frozenset(hosts)
