"""ConnectionLimits: what a server takes of its clients, so that the others are still served."""

from __future__ import annotations

import sys

from handlesfake.errors import SettingsError
from handlesfake.values.values import frozen, replace


@frozen
class ConnectionLimits:
    """The server's own limits: MPSD's are not public, and what is beyond these is answered in the server's words.

    :raises SettingsError: one is nothing or less.
    """

    body: int = 8 * 1024 * 1024
    """Bytes of a request's body; a larger one is 413."""

    header: int = 64 * 1024
    """Bytes of a request's line and headers; more are 431."""

    connections: int | None = None
    """Connections at once; one more ends the one that has been silent for longest. None for three quarters of the
    files that the system lets the process open."""

    idle: float = 75.0
    """Seconds for which a client may neither send nor read anything when it should: before a request, within it, and
    within its answer. uvicorn's default of five is shorter than the pause between two tests, and a client's pool
    would find its connection gone."""

    def __post_init__(self) -> None:
        options = {
            "--limit-body": self.body,
            "--limit-header": self.header,
            "--limit-connections": self.connections,
            "--idle-timeout": self.idle,
        }
        for option, value in options.items():
            if value is not None and not value > 0:
                raise SettingsError(
                    f"{option} {value:g}: with a limit of nothing the server cannot serve; give a number above 0"
                )

    def of_this_process(self) -> ConnectionLimits:
        """The same, with the number of connections that this process can have."""
        if sys.platform != "win32" and self.connections is None:
            import resource  # Windows has none

            files = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
            if files != resource.RLIM_INFINITY:
                return replace(self, connections=files * 3 // 4)
        return self


DEFAULT = ConnectionLimits()
