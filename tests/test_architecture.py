"""``ARCHITECTURE.md`` names what is there: every room, and no file, folder or name that has moved. Folders stay small."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from docs.making.rooms import layers

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
PLACES = sorted(
    {*re.findall(r"(?:handlesfake|tests|docs)/[\w/.*-]*\w", PAGE), *re.findall(r"`([\w-]+\.(?:md|cfg))`", PAGE)}
)
NAMED = sorted(set(re.findall(r"`(\w+)`(?: and `\w+`)?\s+in\s+`([\w/]+\.py)`", PAGE)))
ROOMS = [(folder, room) for folder, found in layers() for rooms in found for room in rooms]


@pytest.mark.parametrize("place", PLACES)
def test_a_place_that_the_page_names_is_there(place: str) -> None:
    """A file or folder that moves takes the page with it."""
    assert [*ROOT.glob(place)], f"ARCHITECTURE.md names {place}, which is not there"


@pytest.mark.parametrize(("name", "path"), NAMED)
def test_a_name_is_in_the_file_that_the_page_says(name: str, path: str) -> None:
    """A table or function that is renamed takes the page with it."""
    source = (ROOT / path).read_text(encoding="utf-8")

    assert re.search(rf"^ *(?:(?:async )?def |class )?{name}\b", source, re.M), f"{path} has no {name}"


@pytest.mark.parametrize(("folder", "room"), ROOMS, ids=str)
def test_the_page_shows_each_room_once(folder: Path, room: str) -> None:
    """All rooms of the layer contracts, each in the rows of its folder."""
    rows = [line for line in PAGE.splitlines() if line.startswith(f"| `{folder.as_posix()}/` |")]
    shown = re.findall(r"(?:\| |<br>)`(\w+)`: ", "\n".join(rows))

    assert 1 == shown.count(room)


def test_the_seven_changes_are_shown() -> None:
    """Each with its places and the tests that prove it."""
    _, *parts = PAGE.partition("## Seven worked changes")[2].split("\n### ")
    titles = [part.splitlines()[0] for part in parts]

    assert [
        "An operation",
        "A refusal",
        "A client",
        "A fault",
        "A word of a rule",
        "A field of the journal",
        "A service",
    ] == titles
    assert [] == [part for part in parts if "\nProof: `python -m pytest " not in part]
    assert len(NAMED) > 20


@pytest.mark.parametrize("top", ["handlesfake", "tests"])
def test_no_folder_has_more_than_25_files(top: str) -> None:
    """What is in a folder can be read at a glance; one that grows beyond is given rooms."""
    files = Counter(file.parent for file in (ROOT / top).rglob("*") if file.is_file() and file.suffix != ".pyc")

    assert {} == {folder.relative_to(ROOT).as_posix(): count for folder, count in files.items() if count > 25}


def test_no_module_has_more_than_300_lines() -> None:
    """A module has one noun; about 250 lines are its measure, and one that grows beyond is taken apart."""
    lines = {
        path: len(path.read_text(encoding="utf-8").splitlines()) for path in (ROOT / "handlesfake").rglob("*.py")
    }

    assert {} == {path.relative_to(ROOT).as_posix(): count for path, count in lines.items() if count > 300}
