"""LastWord: a server that was told to end does end, whatever still keeps it."""

from __future__ import annotations

import faulthandler
import os
import sys
import threading

PATIENCE = 5.0
"""Seconds that a server may take to end: ten times what requests under way get."""

COULD_NOT_END = 2
"""The exit status then."""


class LastWord:
    """Ends the process once it was told to end and :data:`PATIENCE` seconds later has not.

    The loop of a server that is stuck in a request hears no signal. A thread waits for the signal from the start:
    a handler of signals may run anywhere, and had better not have to start one.
    """

    def __init__(self) -> None:
        self._told, self._spared = threading.Event(), threading.Event()
        threading.Thread(target=self._wait, name="handlesfake last word", daemon=True).start()

    def come(self) -> None:
        """The server was told to end: from now on it has that long."""
        self._told.set()

    def spare(self) -> None:
        """It has ended by itself."""
        self._spared.set()
        self._told.set()

    def _wait(self) -> None:
        self._told.wait()
        if self._spared.wait(PATIENCE):
            return
        try:
            sys.stderr.write(
                f"handlesfake: told to end, the server still has not after {PATIENCE:g} s, and is ended: "
                "something keeps it, here:\n"
            )
            sys.stderr.flush()
            faulthandler.dump_traceback()
        finally:  # a closed standard error keeps it no longer
            os._exit(COULD_NOT_END)
