"""What cannot be read is withheld, and no message says how to have it written."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from textwrap import dedent

import pytest

import handlesfake
from handlesfake.cassettes.format.compression import unpacked
from handlesfake.cassettes.people.pseudonyms import Pseudonyms
from handlesfake.cassettes.scrubbing.scrubber import Scrubber
from handlesfake.mpsd.http.message import Headers, Request, Response
from tests.cassettes.accounts import CREDENTIALS
from tests.cassettes.scrubbing.planted_secrets import Exchange
from tests.cassettes.scrubbing.secret_search import answering, sent
from tests.transports import by_requests

PLAIN = b'{"access_token":"short"}'
ZIPPED = b"PK\x03\x04" + bytes(range(128, 160))


def recorded(path: Path, *headers: tuple[str, str], body: bytes = ZIPPED, not_secret: tuple[str, ...] = ()) -> str:
    """What the test is told that records an answer with ``headers`` and ``body``; empty when it is told nothing."""
    exchange = Exchange("GET", "/handles/x", [], b"", 200, [("Content-Type", "application/x-thing"), *headers], body)
    try:
        with (
            answering([exchange]) as service,
            handlesfake.record(path, credentials=CREDENTIALS, hosts=(service.authority,), not_secret=not_secret),
        ):
            sent([exchange], _plain, service.authority)
    except handlesfake.CassetteError as error:
        return str(error)
    return ""


def _plain(method: str, url: str, headers: list[tuple[str, str]], body: bytes) -> tuple[int, Headers, bytes]:
    return by_requests(method, url, [*headers, ("Accept-Encoding", "identity")], body)


def test_packed_bytes_are_withheld_whatever_is_allowed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message names what to send instead, and never the setting that would write it."""
    monkeypatch.chdir(tmp_path)
    told = recorded(tmp_path / "a.yaml", not_secret=("body",))

    assert (
        dedent("""\
        a.yaml was not recorded: body cannot be read (bytes that are packed in a way that is not read here) and was withheld
          what was recorded is kept in a.yaml.rejected, which is never replayed
          what cannot be read may hold anything: have it sent as text, or leave its host out of the recording""")
        == told
    )
    assert ZIPPED not in (tmp_path / "a.yaml.rejected").read_bytes()


def test_a_coding_that_is_not_read_says_which_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And where their decoders are; the rejected recording says it, too."""
    monkeypatch.chdir(tmp_path)
    told = recorded(tmp_path / "a.yaml", ("Content-Encoding", "compress"))
    (tmp_path / "a.yaml.rejected").rename(tmp_path / "a.yaml")
    with pytest.raises(handlesfake.CassetteError) as caught, handlesfake.replay(tmp_path / "a.yaml"):
        pass
    advice = [
        "  what cannot be read may hold anything: have it sent so that it can be read:",
        "      pip install 'handlesfake[codings]'   reads br and zstd, beside gzip and deflate",
        "      Accept-Encoding: gzip                asks for what is read everywhere",
    ]

    assert advice == told.splitlines()[2:]
    assert advice == str(caught.value).splitlines()[1:4]
    assert "mpsd_not_secret" not in told + str(caught.value)


def test_bytes_that_are_no_text_are_written_where_a_setting_says_so(tmp_path: Path) -> None:
    """Nothing is packed in them, as far as can be told, and no message has advised it."""
    raw = bytes(range(200, 256))

    assert "mpsd_not_secret" not in recorded(tmp_path / "a.yaml", body=raw)
    assert "" == recorded(tmp_path / "b.yaml", body=raw, not_secret=("body",))


def test_zstd_is_undone_where_a_decoder_is() -> None:
    """That of Python 3.14, or the package's; in one with another coding, too."""
    name = next((one for one in ("compression.zstd", "zstandard") if find_spec(one.partition(".")[0])), "")
    if not name:
        pytest.skip("no decoder of zstd")
    packed = import_module(name).compress(PLAIN)
    headers = Headers([("Content-Encoding", "zstd")])

    assert (Headers(), PLAIN) == unpacked(headers, packed)
    assert (headers, packed[:-1]) == unpacked(headers, packed[:-1])


@pytest.mark.parametrize("coding", ["br", "zstd", "deflate", "gzip, br"])
def test_a_text_that_was_unpacked_already_is_read(coding: str) -> None:
    """As vcrpy writes it: the header names a coding, and the body is plain."""
    assert (Headers(), PLAIN) == unpacked(Headers([("Content-Encoding", coding)]), PLAIN)


def test_a_body_that_is_packed_inside_is_looked_into() -> None:
    """A request, too: what was sent packed is compared, and written, in plain."""
    request = Request("POST", "/thing", Headers([("Content-Encoding", "identity")]), PLAIN)
    written, found = Scrubber(Pseudonyms(b"a key that only tests have")).request(request, "")
    response, _ = Scrubber(Pseudonyms(b"a key that only tests have")).response(Response(200, Headers(), PLAIN))

    assert (b'{"access_token":"removed"}', {}) == (written.body, found.unread)
    assert written.body == response.body
