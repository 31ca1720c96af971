"""Whatever a cassette file holds: a cassette comes out, or our own error, and nothing else happens.

A hundred examples in the suite; ``pytest tests/cassettes/format/test_fuzzing.py --hypothesis-profile=long`` tries
100,000, in some eighty seconds. An example is a few bytes, each of which means a piece of a file. Drawing many
strategies costs more than loading what comes out.
"""

from __future__ import annotations

import builtins
import os
import subprocess
import tracemalloc
from pathlib import Path
from typing import Any, NoReturn

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlesfake.cassettes.format.loading import load_cassette_text
from handlesfake.errors import CassetteError

WHOLE = b"""version: 1
handlesfake:
  roles: {host: '9000000000000001'}
interactions:
- request:
    method: POST
    uri: https://sessiondirectory.xboxlive.com/handles
    body: !!python/unicode '{"type": "activity"}'
    headers: {Authorization: ['XBL3.0 x=host;removed'], A: NO}
  response:
    status: {code: 201, message: Created}
    headers: {Date: ['Tue, 06 Jan 2026 10:00:00 GMT']}
    body: {string: !!binary eyJpZCI6ICJoMSJ9}
...
"""
AS_JSON = (
    b'{"version": 1, "interactions": [{"request": {"method": "GET", "uri": "https://a.test/", "body": null,'
    b' "headers": {"A": ["b"]}}, "response": {"status": {"code": 200, "message": "OK"}, "headers": {},'
    b' "body": {"string": "x"}}}]}'
)
PIECES = (
    *(b"- ", b": ", b"? ", b"[", b"]", b"{", b"}", b"'", b'"', b"|\n", b">-\n", b"&a ", b"*a", b"<<: ", b"...\n"),
    *(b"---\n", b"%TAG ! tag:yaml.org,2002:\n", b"%YAML 9.9\n", b"\xff", b"\x00", b"\xef\xbb\xbf", b"\t", b"\n  "),
    *(b"!!python/object/apply:os.system [exit]", b"!!python/name:os.system", b"!!python/module:antigravity "),
    *(b"!!python/object/new:subprocess.Popen [[exit]]", b"!!python/object:builtins.open {}", b"!!binary "),
    *(b"!!python/object/apply:builtins.iter {args: [[", b"!!python/object/new:_io.BytesIO {state: [", b"!!set "),
    *(b"!!timestamp 2026-01-06", b"!!int 1_000", b"!!float .nan", b"!!bool yes", b"!<tag:a,2026:b> ", b"\\ud800"),
    *(b"  " * 40, b"[" * 70, b"1" * 400, b"a: &a [*a]\n", b"x: *b\n", b"version: 1\n", b"interactions:\n"),
    *(b'"\\ud83d\\ude00"', b"\xed\xa0\x80", b"\xc2\x85", b"\xe2\x80\xa8", b"host: 1\n", b"status: 1\n", b"\x1f\x8b"),
)
WRITTEN = (b"", WHOLE, AS_JSON)


def file(drawn: bytes) -> bytes:
    """The meaning of ``drawn``: a series of pieces, or one of ``WRITTEN`` with up to four pieces replaced.

    The first byte chooses. Then come three for each piece: which it is, its place, and how much it replaces. A byte
    that is not the number of a piece means a character.
    """
    raw = WRITTEN[drawn[0] % 3] if drawn else b""
    row = not raw
    for at in range(1, len(drawn) - 2 if row else min(13, len(drawn) - 2), 3):
        which, where, lost = drawn[at : at + 3]
        start = len(raw) if row else where * (len(raw) + 1) // 256
        put = PIECES[which] if which < len(PIECES) else bytes([which & 0x7F])
        raw = raw[:start] + put + raw[start + lost % 32 :]
    return raw


@given(st.binary(max_size=64), st.sampled_from(["a.yaml", "a.json"]))
def test_any_bytes_give_a_cassette_or_a_cassette_error(drawn: bytes, name: str) -> None:
    """With the file's name in front, and on one line."""
    try:
        load_cassette_text(file(drawn), Path(name))
    except CassetteError as error:
        text = str(error)

        assert text.startswith(name)
        assert "\n" not in text


CALLED = (
    "!!python/object/apply:os.system ['exit 3']",
    "!!python/object/new:subprocess.Popen [['false']]",
    "!!python/name:builtins.eval ''",
    "!!python/object/apply:builtins.eval ['1/0']",
    "!!python/object/apply:builtins.__import__ [antigravity]",
)


@pytest.mark.parametrize("tag", CALLED)
def test_nothing_is_called(tag: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tags that other loaders follow are refused by their names."""

    def refuse(*_: Any, **__: Any) -> NoReturn:
        raise AssertionError("the loader has called something")

    for module, name in ((os, "system"), (subprocess, "Popen"), (builtins, "eval")):
        monkeypatch.setattr(module, name, refuse)

    with pytest.raises(CassetteError, match=r"^a\.yaml, line 5, column 12: the tag !!python/.* is not read$"):
        load_cassette_text(
            WHOLE.replace(b"- request:\n    method", f"- request: {tag}\n  x:\n    method".encode()), Path("a.yaml")
        )


BOMBS = {
    "aliases of aliases": "\n".join(
        ["a0: &a0 [" + ", ".join("x" * 9) + "]"]
        + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    ),
    "a thousand and one aliases": "a: &a [x]\nb: [" + "*a, " * 1001 + "]",
    "depth": "[" * 100_000,
    "a list in itself": "a: &a [*a]",
}


@pytest.mark.parametrize("text", BOMBS.values(), ids=BOMBS)
def test_a_bomb_takes_little_memory(text: str) -> None:
    """It is refused before anything is built."""
    tracemalloc.start()
    try:
        with pytest.raises(CassetteError):
            load_cassette_text(text.encode(), Path("a.yaml"))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert peak < 8 << 20
