"""The readers of captures, with valid files to begin with; what they take, a cassette can hold."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from handlesfake.captures.exchange import Unreadable
from handlesfake.captures.limits import Limits
from handlesfake.captures.reading import read_capture
from handlesfake.cassettes.cassette import Interaction
from handlesfake.cassettes.format.loading import load_cassette_text
from handlesfake.cassettes.format.writing import dump_cassette
from tests.captures import building
from tests.captures.building import CAME, SENT, entry, flow, har, headers, tnetstring
from tests.fuzzing.loaders import LOADERS as OTHERS
from tests.fuzzing.loaders import Loader
from tests.fuzzing.mutation import as_json, words_of

_LIMITS = Limits(file=1 << 20, body=1 << 18, entries=50, values=20_000)


def _load(raw: bytes) -> object:
    """What is taken can be written, and read again."""
    capture = read_capture(raw, {"a.json": b"{}"}.get, _LIMITS)
    taken = [Interaction(number, one.request, one.response) for number, one in enumerate(capture.exchanges, 1)]
    if taken:
        again = load_cassette_text(dump_cassette(taken, {}).encode(), Path("a.yaml")).interactions
        for one, other in zip(taken, again, strict=True):
            assert (one.request.method, one.request.host) == (other.request.method, other.request.host)
            assert one.response.status == other.response.status
    return capture


def _text(raw: bytes) -> str:
    """Bytes in a tree of JSON."""
    return "b:" + raw.decode("latin-1")


def _bytes(value: Any) -> Any:
    """The other way, at any depth."""
    if isinstance(value, dict):
        return {key: _bytes(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_bytes(one) for one in value]
    return value[2:].encode("latin-1", "replace") if isinstance(value, str) and value[:2] == "b:" else value


def _as_flows(tree: Any) -> bytes:
    states = _bytes(tree)
    return b"".join(map(tnetstring, states if isinstance(states, list) else [states]))


def _as_saz(tree: Any) -> bytes:
    files = tree if isinstance(tree, dict) else {"raw/1_c.txt": tree}
    # no zip archive has a name with NUL, and this writer none with surrogates
    names = {
        name[:200].replace("\0", "0").encode("ascii", "replace").decode() or "x": text for name, text in files.items()
    }
    return building.saz(more={name: str(text).encode("latin-1", "replace") for name, text in names.items()})


def _loader(bases: Sequence[bytes], trees: Sequence[Any], render: Any) -> Loader:
    texts = tuple(json.dumps(tree, default=_text) for tree in trees)
    return Loader(tuple(bases), _load, Unreadable, texts, words_of(map(json.loads, texts)), render)


_JSON = headers(Content_Type="application/json; charset=utf-8", Content_Length="2")
_HAR = [
    entry(method="POST", sent=_JSON, post={"text": "é", "mimeType": "x"}, request={"bodySize": 2}, came=_JSON),
    entry(content={"text": "e30=", "encoding": "base64", "size": 2}, came=_JSON, cache={}),
    entry(content={"_file": "a.json", "compression": 0, "size": 2}, status=304, came=headers(ETag='"1"')),
    entry(sent=headers(Content_Encoding="gzip", If_None_Match='"1"'), _webSocketMessages=None, _fromCache=None),
]
_FLOWS = [flow(), flow(request={"content": b"{}", "authority": b""}, response={"headers": [[b"ETag", b'"1"']]})]
_SAZ = {
    "raw/1_c.txt": SENT.decode(),
    "raw/1_s.txt": CAME.decode(),
    "raw/2_c.txt": SENT.replace(b"\r\n\r\n", b"\r\nContent-Length: 1\r\n\r\nx").decode(),
    "raw/2_s.txt": "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n",
}

LOADERS = {
    **OTHERS,
    "HAR": _loader(
        [har(*_HAR, tool=tool) for tool in ("mitmproxy 12.3.1", "Playwright 1.65.1")],
        [json.loads(har(*_HAR, tool=tool)) for tool in ("mitmproxy 12.3.1", "Playwright 1.65.1")],
        as_json,
    ),
    "flow files": _loader([building.flows(*_FLOWS)], [_FLOWS], _as_flows),
    "SAZ": _loader([_as_saz(_SAZ)], [_SAZ], _as_saz),
}
"""By name, those of other files among them."""
