"""What a scan has found once, it finds wherever it stands again, and tells placeholders from it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cassettes.audit.test_scan import scanned


def test_what_was_found_once_is_found_encoded_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Also in a text that has no name: an echo of what a header held."""
    path = tmp_path / "a.yaml"
    path.write_text(
        'interactions:\n- request:\n    body: \'{"accessToken": "made-up/7/secret"}\'\n'
        "  response:\n    body: {string: you sent made-up%2F7%2Fsecret}\n"
    )

    assert (1, ["3: accessToken", "5: what is found elsewhere in the file, encoded"]) == scanned(path, capsys)


def test_what_was_found_by_its_name_is_found_without_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """On each line that has only the value."""
    path = tmp_path / "notes.txt"
    path.write_text("login --password=made-up-7x\nok\nechoed made-up-7x\n")

    assert (1, ["1: password", "3: password"]) == scanned(path, capsys)


@pytest.mark.parametrize("line", ["curl -u $USER:$PASS a", "curl -u user:password a", "curl a && run -u 1000:1000 b"])
def test_a_command_line_that_names_no_password_is_fine(
    line: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Variables, words for a password, and the numbers of a user and a group."""
    path = tmp_path / "run.sh"
    path.write_text(f"{line}\n")

    assert (0, []) == scanned(path, capsys)
