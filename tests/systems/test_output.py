"""The output of commands, where it cannot have every letter, and where its reader has stopped."""

from __future__ import annotations

import errno
import os
import sys
from argparse import Namespace
from io import BytesIO, TextIOWrapper
from types import SimpleNamespace

import pytest

from handlesfake import cli


def shows(text: str) -> Namespace:
    """The options of a command that prints ``text``."""

    def run(_: Namespace) -> int:
        print(text)
        return 0

    return Namespace(run=run)


def test_letters_that_the_output_cannot_have_are_escaped(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pipe or file on Windows has the letters of one region: the command goes on, and says what the letter is."""
    raw = BytesIO()
    monkeypatch.setattr(sys, "stdout", TextIOWrapper(raw, encoding="cp1252"))
    monkeypatch.setattr(cli, "parsed", lambda _: shows("café ≥ 猫"))

    assert (0, b"caf\xe9 \\u2265 \\u732b") == (cli.main([]), raw.getvalue().strip())


def test_an_output_that_is_no_stream_of_python_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tool that has replaced it knows what it does."""
    said: list[str] = []
    monkeypatch.setattr(sys, "stdout", SimpleNamespace(write=said.append, flush=lambda: None))
    monkeypatch.setattr(cli, "parsed", lambda _: shows("≥"))

    assert (0, "≥\n") == (cli.main([]), "".join(said))


@pytest.mark.parametrize(
    ("system", "error"),
    [
        ("posix", BrokenPipeError(errno.EPIPE, "Broken pipe")),
        ("nt", BrokenPipeError(errno.EPIPE, "The pipe has been ended")),
        ("nt", OSError(errno.EINVAL, "Invalid argument")),
    ],
)
def test_who_has_read_enough_is_shown_no_traceback(
    system: str, error: OSError, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``handlesfake show lobby.yaml | more``, and q: on Windows the write is an invalid argument."""

    def run(_: Namespace) -> int:
        raise error

    left: list[bool] = []
    monkeypatch.setattr(cli, "parsed", lambda _: Namespace(run=run))
    monkeypatch.setattr(cli, "_leave_output", lambda: left.append(True))
    fake = SimpleNamespace(name=system, fstat=os.fstat, getcwd=os.getcwd)
    monkeypatch.setattr(cli, "os", fake)

    assert (cli.ENOUGH, [True]) == (cli.main([]), left)


def test_an_invalid_argument_is_an_error_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only Windows says so of a pipe, and it names no file then."""

    def run(_: Namespace) -> int:
        raise OSError(errno.EINVAL, "Invalid argument", "lobby.yaml")

    monkeypatch.setattr(cli, "parsed", lambda _: Namespace(run=run))
    for system in ("posix", "nt"):
        monkeypatch.setattr(cli, "os", SimpleNamespace(name=system, fstat=os.fstat, getcwd=os.getcwd))
        with pytest.raises(OSError, match="Invalid argument"):
            cli.main([])
