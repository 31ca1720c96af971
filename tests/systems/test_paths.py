"""Paths of Windows in messages, and names that no file has there."""

from __future__ import annotations

import ntpath
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace

import pytest

from handlesfake.callsite import call_site
from handlesfake.cassettes import next_steps
from handlesfake.errors import SettingsError
from handlesfake.options import cassette_names
from handlesfake.options.cassette_names import check_name

HERE = r"C:\game"


def relpath(path: object) -> str:
    """``ntpath.relpath`` for a run that was started in :data:`HERE`."""
    return ntpath.relpath(str(path), HERE)


WINDOWS = SimpleNamespace(path=SimpleNamespace(relpath=relpath), sep="\\", name="nt")


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        (r"C:\game\cassettes\lobby.yaml", "cassettes/lobby.yaml"),
        (r"C:\other\lobby.yaml", r"C:\other\lobby.yaml"),
        (r"D:\game\lobby.yaml", r"D:\game\lobby.yaml"),
    ],
)
def test_a_path_below_the_run_has_slashes(path: str, shown: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As node ids of pytest have them on every system; a path elsewhere is shown whole, of another drive as well."""
    monkeypatch.setattr(next_steps, "os", WINDOWS)
    monkeypatch.setattr(call_site, "os", WINDOWS)

    assert (shown, shown) == (next_steps.display_path(Path(path)), call_site._relative(path))


def test_a_python_on_another_drive_is_called_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """The demo ends with a command to type."""
    show = import_module("handlesfake.demo.show")
    monkeypatch.setattr(show, "os", WINDOWS)
    monkeypatch.setattr(show.sys, "executable", r"D:\python\python.exe")
    elsewhere = show._python()
    monkeypatch.setattr(show.sys, "executable", r"C:\game\.venv\Scripts\python.exe")

    assert ("python", r".venv\Scripts\python.exe") == (elsewhere, show._python())


@pytest.mark.parametrize("name", ["lobby:1", "a<b", "who?", "nul", "party/CON.yaml", "com1.lobby", "lobby.", "a|b"])
def test_a_name_that_no_file_of_windows_has(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A colon would write into a stream that no folder lists, and NUL would keep nothing."""
    check_name(name)  # other systems have such files
    monkeypatch.setattr(cassette_names, "os", WINDOWS)
    with pytest.raises(SettingsError) as caught:
        check_name(name)

    assert (
        f"cassette={name!r} cannot be the name of a file on Windows. Write a name, cassette='lobby' or cassette='party/lobby'; "
        "for a file elsewhere, its path from rootdir, cassette=Path('shared/lobby.yaml')."
    ) == str(caught.value)


@pytest.mark.parametrize("name", ["lobby", "console", "party/lobby.yaml", "com10", "a.b", "nulls.yaml", "Ä b"])
def test_a_good_name_is_good_there_too(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Names that only begin like those of devices are files."""
    monkeypatch.setattr(cassette_names, "os", WINDOWS)

    check_name(name)
