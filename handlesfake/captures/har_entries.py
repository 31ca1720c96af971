"""One entry of a HAR, and the marks of writers for an exchange without an answer."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from handlesfake.captures.exchange import CapturedExchange, Unusable, shown
from handlesfake.captures.har_bodies import HarBody
from handlesfake.captures.har_nodes import Node
from handlesfake.captures.messages import (
    Address,
    announced,
    check_status,
    header_lines,
    is_bodiless,
    method_of,
)
from handlesfake.cassettes.format.compression import content_codings
from handlesfake.mpsd.http.message import Headers, Request, Response

Attached = Callable[[str], "bytes | None"]
"""Gives the bytes of a file in the folder of the HAR, by its name; None where there is none."""

OURS = "handlesfake"
"""What we call ourselves in a HAR that we write."""

_BROWSERS = ("playwright", "webinspector", "firefox", "chrom")
"""Whose cache may have answered: the beginnings of their names."""

_TIME = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:?\d\d)?")
_KEPT_METHODS = (307, 308)
"""Redirects after which a client sends the same body again (RFC 9110, 15.4.8)."""

_SOCKET = "a WebSocket: what is pushed is not replayed"


class EntryReader:
    """Reads the entries of one file, in its order."""

    def __init__(self, tool: str, attached: Attached) -> None:
        self._attached = attached
        self._is_ours = tool.startswith(OURS)
        self._is_mitmproxy = tool.lower().startswith("mitmproxy")
        self._keeps_bytes = self._is_mitmproxy or self._is_ours
        self._respells = tool.lower().startswith("polly")
        self._is_browser = tool.lower().startswith(_BROWSERS)
        self._is_firefox = tool.lower().startswith("firefox")
        self._redirected: dict[str, tuple[int, str, bytes]] = {}
        """Address to the entry, method and body that were redirected there."""

    def exchange(self, number: int, value: Any) -> CapturedExchange:
        """The exchange that the entry with this ``value`` is.

        :raises Unusable: it is not one, or not whole.
        """
        entry = Node(value, "an entry")
        sent, came = entry.below("request"), entry.below("response")
        if sent.text("url").lower().startswith(("ws:", "wss:")):
            raise Unusable(_SOCKET)
        address = Address.of(sent.text("url"))
        method = method_of(sent.text("method"))
        status = self._status(entry, came)
        headers = header_lines(came.pairs("headers", are_utf8=self._is_mitmproxy))
        asked = header_lines(sent.pairs("headers", are_utf8=self._is_mitmproxy))
        self._refuse_a_cache(entry, came, asked, headers, status)
        asked, body, said = self._sent(sent, asked, address, method)
        headers, answer, told = self._came(came.below("content"), headers, method, status)
        request = Request(method, address.target, asked, body, address.host)
        response = Response(status, headers, answer, _reason(came) or None)
        if self._respells and set(address.target) & set("%+"):
            told += ("Polly rewrites addresses: the client may have sent the target in another spelling",)
        if status in _KEPT_METHODS:
            self._redirected[_location(address, headers)] = number, method, body
        return CapturedExchange(number, request, response, _seconds(entry), (*said, *told))

    def _status(self, entry: Node, came: Node) -> int:
        failure = came.get("_failureText") or came.get("_error") or entry.get("_error")
        if failure:
            raise Unusable(f"it broke off: {shown(str(failure))}")
        done = came.get("_charlesStatus")
        if isinstance(done, str) and done.upper() != "COMPLETE":
            raise Unusable(f"it broke off: Charles says {shown(done)}")
        if str(came.get("statusText")).startswith("Fiddler"):
            raise Unusable("Fiddler gave the answer, and no server")
        status = came.number("status")
        if status <= 0:
            raise Unusable("no server answered")
        if entry.get("_webSocketMessages") is not None:
            raise Unusable(_SOCKET)
        check_status(status)
        return status

    def _refuse_a_cache(self, entry: Node, came: Node, asked: Headers, headers: Headers, status: int) -> None:
        """Pass over an answer that a server gave.

        :raises Unusable: the browser gave it.
        """
        if entry.get("_fetchedViaServiceWorker") or entry.get("_fromCache"):
            raise Unusable("the browser gave the answer, and no server")
        cache = entry.get("cache")
        if self._is_firefox and isinstance(cache, dict) and "afterRequest" in cache:
            raise Unusable("the browser's cache gave the answer, and no server")
        if not self._is_browser or status != 200:
            return
        size = came.below("content").get("size")
        if came.get("_transferSize") == 0 and isinstance(size, int) and size > 0:
            raise Unusable("the browser's cache gave the answer, and no server")
        etags = [one.strip() for one in (asked.first("If-None-Match") or "").split(",")]
        modified = headers.first("Last-Modified")
        if headers.first("ETag") in etags or (modified and modified == asked.first("If-Modified-Since")):
            raise Unusable("the browser's cache gave the answer: the server said 304, and the file says 200")

    def _sent(
        self, sent: Node, headers: Headers, address: Address, method: str
    ) -> tuple[Headers, bytes, tuple[str, ...]]:
        post = sent.optional("postData")
        text, encoding = (post.any_text("text"), post.any_text("encoding")) if post else (None, None)
        length = announced(headers)
        if post and not text:
            text, encoding = self._file_of(post, encoding)
        if not text and length:
            return self._sent_again(headers, address, method, length)
        size = sent.get("bodySize")
        if not text and length is None and isinstance(size, int) and size > 0:
            raise Unusable(f"the request's body is not in the file: {size} bytes")
        if not text and post and post.get("text", "") is None:
            raise Unusable("the request's body was streamed, and is not in the file")
        if not text and post and post.get("params"):
            raise Unusable("the request's body is in the file as its parameters alone")
        if not text and length is None and headers.first("Content-Type") and not self._is_ours:
            raise Unusable("the request names a Content-Type, and its body is not in the file")
        return HarBody(
            "the request", headers, text, encoding or "", self._counted(size, length), self._keeps_bytes
        ).read()

    def _counted(self, size: Any, length: int | None) -> int | None:
        """The bytes of a request's body once unpacked, as we count them, and mitmproxy 11; None of another writer."""
        is_counted = self._is_ours or (self._is_mitmproxy and size != length)
        return size if is_counted and type(size) is int and size > 0 else None

    def _sent_again(
        self, headers: Headers, address: Address, method: str, length: int
    ) -> tuple[Headers, bytes, tuple[str, ...]]:
        """The body of a request that was redirected here with the method and the body that it had."""
        before = self._redirected.get(f"{address.host}{address.target}")
        if before is None or before[1] != method or len(before[2]) != length or content_codings(headers):
            raise Unusable(f"the request's body is not in the file: 0 of {length} bytes")
        return headers, before[2], (f"the request's body is that of #{before[0]}, which was redirected here",)

    def _file_of(self, node: Node, encoding: str | None) -> tuple[str | None, str | None]:
        """The body that is a separate file, in base64; the entry's own body where there is no such file."""
        name = node.any_text("_file")
        if not name:
            return node.any_text("text"), encoding
        raw = self._attached(name)
        if raw is None:
            raise Unusable(f"a body is in the file {name[:80]!a}, which is not beside the HAR")
        return base64.b64encode(raw).decode(), "base64"

    def _came(
        self, content: Node, headers: Headers, method: str, status: int
    ) -> tuple[Headers, bytes, tuple[str, ...]]:
        if is_bodiless(method, status):
            has_body = bool(content.any_text("text"))
            note = (f"the answer {status} has no body: what the file shows is the browser's",) if has_body else ()
            return headers, b"", note
        text, encoding = content.any_text("text"), content.any_text("encoding")
        if not text:
            text, encoding = self._file_of(content, encoding)
        # a browser's file says otherwise where an answer broke off
        if not text and not ((self._is_ours or self._is_browser) and content.get("size") == 0):
            _refuse_what_is_not_there(content, headers)
        plain = self._plain_length(content)
        return HarBody("the answer", headers, text, encoding or "", plain, self._keeps_bytes).read()

    def _plain_length(self, content: Node) -> int | None:
        """The bytes of the answer once unpacked, as mitmproxy counts them, and we; None of another writer."""
        size, saved = content.get("size"), content.get("compression", 0)
        if not self._keeps_bytes or type(size) is not int or type(saved) is not int or size < 0:
            return None
        return size + saved


def _refuse_what_is_not_there(content: Node, headers: Headers) -> None:
    """Pass over an answer without a text that really was empty.

    :raises Unusable: it may have been another.
    """
    size, length = content.get("size"), announced(headers)
    if length is None and isinstance(size, int) and size > 0:
        raise Unusable(f"the answer's body was not written into the file: {size} bytes")
    if length is None:
        raise Unusable("the answer's body is not in the file, and nothing announces that it is empty")


def _reason(came: Node) -> str:
    text = came.get("statusText")
    return text if isinstance(text, str) and text.isascii() and text.isprintable() else ""


def _location(address: Address, headers: Headers) -> str:
    """Where a redirect leads, as host and target."""
    where = headers.first("Location") or ""
    if where.startswith("/") and not where.startswith("//"):
        return f"{address.host}{where.partition('#')[0]}"
    try:
        found = Address.of(where)
    except Unusable:
        return ""
    return f"{found.host}{found.target}"


def _seconds(entry: Node) -> float | None:
    """When the request was sent; None where the entry does not say. Fiddler writes the year 1 for never."""
    found = _TIME.fullmatch(str(entry.get("startedDateTime"))[:60])
    if found is None or found[1].startswith("0001"):
        return None
    zone = "+00:00" if found[4] in (None, "Z") else found[4]
    try:
        whole = datetime.fromisoformat(f"{found[1]}T{found[2]}{zone}").timestamp()
    except (ValueError, OverflowError):
        return None
    return whole + float(f"0.{found[3] or 0}")
