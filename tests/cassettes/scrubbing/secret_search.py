"""Looking for planted things in files, however they are written, and a server that answers as the traffic says."""

from __future__ import annotations

import base64
import binascii
import gzip
import json
import re
import threading
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, unquote_plus

import yaml

from tests.cassettes.scrubbing.planted_secrets import Exchange, Planted
from tests.transports import Client

_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{16,}={0,2}")
_HEX = re.compile(r"(?:[0-9a-fA-F]{2}){8,}")
_DEPTH = 4
_PART = 20


class _Reader(yaml.SafeLoader):
    """Reads any cassette, also with custom tags."""


_Reader.add_multi_constructor(
    "tag:yaml.org,2002:python", lambda _, __, node: getattr(node, "value", "") and str(node.value)
)


class Answering(ThreadingHTTPServer):
    """Answers each request with the next exchange's answer, gzipped where the client takes it."""

    daemon_threads = True

    def __init__(self, exchanges: Sequence[Exchange]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.left = iter(exchanges)

    @property
    def authority(self) -> str:
        """``127.0.0.1:port``."""
        return f"127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Answering

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", "0")))
        exchange = next(self.server.left)
        content = exchange.answer
        self.send_response_only(exchange.status)
        for name, value in exchange.came:
            self.send_header(name, value)
        if content and "gzip" in self.headers.get("Accept-Encoding", ""):
            content = gzip.compress(content, mtime=0)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_PUT = do_DELETE = do_POST

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def answering(exchanges: Sequence[Exchange]) -> Iterator[Answering]:
    """The server, for a while."""
    with Answering(exchanges) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def sent(exchanges: Iterable[Exchange], send: Client, authority: str) -> list[bytes]:
    """Send each request; the bodies that came."""
    url = f"http://{authority}"
    return [send(one.method, url + one.target, list(one.sent), one.body)[2] for one in exchanges]


def leaks(folder: Path, planted: Iterable[Planted]) -> list[Planted]:
    """The values of ``planted`` in any file below ``folder``: as they are, or encoded up to four times."""
    texts = {text for path in folder.rglob("*") if path.is_file() for text in bare(path.read_bytes())}
    whole = "\n".join(texts)
    return [one for one in planted if any(part in whole for part in parts(one.value))]


def parts(value: str) -> set[str]:
    """What gives ``value`` away: itself, and of a long one its middle and its end."""
    if len(value) < 2 * _PART:
        return {value}
    middle = len(value) // 2
    return {value, value[middle : middle + _PART], value[-_PART:]}


def bare(raw: bytes) -> set[str]:
    """All that a file says, with every encoding taken off."""
    seen: set[str] = set()
    waiting: list[tuple[str | bytes, int]] = [(raw, 0)]
    waiting += [(text, 0) for text in _written(raw)]
    while waiting:
        thing, depth = waiting.pop()
        for text in {thing} if isinstance(thing, str) else _texts(thing):
            if text not in seen:
                seen.add(text)
                waiting += [(found, depth + 1) for found in _decoded(text)] if depth < _DEPTH else []
    return seen


def _written(raw: bytes) -> list[str | bytes]:
    """Every key and value of YAML, or of JSON on each line."""
    text = raw.decode("utf-8", "replace")
    found: list[str | bytes] = []
    try:
        found += _leaves(list(yaml.load_all(raw, _Reader)))
    except (yaml.YAMLError, ValueError):
        found.append(re.sub(r"\\?\n\s*", "", text))
    for line in text.splitlines():
        found += _json(line)
    return found


def _leaves(value: Any) -> list[str | bytes]:
    if isinstance(value, dict):
        return [leaf for pair in value.items() for one in pair for leaf in _leaves(one)]
    if isinstance(value, (list, tuple)):
        return [leaf for one in value for leaf in _leaves(one)]
    return [value if isinstance(value, bytes) else str(value)]


def _json(text: str) -> list[str | bytes]:
    if not text.lstrip().startswith(("{", "[", '"')):
        return []
    try:
        return _leaves(json.loads(text))
    except ValueError:
        return []


def _texts(raw: bytes) -> set[str]:
    """The text of some bytes, unpacked where they are packed, in each encoding that gives one."""
    if raw[:1] in (b"\x1f", b"\x78"):
        with suppress(zlib.error):
            raw = zlib.decompressobj(zlib.MAX_WBITS | 32).decompress(raw)  # gzip's head or zlib's; a piece is enough
    found = {raw.decode("utf-8", "ignore"), raw.decode("latin-1")}
    if b"\0" in raw:
        found |= {raw.decode(encoding, "ignore") for encoding in ("utf-16", "utf-16-le", "utf-16-be")}
        found.add(raw.replace(b"\0", b"").decode("latin-1"))
    return found


def _decoded(text: str) -> set[str | bytes]:
    found: set[str | bytes] = {unquote(text), unquote_plus(text), *_json(text)}
    if "\\" in text:
        found.add(re.sub(r"\\u([0-9a-fA-F]{4})", lambda match: chr(int(match[1], 16)), text).replace("\\", ""))
    for match in _BASE64.findall(text):
        plain = match.rstrip("=").translate(str.maketrans("-_", "+/"))
        try:
            found.add(base64.b64decode(plain + "=" * (-len(plain) % 4)))
        except binascii.Error:
            continue
    return found | {bytes.fromhex(match) for match in _HEX.findall(text)}
