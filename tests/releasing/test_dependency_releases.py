"""The page of dependencies and their releases, as far as it can be made without an index."""

from __future__ import annotations

import re
from configparser import ConfigParser
from email.message import Message
from pathlib import Path

import pytest

from docs.making.dependency_releases import PAGE, Release, keepers, licence, reasons, required, text, wheels

ROOT = Path(__file__).parent.parent.parent


def metadata(**fields: str | list[str]) -> Message:
    """Metadata of a package; an underscore means a hyphen."""
    made = Message()
    for name, value in fields.items():
        for one in [value] if isinstance(value, str) else value:
            made[name.replace("_", "-")] = one
    return made


@pytest.mark.parametrize(
    ("files", "words"),
    [
        (["h11-0.16.0-py3-none-any.whl"], "pure"),
        (["yarl-1-py3-none-any.whl", "yarl-1-cp311-cp311-win_amd64.whl"], "pure, and faster ones"),
        (
            [
                "regex-1-cp311-cp311-manylinux2014_x86_64.manylinux_2_17_x86_64.whl",
                "regex-1-cp311-cp311-musllinux_1_2_x86_64.whl",
                "regex-1-cp311-cp311-macosx_11_0_arm64.whl",
                "regex-1-cp311-cp311-win32.whl",
            ],
            "Linux, Linux (musl), macOS, Windows",
        ),
        ([], "none"),
    ],
)
def test_where_wheels_install(files: list[str], words: str) -> None:
    """Everywhere, or on the systems that have their own."""
    assert words == wheels(files)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"License_Expression": "MIT", "License": "see below"}, "MIT"),
        ({"Classifier": ["License :: OSI Approved :: MIT License", "Topic :: Games"], "License": "x"}, "MIT License"),
        ({"Classifier": ["License :: OSI Approved"], "License": "Apache-2.0\n\n  Text of it"}, "Apache-2.0"),
        ({}, "not said"),
    ],
)
def test_licences(fields: dict[str, str | list[str]], words: str) -> None:
    """What says it best comes first; the whole text of a licence stays out."""
    assert words == licence(metadata(**fields))


def test_addresses_of_keepers_are_left_out() -> None:
    """Each name once."""
    found = keepers(
        metadata(
            Author="Ada One",
            Author_Email='Ada One <ada@example.org>, "Bo Two" <bo@example.org>',
            Maintainer_Email="cy@example.org",
        )
    )

    assert "Ada One, Bo Two" == found
    assert "not said" == keepers(metadata())


def test_the_reasons_are_those_of_the_page() -> None:
    """The first clause of each row; names of one row share it."""
    page = (
        "| package | needed | why this, and not our own code |\n|---|---|---|\n"
        "| vcrpy ≥ 8.2.1 | always | the format is its: our files play in it |\n"
        "| brotli, zstandard | extra `codings` | undo content codings. Imported late |\n"
    )

    assert {
        "vcrpy": "the format is its",
        "brotli": "undo content codings",
        "zstandard": "undo content codings",
    } == reasons(page)


def test_the_page() -> None:
    """What is asked for with its reason, then what it brings."""
    needed = {"always": ["PyYAML >= 6.0"], "extra `x`": ["pyyaml"]}
    releases = [
        Release("PyYAML", "6.0.4", "2026-11-20", "Linux", "MIT", "Kirill Simonov"),
        Release("a_b", "1", "2026-01-01", "pure", "MIT", "not said"),
    ]
    made = text(needed, releases, {"pyyaml": "reads rules"}, "2026-12-01")

    assert "\nAs of 2026-12-01, " in made
    assert (
        "| PyYAML | always, extra `x` | 6.0.4 | 2026-11-20 | Linux | MIT | Kirill Simonov | reads rules |\n" in made
    )
    assert "| a_b | 1 | 2026-01-01 | pure | MIT | not said |\n" in made


def test_the_page_has_each_dependency_of_users() -> None:
    """One that comes or goes is a reason to write the page again."""
    setup = ConfigParser(interpolation=None)
    setup.read(ROOT / "setup.cfg", encoding="utf-8")
    names = {re.split(r"[^\w-]", line)[0].lower() for lines in required(setup).values() for line in lines}
    direct = PAGE.read_text(encoding="utf-8").partition("## What those bring")[0]
    rows = {line.split(" | ")[0].removeprefix("| ").lower() for line in direct.splitlines() if line.startswith("| ")}

    again = "write it again, with a network: python -m docs.making.dependency_releases"
    assert names == rows - {"package", "---"}, again
