"""What an export overwrites, and what happens to packed bodies on the way in and out."""

from __future__ import annotations

from pathlib import Path

import pytest

from handlesfake.cassettes.format.loading import load_cassette
from handlesfake.cli import main
from handlesfake.commands.captures import COULD_NOT_LOOK, FINE
from handlesfake.mpsd.http.message import Headers
from tests.captures.building import flow, flows, saz
from tests.captures.test_importing import CAME, SENT, given, imported

MODULES = {"br": "brotli", "zstd": "zstandard"}
PLAIN = b'{"type":"activity","version":1}'


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MPSD_PSEUDONYM_KEY", "a key of the tests")


def test_an_export_replaces_no_file_unasked(capsys: pytest.CaptureFixture[str]) -> None:
    """As an import does not: in the same words, and ``--rewrite`` is the same way out."""
    imported(given(saz((SENT, CAME)), "night.saz"))
    Path("lobby.har").write_text("of somebody else")
    capsys.readouterr()

    assert COULD_NOT_LOOK == main(["export", "lobby.yaml", "--to", "lobby.har"])
    assert (
        "handlesfake: lobby.har is there already; name another file, or say --rewrite to replace it\n"
        == capsys.readouterr().err
    )
    assert "of somebody else" == Path("lobby.har").read_text()
    assert FINE == main(["export", "lobby.yaml", "--to", "lobby.har", "--rewrite"])
    assert "of somebody else" != Path("lobby.har").read_text()


@pytest.mark.parametrize("coding", MODULES)
def test_packed_bodies_are_taken_and_given_plain(coding: str) -> None:
    """Request and answer in br or zstd: the cassette holds what was in them, and an export gives the same again."""
    packed = pytest.importorskip(MODULES[coding]).compress(PLAIN)
    lines = [[b"content-type", b"application/json"], [b"content-encoding", coding.encode()]]
    request = {"method": b"POST", "content": packed, "headers": lines}
    length = [b"content-length", str(len(packed)).encode()]
    response = {"status_code": 201, "content": packed, "headers": [*lines, length]}

    assert FINE == imported(given(flows(flow(request=request, response=response)), "night.mitm"))
    assert FINE == main(["export", "lobby.yaml", "--to", "lobby.har"])
    assert FINE == main(["import", "lobby.har", "--to", "again.yaml"])
    (one,) = load_cassette(Path("lobby.yaml")).interactions
    assert PLAIN == one.response.body
    assert {"type": "activity", "version": 1} == one.call.document
    assert Headers([("content-type", "application/json")]) == one.response.headers
    assert Path("lobby.yaml").read_bytes() == Path("again.yaml").read_bytes()


def test_a_role_is_given_another_name_on_the_way_back() -> None:
    """The HAR names the user that the cassette calls host; an option wins over it, and no user has two roles."""
    imported(given(flows(flow()), "night.mitm"), "--role=host=9000000000000071")
    assert FINE == main(["export", "lobby.yaml", "--to", "lobby.har"])

    assert FINE == main(["import", "lobby.har", "--to", "again.yaml", "--role", "alice=9000000000000001"])
    assert {"alice": "9000000000000001"} == dict(load_cassette(Path("again.yaml")).roles)
