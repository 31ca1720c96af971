"""A command that cannot be started: why, the nearest that could, and the status of a shell."""

from __future__ import annotations

from pathlib import Path

import pytest

from handlesfake.server.command.not_started import not_started
from tests.server.command.beside import beside
from tests.systems.needed import system_has

pytestmark = system_has("sh")

FILES = (
    ("lacks-x", "", 0o644),
    ("lacks-line", "x", 0o755),
    ("bad-line", "#!/nope\n", 0o755),
    ("run-me", "#!/bin/sh", 0o755),
)


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder with programs that cannot be, in which the command is looked for, and a PATH with one name in it."""
    for name, text, mode in FILES:
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(mode)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "npm").write_text("#!/bin/sh")
    (tmp_path / "bin" / "npm").chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", f"{tmp_path / 'nowhere'}:{tmp_path / 'bin'}")


@pytest.mark.parametrize(
    ("command", "error", "status", "words"),
    [
        ("nope-there-is-none", FileNotFoundError(), 127, "no folder of PATH has it"),
        ("npn", FileNotFoundError(), 127, "no folder of PATH has it; did you mean 'npm'?"),
        ("run-me", FileNotFoundError(), 127, "no folder of PATH has it. For the file of this folder write ./run-me"),
        ("./runme", FileNotFoundError(), 127, "there is no such file; did you mean './run-me'?"),
        ("./nowhere/x y", FileNotFoundError(), 127, "there is no such file"),
        (
            "npm test -- -u",
            FileNotFoundError(),
            127,
            "no program is called so. Write its words apart, without quotes around all: -- npm test -- -u",
        ),
        ("it's", FileNotFoundError(), 127, "no folder of PATH has it"),
        ("", PermissionError(), 127, "its name is empty: a variable that was to name it may have no value"),
        ("./bin", PermissionError(), 126, "it is a folder, and no program"),
        ("./lacks-x", PermissionError(13, "Denied"), 126, "Denied: chmod +x makes a script a program"),
        ("./bad-line", FileNotFoundError(), 127, "the program in its first line does not exist"),
    ],
)
def test_why_a_command_is_not_started(command: str, error: OSError, status: int, words: str) -> None:
    """127 and 126 as in a shell, with what is wrong and what was probably meant."""
    assert (status, words) == not_started([command], error)


def test_it_is_said_at_the_end() -> None:
    """No process could have sent anything: the message does not mention traffic."""
    status, output, complaints = beside("--", "./lacks-line", "x")

    assert (126, "") == (status, output)
    assert [
        "handlesfake: runs ./lacks-line x",
        "handlesfake: ./lacks-line x was not started: it is not a program, and a script begins with #!; 0 requests",
    ] == complaints.splitlines()[1:]
