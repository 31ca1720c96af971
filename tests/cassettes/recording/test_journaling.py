"""Nothing is lost: recorders that are killed, threads, processes and workers that record into one cassette."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import handlesfake
from handlesfake.cassettes.format.loading import load_cassette
from handlesfake.cassettes.recording.journal_file import RecordingJournal, abandoned
from handlesfake.cassettes.scrubbing.findings import Findings
from handlesfake.errors import CassetteError
from handlesfake.mpsd.http.message import Response
from tests.cassettes.accounts import CREDENTIALS, TOKEN, by_http_client
from tests.cassettes.conftest import SIGNATURE, call
from tests.cassettes.service import Service
from tests.systems.needed import system_has
from tests.transports import by_requests

ROOT = Path(__file__).parents[3]


def asking(path: Path, service: Service, name: str, count: int, policy: str = "once") -> subprocess.Popen[str]:
    """A process that records ``count`` requests into ``path`` once it is told to go on."""
    command = [
        sys.executable,
        "-m",
        "tests.cassettes.prompts",
        str(path),
        policy,
        service.authority,
        name,
        str(count),
    ]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert process.stdout is not None
    assert "ready\n" == process.stdout.readline()
    return process


def go(process: subprocess.Popen[str]) -> None:
    """Let ``process`` send."""
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def heard(process: subprocess.Popen[str], count: int) -> list[str]:
    """The next ``count`` lines that ``process`` says."""
    assert process.stdout is not None
    return [process.stdout.readline().strip() for _ in range(count)]


def held(path: Path) -> set[str]:
    """The handles that the cassette at ``path`` answers for."""
    return {one.request.path.removeprefix("/handles/") for one in load_cassette(path).interactions}


def survived_words(names: set[str]) -> str:
    """How many of ``names`` are the killed recorder's: it may have heard more than it said."""
    count = sum(name.startswith("x-") for name in names)
    return "1 exchange" if count == 1 else f"{count} exchanges"


@system_has("fork", "signals")
@pytest.mark.parametrize("survived", [1, 7, 23])
def test_a_killed_recorder_keeps_what_was_answered(survived: int, service: Service, tmp_path: Path) -> None:
    """SIGKILL after an answer: it and all before it are in the cassette of the next run, which records the rest."""
    path = tmp_path / "lobby.yaml"
    process = asking(path, service, "x", 1000)
    go(process)
    heard(process, survived)
    process.kill()
    process.communicate()
    sent = len(service.requests)
    with handlesfake.record(path, credentials=CREDENTIALS, hosts=(service.authority,)) as mpsd:
        headers = mpsd.user("host").headers
        for name in ("x-0", "y"):
            call(by_requests, "GET", f"http://{service.authority}/handles/{name}", headers, None)

    assert mpsd.recording is not None
    assert f"  took in    {survived_words(held(path))} of a run that was cut short" in mpsd.recording.lines()
    assert {f"x-{number}" for number in range(survived)} | {"y"} <= held(path)
    assert ["/handles/y"] == [request.path for request in service.requests[sent:] if "x-" not in request.path]
    assert ["lobby.yaml"] == [one.name for one in tmp_path.iterdir()]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="one fork for each death")
def test_a_recorder_may_be_killed_at_any_step(service: Service, tmp_path: Path) -> None:
    """At each file operation of a whole recording, its end included: what was heard is found, and nothing twice."""
    command = [sys.executable, "-m", "tests.cassettes.recording.killed_recorder", str(tmp_path), service.authority]
    lines = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    deaths = [(policy, *map(int, numbers)) for policy, *numbers in map(str.split, lines)]

    assert {"once", "all"} == {policy for policy, *_ in deaths}
    assert len(deaths) > 20
    assert [] == [death for death in deaths if not death[2] <= death[3] == death[4]]


def test_a_replay_finds_what_a_killed_recorder_kept(service: Service, tmp_path: Path) -> None:
    """Without any option: the journal becomes the cassette first."""
    path = tmp_path / "lobby.yaml"
    process = asking(path, service, "x", 1000)
    go(process)
    heard(process, 3)
    process.kill()
    process.communicate()
    with handlesfake.replay(path, hosts=(service.authority,)) as mpsd:
        answer = call(by_requests, "GET", f"http://{service.authority}/handles/x-2", mpsd.user("host").headers, None)

    assert 404 == answer[0]


@pytest.mark.parametrize(
    "policy",
    ["once", *(pytest.param(name, marks=pytest.mark.thorough) for name in ("new_episodes", "all", "rewrite"))],
)
def test_four_processes_lose_nothing(policy: str, service: Service, tmp_path: Path) -> None:
    """Four processes record into one cassette at the same time: each interaction of each is in it."""
    path = tmp_path / "lobby.yaml"
    processes = [asking(path, service, name, 25, policy) for name in "abcd"]
    for process in processes:
        go(process)
    for process in processes:
        process.communicate()

    assert {f"{name}-{number}" for name in "abcd" for number in range(25)} == held(path)
    assert 100 == len(load_cassette(path).interactions)
    assert ["lobby.yaml"] == [one.name for one in tmp_path.iterdir()]


def test_sixteen_threads_lose_nothing(service: Service, tmp_path: Path) -> None:
    """Four hundred calls of sixteen threads: four hundred interactions, each with its own answer."""
    path = tmp_path / "lobby.yaml"
    with handlesfake.record(path, credentials=CREDENTIALS, hosts=(service.authority,)) as mpsd:
        headers = list(mpsd.user("host").headers.items())
        with ThreadPoolExecutor(16) as threads:
            urls = [f"http://{service.authority}/handles/{number}" for number in range(400)]
            list(threads.map(lambda url: by_http_client("GET", url, headers, b""), urls))

    assert {str(number) for number in range(400)} == held(path)
    assert 400 == len(load_cassette(path).interactions)


@system_has("modes")
def test_the_journal_holds_no_secret(service: Service, tmp_path: Path) -> None:
    """What is on the disk before the end is scrubbed already, and only its user may read it."""
    path = tmp_path / "lobby.yaml"
    with handlesfake.record(path, credentials=CREDENTIALS, hosts=(service.authority,)) as mpsd:
        url = f"http://{service.authority}/handles/query?token={TOKEN}host"
        call(by_requests, "POST", url, mpsd.user("host").headers, {"note": f"{TOKEN}guest"})
        journal = next(tmp_path.glob(".lobby.yaml.*.journal"))
        text, mode = journal.read_text(), journal.stat().st_mode & 0o777

    assert "/handles/query" in text
    assert [] == [secret for secret in (TOKEN, SIGNATURE, CREDENTIALS["host"]["xuid"]) if secret in text]
    assert 0o600 == mode


def test_the_file_is_the_same_when_nothing_changed(service: Service, tmp_path: Path) -> None:
    """What is recorded again and answered the same leaves every byte."""
    path = tmp_path / "lobby.yaml"

    def ask() -> bytes:
        with handlesfake.record(path, record="rewrite", credentials=CREDENTIALS, hosts=(service.authority,)) as mpsd:
            headers = mpsd.user("host").headers
            call(by_requests, "GET", f"http://{service.authority}/handles/x", headers, None)
        service.requests.clear()  # its clock is the count
        return path.read_bytes()

    assert ask() == ask()


def test_a_recording_with_a_401_is_rejected(
    service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is kept beside, and the error says why."""
    path = tmp_path / "lobby.yaml"
    answers = iter([Response(404), Response(401)])
    monkeypatch.setattr(service, "serve", lambda _: next(answers))
    double = handlesfake.record(path, credentials=CREDENTIALS, hosts=(service.authority,)).start()
    for _ in range(2):
        call(by_requests, "GET", f"http://{service.authority}/handles/x", double.user("host").headers, None)
    with pytest.raises(handlesfake.CassetteError) as caught:
        double.stop()

    assert (
        f"{path} was not recorded: get_handle by host (#2) was answered 401: a token was not accepted; "
        "sign in again, and record again\n"
        f"  what was recorded is kept in {path}.rejected, which is never replayed"
    ) == str(caught.value)
    assert ["lobby.yaml.rejected"] == [one.name for one in tmp_path.iterdir()]


def test_half_a_line_takes_no_other_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk is full in the middle of an interaction, and then has room again: only that one is lost."""
    journal = RecordingJournal(tmp_path / "lobby.yaml", {})
    write = os.write

    def half(file: int, raw: bytes) -> int:
        if len(raw) < half_of:
            raise OSError(28, "No space left on device")
        return write(file, raw[: len(raw) // 2])

    journal.write("first", "get_handle", 200, Findings(), 1)
    half_of = 60
    monkeypatch.setattr(os, "write", half)
    with pytest.raises(CassetteError, match="what came before it is kept"):
        journal.write("second", "get_handle", 200, Findings(), 2)
    monkeypatch.undo()
    journal.write("third", "get_handle", 200, Findings(), 3)
    held = [line.text for line in journal.pages().lines]
    journal.close(discard=True)

    assert ["first", "third"] == held


def test_a_run_that_finds_all_of_it_recorded_says_so(service: Service, tmp_path: Path) -> None:
    """It records nothing, and tells what it took in."""
    path = tmp_path / "lobby.yaml"
    process = asking(path, service, "x", 1000)
    go(process)
    heard(process, 3)
    process.kill()
    process.communicate()
    with handlesfake.record(path, credentials=CREDENTIALS, hosts=(service.authority,)) as mpsd:
        call(by_requests, "GET", f"http://{service.authority}/handles/x-0", mpsd.user("host").headers, None)

    assert mpsd.recording is not None
    lines = mpsd.recording.lines()
    assert lines[0].startswith(f"recorded {path}: nothing new in ")
    assert lines[1].startswith("  took in    ")


def test_a_journal_that_has_vanished_is_read_all_the_same(tmp_path: Path) -> None:
    """Its file is open: it exists again, in a new folder."""
    folder = tmp_path / "cassettes"
    journal = RecordingJournal(folder / "lobby.yaml", {"host": "9000000000000001"}, ("test_x.py::test_it",))
    journal.write("first", "get_handle", 200, Findings(), 1)
    journal.path.unlink()
    folder.rmdir()
    pages = journal.pages()

    assert (["first"], {"host": "9000000000000001"}) == ([line.text for line in pages.lines], pages.roles)
    assert ("test_x.py::test_it",) == pages.tests
    assert pages.path.read_text().splitlines()[1:]
    journal.close(discard=True)
    assert not folder.exists()


def test_a_failed_test_is_marked_where_no_open_file_is_renamed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on Windows: a recorder that is killed after its test failed is still rejected by the next run."""

    def refused(self: Path, target: object) -> Path:
        raise PermissionError(13, "The process cannot access the file because it is being used by another process")

    journal = RecordingJournal(tmp_path / "lobby.yaml", {})
    journal.write("- request: ...\n", "get_handle", 200, Findings(), 1)
    before = journal.pages().has_failed
    with monkeypatch.context() as windows:
        windows.setattr(Path, "rename", refused)
        journal.distrust()
        as_killed = journal.pages()
    journal.close(discard=False, failed=True)
    (left,) = abandoned(tmp_path / "lobby.yaml")

    assert (False, True, True) == (before, as_killed.has_failed, left.has_failed)
    assert ["get_handle"] == [line.what for line in left.lines]
    assert left.path.name.endswith(".failed.journal")
