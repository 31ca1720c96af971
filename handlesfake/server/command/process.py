"""Command: a program with its arguments, run to its end, with the signals that this process gets."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress

from handlesfake.reporting.printable import printable
from handlesfake.server.command.groups import at_terminal, is_there, signal_group
from handlesfake.server.command.not_started import not_started
from handlesfake.values.values import frozen

TIMED_OUT = 124
"""The status of timeout(1)."""

FORWARDED = ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGBREAK")
"""The last one is of Windows. Signals that a user may send to this process, and that are meant for the command."""

TO_END = 5.0
"""Seconds that a command gets to end after its time is over, before it is killed."""

TO_LEAVE = 2.0
"""Seconds that processes get to end which a command has left behind."""

_KILL: int = getattr(signal, "SIGKILL", signal.SIGTERM)
_CONTINUE: int = getattr(signal, "SIGCONT", signal.SIGTERM)
_NOT_OF_TERMINALS = {signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)}
"""The signals that a terminal does not send to the command as well. Of these, Windows has SIGTERM only."""

_TICK = None if os.name == "posix" else 0.5
"""How long the main thread may wait without a look at signals: on Windows nothing else wakes it."""


@frozen
class Ending:
    """How a command ended."""

    status: int
    """As a shell has it: 128 and the signal's number for one that a signal has ended."""

    words: str
    """``ended with status 1``, for a sentence that begins with the command."""

    seconds: float = 0.0
    timed_out: bool = False

    left_behind: bool = False
    """Processes of it were still there, and were ended."""

    started: bool = True
    """There was a process; else it could not have sent anything."""


class Command:
    """A program that has this process's standard input, output and error.

    It is the leader of its own process group, so that signals and time-outs reach all that it has started. At a
    terminal it stays in ours: otherwise it could not read the terminal, whose Ctrl-C reaches both.

    :param timeout: seconds that it may take; None for as long as it wants.
    """

    def __init__(self, arguments: Sequence[str], timeout: float | None = None) -> None:
        self.arguments = tuple(arguments)
        self.timeout = timeout
        self._process: subprocess.Popen[bytes] | None = None
        self._early: int | None = None
        self._own_group = os.name == "posix" and not at_terminal()

    @property
    def line(self) -> str:
        """As one would type it, on one line of at most 100 characters."""
        line = printable(re.sub(r"\s+", " ", shlex.join(self.arguments)))
        return line if len(line) <= 100 else f"{line[:99]}…"

    def run(self, environment: Mapping[str, str]) -> Ending:
        """Start it and wait for its end, from the main thread.

        :param environment: all of its variables.
        """
        began = time.monotonic()
        if self._early is not None:
            return Ending(128 + self._early, f"was not started: {_name(self._early)} came before", started=False)
        try:
            self._process = subprocess.Popen(  # noqa: S603 - what the user has typed is what runs
                _found(self.arguments), env=dict(environment), process_group=0 if self._own_group else None
            )
        except OSError as error:
            status, words = not_started(self.arguments, error)
            return Ending(status, f"was not started: {words}", started=False)
        self._send_early()
        timed_out = self._wait(self._process)
        left = self._end_what_is_left(self._process.pid)
        return _ending(self._process.returncode, time.monotonic() - began, timed_out, left)

    @contextmanager
    def signals(self) -> Iterator[None]:
        """Inside, signals to this process are the command's; one that is ignored from the start stays ignored."""
        before = {}
        for name in FORWARDED:
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
                before[number] = signal.signal(number, self._forward)
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _forward(self, number: int, _: object) -> None:
        if self._process is None:
            self._early = number
        elif self._own_group or (os.name == "posix" and number in _NOT_OF_TERMINALS):
            self._send(number)  # else the terminal has sent it to the command as well

    def _send(self, number: int) -> None:
        process = self._process
        if process is None or process.returncode is not None:
            return
        if self._own_group:
            signal_group(process.pid, number)
        else:
            with suppress(ProcessLookupError):
                process.send_signal(number)

    def _send_early(self) -> None:
        """Send on what came while it was being started, when there was no process to send it to."""
        if self._early is not None:
            self._send(self._early)

    def _wait(self, process: subprocess.Popen[bytes]) -> bool:
        """Wait for its end, or end it when its time is over; whether it was."""
        ended = threading.Event()

        def wait() -> None:
            process.wait()
            ended.set()

        # not in the main thread: Popen.wait(timeout) looks twenty times a second, and a bare wait has no time limit
        threading.Thread(target=wait, name="handlesfake command", daemon=True).start()
        if _came(ended, self.timeout):
            return False
        if os.name == "nt":
            _end_with_children(process.pid)
        self._send(signal.SIGTERM)
        if os.name == "posix":
            self._send(_CONTINUE)  # a command that was stopped hears nothing
        if not _came(ended, TO_END):
            self._send(_KILL)
            _came(ended, None)
        return True

    def _end_what_is_left(self, group: int) -> bool:
        """End what the command has left behind: it would keep a CI step open, for a server that is gone."""
        if not self._own_group or not is_there(group):
            return False
        signal_group(group, signal.SIGTERM)
        deadline = time.monotonic() + TO_LEAVE
        while is_there(group):
            if time.monotonic() > deadline:
                signal_group(group, _KILL)
                break
            time.sleep(0.02)
        return True


def _came(event: threading.Event, seconds: float | None) -> bool:
    """Wait for ``event``, at most so long; whether it came."""
    if _TICK is None or (seconds is not None and seconds <= _TICK):
        return event.wait(seconds)
    deadline = None if seconds is None else time.monotonic() + seconds
    while not event.wait(_TICK):
        if deadline is not None and time.monotonic() > deadline:
            return False
    return True


def _end_with_children(number: int) -> None:
    """End a process of Windows and all that it has started: ``npm`` is a script there, and ends without its Node."""
    taskkill = shutil.which("taskkill")
    if taskkill is not None:
        subprocess.run([taskkill, "/F", "/T", "/PID", str(number)], check=False, capture_output=True)  # noqa: S603 - ours


def _found(arguments: Sequence[str]) -> list[str]:
    """The arguments for Popen: Windows finds ``npm.cmd`` under ``npm`` only in a shell."""
    program = shutil.which(arguments[0]) if sys.platform == "win32" else None
    return [program or arguments[0], *arguments[1:]]


def _ending(status: int, seconds: float, timed_out: bool, left: bool) -> Ending:  # noqa: FBT001 - told apart by name
    words = f"ended with status {status}"
    if status < 0:
        words, status = f"was ended by {_name(-status)}", 128 - status
    if timed_out:
        status = TIMED_OUT
    return Ending(status, words, seconds, timed_out, left)


def _name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
