"""Locks between processes that record into one cassette, which leave no file behind."""

from __future__ import annotations

import getpass
import hashlib
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import lock_descriptor, unlock_descriptor

from handlesfake.cassettes.next_steps import display_path
from handlesfake.errors import CassetteError

PATIENCE = 60.0
"""Seconds to wait for another process that merges."""

_PAUSE = 0.02


class Lock:
    """The lock of one file of the temporary folder; the system lets it go when its process is killed.

    The file is removed by the process that lets go, while it still holds the lock. So a waiting process may get the
    lock of a file that has no name any more, while another one locks a new file. It checks that, and tries again.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        self._descriptor = -1

    def take(self, patience: float = 0.0) -> bool:
        """Take the lock; False when another process holds it for all of ``patience``, in seconds.

        :raises CassetteError: the temporary folder cannot be written.
        """
        end = time.monotonic() + patience
        while not (is_locked := self._try()) and time.monotonic() < end:
            time.sleep(_PAUSE)
        return is_locked

    def _try(self) -> bool:
        while True:
            try:
                descriptor = self._opened()
                is_locked = lock_descriptor(descriptor, blocking=False)
            except OSError as error:
                raise CassetteError(
                    f"{self.file}: the lock of the recording cannot be taken: {error.strerror or error}\n"
                    "  nothing was written; TMPDIR names another temporary folder"
                ) from None
            if is_locked and self._is_named(descriptor):
                self._descriptor = descriptor
                return True
            os.close(descriptor)
            if not is_locked:
                return False

    def _opened(self) -> int:
        try:
            return os.open(self.file, os.O_RDWR | os.O_CREAT, 0o600)
        except FileNotFoundError:
            self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            return os.open(self.file, os.O_RDWR | os.O_CREAT, 0o600)

    def _is_named(self, descriptor: int) -> bool:
        """Whether the file that ``descriptor`` has open still has its name."""
        if os.name == "nt":  # there it cannot lose its name while it is open
            return True
        try:
            return os.path.samestat(os.fstat(descriptor), os.stat(self.file))
        except OSError:
            return False

    def release(self) -> None:
        """Let go, and remove the file."""
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor < 0:
            return
        with suppress(OSError):  # Windows removes no open file: there it goes below, unless another has it open
            self.file.unlink()
        # not by closing alone: a process that was forked meanwhile has the file open, too
        with suppress(OSError):
            unlock_descriptor(descriptor)
        os.close(descriptor)
        if os.name == "nt":
            with suppress(OSError):
                self.file.unlink()


def lock_of(path: Path) -> Lock:
    """The lock of the file at ``path``, whatever links lead to it."""
    name = hashlib.sha256(os.path.realpath(path).encode("utf-8", "surrogateescape")).hexdigest()[:24]
    return Lock(folder() / f"{name}.lock")


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """While inside, no other process changes the file at ``path``.

    :raises CassetteError: another process has held the lock for a minute.
    """
    lock = lock_of(path)
    if not lock.take(PATIENCE):
        raise CassetteError(
            f"{display_path(path)}: another process has been writing this cassette for {PATIENCE:g} s\n"
            f"  it holds {lock.file}; end it, and run this again"
        )
    try:
        yield
    finally:
        lock.release()


def folder() -> Path:
    """Where the locks are: in no repository."""
    return Path(tempfile.gettempdir()) / f"handlesfake-{_user()}"


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # a container or a Windows without a user that it names
        return "nobody"
