"""The files that a server writes: where it answers, and what it was sent."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from handlesfake.double.double import Double
from handlesfake.errors import SettingsError
from handlesfake.server.addresses import Places
from handlesfake.server.journal_file import JournalFile
from handlesfake.server.run.ready_file import ReadyFile
from tests.patience import PATIENCE
from tests.server.servers import ACTIVITY, HEADERS, command, posted, process, refused
from tests.systems.needed import system_has

FULL = Path("/dev/full")
PLACES = Places("http://127.0.0.1:1", "ws://127.0.0.1:1/connect", "http://127.0.0.1:1/_handlesfake")

needs_full = system_has("full disk")


def send() -> int:
    """One request; its status."""
    url = "https://sessiondirectory.xboxlive.com/handles"
    return requests.post(
        url, ACTIVITY, headers={**HEADERS, "Content-Type": "application/json"}, timeout=9
    ).status_code


@contextmanager
def journaling(path: Path, mpsd: Double) -> Iterator[JournalFile]:
    """What is sent to ``mpsd`` goes to the file."""
    journal = JournalFile(path)
    journal.follow("", "", mpsd)
    yield journal
    journal.close()


# ---- where it answers


def test_the_ready_file_is_there_only_while_the_server_answers(tmp_path: Path) -> None:
    """What the last run has left is gone before this one listens, and its own once it has ended."""
    file = tmp_path / "ready.json"
    file.write_text('{"url": "http://127.0.0.1:1"}')
    with process("--ready-file", str(file)) as server:
        status = posted(json.loads(file.read_text())["url"]).status
        server.stop(signal.SIGTERM)

    assert [201, False] == [status, file.exists()]


def test_what_another_server_has_written_stays(tmp_path: Path) -> None:
    """Two in one folder: the first to end leaves the other's file."""
    file = tmp_path / "ready.json"
    ours = ReadyFile(file)
    ours.write(PLACES)
    file.write_text("other")
    ours.remove()

    assert ["ready.json"] == os.listdir(tmp_path)


def test_a_file_of_an_earlier_run_is_gone_at_once(tmp_path: Path) -> None:
    """A script that waits for it reads no old port, whether or not the server comes to listen."""
    file = tmp_path / "ready.json"
    file.write_text("old")
    ReadyFile(file)

    assert [] == os.listdir(tmp_path)


def test_a_ready_file_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    """It is said before the server listens, with what to do; what is not a file is left alone."""
    file = tmp_path / "none" / "ready.json"
    folder = f"handlesfake: --ready-file {tmp_path}: that is not a file.\n  name a file, or one that is to be made\n"

    assert (2, "", folder) == refused("--ready-file", str(tmp_path))
    assert (
        2,
        "",
        f"handlesfake: --ready-file {file}: No such file or directory.\n"
        "  name a file in a folder that this user may write\n",
    ) == refused("--ready-file", str(file))


@system_has("sh")
@pytest.mark.parametrize(
    ("redirection", "problem"),
    [(">&-", "it is closed"), pytest.param("> /dev/full", "No space left on device", marks=needs_full)],
)
def test_a_standard_output_that_takes_nothing_is_an_error(redirection: str, problem: str) -> None:
    """No client would learn where the server is."""
    done = subprocess.run(
        ["sh", "-c", f'exec "$@" {redirection}', "sh", *command()],
        check=False,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )

    assert (
        2,
        f"handlesfake: standard output cannot be written: {problem}. The server says there where it answers.\n"
        "  let it be written, or lead it to /dev/null and name --ready-file FILE\n",
    ) == (done.returncode, done.stderr)


# ---- what it was sent


@needs_full
def test_a_full_disk_costs_no_answer() -> None:
    """The journal is not whole then, which the end of the server says, by its status too."""
    with process("--json", "--journal", str(FULL)) as server:
        url = server.ready["url"]
        statuses = [posted(url).status for _ in range(2)]
        status, _, complaint = server.stop(signal.SIGTERM)

    assert [201, 201, 2] == [*statuses, status]
    assert (
        "handlesfake: --journal /dev/full: [Errno 28] No space left on device; nothing more is written\n"
        "handlesfake: --journal /dev/full is not whole: the last 2 requests are missing (No space left on device)\n"
    ) == complaint


@system_has("limits")
def test_what_was_begun_of_a_line_is_taken_back(
    tmp_path: Path, mpsd: Double, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each line of the file can be read, wherever the disk was full."""
    import resource  # Windows has none

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    with journaling(tmp_path / "sent.jsonl", mpsd) as journal:
        statuses = [send()]
        size = (tmp_path / "sent.jsonl").stat().st_size
        resource.setrlimit(resource.RLIMIT_FSIZE, (size + 20, hard))
        try:
            statuses += [send(), send()]
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        statuses.append(send())
    lines = (tmp_path / "sent.jsonl").read_text().splitlines()

    assert [[201] * 4, [1]] == [statuses, [json.loads(line)["number"] for line in lines]]
    assert journal.problem.endswith(" is not whole: the last 3 requests are missing (File too large)")
    assert "nothing more is written" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('{"world": "", "number": 1}\n{"world": "", "numb', '{"world": "", "number": 1}\n'),
        ('{"worl', ""),
        ('{"world": "", "number": 1}', '{"world": "", "number": 1}\n'),
        ("notes of mine", "notes of mine\n"),
        ('{"world": "", "number": 1}\n', '{"world": "", "number": 1}\n'),
        ("x" * 70_000 + "\n" + '{"world": "' + "y" * 70_000, "x" * 70_000 + "\n"),
    ],
    ids=["torn", "torn soon", "without an end", "of somebody else", "whole", "long"],
)
def test_a_torn_last_line_is_mended(
    before: str, after: str, tmp_path: Path, mpsd: Double, capsys: pytest.CaptureFixture[str]
) -> None:
    """What a run before could not finish is removed, and said; what is not a server's own loses nothing."""
    file = tmp_path / "sent.jsonl"
    file.write_text(before)
    with journaling(file, mpsd):
        send()
    text = file.read_text()
    removed = len(before) - len(after)
    said = f"handlesfake: --journal {file}: its last line was torn, and its {removed} bytes are removed\n"

    assert text.startswith(after)
    assert json.loads(text[len(after) :])["number"] == 1
    assert (said if removed > 0 else "") == capsys.readouterr().err


def test_a_journal_that_is_whole_says_nothing(tmp_path: Path, mpsd: Double) -> None:
    """There is no problem to report."""
    with journaling(tmp_path / "sent.jsonl", mpsd) as journal:
        send()

    assert "" == journal.problem


def test_a_journal_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    """It is said before the server listens."""
    with pytest.raises(SettingsError, match=r"--journal .*: Is a directory\."):
        JournalFile(tmp_path)
