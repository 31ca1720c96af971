"""What replays is what came: status, reason and decoded body byte for byte, except what scrubbing changed."""

from __future__ import annotations

import asyncio
import gzip
import json
import socket
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import aiohttp
import httpx
import pytest
import requests

import handlesfake
from handlesfake.cassettes.format.loading import load_cassette
from tests.cassettes.accounts import CREDENTIALS
from tests.patience import PATIENCE

SPREAD = json.dumps({"levels": [1, 2], "name": "maze"}, indent=2).encode()
"""Laid out as a cassette lays out what came in one line."""


class Seen(NamedTuple):
    """What a client has seen of an answer."""

    status: int
    reason: str
    body: bytes
    length: str | None = None


def by_requests(url: str, method: str = "GET") -> Seen:
    """Requests."""
    with requests.request(method, url, timeout=PATIENCE) as answer:
        return Seen(answer.status_code, answer.reason, answer.content, answer.headers.get("Content-Length"))


def by_httpx(url: str, method: str = "GET") -> Seen:
    """Httpx."""
    answer = httpx.request(method, url, timeout=PATIENCE)
    reason = answer.extensions["reason_phrase"].decode("latin-1")
    return Seen(answer.status_code, reason, answer.content, answer.headers.get("Content-Length"))


def by_aiohttp(url: str, method: str = "GET") -> Seen:
    """Aiohttp."""

    async def ask() -> Seen:
        async with aiohttp.request(method, url) as answer:
            length = answer.headers.get("Content-Length")
            return Seen(answer.status, answer.reason or "", await answer.read(), length)

    return asyncio.run(ask())


CLIENTS = {"requests": by_requests, "httpx": by_httpx, "aiohttp": by_aiohttp}


@contextmanager
def origin(raw: bytes) -> Iterator[str]:
    """A service that gives the bytes ``raw`` to every client; its address."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection:
                    head = b""
                    while b"\r\n\r\n" not in head and (more := connection.recv(65536)):
                        head += more
                    connection.sendall(raw)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}/levels"
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join(PATIENCE)


def answer(body: bytes, line: str = "200 OK", *headers: str) -> bytes:
    """An answer on the wire."""
    head = "\r\n".join([f"HTTP/1.1 {line}", f"Content-Length: {len(body)}", "Connection: close", *headers])
    return head.encode("latin-1") + b"\r\n\r\n" + body


def recorded_and_replayed(raw: bytes, path: Path, send: Callable[..., Seen], method: str = "GET") -> tuple[Seen, ...]:
    """What the client sees in truth, while it is recorded, and in a replay."""
    with origin(raw) as url:
        really = send(url, method)
        with handlesfake.record(path, credentials=CREDENTIALS, record_hosts=("127.0.0.1",)):
            recording = send(url, method)
    with handlesfake.replay(path, record_hosts=("127.0.0.1",)):
        return really, recording, send(url, method)


BODIES = {
    "spread": SPREAD,
    "spread, and a line more": SPREAD + b"\n",
    "in one line": b'{"name":"maze","levels":[1,2]}',
    "spaced": b'{"name": "maze", "levels": [1, 2]}',
    "a name twice": b'{"name":"maze","name":"hall"}',
    "escaped": b'{"name":"\\u006daze"}',
    "digits": b'{"size":1.10,"far":0.1000000000000000055}',
    "lines": b"one\r\ntwo\n\n three \n",
    "latin": "caf\u00e9".encode("latin-1"),
}


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("name", BODIES)
@pytest.mark.thorough
def test_a_body_replays_byte_for_byte(name: str, client: str, tmp_path: Path) -> None:
    """However its JSON is laid out, and whatever else it is."""
    kind = "text/plain; charset=latin-1" if name == "latin" else "application/json"
    raw = answer(BODIES[name], "200 OK", f"Content-Type: {kind}")
    really, recording, replayed = recorded_and_replayed(raw, tmp_path / "a.yaml", CLIENTS[client])

    assert BODIES[name] == really.body == recording.body == replayed.body


@pytest.mark.parametrize("name", [name for name in BODIES if name != "latin"])
def test_a_body_stands_in_both_formats_as_it_came(name: str, tmp_path: Path) -> None:
    """Over several lines where that loses nothing."""
    for path in (tmp_path / "a.yaml", tmp_path / "a.json"):
        raw = answer(BODIES[name], "200 OK", "Content-Type: application/json")
        really, recording, replayed = recorded_and_replayed(raw, path, by_requests)

        assert BODIES[name] == really.body == recording.body == replayed.body


@pytest.mark.parametrize("line", ["200 ", "200 Alles gut", "404 Fehlschl\u00e4ge", "600 Odd", "999 Refused"])
@pytest.mark.parametrize("client", CLIENTS)
def test_status_and_reason_replay(line: str, client: str, tmp_path: Path) -> None:
    """Whatever a client takes: an empty reason, letters of Latin-1, a status that no standard names."""
    seen = recorded_and_replayed(answer(b"x", line), tmp_path / "a.yaml", CLIENTS[client])

    assert [seen[0]] * 2 == list(seen[1:])


@pytest.mark.parametrize("client", CLIENTS)
def test_an_answer_to_head_keeps_its_length(client: str, tmp_path: Path) -> None:
    """Also where the GET would be packed; where the service says nothing of it, nothing is said."""
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 4711\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n"
    for number, raw in enumerate((head, b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")):
        seen = recorded_and_replayed(raw, tmp_path / f"{number}.yaml", CLIENTS[client], "HEAD")

        assert ["4711" if raw is head else None] * 3 == [one.length for one in seen]


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_the_report_names_the_coding_that_was_taken_off(coding: str, tmp_path: Path) -> None:
    """A client that unpacks the answer again fails in truth, and not in a replay."""
    packed = gzip.compress(SPREAD, mtime=0) if coding == "gzip" else zlib.compress(SPREAD)
    path = tmp_path / "a.yaml"
    with (
        origin(answer(packed, "200 OK", f"Content-Encoding: {coding}")) as url,
        handlesfake.record(path, credentials=CREDENTIALS, record_hosts=("127.0.0.1",)) as mpsd,
    ):
        by_requests(url)

    assert mpsd.recording is not None
    assert f"  unpacked   1 {coding} (answers are kept, and replay, without it)" in mpsd.recording.lines()
    assert SPREAD == load_cassette(path).interactions[0].response.body


def test_what_others_have_laid_out_is_what_came(tmp_path: Path) -> None:
    """A cassette of vcrpy holds the very text."""
    path = tmp_path / "a.yaml"
    text = "".join(f"\n        {line}" for line in SPREAD.decode().splitlines())
    path.write_text(
        "interactions:\n- request: {method: GET, uri: 'https://a.example/', body: null, headers: {}}\n"
        "  response:\n    status: {code: 200, message: OK}\n    headers: {}\n"
        f"    body:\n      string: |-{text}\nversion: 1\n"
    )

    assert SPREAD == load_cassette(path).interactions[0].response.body


PACKED = {
    "gzip": lambda body: gzip.compress(body, mtime=0),
    "deflate": zlib.compress,
}


@pytest.mark.parametrize("coding", PACKED)
def test_a_request_that_was_sent_packed_is_found_again(coding: str, tmp_path: Path) -> None:
    """Packed or not, its content is compared; the journal reads it, too."""
    path = tmp_path / "a.yaml"
    document = json.dumps({"type": "activity", "version": 1, "sessionRef": {"name": "lobby-1"}}).encode()

    def send(url: str, packed: bytes, name: str) -> int:
        headers = {"Content-Encoding": name, "Content-Type": "application/json", "x-xbl-contract-version": "107"}
        return requests.post(url, data=packed, headers=headers, timeout=PATIENCE).status_code

    with origin(answer(b"{}", "201 Created")) as url:
        authority = url.split("/")[2]
        handles = f"http://{authority}/handles"
        with handlesfake.record(path, credentials=CREDENTIALS, hosts=(authority,)) as mpsd:
            send(handles, PACKED[coding](document), coding)
            recorded = mpsd.journal[0].type
    with handlesfake.replay(path, hosts=(authority,), repeats="last") as mpsd:
        statuses = [send(handles, PACKED[coding](document), coding), send(handles, document, "identity")]

        assert [201, 201] == statuses
        assert ["activity"] * 2 == [recorded, mpsd.journal[0].type]


def test_multipart_bodies_match_whatever_parts_them(tmp_path: Path) -> None:
    """A client makes up a new boundary; the recording that is made again keeps the earlier one."""
    path = tmp_path / "a.yaml"

    def send(url: str, content: bytes = b"level data") -> int:
        return requests.post(url, files={"level": ("level.txt", content)}, timeout=PATIENCE).status_code

    with origin(answer(b"{}", "201 Created")) as url:
        for record in ("once", "rewrite"):
            with handlesfake.record(path, record=record, credentials=CREDENTIALS, record_hosts=("127.0.0.1",)):
                send(url)
            if record == "once":
                once = path.read_bytes()
    with handlesfake.replay(path, record_hosts=("127.0.0.1",)):
        assert 201 == send(url)
    with (
        handlesfake.replay(path, record_hosts=("127.0.0.1",)) as mpsd,
        mpsd.expect_unanswered(),
        pytest.raises(handlesfake.NotRecorded),
    ):
        send(url, b"other data")

    assert once == path.read_bytes()
