"""``handlesfake diff``: what has changed from one recording to another, for people, machines and git."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from handlesfake.cassettes.cassette import Interaction, labelled
from handlesfake.cassettes.format.writing import dump_cassette
from handlesfake.cli import main
from handlesfake.mpsd.http.message import Headers, Request, Response

A, B = (f"{letter * 8}-0000-4000-8000-000000000000" for letter in "ab")
REF = {"scid": "7e570100-1111-4222-8333-444455556666", "templateName": "FakeLobby", "name": "lobby-1"}
ROLES = {"host": "9000000000000001", "guest": "9000000000000002"}


def exchange(method: str, target: str, document: Any, response: Response, day: int = 6) -> Interaction:
    """Host asks, and is answered on the day of March."""
    date = ("Date", f"Fri, {day:02d} Mar 2026 10:00:00 GMT")
    response = Response(response.status, Headers((date, *response.headers)), response.body)
    body = b"" if document is None else json.dumps(document).encode()
    return Interaction(1, Request(method, target, Headers([("Authorization", labelled("host"))]), body), response)


def made(handle: str, day: int = 6, invited: str = ROLES["guest"], **more: Any) -> Interaction:
    """Host invites a player."""
    document = {"type": "invite", "sessionRef": REF, "invitedXuid": invited}
    answer = json.dumps({"id": handle, **more}, separators=(",", ":")).encode()
    return exchange("POST", "/handles", document, Response(201, Headers(), answer), day)


def read(handle: str, status: int = 200, day: int = 6) -> Interaction:
    """Host reads a handle."""
    return exchange("GET", f"/handles/{handle}", None, Response(status), day)


def written(name: str, *interactions: Interaction, roles: dict[str, str] | None = None) -> str:
    """A cassette called ``name`` in the folder of the test."""
    Path(name).write_text(dump_cassette(interactions, ROLES if roles is None else roles), encoding="utf-8")
    return name


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_ids_and_times_are_no_change(capsys: pytest.CaptureFixture[str]) -> None:
    """They are counted, and the status is 0."""
    old = written("old.yaml", made(A), read(A))
    new = written("new.yaml", made(B, 20), read(B, day=20))

    assert 0 == main(["diff", old, new])
    assert "old.yaml -> new.yaml: nothing has changed; 1 id and 2 times are new\n" == capsys.readouterr().out
    assert 0 == main(["diff", old, old])
    assert "old.yaml -> old.yaml: nothing has changed\n" == capsys.readouterr().out


def test_a_change_is_told_as_messages_name_it(capsys: pytest.CaptureFixture[str]) -> None:
    """Which exchange, which field of the request or of the answer, and what is there no more, or is new."""
    old = written("old.yaml", made(A), read(A), exchange("DELETE", f"/handles/{A}", None, Response(204)))
    new = written(
        "new.yaml",
        exchange("GET", "/handles/" + "c" * 8, None, Response(404), 20),
        made(B, 20, invited="9000000000000077", inviteProtocol="game"),
        read(B, 404, 20),
        roles={"host": ROLES["host"]},
    )

    assert 1 == main(["diff", old, new])
    assert (
        "old.yaml -> new.yaml: 2 changed, 1 added, 1 removed, 1 role changed; 1 id and 2 times are new\n"
        "- role guest\n"
        "+ #1 get_handle by host, handle 2 -> 404\n"
        "  #1 (now #2) create_handle invite by host, session A, invites guest\n"
        "      invitedXuid                  old '9000000000000002'   new '9000000000000077'\n"
        "      answer.body.inviteProtocol   old nothing              new 'game'\n"
        "  #2 (now #3) get_handle by host, handle 1\n"
        "      answer.status   old 200   new 404\n"
        "- #3 delete_handle by host, handle 1 -> 204\n"
    ) == capsys.readouterr().out


def test_another_handle_of_the_same_recording_is_a_change(capsys: pytest.CaptureFixture[str]) -> None:
    """Ids match each other one to one: what was read is another handle now."""
    old = written("old.yaml", made(A), made(B), read(A))
    new = written("new.yaml", made(A), made(B), read(B))

    assert 1 == main(["diff", old, new])
    assert "changed" in capsys.readouterr().out


def test_roles_may_have_other_xuids(capsys: pytest.CaptureFixture[str]) -> None:
    """A made-up xuid is given in the order of the credentials, which says nothing."""
    old = written("old.yaml", made(A))
    new = written(
        "new.yaml", made(A, invited="9000000000000001"), roles={"guest": ROLES["host"], "host": ROLES["guest"]}
    )

    assert 0 == main(["diff", old, new])
    assert "old.yaml -> new.yaml: nothing has changed\n" == capsys.readouterr().out


def test_more_fields_may_be_volatile() -> None:
    """As ``mpsd_volatile_fields`` says it of a replay."""

    def round_of(word: str) -> Interaction:
        document = {"properties": {"custom": {"round": word}}}
        sessions = f"/serviceconfigs/{REF['scid']}/sessionTemplates/FakeLobby/sessions/lobby-1"
        return exchange("PUT", sessions, document, Response(204))

    old, new = written("old.yaml", round_of("round-0001")), written("new.yaml", round_of("round-0002"))

    assert 1 == main(["diff", old, new])
    assert 0 == main(["diff", old, new, "--volatile-fields", "properties.custom.round"])
    assert 2 == main(["diff", old, new, "--volatile-fields", "**"])


def test_machines_get_json(capsys: pytest.CaptureFixture[str]) -> None:
    """A side that has nothing has no key."""
    main(["diff", "--json", written("old.yaml", made(A)), written("new.yaml", made(A, note=None), read(A))])

    assert {
        "old": "old.yaml",
        "new": "new.yaml",
        "same": False,
        "changes": [
            {
                "kind": "changed",
                "old": 1,
                "new": 1,
                "operation": "create_handle",
                "caller": "host",
                "fields": [{"path": "answer.body.note", "new": None}],
            },
            {"kind": "added", "old": None, "new": 2, "operation": "get_handle", "caller": "host", "fields": []},
        ],
        "roles": {},
        "ids": 0,
        "times": 0,
    } == json.loads(capsys.readouterr().out)


def test_what_cannot_be_compared_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    """Status 2, and what to write."""
    assert 2 == main(["diff", written("old.yaml", made(A))])
    assert "handlesfake: handlesfake diff takes two cassettes: the old one, then the new one.\n" == (
        capsys.readouterr().err
    )
    assert 2 == main(["diff", "old.yaml", "new.yaml"])
    assert "new.yaml: the cassette cannot be read: No such file or directory" in capsys.readouterr().err


def test_a_file_that_is_no_text_moves_no_cursor(capsys: pytest.CaptureFixture[str]) -> None:
    """What git gives may be anything, or not there."""
    Path("a.yaml").write_bytes(b"\x1b[31mred\n")

    assert 0 == main(["diff", "--git", "a.yaml", "a.yaml", "aa", "100644", "/dev/null", "0", "0"])
    assert "-\\x1b[31mred\n" == capsys.readouterr().out.partition("@@\n")[2]
    assert 2 == main(["diff", "--git", "a.yaml", "gone.yaml", "aa", "100644", "a.yaml", "bb", "100644"])
    assert "handlesfake: gone.yaml: cannot be read: No such file or directory\n" == capsys.readouterr().err


def git(*words: str) -> str:
    """What git says in the folder of the test, without any user's settings."""
    said = {"user.name": "a", "user.email": "a@b.example", "core.pager": "cat", "init.defaultBranch": "main"}
    settings = [part for key, value in said.items() for part in ("-c", f"{key}={value}")]
    return subprocess.run(
        ["git", *settings, *words], check=True, capture_output=True, text=True, encoding="utf-8"
    ).stdout


def test_git_asks_it_as_a_diff_driver() -> None:
    """In a repository as docs/recording.md says: changed, new, removed, renamed, and one that is not a cassette."""
    git("init", "-q")
    git("config", "diff.mpsd.command", f'"{Path(sys.executable).as_posix()}" -m handlesfake diff --git')
    Path(".gitattributes").write_text("*.yaml diff=mpsd\n")
    written("lobby.yaml", made(A))
    written("gone.yaml", *[exchange("DELETE", f"/handles/{A}", None, Response(204))] * 30, roles={})
    written("moved.yaml", *[read(A)] * 5)
    Path("rules.yaml").write_text("a: 1\n")
    git("add", ".")
    git("commit", "-q", "-m", "one")
    written("lobby.yaml", made(B, 20, inviteProtocol="game"))
    written("new.yaml", made(A))
    Path("gone.yaml").unlink()
    Path("moved.yaml").rename("there.yaml")
    Path("rules.yaml").write_text("a: 2\n")
    git("add", ".")

    shown = git("diff", "--cached", "--ext-diff", "-M")
    assert (
        "lobby.yaml: 1 changed; 1 id and 1 time are new\n"
        "  #1 create_handle invite by host, session A, invites guest\n"
        "      answer.body.inviteProtocol   old nothing   new 'game'\n"
        "new.yaml: a new recording: 1 exchange, recorded 2026-03-06 10:00 UTC\n"
        "+     host 9000000000000001   guest 9000000000000002\n"
        "+     session A is lobby-1\n"
        "+ #1  +0.00 s  create_handle invite  host  201  session A, invites guest, handle 1\n"
        "rules.yaml: as text, since it cannot be read: line 1, column 1: this is not a cassette: "
        "it has 'a', and neither interactions nor version\n"
        "--- a/rules.yaml\n"
        "+++ b/rules.yaml\n"
        "@@ -1 +1 @@\n"
        "-a: 1\n"
        "+a: 2\n"
    ) == shown[shown.index("lobby.yaml") : shown.index("moved.yaml")]
    assert "- #30  +0.00 s  delete_handle  host  204  handle 1\n" in shown[: shown.index("lobby.yaml")]
    assert "moved.yaml -> there.yaml: nothing has changed\n" == shown[shown.index("moved.yaml") :]


def test_git_shows_timelines_by_textconv() -> None:
    """Ids and times make no line of a difference, and no temporary name is in one."""
    git("init", "-q")
    git("config", "diff.mpsd.textconv", f'"{Path(sys.executable).as_posix()}" -m handlesfake show --git')
    Path(".gitattributes").write_text("*.yaml diff=mpsd\n")
    written("lobby.yaml", made(A), read(A))
    git("add", ".")
    git("commit", "-q", "-m", "one")
    written("lobby.yaml", made(B), read(B, 404))

    assert [
        "-#2  +0.00 s  get_handle            host  200  handle 1",
        "+#2  +0.00 s  get_handle            host  404  handle 1",
    ] == [line for line in git("diff").splitlines()[4:] if line[0] in "+-"]


def test_git_shows_by_textconv_what_is_no_cassette() -> None:
    """A file that a merge has left in two, or another one of the folder, must not end git: it shows their text."""
    git("init", "-q")
    git("config", "diff.mpsd.textconv", f'"{Path(sys.executable).as_posix()}" -m handlesfake show --git')
    Path(".gitattributes").write_text("*.yaml diff=mpsd\n")
    written("lobby.yaml", made(A), read(A))
    Path("rules.yaml").write_text("a: 1\n")
    git("add", ".")
    git("commit", "-q", "-m", "one")
    Path("lobby.yaml").write_text("<<<<<<< here\nversion: 1\n")
    Path("rules.yaml").write_text("a: 2\n")

    assert {"+<<<<<<< here", "+version: 1", "-a: 1", "+a: 2"} <= set(git("diff").splitlines())


def test_a_folder_is_no_cassette(capsys: pytest.CaptureFixture[str]) -> None:
    """It is told what to name instead; show and verify take folders."""
    Path("cassettes").mkdir()

    assert 2 == main(["diff", "cassettes", "cassettes"])
    assert "handlesfake: cassettes: this is a folder; name a cassette in it\n" == capsys.readouterr().err
