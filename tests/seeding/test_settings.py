"""Template and state files without Python: on the command line, and in the ini file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from handlesfake import Double
from handlesfake.cli import main

TEMPLATES = """
SmallShip:
  scid: 7e570100-2222-4222-8333-444455556666
  title_id: "1234567"
  constants: {system: {maxMembersCount: 4}}
"""
STATE = "sessions: [{name: ship-1, template: SmallShip, members: [host]}]\n"
WRONG = "sessions: [{name: ship-1, template: SmallShip, fill: 5}]\n"


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Double]:
    """The doubles that ``serve`` was to serve; the folder of the test holds three files."""
    doubles: list[Double] = []

    def serve(double: Double, *_arguments: Any, **_words: Any) -> None:
        doubles.append(double)

    monkeypatch.setattr("handlesfake.server.run.foreground.serve_in_foreground", serve)
    monkeypatch.chdir(tmp_path)
    for name, text in (("templates.yaml", TEMPLATES), ("state.yaml", STATE), ("wrong.yaml", WRONG)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    return doubles


def test_a_server_begins_with_a_state(served: list[Double]) -> None:
    """``serve --templates --state`` serves what the files say."""
    status = main(["serve", "--templates", "templates.yaml", "--state", "state.yaml"])

    assert (0, 1) == (status, len(served))
    assert "7e570100-2222-4222-8333-444455556666" == served[0].session("ship-1").scid
    assert "1234567" == served[0].user("host").title_id


def test_a_server_does_not_begin_with_what_cannot_be(
    served: list[Double], capsys: pytest.CaptureFixture[str]
) -> None:
    """``serve --state`` with a state that cannot be says where and why, and serves nothing."""
    status = main(["serve", "--templates", "templates.yaml", "--state", "wrong.yaml"])

    assert (2, []) == (status, served)
    assert (
        "handlesfake: wrong.yaml, line 1, column 54: MPSD could never be in that state: The session is full. "
        "(403 session_full, documented)\n"
    ) == capsys.readouterr().err


def test_the_ini_file_names_template_files(pytester: pytest.Pytester) -> None:
    """``mpsd_templates`` holds for every test, relative to rootdir; the marker's word takes its place."""
    pytester.makeini("[pytest]\nmpsd_templates = templates.yaml")
    (pytester.path / "templates.yaml").write_text(TEMPLATES, encoding="utf-8")
    (pytester.path / "other.yaml").write_text(TEMPLATES.replace("1234567", "42"), encoding="utf-8")
    pytester.makepyfile("""
        import pytest

        def played(mpsd):
            host = mpsd.user("host")
            mpsd.session(template="SmallShip", members=[host])
            return host.title_id

        def test_by_the_ini_file(mpsd):
            assert "1234567" == played(mpsd)

        @pytest.mark.mpsd(templates="other.yaml")
        def test_by_the_marker(mpsd):
            assert "42" == played(mpsd)
    """)

    pytester.runpytest_inprocess("-p", "no:cacheprovider", "-p", "no:asyncio").assert_outcomes(passed=2)
