"""NotStarted: why a command could not be started, the nearest thing that could, and the status a shell would give."""

from __future__ import annotations

import errno
import os
import shlex
import shutil
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from handlesfake.suggestions import nearest

NOT_EXECUTABLE, NOT_FOUND = 126, 127
"""The statuses of a shell."""


class NotStarted(NamedTuple):
    """Why there is no process."""

    status: int
    words: str
    """Behind the command and ``was not started:``."""


def not_started(arguments: Sequence[str], error: OSError) -> NotStarted:
    """What kept ``arguments`` from starting.

    :param error: what the system said.
    """
    program = arguments[0]
    if not program:
        return NotStarted(NOT_FOUND, "its name is empty: a variable that was to name it may have no value")
    if Path(program).is_dir():
        return NotStarted(NOT_EXECUTABLE, "it is a folder, and no program")
    if isinstance(error, FileNotFoundError) and shutil.which(program, mode=os.F_OK) is not None:
        return NotStarted(NOT_FOUND, "the program in its first line does not exist")
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return NotStarted(NOT_FOUND, _missing(arguments))
    is_windows = os.name == "nt"
    if error.errno == errno.ENOEXEC:
        way_out = ": name what runs it, -- python FILE" if is_windows else ", and a script begins with #!"
        return NotStarted(NOT_EXECUTABLE, f"it is not a program{way_out}")
    hint = ": chmod +x makes a script a program" if isinstance(error, PermissionError) and not is_windows else ""
    return NotStarted(NOT_EXECUTABLE, f"{error.strerror or error}{hint}")


def _missing(arguments: Sequence[str]) -> str:
    """Where it was looked for, and what was probably meant."""
    program, words = arguments[0], _words(arguments)
    if len(words) > len(arguments) and shutil.which(words[0]):
        return f"no program is called so. Write its words apart, without quotes around all: -- {shlex.join(words)}"
    if os.sep in program or (os.altsep and os.altsep in program):
        return f"there is no such file{_nearest(program, _beside(program))}"
    if Path(program).is_file():
        return (
            f"no folder of PATH has it. For the file of this folder write {shlex.quote(os.path.join('.', program))}"
        )
    return f"no folder of PATH has it{_nearest(program, _of_path())}"


def _words(arguments: Sequence[str]) -> list[str]:
    """The arguments; a whole command line in quotes is split."""
    try:
        return [*shlex.split(arguments[0]), *arguments[1:]]
    except ValueError:  # it contains a quote
        return list(arguments)


def _nearest(program: str, known: Iterator[str]) -> str:
    return nearest(program, known).removesuffix(".")


def _of_path() -> Iterator[str]:
    for folder in os.get_exec_path():
        with suppress(OSError):
            yield from os.listdir(folder)


def _beside(program: str) -> Iterator[str]:
    """The files of the folder in which it was looked for, called as it was."""
    folder = os.path.dirname(program)
    with suppress(OSError):
        yield from (os.path.join(folder, name) for name in os.listdir(folder or "."))
