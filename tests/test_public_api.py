"""What handlesfake promises: its names, their signatures and types, and the files that an installation has."""

from __future__ import annotations

import inspect
import shutil
import subprocess
import sys
import zipfile
from importlib.metadata import version
from pathlib import Path

import pytest

import handlesfake

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "handlesfake"

NAMES = [
    "Activity",
    "CassetteError",
    "Choices",
    "Clock",
    "Double",
    "Entry",
    "Escaped",
    "Evidence",
    "FaultName",
    "HandlesfakeError",
    "Hold",
    "Invite",
    "Journal",
    "MarkerWords",
    "NoCassette",
    "NotRecorded",
    "OldRecordingWarning",
    "OperationName",
    "OverlappingDoublesWarning",
    "Party",
    "RefusalName",
    "RuleError",
    "SeededSession",
    "Server",
    "SettingsError",
    "TitleService",
    "Unanswered",
    "UnroutedWarning",
    "User",
    "WithheldWarning",
    "fake",
    "mark",
    "record",
    "replay",
    "serve",
]
SIGNATURES = {
    "fake": "(**words: 'Unpack[FakeWords]') -> 'Double'",
    "mark": "(*test: 'Never', **words: 'Unpack[MarkerWords]') -> 'pytest.MarkDecorator'",
    "replay": "(path: 'str | Path', **words: 'Unpack[DoubleWords]') -> 'Double'",
    "record": "(path: 'str | Path', *, record: 'Policy' = 'once', "
    "credentials: 'Mapping[str, Mapping[str, Any]] | None' = None, **words: 'Unpack[DoubleWords]') -> 'Double'",
    "serve": "(double: 'Double', *, names: 'Iterable[str]' = ()) -> 'AbstractContextManager[Server]'",
}


def test_the_public_names_are_these() -> None:
    """``__all__`` is the whole promise, each name is there, and ``dir()`` shows it."""
    assert NAMES == handlesfake.__all__
    assert set(NAMES) <= set(dir(handlesfake))
    assert all(getattr(handlesfake, name) for name in NAMES)


@pytest.mark.parametrize("name", SIGNATURES)
def test_a_door_takes_what_it_says(name: str) -> None:
    """The signatures of the functions do not change by accident."""
    assert SIGNATURES[name] == str(inspect.signature(getattr(handlesfake, name)))


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    """A typo in a public name is Python's own error."""
    with pytest.raises(AttributeError, match=r"^module 'handlesfake' has no attribute 'fkae'$"):
        handlesfake.fkae()  # type: ignore[attr-defined]  # that is what is refused


def test_a_server_needs_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who imports the type without what a server needs is told what to install."""
    monkeypatch.setattr("handlesfake.server.run.requirements.NEEDED", ("uvicorn", "no_such_package"))
    monkeypatch.delitem(vars(handlesfake), "Server", raising=False)

    with pytest.raises(handlesfake.SettingsError, match="no_such_package"):
        handlesfake.Server  # noqa: B018 - that is what is refused


def test_the_marker_is_pytests_own() -> None:
    """``handlesfake.mark`` is ``pytest.mark.mpsd`` with types."""
    made = handlesfake.mark(strict=True, cassette="lobby").mark

    assert ("mpsd", (), {"strict": True, "cassette": "lobby"}) == (made.name, made.args, made.kwargs)


@pytest.mark.parametrize("given", [lambda mpsd: None, "lobby"], ids=["a test", "a name"])
def test_the_marker_takes_words_alone(given: object) -> None:
    """``@handlesfake.mark`` over a test, as ``@pytest.mark.mpsd`` can stand, says what to write."""
    with pytest.raises(handlesfake.SettingsError) as raised:
        handlesfake.mark(given)

    told = (
        "handlesfake.mark takes words alone: @handlesfake.mark(strict=True), and without a word @handlesfake.mark()."
    )
    assert told == str(raised.value)


def test_what_only_type_checkers_read_is_not_imported() -> None:
    """A double costs no time for names and keywords that are typed."""
    script = "import sys, handlesfake; handlesfake.fake().start().stop(); print([*sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True, cwd=ROOT)

    assert [] == [
        name for name in ("literals", "double.keywords", "double.party") if f"'handlesfake.{name}'" in done.stdout
    ]


def test_the_first_double_imports_no_machinery() -> None:
    """What is slow to import waits until it is used: it would be most of what the first double of a process takes."""
    slow = {"ast", "dataclasses", "difflib", "email", "hashlib", "inspect", "logging", "shutil", "socket", "tempfile"}
    script = (
        f"import sys; before = {{*sys.modules}}; import handlesfake; handlesfake.fake().start().stop(); "
        f"print(*sorted({slow} & ({{*sys.modules}} - before)))"
    )
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True, cwd=ROOT)

    assert "" == done.stdout.strip()


@pytest.fixture(scope="module")
def in_the_wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The files of a wheel, which is built from a copy: what an earlier build has left is in none."""
    source = tmp_path_factory.mktemp("source")
    shutil.copytree(PACKAGE, source / "handlesfake", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "tests", source / "tests", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "setup.cfg", "README.md", "LICENSE", "MANIFEST.in"):
        shutil.copy(ROOT / name, source)
    shutil.copytree(ROOT / ".ci", source / ".ci")
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--no-deps",
        "--no-build-isolation",
        "-w",
        source / "out",
        source,
    ]
    subprocess.run(command, check=True, capture_output=True)
    (wheel,) = (source / "out").glob("*.whl")
    return set(zipfile.ZipFile(wheel).namelist())


@pytest.mark.thorough
def test_the_wheel_holds_every_file_of_the_package(in_the_wheel: set[str]) -> None:
    """Code, types, templates, scenarios and the demo's folder: what works here works installed."""
    files = {
        path.relative_to(ROOT).as_posix()
        for path in PACKAGE.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }

    assert set() == files - in_the_wheel


@pytest.mark.thorough
def test_the_wheel_holds_what_no_import_would_miss(in_the_wheel: set[str]) -> None:
    """The files that are read and not imported are named here, so that no file is lost with its folder."""
    wanted = {
        "handlesfake/py.typed",
        "handlesfake/templates/minecraft_lobby.yaml",
        "handlesfake/templates/ready_lobby.yaml",
        "handlesfake/rules/scenarios/throttled_burst.yaml",
        "handlesfake/rules/schema.json",
        "handlesfake/server/control/page/page.html",
        "handlesfake/server/control/page/page.css",
        "handlesfake/server/control/page/main.js",
        "handlesfake/reporting/web/tokens.css",
        "handlesfake/reporting/html/report.html",
        "handlesfake/reporting/html/diagram.css",
        "handlesfake/reporting/html/main.js",
        "handlesfake/demo/folder/pytest.ini",
        "handlesfake/demo/folder/test_lobby.py",
        "handlesfake/demo/folder/rules/busy.yaml",
    }

    assert set() == wanted - in_the_wheel


@pytest.mark.thorough
def test_the_wheel_holds_nothing_else(in_the_wheel: set[str]) -> None:
    """No tests, and no other package."""
    assert {"handlesfake", f"handlesfake-{version('handlesfake')}.dist-info"} == {
        name.split("/")[0] for name in in_the_wheel
    }
