"""Captures made by hand, as small as they can be."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

from handlesfake.captures.exchange import Capture
from handlesfake.captures.reading import read_capture

FILES = Path(__file__).parent / "files"
URL = "https://sessiondirectory.xboxlive.com/handles"
TOKEN = "XBL3.0 x=31415926;made-up-token-0123456789"


def headers(**values: str) -> list[dict[str, str]]:
    """Header lines of a HAR; ``_`` means ``-``."""
    return [{"name": name.replace("_", "-"), "value": value} for name, value in values.items()]


def entry(
    *,
    url: str = URL,
    method: str = "GET",
    sent: list[dict[str, str]] | None = None,
    post: Any = None,
    status: int = 200,
    came: list[dict[str, str]] | None = None,
    content: dict[str, Any] | None = None,
    request: dict[str, Any] | None = None,
    response: dict[str, Any] | None = None,
    **more: Any,
) -> dict[str, Any]:
    """An entry of a HAR; what is not said is as plain as it can be."""
    asked: dict[str, Any] = {"method": method, "url": url, "headers": sent or [], **(request or {})}
    if post is not None:
        asked["postData"] = post
    answer = {
        "status": status,
        "statusText": "",
        "headers": headers(Content_Length="2") if came is None else came,
        "content": {"text": "{}"} if content is None else content,
        **(response or {}),
    }
    return {"startedDateTime": "2026-11-28T15:22:38.158Z", "request": asked, "response": answer, **more}


def har(*entries: Any, tool: str = "Made Up", **more: Any) -> bytes:
    """A HAR that ``tool`` has written."""
    creator = dict(zip(("name", "version"), tool.rsplit(" ", 1), strict=False))
    return json.dumps({"log": {"version": "1.2", "creator": creator, "entries": list(entries), **more}}).encode()


def tnetstring(value: Any) -> bytes:
    """``value`` as mitmproxy writes it."""
    if isinstance(value, dict):
        data, sign = b"".join(tnetstring(key) + tnetstring(one) for key, one in value.items()), b"}"
    elif isinstance(value, (list, tuple)):
        data, sign = b"".join(map(tnetstring, value)), b"]"
    elif isinstance(value, bytes):
        data, sign = value, b","
    elif isinstance(value, str):
        data, sign = value.encode("utf-8", "surrogatepass"), b";"
    elif value is None:
        data, sign = b"", b"~"
    elif isinstance(value, bool):
        data, sign = str(value).lower().encode(), b"!"
    else:
        data, sign = str(value).encode(), b"#" if isinstance(value, int) else b"^"
    return b"%d:%s%s" % (len(data), data, sign)


def flow(
    *, request: dict[str, Any] | None = None, response: dict[str, Any] | None = None, **more: Any
) -> dict[str, Any]:
    """A flow of mitmproxy, as far as it is read."""
    sent: dict[str, Any] = {
        "method": b"GET",
        "scheme": b"https",
        "authority": b"sessiondirectory.xboxlive.com",
        "host": "127.0.0.1",
        "port": 8443,
        "path": b"/handles",
        "headers": [],
        "content": b"",
        "timestamp_start": 1795879358.5,
        **(request or {}),
    }
    came: dict[str, Any] = {
        "status_code": 200,
        "reason": b"",
        "headers": [[b"content-length", b"2"]],
        "content": b"{}",
        "trailers": None,
        **(response or {}),
    }
    rest = {"type": "http", "version": 21, "error": None, "websocket": None, "backup": None, "is_replay": None}
    return {**rest, "request": sent, "response": came, **more}


def flows(*states: Any) -> bytes:
    """A flow file."""
    return b"".join(map(tnetstring, states))


SENT = b"GET https://sessiondirectory.xboxlive.com/handles HTTP/1.1\r\nHost: sessiondirectory.xboxlive.com\r\n\r\n"
CAME = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


def saz(*sessions: tuple[bytes, bytes], more: dict[str, bytes] | None = None, comment: bytes = b"") -> bytes:
    """An archive of Fiddler with these requests and answers."""
    found = io.BytesIO()
    with zipfile.ZipFile(found, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (sent, came) in enumerate(sessions, 1):
            archive.writestr(f"raw/{number:02}_c.txt", sent)
            archive.writestr(f"raw/{number:02}_s.txt", came)
            archive.writestr(f"raw/{number:02}_m.xml", "\ufeff<Session />\r\n")
        for name, raw in (more or {}).items():
            archive.writestr(name, raw)
        archive.comment = comment
    return found.getvalue()


def zipped(**files: bytes) -> bytes:
    """A zip archive; ``__`` in a name is a dot."""
    found = io.BytesIO()
    with zipfile.ZipFile(found, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, raw in files.items():
            archive.writestr(name.replace("__", "."), raw)
    return found.getvalue()


def told(raw: bytes) -> list[str]:
    """Each entry of the capture in ``raw``: its bodies, or why it is left out."""
    return outcomes(read_capture(raw))


def outcomes(capture: Capture) -> list[str]:
    """The same of a capture that was read."""
    lines = {one.number: f"left out: {one.reason}" for one in capture.left_out}
    for one in capture.exchanges:
        notes = "".join(f" ({note})" for note in one.notes)
        lines[one.number] = f"{one.request.body!r} -> {one.response.status} {one.response.body!r}{notes}"
    return [lines[number] for number in sorted(lines)]
