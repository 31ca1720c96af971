"""Recordings that are cut short: SIGKILL, Ctrl-C, ``-x``, tests that fail, disks that are full, folders that vanish."""

from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from handlesfake.cassettes.format.loading import load_cassette
from tests.intercept.loopback import Loopback
from tests.plugin.sessions import PLUGINS, Suite, outcomes
from tests.plugin.test_cassettes import CREDENTIALS
from tests.plugin.test_recording_workers import PARTY, held, server
from tests.systems.needed import system_has

__all__ = ["server"]

ALL = [f"{name}-{number}" for name in "abcdefgh" for number in range(5)]
KILLED = """
    import os, signal
    from pathlib import Path

    def pytest_runtest_setup(item):
        if item.name == "test_it[{name}]" and {early} and not Path("again").exists():
            os.killpg(0, signal.SIGKILL)

    def trouble(name, number):
        if name == "{name}" and number == 2 and not Path("again").exists():
            {happens}
"""


@pytest.fixture
def party(suite: Suite, server: Loopback, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Suite:
    """Eight tests that record one cassette, with a separate temporary folder."""
    (tmp_path / "tmp").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    suite.ini(f"mpsd_hosts = {server.authority}")
    suite.write(CREDENTIALS + PARTY.format(authority=server.authority, names="abcdefgh"))
    return suite


def in_trouble(suite: Suite, happens: str, name: str = "c", *, early: bool = False) -> None:
    """Let ``happens`` happen before the third request of the test ``name``; ``early``: SIGKILL before that test."""
    text = KILLED.format(name=name, happens=happens, early=early).replace("\n    ", "\n")
    (suite.pytester.path / "conftest.py").write_text(text)
    path = suite.pytester.path / "test_party.py"
    path.write_text(
        path.read_text().replace(
            "        connection.request", "        trouble(name, number)\n        connection.request"
        )
    )
    path.write_text("from conftest import trouble\n" + path.read_text())


def killed(suite: Suite, *arguments: str) -> None:
    """Run it in a separate process group, and wait for all of them to be killed."""
    plugins = [word for plugin in PLUGINS for word in ("-p", plugin)]
    command = [sys.executable, "-m", "pytest", *plugins, "-p", "no:cacheprovider", "--mpsd-record=once", *arguments]
    process = suite.pytester.popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    assert -signal.SIGKILL == process.wait(timeout=120)
    (suite.pytester.path / "again").touch()


def cassette_of(suite: Suite) -> Path:
    """Where it lies."""
    return suite.pytester.path / "cassettes/test_party/lobby.yaml"


def left(suite: Suite) -> list[str]:
    """All files beside the cassette, and in the folder of locks."""
    locks = Path(tempfile.gettempdir()).glob("handlesfake-*/*")
    return sorted(one.name for one in (*cassette_of(suite).parent.iterdir(), *locks))


@system_has("signals")
@pytest.mark.parametrize(
    ("early", "says"),
    [
        (False, "  took in    2 exchanges of a run that was cut short"),
        pytest.param(True, "  goes on    where a run that was cut short had stopped", marks=pytest.mark.thorough),
    ],
    ids=["within", "between"],
)
def test_a_run_after_one_that_was_killed_records_on(party: Suite, server: Loopback, early: bool, says: str) -> None:
    """SIGKILL within a test, and between two: ``once`` again records what is missing, says so, and leaves nothing."""
    in_trouble(party, "os.killpg(0, signal.SIGKILL)", early=early)
    killed(party)
    sent = len(server.seen)
    again = party.run("--mpsd-record=once")
    total = len(server.seen)
    replayed = party.run("--mpsd-record=once")

    assert {"passed": 8} == outcomes(again)
    again.stdout.fnmatch_lines([says])
    assert ALL == held(cassette_of(party))
    assert 40 == total
    assert {"passed": 8} == outcomes(replayed)
    assert total == len(server.seen) > sent
    assert ["lobby.yaml"] == left(party)


@system_has("signals")
@pytest.mark.thorough
def test_workers_after_workers_that_were_killed_record_on(party: Suite) -> None:
    """A whole group of pytest-xdist is killed: whichever worker of the next run comes first, all of them go on."""
    in_trouble(party, "os.killpg(0, signal.SIGKILL)", name="e")
    killed(party, "-p", "xdist.plugin", "-n2")
    again = party.run("--mpsd-record=once", "-n2", plugins=("xdist.plugin",))

    assert {"passed": 8} == outcomes(again)
    assert ALL == held(cassette_of(party))
    assert ["lobby.yaml"] == left(party)


@system_has("signals")
def test_a_replay_says_what_it_took_in(party: Suite) -> None:
    """Without any option, too."""
    in_trouble(party, "os.killpg(0, signal.SIGKILL)")
    killed(party)
    result = party.run("-k", "a]")

    result.stdout.fnmatch_lines(["cassettes/test_party/lobby.yaml took in 2 exchanges of a run that was cut short"])
    assert 12 == len(load_cassette(cassette_of(party)).interactions)


@pytest.mark.parametrize(
    ("happens", "arguments"), [("raise KeyboardInterrupt", ()), ("assert False", ("-x",))], ids=["ctrl-c", "-x"]
)
def test_a_run_after_one_that_was_stopped_records_on(party: Suite, happens: str, arguments: tuple[str, ...]) -> None:
    """Ctrl-C and ``-x`` leave tests out: the next ``once`` run records them."""
    in_trouble(party, happens)
    party.apart("--mpsd-record=once", *arguments)
    (party.pytester.path / "again").touch()
    again = party.run("--mpsd-record=once")

    assert {"passed": 8} == outcomes(again)
    assert ALL == held(cassette_of(party))
    assert [] == [name for name in left(party) if not name.startswith("lobby.yaml")]


@pytest.mark.parametrize(
    "workers", [(), pytest.param(("-n2",), marks=pytest.mark.thorough)], ids=["one process", "two workers"]
)
def test_what_failing_tests_recorded_is_kept_together(party: Suite, workers: tuple[str, ...]) -> None:
    """Four of eight tests fail: ``.rejected`` holds what each of the four has recorded, and what the report says."""
    path = party.pytester.path / "test_party.py"
    path.write_text(path.read_text() + '    assert name in "efgh"\n')
    result = party.run("--mpsd-record=once", *workers, plugins=("xdist.plugin",) if workers else ())

    assert {"passed": 4, "failed": 4} == outcomes(result)
    result.stdout.fnmatch_lines(["rejected cassettes/test_party/lobby.yaml.rejected: 20 exchanges with *"])
    assert ALL[:20] == held(cassette_of(party).with_name("lobby.yaml.rejected"))
    assert ALL[20:] == held(cassette_of(party))
    assert ["lobby.yaml", "lobby.yaml.rejected"] == left(party)


@pytest.mark.thorough
def test_a_later_run_rejects_anew(party: Suite) -> None:
    """What an earlier run has left as rejected is replaced."""
    path = party.pytester.path / "test_party.py"
    good = path.read_text()
    for names in ("ab", "cd"):
        path.write_text(good + f'    assert name not in "{names}"\n')
        party.run("--mpsd-record=rewrite")

    assert ALL[10:20] == held(cassette_of(party).with_name("lobby.yaml.rejected"))


@system_has("limits")
def test_a_full_disk_loses_nothing(party: Suite) -> None:
    """No file may grow beyond 9 kB: our own error names the journal, and the next run puts it in, and records on."""
    limited = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (9000, 9000))"
    (party.pytester.path / "conftest.py").write_text(limited)
    result = party.apart("--mpsd-record=once")
    (party.pytester.path / "conftest.py").write_text("")
    again = party.run("--mpsd-record=once")

    result.stdout.fnmatch_lines(
        [
            "CassetteError: *lobby.yaml: the cassette cannot be written: File too large",
            "  what was recorded is kept in cassettes/test_party/.lobby.yaml.*.journal;",
            "  make room, or the folder writable: the next run that names the cassette puts it in",
        ],
        consecutive=True,
    )
    result.stdout.no_fnmatch_line("*OSError*")
    assert {"passed": 8} == outcomes(again)
    assert ALL == held(cassette_of(party))
    assert ["lobby.yaml"] == left(party)


@system_has("limits")
def test_what_a_failed_test_recorded_on_a_full_disk_is_no_cassette_later(party: Suite) -> None:
    """It cannot be written as rejected: its journal stays, and the next run rejects it."""
    limited = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (9000, 9000))"
    path = party.pytester.path / "test_party.py"
    good = path.read_text()
    path.write_text(good + "    assert False\n")
    (party.pytester.path / "conftest.py").write_text(limited)
    party.apart("--mpsd-record=once")
    (party.pytester.path / "conftest.py").write_text("")
    path.write_text(good)
    again = party.run("--mpsd-record=once")

    assert {"passed": 8} == outcomes(again)
    assert ALL == held(cassette_of(party))
    assert ["lobby.yaml", "lobby.yaml.rejected"] == left(party)


@pytest.fixture
def tiny_disk(party: Suite) -> Callable[[], None]:
    """A file system of 120 kB under the cassettes, of which 80 are taken; call it to make room."""
    folder = party.pytester.path / "cassettes"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=120k", "handlesfake", str(folder)]
    if sys.platform != "linux" or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only root may mount")
    party.pytester._request.addfinalizer(lambda: subprocess.run(["umount", str(folder)], check=True))
    ballast = folder / "ballast"
    ballast.write_bytes(bytes(80_000))
    return ballast.unlink


def test_a_file_system_that_is_full_loses_nothing(party: Suite, tiny_disk: Callable[[], None]) -> None:
    """No space left on device: our own error; with room again, the next run has all."""
    result = party.run("--mpsd-record=once")
    tiny_disk()
    again = party.run("--mpsd-record=once")

    result.stdout.fnmatch_lines(["CassetteError: *: the cassette cannot be written: No space left on device"])
    result.stdout.no_fnmatch_line("*E  *OSError*")
    assert {"passed": 8} == outcomes(again)
    assert ALL == held(cassette_of(party))
    assert ["lobby.yaml"] == left(party)


@system_has("loose files")
def test_a_folder_that_vanishes_takes_nothing_of_a_test_with_it(party: Suite) -> None:
    """It is made again, with all that the test has recorded in it."""
    in_trouble(party, 'import shutil; shutil.rmtree("cassettes"); Path("again").touch()', name="a")
    result = party.run("--mpsd-record=once")

    assert {"passed": 8} == outcomes(result)
    assert ALL == held(cassette_of(party))
    assert ["lobby.yaml"] == left(party)


@system_has("loose files")
def test_a_folder_that_cannot_be_made_anew_takes_nothing_with_it(party: Suite) -> None:
    """A file has its name: our own error says where the journal is."""
    in_trouble(
        party, 'import shutil; shutil.rmtree("cassettes"); Path("cassettes").touch(); Path("again").touch()', "h"
    )
    result = party.run("--mpsd-record=once")

    assert {"passed": 8, "errors": 1} == outcomes(result)
    result.stdout.fnmatch_lines(
        ["CassetteError: *lobby.yaml: the cassette cannot be *", "*what was recorded is kept in *"]
    )
    journal = next(Path(tempfile.gettempdir()).glob(".lobby.yaml.*.journal"))
    assert 5 == sum("/handles/h-" in line for line in journal.read_text().splitlines())


@system_has("links")
@pytest.mark.thorough
def test_a_link_is_followed(party: Suite) -> None:
    """A cassette that is a link stays one; its target is recorded, also where that does not exist yet."""
    store, link = party.pytester.path / "store/real.yaml", cassette_of(party)
    store.parent.mkdir()
    link.parent.mkdir(parents=True)
    link.symlink_to("../../store/real.yaml")
    results = [party.run(f"--mpsd-record={policy}") for policy in ("once", "rewrite", "none")]

    assert [{"passed": 8}] * 3 == [outcomes(result) for result in results]
    assert link.is_symlink()
    assert ALL == held(store)
    assert ["lobby.yaml"] == left(party)
    assert ["real.yaml"] == [one.name for one in store.parent.iterdir()]
    results[2].stdout.no_fnmatch_line("*no test plays it*")


@system_has("links")
def test_a_link_to_itself_is_an_error(party: Suite) -> None:
    """Of ours, before anything is sent."""
    cassette_of(party).parent.mkdir(parents=True)
    cassette_of(party).symlink_to("lobby.yaml")
    result = party.run("--mpsd-record=once", "-k", "a]")

    result.stdout.fnmatch_lines(
        ["CassetteError: *lobby.yaml: the link leads nowhere but to itself; remove it, and record again"]
    )
