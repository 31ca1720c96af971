"""What is packed: the sdist has all that git tracks, and one place says each fact about the package."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from configparser import ConfigParser
from fnmatch import fnmatch
from importlib.metadata import version
from pathlib import Path

import pytest

from handlesfake.cli import main

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def tracked() -> list[str]:
    """The files that git tracks, and those that it would."""
    if not (ROOT / ".git").exists() or shutil.which("git") is None:
        pytest.skip("no checkout of git")
    command = ["git", "-C", str(ROOT), "ls-files", "--cached", "--others", "--exclude-standard"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()


@pytest.fixture
def setup() -> ConfigParser:
    """``setup.cfg``."""
    parser = ConfigParser(interpolation=None)
    parser.read(ROOT / "setup.cfg", encoding="utf-8")
    return parser


def manifest() -> Iterator[tuple[str, str]]:
    """``("graft", "tests")``, ``("include", "*.md")`` ..."""
    for line in (ROOT / "MANIFEST.in").read_text(encoding="utf-8").splitlines():
        command, *patterns = line.partition("#")[0].split() or [""]
        yield from ((command, pattern) for pattern in patterns)


def is_packed(name: str) -> bool:
    """Whether a line of MANIFEST.in takes the file ``name`` into the sdist."""
    takes = {
        "graft": lambda pattern: name.startswith(f"{pattern}/"),
        "include": lambda pattern: "/" not in name and fnmatch(name, pattern),
    }
    return any(command in takes and takes[command](pattern) for command, pattern in manifest())


def test_the_sdist_holds_what_git_tracks(tracked: list[str]) -> None:
    """Who has the sdist can run the tests and read the docs; CI compares the archive itself."""
    assert [] == [name for name in tracked if not is_packed(name)]


def test_each_line_of_the_manifest_takes_something(tracked: list[str]) -> None:
    """A folder that has moved leaves no line behind."""
    folders = {name.partition("/")[0] for name in tracked if "/" in name}
    files = [name for name in tracked if "/" not in name]

    assert folders == {pattern for command, pattern in manifest() if command == "graft"}
    assert [] == [
        pattern
        for command, pattern in manifest()
        if command == "include" and not any(fnmatch(name, pattern) for name in files)
    ]


def test_the_version_stands_in_one_place(capsys: pytest.CaptureFixture[str], setup: ConfigParser) -> None:
    """``setup.cfg`` has it, and the command and the installed package say the same."""
    with pytest.raises(SystemExit) as exit_:
        main(["--version"])

    assert (0, f"handlesfake {version('handlesfake')}\n") == (exit_.value.code, capsys.readouterr().out)
    assert setup["metadata"]["version"] == version("handlesfake")


def test_the_extras_are_the_users(setup: ConfigParser) -> None:
    """What only work on handlesfake needs, ``test`` apart, is in requirement files; the docs name each extra."""
    extras = {*setup["options.extras_require"]}
    page = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")

    assert {"aiohttp", "codings", "demo", "httpx", "server", "test", "tls"} == extras
    assert set() == {extra for extra in extras if f"`{extra}`" not in page}


def test_each_required_dependency_has_its_reason(setup: ConfigParser) -> None:
    """Each requirement has its own row in docs/dependencies.md."""
    required = re.findall(r"^([\w-]+)", setup["options"]["install_requires"], re.M)
    page = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")

    assert [] == [name for name in required if not re.search(rf"^\| {name}\b[^|]*\| always", page, re.M)]


def test_each_requirement_file_is_there(setup: ConfigParser) -> None:
    """What tox and ``.ci/run`` install from exists, and no file of that kind is forgotten."""
    scripts = [*(ROOT / ".ci").glob("[!_]*"), ROOT / "setup.cfg", ROOT / "benchmarks" / "speed.py"]
    named = {name for path in scripts for name in re.findall(r"-r ([\w./-]+\.txt)", path.read_text(encoding="utf-8"))}

    assert {
        ".ci/lint.txt",
        ".ci/release.txt",
        "benchmarks/requirements.txt",
        "docs/requirements.txt",
        "docs/site-requirements.txt",
        "tests/peace/requirements.txt",
    } == named
    assert [] == [name for name in named if not (ROOT / name).is_file()]


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    """One line for each."""
    with pytest.raises(SystemExit):
        main(["--help"])

    told = re.findall(r"^    (\w+) +\w", capsys.readouterr().out, re.M)
    assert ["serve", "demo", "diff", "show", "verify", "import", "export", "scan", "rules"] == told
