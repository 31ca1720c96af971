"""The demo, as a user sees it who types it."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from handlesfake.cli import main
from tests import warm

SCREEN = """handlesfake demo: a lobby bot against a real HTTPS server, then without it

  recording      https://127.0.0.1:PORT   another process, its own CA
  replaying      the server is gone; sockets and name look-ups are refused

  #  who    call                    recorded  replayed  rests on
  1  Host   put_session lobby-1     201       201       logged
  2  Host   activity lobby-1        201       201       captured
  3  Host   invite Guest            201       201       inferred
  4  Host   invite Far              429       429       documented
              waits 5 s as told     5.0 s     virtual
  5  Host   invite Far              201       201       inferred
  6  Guest  join by handle          200       200       seen in clients
  7  Host   leave lobby-1           200       200       documented

  Guest and Far were invited once each, in this order           ok
  Host showed lobby-1 until leaving, and nothing after it       ok
  nothing else was sent                                         ok

  broken on purpose, by the rule file down.yaml: every invite is refused
    AssertionError: Guest 9000000000000002 was invited 0 times to lobby-1,
        wanted 1. It was sent 2 times and refused each time:
      #3 HH:MM:SS  429 throttled   rule 'down'
      #4 HH:MM:SS  429 throttled   rule 'down'; nothing was sent after it
"""
"""What must be on the screen, word for word; the port and the times of day are as they come."""


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """What the demo printed, and the folder that it left. It takes the five seconds that it shows."""
    into = tmp_path_factory.mktemp("demo") / "played"
    done = warm.run("-m", "handlesfake", "demo", "--into", str(into))

    assert ["", 0] == [done.stderr, done.returncode]
    return done.stdout, into


def test_the_screen_shows_the_main_job(shown: tuple[str, Path]) -> None:
    """Every line of the table, of the claims and of the failure is on the screen."""
    screen = re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:PORT", shown[0])
    screen = re.sub(r"\d\d:\d\d:\d\d", "HH:MM:SS", screen)

    assert SCREEN.splitlines() == screen.splitlines()[: len(SCREEN.splitlines())]


def test_the_screen_is_80_columns_wide(shown: tuple[str, Path]) -> None:
    """No line is wider than a terminal, except those that name the folder."""
    into = str(shown[1])
    wide = [line for line in shown[0].splitlines() if len(line) > 80 and into not in line]

    assert [] == wide


def test_no_token_is_in_the_folder(shown: tuple[str, Path]) -> None:
    """The made-up tokens of the players are in no file that the demo leaves."""
    found = [path for path in shown[1].rglob("*") if path.is_file() and b"made-up-token" in path.read_bytes()]

    assert [] == found


def test_the_folder_it_leaves_passes_its_tests(shown: tuple[str, Path]) -> None:
    """Pytest on the folder passes, offline."""
    done = warm.run("-m", "pytest", "-q", str(shown[1]))

    assert "2 passed" in done.stdout


def test_a_changed_invitee_is_named(shown: tuple[str, Path]) -> None:
    """The last line's advice holds: another name fails, and the failure names field and both values."""
    test = shown[1] / "test_lobby.py"
    kept = test.read_text()
    test.write_text(kept.replace('"far"', '"fra"'))
    done = warm.run("-m", "pytest", "-q", str(shown[1]))
    test.write_text(kept)

    assert "invitedXuid   recorded '9000000000000003'   sent '9000000000000004'" in done.stdout
    assert "1 failed, 1 passed" in done.stdout


def test_an_existing_folder_is_never_overwritten(shown: tuple[str, Path]) -> None:
    """The demo refuses a folder that exists, with exit status 2."""
    done = warm.run("-m", "handlesfake", "demo", "--into", str(shown[1]))

    assert 2 == done.returncode
    assert (
        f"handlesfake: {shown[1]} exists, and the demo overwrites nothing.\n"
        "  take another: handlesfake demo --into DIR\n"
    ) == done.stderr


def test_what_is_missing_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the extra, the text is the command that installs it, and no folder is left that stops the next try."""
    monkeypatch.setattr("handlesfake.server.run.requirements.NEEDED", ("uvicorn", "no_such_package"))
    status = main(["demo", "--into", str(tmp_path / "played")])

    assert (2, []) == (status, list(tmp_path.iterdir()))
    assert (
        "handlesfake: the demo needs no_such_package, which this Python does not have:\n"
        f"  {sys.executable} -m pip install 'handlesfake[demo]'\n"
    ) == capsys.readouterr().err
