"""SAZ, the archives of Fiddler: a zip of raw requests (``raw/1_c.txt``) and answers (``raw/1_s.txt``)."""

from __future__ import annotations

import re
from functools import partial

from handlesfake.captures.archives import Archive
from handlesfake.captures.collecting import Collector
from handlesfake.captures.exchange import Capture, CapturedExchange, Unusable
from handlesfake.captures.limits import LIMITS, Limits
from handlesfake.captures.messages import Address, check_status, method_of, undone
from handlesfake.captures.raw_http import Answer, RequestLine, read_answer, read_request
from handlesfake.mpsd.http.message import Request, Response

_SESSION = re.compile(r"raw/(\d{1,9})_c\.txt", re.IGNORECASE)
_VERSION = re.compile(r"Fiddler[^\d\r\n]{0,40}([\d.]{1,20})")


def is_saz(archive: Archive) -> bool:
    """Whether ``archive`` has the files of a SAZ."""
    return any(_SESSION.fullmatch(name) for name in archive.names)


def read_saz(archive: Archive, limits: Limits = LIMITS) -> Capture:
    """What the SAZ ``archive`` holds.

    :raises Unreadable: it is damaged, or more than ``limits`` allow.
    """
    sessions = sorted((int(found[1]), name) for name in archive.names if (found := _SESSION.fullmatch(name)))
    collected = Collector(len(sessions), limits)
    for number, name in sessions:
        sent = archive.read(name) or b""
        collected.add(number, partial(_exchange, number, sent, archive, name), partial(_label, sent))
    # sessions are numbered as they begin
    return collected.capture(_tool(archive.comment))


def _exchange(number: int, sent: bytes, archive: Archive, name: str) -> CapturedExchange:
    line = RequestLine.of(sent)
    if line is None:
        raise Unusable("its request does not begin as one of HTTP does")
    method = method_of(line.method)
    stem = name[: -len("_c.txt")]
    if archive.has(f"{stem}_w.txt"):
        raise Unusable("a WebSocket: what is pushed is not replayed")
    came = archive.read(f"{stem}_s.txt")
    if not came:
        raise Unusable("no server answered")
    request, said = _request(sent, line, method)
    response, told = _response(read_answer(came, method))
    return CapturedExchange(number, request, response, None, (*said, *told))


def _request(sent: bytes, line: RequestLine, method: str) -> tuple[Request, tuple[str, ...]]:
    headers, body = read_request(sent, line)
    # Fiddler writes the whole address
    url = line.target if "://" in line.target else f"https://{headers.first('Host') or ''}{line.target}"
    address = Address.of(url)
    headers, body, notes = undone("the request", headers, body)
    return Request(method, address.target, headers, body, address.host), notes


def _response(answer: Answer) -> tuple[Response, tuple[str, ...]]:
    if answer.reason.startswith("Fiddler"):
        raise Unusable("Fiddler gave the answer, and no server")
    check_status(answer.status)
    headers, body, notes = undone("the answer", answer.headers, answer.body)
    if body and not answer.is_measured:
        notes += ("nothing announces the length of the answer: it is taken to the end of its file",)
    reason = answer.reason if answer.reason.isascii() and answer.reason.isprintable() else ""
    return Response(answer.status, headers, body, reason), notes


def _label(sent: bytes) -> tuple[str, str]:
    """Host and request line, as far as they can be told."""
    line = RequestLine.of(sent)
    if line is None:
        return "", "a session"
    try:
        address = Address.of(line.target if "://" in line.target else f"https://{line.target}")
    except Unusable:
        return "", f"{line.method} {line.target[:80]}"
    where = "" if line.method == "CONNECT" else address.target.partition("?")[0]
    return address.host, f"{line.method} {where}".rstrip()


def _tool(comment: str) -> str:
    found = _VERSION.search(comment)
    return f"Fiddler {found[1]}" if found else "Fiddler"
