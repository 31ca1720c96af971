"""The command line where standard output or standard error is full or closed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.patience import PATIENCE
from tests.systems.needed import system_has

CASSETTE = Path(__file__).parents[1] / "cassettes" / "test_recorded" / "first-night.yaml"


def by_shell(redirection: str, *arguments: str) -> tuple[int, str, str]:
    """Status, output and complaints of ``handlesfake`` with its streams led elsewhere."""
    line = ["sh", "-c", f'exec "$0" -m handlesfake "$@" {redirection}', sys.executable, *arguments]
    done = subprocess.run(line, check=False, capture_output=True, text=True, timeout=PATIENCE)
    return done.returncode, done.stdout, done.stderr


@system_has("full disk", "sh")
def test_output_that_cannot_be_written() -> None:
    """It is status 2 and a sentence: who reads the output must not take it for whole."""
    told = by_shell("> /dev/full", "show", str(CASSETTE))

    assert (2, "", "handlesfake: standard output cannot be written: No space left on device\n") == told


@system_has("sh")
def test_a_folder_that_has_gone(tmp_path: Path) -> None:
    """Another shell has removed it: that is said, and not that the output cannot be written."""
    folder = tmp_path / "gone"
    folder.mkdir()
    line = [
        "sh",
        "-c",
        'cd "$1" && rmdir "$1" && exec "$0" -P -m handlesfake serve -- true',
        sys.executable,
        str(folder),
    ]
    done = subprocess.run(line, check=False, capture_output=True, text=True, timeout=PATIENCE)

    said = "the folder that it was called in is no longer there; go to another one, and call it again"
    assert (2, f"handlesfake: {said}") == (done.returncode, done.stderr.splitlines()[-1])


@system_has("sh")
def test_output_that_is_closed() -> None:
    """Who closes it does not want to read it; the status is what the command says."""
    assert (0, "", "") == by_shell(">&-", "show", str(CASSETTE))


@system_has("sh")
def test_complaints_that_are_closed() -> None:
    """They are not said on standard output, and no file of ours takes the number of the stream."""
    assert (2, "", "") == by_shell("2>&-", "diff", str(CASSETTE), "nowhere.yaml")


@system_has("sh")
def test_a_server_whose_complaints_are_closed() -> None:
    """The command beside it runs, and its status is told."""
    assert (3, "", "") == by_shell("2>&-", "serve", "--", "sh", "-c", "exit 3")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            ("--timeout", "10m", "--", "true"),
            "argument --timeout: '10m' is not a number of seconds: 600 is ten minutes",
        ),
        (("--port", "http"), "argument --port: 'http' is not a whole number: write it in digits, as 8080"),
    ],
)
def test_what_is_no_number(arguments: tuple[str, ...], words: str) -> None:
    """It says what would be one."""
    status, _, complaints = by_shell("", "serve", *arguments)

    assert (2, f"handlesfake serve: error: {words}") == (status, complaints.splitlines()[-1])
