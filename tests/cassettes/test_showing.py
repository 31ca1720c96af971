"""``handlesfake show``: a recording as people read it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from handlesfake.cassettes.cassette import Interaction, labelled
from handlesfake.cassettes.format.writing import dump_cassette
from handlesfake.cli import main
from handlesfake.mpsd.http.message import Headers, Request, Response

REF = {"scid": "7e570100-1111-4222-8333-444455556666", "templateName": "FakeLobby", "name": "lobby-1"}
SESSION = "/serviceconfigs/7e570100-1111-4222-8333-444455556666/sessionTemplates/FakeLobby/sessions/lobby-1"


@pytest.fixture
def cassette(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Host invites Guest, who reads the lobby; then an odd one is refused."""
    monkeypatch.chdir(tmp_path)
    invite = {"type": "invite", "sessionRef": REF, "invitedXuid": "9000000000000002"}
    dates = [Headers([("Date", f"Tue, 06 Jan 2026 10:00:0{second} GMT")]) for second in range(3)]
    sent = {role: Headers([("Authorization", labelled(role))]) for role in ("host", "guest")}
    conditional = Headers((*sent["guest"], ("If-None-Match", '"aa"')))
    interactions = [
        Interaction(
            1,
            Request("POST", "/handles", sent["host"], json.dumps(invite).encode()),
            Response(201, dates[0], b'{"id":"h1"}'),
        ),
        Interaction(2, Request("GET", SESSION, conditional), Response(304, dates[1])),
        Interaction(3, Request("GET", "/nothing"), Response(404, dates[2], b"No \x1b[31msuch address.\nMore")),
    ]
    Path("a.yaml").write_text(dump_cassette(interactions, {"host": "9000000000000001", "guest": "9000000000000002"}))
    return "a.yaml"


def test_a_recording_is_a_timeline(cassette: str, capsys: pytest.CaptureFixture[str]) -> None:
    """When, what, who, the answer, of what; nothing that moves a cursor."""
    status = main(["show", cassette])

    assert 0 == status
    assert (
        "3 exchanges, recorded 2026-01-06 10:00 UTC\n"
        "    host 9000000000000001   guest 9000000000000002\n"
        "    session A is lobby-1\n"
        "#1  +0.00 s  create_handle invite  host   201  session A, invites guest, handle 1\n"
        "#2  +1.00 s  get_session           guest  304  session A, If-None-Match\n"
        "#3  +2.00 s  GET /nothing                 404\n"
        "    No \\x1b[31msuch address.\n"
    ) == capsys.readouterr().out


def test_bodies_can_be_shown(cassette: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Over several lines, so that a review shows what changed."""
    main(["show", "--bodies", cassette])

    assert [
        '      "invitedXuid": "9000000000000002"',
        "    }",
        "    came {",
        '      "id": "h1"',
        "    }",
    ] == capsys.readouterr().out.splitlines()[11:16]


def test_a_folder_is_shown_cassette_by_cassette(
    cassette: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each under its path; one that cannot be read is told, and the others are shown."""
    (tmp_path / "night").mkdir()
    for name in ("b.yaml", "night/c.yaml"):
        (tmp_path / name).write_bytes(Path(cassette).read_bytes())
    (tmp_path / "broken.json").write_text('{"version": 1}')

    assert 2 == main(["show", "."])
    out, err = capsys.readouterr()
    assert ["a.yaml", "b.yaml", "night/c.yaml"] == [
        line.partition(":")[0] for line in out.splitlines() if "exchanges" in line
    ]
    assert (
        "handlesfake: broken.json, line 1, column 1: a cassette has no interactions; the file may be cut short\n"
        == err
    )

    main(["show", "--json", "night", "a.yaml"])
    assert [str(Path("night/c.yaml")), "a.yaml"] == [one["cassette"] for one in json.loads(capsys.readouterr().out)]


def test_bytes_are_named_and_not_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An unknown coding, and an image: how many bytes, and of what."""
    answers = [
        Response(200, Headers([("Content-Encoding", "sdch")]), b"\x1b]0;\xff"),
        Response(200, Headers([("Content-Type", "image/png")]), b"\x89PNG\r\n\x1a\n\0"),
    ]
    interactions = [Interaction(number, Request("GET", "/a"), one) for number, one in enumerate(answers, 1)]
    (tmp_path / "a.yaml").write_text(dump_cassette(interactions, {}))
    main(["show", "--bodies", str(tmp_path / "a.yaml")])

    assert [
        "#1    GET /a    200",
        "    came <5 bytes: the content coding sdch is not read here>",
        "#2    GET /a    200",
        "    came <9 bytes that are not text: image/png>",
    ] == capsys.readouterr().out.splitlines()[1:]


def test_machines_get_json(cassette: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Everything except the replacement of a token."""
    main(["show", "--json", cassette])
    shown = json.loads(capsys.readouterr().out)

    assert {"host": "9000000000000001", "guest": "9000000000000002"} == shown["roles"]
    assert {
        "number": 2,
        "at": "2026-01-06T10:00:01+00:00",
        "operation": "get_session",
        "type": "",
        "caller": "guest",
        "host": "sessiondirectory.xboxlive.com",
        "method": "GET",
        "target": SESSION,
        "request_headers": [["If-None-Match", '"aa"']],
        "body": None,
        "status": 304,
        "answer_headers": [["Date", "Tue, 06 Jan 2026 10:00:01 GMT"]],
        "answer": None,
    } == shown["interactions"][1]


def test_what_cannot_be_read_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit status 2, and one line."""
    path = tmp_path / "a.yaml"
    path.write_text("version: 1\n")

    assert 2 == main(["show", str(path)])
    assert (
        f"handlesfake: {path}, line 1, column 1: a cassette has no interactions; the file may be cut short\n"
    ) == capsys.readouterr().err


def test_who_has_read_enough_may_go(cassette: str) -> None:
    """``handlesfake show | head -1`` ends without a traceback."""
    reads, writes = os.pipe()
    os.close(reads)
    try:
        shown = subprocess.run(
            [sys.executable, "-m", "handlesfake", "show", cassette],
            stdout=writes,
            stderr=subprocess.PIPE,
            check=False,
        )
    finally:
        os.close(writes)

    assert (141, b"") == (shown.returncode, shown.stderr)


def test_what_a_killed_recorder_has_left_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """There is no cassette yet, and nothing is lost."""
    path = tmp_path / "b.yaml"
    (tmp_path / ".b.yaml.1.aaaaaaaa.journal").write_text('{"cassette": "b.yaml", "roles": {}}\n')

    assert 2 == main(["show", str(path)])
    assert (
        f"handlesfake: {path}: not written yet: its recorder was killed, and what it kept is in a journal beside it.\n"
        "  the next test that names the cassette puts that in.\n"
    ) == capsys.readouterr().err
