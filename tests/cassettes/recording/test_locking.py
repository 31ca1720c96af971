"""Locks leave no file behind, and two processes never hold the same one."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from handlesfake.cassettes.recording import locking
from handlesfake.cassettes.recording.locking import Lock, locked
from handlesfake.errors import CassetteError
from tests.cassettes.recording.test_journaling import ROOT
from tests.systems.needed import system_has

ADD = """
import sys
from pathlib import Path
from handlesfake.cassettes.recording.locking import locked
path = Path(sys.argv[1])
for _ in range(200):
    with locked(path):
        path.write_text(str(int(path.read_text()) + 1))
"""


@pytest.fixture(autouse=True)
def locks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A separate temporary folder, also for other processes."""
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


def files(folder: Path) -> list[str]:
    """All files below ``folder``."""
    return [one.name for one in folder.rglob("*") if one.is_file()]


def test_processes_take_turns_and_leave_no_file(tmp_path: Path, locks: Path) -> None:
    """Four processes count to 200 in one file, and each removes the lock as often: no count is lost."""
    path = tmp_path / "count"
    path.write_text("0")
    processes = [subprocess.Popen([sys.executable, "-c", ADD, str(path)], cwd=ROOT) for _ in range(4)]

    assert [0] * 4 == [process.wait(timeout=120) for process in processes]
    assert "800" == path.read_text()
    assert [] == files(locks)


def test_a_lock_whose_file_was_removed_meanwhile_is_none(tmp_path: Path) -> None:
    """It was opened before the other let go, and locked after: a third one would lock a new file beside it."""
    file = tmp_path / "x.lock"
    first, second, third = Lock(file), Lock(file), Lock(file)
    opened = second._opened
    assert first.take()

    def opened_in_time() -> int:
        descriptor = opened()
        first.release()
        return descriptor

    second._opened = opened_in_time  # type: ignore[method-assign]

    assert second.take()
    assert not third.take()
    second.release()
    assert third.take()
    third.release()
    assert not file.exists()


def test_a_lock_that_stays_held_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It names the file, and does not wait without limit."""
    monkeypatch.setattr(locking, "PATIENCE", 0.0)
    path = tmp_path / "lobby.yaml"
    with locked(path), pytest.raises(CassetteError) as caught, locked(path):
        pass

    assert str(caught.value).startswith(
        f"{path}: another process has been writing this cassette for 0 s\n  it holds "
    )


@system_has("links")
def test_links_to_one_cassette_have_one_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever names lead to it."""
    monkeypatch.setattr(locking, "PATIENCE", 0.0)
    (tmp_path / "real.yaml").touch()
    (tmp_path / "link.yaml").symlink_to("real.yaml")
    with locked(tmp_path / "link.yaml"), pytest.raises(CassetteError), locked(tmp_path / "real.yaml"):
        pass


def test_threads_take_turns(tmp_path: Path, locks: Path) -> None:
    """Two threads of one process, too."""
    inside, most = 0, []

    def work() -> None:
        nonlocal inside
        for _ in range(50):
            with locked(tmp_path / "lobby.yaml"):
                inside += 1
                most.append(inside)
                inside -= 1

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert {1} == set(most)
    assert [] == files(locks)


@system_has("fork")
def test_a_lock_is_let_go_although_a_forked_child_has_its_file_open(tmp_path: Path) -> None:
    """The child lives on; the next one need not wait for it."""
    lock = Lock(tmp_path / "x.lock")
    assert lock.take()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(writing)
        os.read(reading, 1)
        os._exit(0)
    os.close(reading)
    lock.release()
    again = Lock(tmp_path / "x.lock")
    is_free = again.take()
    again.release()
    os.close(writing)
    os.waitpid(child, 0)

    assert is_free


def test_a_temporary_folder_that_cannot_be_written_is_an_error(locks: Path) -> None:
    """Of ours, with the way out."""
    locks.rmdir()
    locks.touch()
    with pytest.raises(CassetteError, match="the lock of the recording cannot be taken(.|\n)*TMPDIR names another"):
        Lock(locks / "handlesfake-x" / "x.lock").take()
