"""handlesfake scan: file, line and kind of what must not be committed."""

from __future__ import annotations

import base64
import json
import os
import re
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
import vcr
import yaml

from handlesfake.cassettes.audit import scanning as audit
from handlesfake.cassettes.cassette import Interaction, labelled
from handlesfake.cassettes.format.writing import dump_cassette, rendered
from handlesfake.cassettes.people.pseudonym_key import MARK
from handlesfake.cassettes.recording.journal_file import RecordingJournal
from handlesfake.cassettes.scrubbing.findings import Findings
from handlesfake.cli import main
from handlesfake.commands.pytest_setting import pytest_setting
from handlesfake.mpsd.http.message import Headers, Request, Response
from tests.cassettes.accounts import CREDENTIALS
from tests.cassettes.conftest import SIGNATURE, call
from tests.cassettes.recording.test_recording import recorded
from tests.cassettes.service import Service
from tests.systems.needed import system_has
from tests.transports import by_requests

XUID = str((9 << 48) + 12345)


def test_our_own_recording_has_nothing_to_hide(
    service: Service, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Status 0, and how many files were looked at."""
    recorded(tmp_path / "lobby.yaml", service)

    assert 0 == main(["scan", str(tmp_path)])
    assert ("", "nothing to hide in 1 file\n") == tuple(capsys.readouterr())


def test_a_cassette_of_vcrpys_is_looked_into(
    service: Service, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Header by header, and body by body: each with its line, and never with its value."""
    path = tmp_path / "theirs.yaml"
    with vcr.use_cassette(str(path)):
        headers = {"Authorization": CREDENTIALS["host"]["authorization"], "X-Xbl-Contract-Version": "107"}
        body = {"invitedXuid": XUID, "nonce": "made-up-nonce"}
        call(by_requests, "POST", f"http://{service.authority}/handles", headers, body)
    lines = path.read_text().splitlines()
    status = main(["scan", str(path)])
    told = capsys.readouterr().out

    assert 1 == status
    for kind, value in {
        "Authorization": CREDENTIALS["host"]["authorization"],
        "Signature": SIGNATURE,
        "invitedXuid": XUID,
        "nonce": "made-up-nonce",
    }.items():
        line = next(number for number, text in enumerate(lines, 1) if value in text)
        assert f"{path}:{line}: {'xuid' if kind == 'invitedXuid' else kind}" in told.splitlines()
        assert value not in told


def test_a_key_beside_cassettes_is_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The key of the pseudonyms belongs into no repository."""
    (tmp_path / "pseudonym.key").write_text(f"{MARK} 0123456789abcdef0123\n")

    assert 1 == main(["scan", str(tmp_path)])
    assert f"{tmp_path / 'pseudonym.key'}:1: key of pseudonyms" == capsys.readouterr().out.splitlines()[0]


def test_what_cannot_be_looked_into_is_status_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A missing file may hold anything."""
    assert 2 == main(["scan", str(tmp_path / "none.yaml")])
    assert (
        f"handlesfake: {tmp_path / 'none.yaml'}: cannot be read: No such file or directory\n"
        "no file was read\n" == capsys.readouterr().err
    )


def test_a_folder_without_recordings_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What was not looked into is not called clean."""
    (tmp_path / "notes.txt").write_text("x")

    assert 0 == main(["scan", str(tmp_path)])
    assert "no file was found: a folder is searched for recordings by suffix\n" == capsys.readouterr().err


def scanned(path: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, list[str]]:
    """The status, and what was found, less the path."""
    status = main(["scan", str(path)])
    return status, [line.removeprefix(f"{path}:") for line in capsys.readouterr().out.splitlines()]


def test_vcrpys_json_is_looked_into(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Its header lines, its query, its body, also where JSON escapes the quotes."""
    body = json.dumps({"gamertag": "Anna Example", "accessToken": "short"})
    request = {
        "method": "POST",
        "uri": f"https://sessiondirectory.xboxlive.com/handles?xuid={XUID}",
        "body": {"string": body},
        "headers": {"Authorization": ["XBL3.0 x=1;a-made-up-token"]},
    }
    response = {"status": {"code": 200, "message": "OK"}, "headers": {}, "body": {"string": "{}"}}
    path = tmp_path / "theirs.json"
    path.write_text(
        json.dumps({"interactions": [{"request": request, "response": response}], "version": 1}, indent=1)
    )
    lines = path.read_text().splitlines()
    at = {word: next(number for number, line in enumerate(lines, 1) if word in line) for word in ("uri", "string")}
    token = next(number for number, line in enumerate(lines, 1) if "made-up-token" in line)

    assert (
        1,
        [
            f"{at['uri']}: xuid",
            f"{at['string']}: accessToken",
            f"{at['string']}: gamertag",
            f"{token}: Authorization",
        ],
    ) == scanned(path, capsys)


def test_a_secret_that_is_encoded_is_found_where_it_stands(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The line of what encodes it."""
    path = tmp_path / "notes.yaml"
    encoded = base64.b64encode(f"xuid={XUID} Bearer abcdefgh12345678".encode()).decode()
    path.write_text(f"one: 1\ntwo: 2\nthree: {encoded}\n")

    assert (1, ["3: token", "3: xuid"]) == scanned(path, capsys)


def test_a_short_secret_is_found_on_its_own_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And not on each line that holds the same letters."""
    path = tmp_path / "notes.yaml"
    path.write_text("one: a\ntwo: b\napi_token: a\nthree: a\nnonce: null\n")

    assert (1, ["3: api_token"]) == scanned(path, capsys)


def test_bytes_are_looked_through_for_secrets(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A picture in the folder has nothing to hide; a token between bytes has."""
    (tmp_path / "a.png").write_bytes(bytes(range(256)) * 40)
    (tmp_path / "b.bin").write_bytes(b"\0\1\2\nBearer abcdefgh12345678\0")

    assert (0, []) == scanned(tmp_path / "a.png", capsys)
    assert (1, ["2: token"]) == scanned(tmp_path / "b.bin", capsys)


def test_a_body_that_cannot_be_looked_into_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Its content coding may hide anything."""
    path = tmp_path / "a.yaml"
    path.write_text(
        "version: 1\ninteractions:\n- request:\n    uri: https://a.invalid/\n    method: GET\n    headers: {}\n"
        "    body: null\n  response:\n    headers:\n      Content-Encoding: [compress]\n    body:\n      string: !!binary KLUv/QQA\n"
    )

    assert (1, ["12: the content coding compress is not read here"]) == scanned(path, capsys)


def test_the_name_of_an_object_in_a_store_is_no_secret(tmp_path: Path) -> None:
    """``s3_key`` names an object, and no key opens it, whatever hash is in its path; ``api_key`` opens something."""
    path, name = tmp_path / "upload.json", f"maps/7f/{'c0ffee' * 6}beef"
    path.write_text(json.dumps({"s3_key": name, "object_key": name}))
    found = audit.scan(path)
    path.write_text(json.dumps({"api_key": name}))

    assert ([], ["api_key"]) == (found, [leak.kind for leak in audit.scan(path)])


def test_a_folder_is_looked_through_and_git_is_not(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Files by their suffixes, in order; a file that is named twice is looked into once."""
    for name in ("b/2.json", "a/1.yaml", "a/skip.py", ".git/3.yaml", "b/.env"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f"xuid: {XUID}\n")
    status = main(["scan", str(tmp_path), str(tmp_path / "a" / "1.yaml")])
    told = capsys.readouterr()

    assert 1 == status
    assert (
        f"{tmp_path / 'a/1.yaml'}:1: xuid\n{tmp_path / 'b/.env'}:1: xuid\n{tmp_path / 'b/2.json'}:1: xuid\n"
        == told.out
    )
    assert "3 to hide in 3 of 3 files\n" == told.err


@pytest.mark.parametrize("pseudonym", ["Player555308101%25230345", "Player555308101%230345"])
def test_a_pseudonym_with_escapes_is_made_up(tmp_path: Path, pseudonym: str) -> None:
    """The recorder writes it with those that the address had, which may be two of them inside each other."""
    (tmp_path / "kept.txt").write_text(f"https://a.example/?u=/back?gamertag={pseudonym}\n")

    assert [] == audit.scan(tmp_path / "kept.txt")


@system_has("fifos")
def test_what_is_too_large_or_no_file_is_status_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is reported, the other files are still read, and nothing waits for a pipe."""
    monkeypatch.setattr(audit, "LARGEST", 1 << 20)
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "large.yaml").write_bytes(b"a" * ((1 << 20) + 1))
    (tmp_path / "small.yaml").write_text(f"xuid: {XUID}\n")
    status = main(["scan", *(str(tmp_path / name) for name in ("large.yaml", "pipe", "small.yaml"))])
    told = capsys.readouterr()

    assert 2 == status
    assert f"{tmp_path / 'small.yaml'}:1: xuid\n" == told.out
    assert (
        f"handlesfake: {tmp_path / 'large.yaml'}: more than 1 MiB are not looked into\n"
        f"handlesfake: {tmp_path / 'pipe'}: is not a file\n"
        "1 to hide in 1 file; 2 could not be read\n" == told.err
    )


def test_progress_is_for_terminals(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is on the standard error, and wiped out at the end."""
    for number in range(3):
        (tmp_path / f"{number}.yaml").write_text("a: 1\n")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    status = main(["scan", str(tmp_path)])
    told = capsys.readouterr()

    assert (0, "") == (status, told.out)
    assert "\r1 of 3 files\r\033[Knothing to hide in 3 files\n" == told.err


def test_it_is_a_hook_of_pre_commit() -> None:
    """The hook looks into cassettes, what is left beside them, and keys."""
    hook, _ = yaml.safe_load((Path(__file__).parents[3] / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    names = ["cassettes/a.yaml", "tests/cassettes/b/c.json", "x/.a.yaml.journal", "a.yaml.rejected", "pseudonym.key"]

    assert ("handlesfake scan", "python") == (hook["entry"], hook["language"])
    assert names == [name for name in [*names, "tests/test_a.py", "docs/a.yaml"] if re.search(hook["files"], name)]


@pytest.mark.thorough
@pytest.mark.parametrize(
    "letters", ["3f", "a.b-c.", "eyJ-", "a=b&", "%41a", "\\u0041", "&amp;x", "a@", "<a ", "token ", "sk-a-"]
)
@pytest.mark.parametrize(("name", "start"), [("large.txt", ""), ("cut.json", '{"a": "\\"'), ("cut.toml", 'a = "\\"')])
def test_a_large_file_takes_no_longer_by_the_letter(letters: str, name: str, start: str, tmp_path: Path) -> None:
    """No pattern goes back and forth: ten times as many letters, of any kind, take ten times as long, and not 100."""
    escaped = '\\"' if start else ""

    def cost(count: int) -> float:
        path = tmp_path / name
        path.write_text(start + (letters + escaped) * (count // len(letters + escaped)))
        began = time.process_time()  # what a regular expression does cannot be counted in steps
        audit.scan(path)
        return time.process_time() - began

    assert min(cost(100_000), cost(100_000)) < 30 * min(cost(10_000), cost(10_000), cost(10_000))


def test_a_journal_is_looked_into_as_the_cassette_it_will_be(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A replacement of a secret is not reported; a real secret is, with the line of its interaction."""
    headers = Headers([("Authorization", labelled("host"))])
    fine = Interaction(1, Request("GET", "/handles/1", headers), Response(200, Headers(), b'{"a":1}'))
    leaks = Response(200, Headers(), json.dumps({"deviceToken": "a" * 200, "signature": SIGNATURE}).encode())
    journal = RecordingJournal(tmp_path / "lobby.yaml", {"host": "9000000000000001"})
    journal.write(rendered(fine), "get_handle by host", 200, Findings(), 1)
    journal.write(rendered(replace(fine, response=leaks)), "get_handle by host", 200, Findings(), 2)

    assert 1 == main(["scan", str(journal.path)])
    journal.close(discard=True)
    lines = capsys.readouterr().out.splitlines()
    assert lines
    assert {f"{journal.path}:3"} == {line.rpartition(": ")[0] for line in lines}


def test_what_the_recorder_was_told_is_none_a_scan_is_told_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same setting of pytest, read where the command runs; or its own option."""
    monkeypatch.chdir(tmp_path)
    body = json.dumps({"custom": {"levelId": "k3Jx9QwLmZ7vTbN2RyHs4PdF"}}).encode()
    exchange = Interaction(1, Request("POST", "/handles", Headers(), body), Response(204))
    (tmp_path / "a.yaml").write_text(dump_cassette([exchange], {"host": "9000000000000001"}))

    assert 1 == main(["scan", "a.yaml"])
    assert 0 == main(["scan", "a.yaml", "--not-secret", "body.custom.levelId"])
    (tmp_path / "pytest.ini").write_text("[pytest]\nmpsd_not_secret = body.custom.levelId\n")
    assert 0 == main(["scan", "a.yaml"])
    assert ["a.yaml:12: looks like a secret"] == capsys.readouterr().out.splitlines()


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("pytest.ini", "[pytest]\nmpsd_not_secret =\n    body.a\n    path\n"),
        ("setup.cfg", "[tool:pytest]\nmpsd_not_secret = body.a path\n"),
        ("pyproject.toml", '[tool.pytest.ini_options]\nmpsd_not_secret = ["body.a", "path"]\n'),
        ("pyproject.toml", '[tool.pytest]\nmpsd_not_secret = "body.a path"\n'),
    ],
)
def test_a_setting_is_read_wherever_pytest_looks(file: str, text: str, tmp_path: Path) -> None:
    """A file that cannot be read is passed by."""
    (tmp_path / file).write_text(text)
    (tmp_path / "tox.ini").write_text("[pytest\n")

    assert ["body.a", "path"] == pytest_setting("mpsd_not_secret", tmp_path)
    assert [] == pytest_setting("mpsd_hosts", tmp_path)


@pytest.mark.parametrize(
    "line",
    [
        "Cookie: sid=made-up-7",
        "Set-Cookie: sid=made-up-7; Path=/",
        "X-Api-Key: made-up-7",
        "api-key: made-up-7",
        "x-functions-key: made-up-7",
        "Ocp-Apim-Subscription-Key: made-up-7",
        "AWS_SECRET_ACCESS_KEY=made-up-7",
        "GET https://a.example/?X-Amz-Signature=made-up-7",
        '{"jwt": "made-up-7"}',
        '{"bearer": "made-up-7"}',
        '{"session_id": "q8Zt3LkV5wXr1NbY7mCd"}',
        "postgres://u:pw@db.example/x",
        "curl -sS -u otter:pw7 https://a.example/",
    ],
)
def test_a_line_of_a_plain_file_is_found_on_its_line(
    line: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """And no other line is reported."""
    path = tmp_path / "notes.txt"
    path.write_text(f"one\ntwo\n{line}\nfour\n")
    status, told = scanned(path, capsys)

    assert (1, 1) == (status, len(told))
    assert told[0].startswith("3: ")
