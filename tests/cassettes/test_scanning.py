"""handlesfake scan: file, line and kind of what must not be committed."""

from __future__ import annotations

from pathlib import Path

import pytest
import vcr

from handlesfake.cassettes.key import MARK
from handlesfake.cli import main
from tests.cassettes.conftest import CREDENTIALS, SIGNATURE, call
from tests.cassettes.service import Service
from tests.cassettes.test_recording import recorded
from tests.roads import by_requests

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
    assert f"{tmp_path}/pseudonym.key:1: key of pseudonyms" == capsys.readouterr().out.splitlines()[0]


def test_what_cannot_be_looked_into_is_status_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file that is not there may hold anything."""
    assert 2 == main(["scan", str(tmp_path / "none.yaml")])
    assert (
        f"handlesfake: {tmp_path}/none.yaml: cannot be read: No such file or directory\n" in capsys.readouterr().err
    )
