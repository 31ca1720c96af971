"""Names of cassettes: one that cannot be, or leads elsewhere, is an error of ours that says what to write."""

from __future__ import annotations

from pathlib import Path

import pytest

import handlesfake
from handlesfake.errors import CassetteError, HandlesfakeError, SettingsError
from handlesfake.options.cassette_names import LONGEST, check_name, short_enough
from tests.cassettes.accounts import CREDENTIALS

INSTEAD = (
    " Write a name, cassette='lobby' or cassette='party/lobby'; "
    "for a file elsewhere, its path from rootdir, cassette=Path('shared/lobby.yaml')."
)
OUT = "leads out of the folder of the cassettes."
WHOLE = "is a whole path, and a name stays in the folder of the cassettes."
REFUSED = {
    "../../../escape": OUT,
    "..": OUT,
    "party/../lobby": OUT,
    "..\\lobby": OUT,
    "/var/lobby": WHOLE,
    "\\\\host\\share\\lobby": WHOLE,
    "C:\\lobby": WHOLE,
    "C:lobby": WHOLE,
    "~/lobby": "begins with ~, which names no folder here.",
    "http://cassettes.example/lobby": "is an address, and a cassette is a file.",
    "file:/lobby": "is an address, and a cassette is a file.",
    "party/": "names no file.",
    ".": "names no file.",
    ".yaml": "names no file.",
    "lob\0by": "holds a NUL, which no file name can.",
}


@pytest.mark.parametrize("name", REFUSED, ids=repr)
def test_a_name_stays_in_the_folder_of_the_cassettes(name: str) -> None:
    """The error says what is wrong with it, and what to write."""
    with pytest.raises(SettingsError) as caught:
        check_name(name)

    assert f"cassette={name!r} {REFUSED[name]}{INSTEAD}" == str(caught.value)


@pytest.mark.parametrize(
    "name", ["lobby", "party/lobby", "lobby.yml", "v1.2..3", "50 %", "Lobby: two", "日本", "a~b"]
)
def test_other_names_are_names(name: str) -> None:
    """Whatever letters they have."""
    check_name(name)


def test_a_name_may_have_so_many_bytes() -> None:
    """Not letters: a file system counts bytes."""
    check_name("x" * LONGEST)
    for name in ("x" * (LONGEST + 1), "日" * 67):
        with pytest.raises(SettingsError, match="is too long: a name may have 200 bytes"):
            check_name(name)


def test_the_name_of_a_test_is_made_short_enough() -> None:
    """By its beginning and a hash of the whole, so that no two share a file; a short one stays."""
    names = [f"test_it[{'日本' * 60}{number}]" for number in range(2)]
    short = [short_enough(name) for name in names]

    assert 2 == len({*short})
    assert all(len(one.encode()) <= LONGEST and one.startswith("test_it[日本") for one in short)
    assert "test_it[x]" == short_enough("test_it[x]")


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("~/lobby.yaml", "would make a folder called ~; write Path(...).expanduser(), or the whole path."),
        ("https://a.example/lobby.yaml", "is an address, and a cassette is a file; write its path."),
    ],
)
def test_a_path_that_was_meant_otherwise_is_refused(path: str, message: str) -> None:
    """Also outside pytest."""
    for double in (handlesfake.record, handlesfake.replay):
        with pytest.raises(SettingsError) as caught:
            double(path)

        assert f"cassette={str(Path(path))!r} {message}" == str(caught.value)


@pytest.mark.parametrize(
    "folder", ["", "x" * 300, "/".join("x" * 250 for _ in range(20))], ids=["name", "part", "all"]
)
def test_a_path_that_is_too_long_is_our_own_error(folder: str, tmp_path: Path) -> None:
    """Nothing is left behind: neither a file, nor a lock."""
    path = tmp_path / folder / ("lobby.yaml" if folder else "x" * 300)
    for start in (
        lambda: handlesfake.record(path, credentials=CREDENTIALS).start(),
        lambda: handlesfake.replay(path),
        lambda: handlesfake.fake(mode="hybrid", cassette=path),
    ):
        with pytest.raises(HandlesfakeError, match="too long") as caught:
            start()

        assert isinstance(caught.value, CassetteError)
    assert [] == list(tmp_path.iterdir())


def test_a_name_that_its_journal_cannot_have_is_our_own_error(tmp_path: Path) -> None:
    """The file may have such a name, but not the files beside it: an error before anything is sent, and nothing is left."""
    with pytest.raises(CassetteError, match="name too long"):
        handlesfake.record(tmp_path / ("x" * 245 + ".yaml"), credentials=CREDENTIALS).start()

    assert [] == list(tmp_path.iterdir())
