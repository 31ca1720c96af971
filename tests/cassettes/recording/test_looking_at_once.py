"""Processes that look at one cassette at the same time: none takes the look of another for a sign of life."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from handlesfake.cassettes.modes import recording
from handlesfake.cassettes.recording import run_notes
from handlesfake.cassettes.recording.left_behind import has_abandoned
from handlesfake.cassettes.recording.locking import Lock, folder
from handlesfake.cassettes.recording.run_notes import Start, cut_short, note_of, take_note
from tests.cassettes.recording.test_policies import ask, held
from tests.cassettes.service import Service
from tests.patience import PATIENCE


@pytest.fixture(autouse=True)
def locks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A separate temporary folder."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A cassette with what a killed run leaves beside it: its note, its lock and its journal."""
    path = tmp_path / "lobby.yaml"
    take_note(path, "killed", Start([], []))
    run_notes.leave("killed")
    short = note_of(path, "killed").name.split(".")[-2]
    (folder() / f"{short}.1.run").touch()
    path.with_name(".lobby.yaml.1.00000000.journal").touch()
    return path


def has_notes(path: Path) -> bool:
    """Whether a note of a killed run is beside the cassette at ``path``."""
    return bool(cut_short(path))


@pytest.mark.parametrize("look", [has_notes, has_abandoned])
def test_two_that_look_at_once_see_the_same(
    path: Path, monkeypatch: pytest.MonkeyPatch, look: Callable[[Path], bool]
) -> None:
    """The first one still has the lock that it tries when the second one looks: both see that the run was killed."""
    tried, released = Lock._try, Lock.release
    is_looking, met = threading.Event(), threading.Event()
    saw: dict[str, bool] = {}

    def try_it(lock: Lock) -> bool:
        is_locked = tried(lock)
        if not is_locked:
            met.set()
        return is_locked

    def release_late(lock: Lock) -> None:
        if threading.current_thread().name == "first":
            is_looking.set()
            met.wait(PATIENCE)
        released(lock)

    def look_as(name: str) -> threading.Thread:
        thread = threading.Thread(name=name, target=lambda: saw.update({name: look(path)}))
        thread.start()
        return thread

    monkeypatch.setattr(Lock, "_try", try_it)
    monkeypatch.setattr(Lock, "release", release_late)
    first = look_as("first")
    assert is_looking.wait(PATIENCE)
    for thread in (look_as("second"), first):
        thread.join(PATIENCE)

    assert {"first": True, "second": True} == saw


@pytest.mark.parametrize("look", ["is_there", "noted"])
def test_another_worker_may_record_while_one_looks(
    service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, look: str
) -> None:
    """A worker writes the cassette between two looks of another one: both record, as they are of one run."""
    path = tmp_path / "new.yaml"
    before: Callable[..., Any] = getattr(recording, look)

    def look_slowly(*arguments: Any) -> object:
        found: object = before(*arguments)
        monkeypatch.setattr(recording, look, before)
        if not path.exists():
            ask(path, service, "once", "a", run="this")
        return found

    monkeypatch.setattr(recording, look, look_slowly)
    ask(path, service, "once", "b", run="this")

    assert ["a", "b"] == held(path)


def test_a_run_is_alive_for_itself(path: Path) -> None:
    """The worker that has taken the note may have ended: for the others of its run, no run was cut short."""
    assert [note_of(path, "killed")] == cut_short(path, "another")
    assert [] == cut_short(path, "killed")
