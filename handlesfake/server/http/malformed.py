"""What clients send that is not HTTP/1.1: why it is not, and as much of it as can be read."""

from __future__ import annotations

import ast
import re

import h11

from handlesfake.mpsd.http.message import Headers, Request

_FOLDED = re.compile(rb"\n[ \t]")
_END = re.compile(rb"\r?\n\r?\n")
_REQUEST_LINE = re.compile(rb"([A-Z]{1,20}) ([!-~]+) HTTP/[0-9]\.[0-9]\r?\n")
_LINE = re.compile(rb"([-!#$%&'*+.^_`|~0-9A-Za-z]+):[ \t]*([ -~]*?)[ \t]*(?=\r?\n)")
_SHOWN = re.compile(r"bytearray\((b.*)\)", re.DOTALL)

FOLDED = (
    "a header goes on in the next line (obs-fold), which RFC 9112, 5.2, lets a server refuse: write it on one line"
)

PLAIN = "it came as plain HTTP, and this port speaks TLS: write https:// in its address"


_LONGEST = 60
"""Octets of a line that an error shows."""


def reason(error: h11.RemoteProtocolError) -> str:
    """What h11 says is wrong, without words of Python: it shows what came as a ``bytearray``."""
    found = _SHOWN.search(str(error))
    if found is None:
        return str(error)
    octets: bytes = ast.literal_eval(found[1])
    more = len(octets) - _LONGEST
    shown = ascii(octets[:_LONGEST].rstrip(b"\r\n").decode("latin-1"))
    return f"{str(error)[: found.start()]}{shown}{f' and {more} bytes more' if more > 0 else ''}"


def is_folded(head: bytes) -> bool:
    """Whether a header of ``head``, the beginning of a request, goes on in a line that begins with a space."""
    found = _FOLDED.search(head)
    if found is None:
        return False
    end = _END.search(head)
    return end is None or found.start() < end.start()


def malformed(raw: bytes, problem: str) -> Request:
    """The request for ``raw`` bytes that are not one: what can be read of them, for the journal, and why not."""
    line = _REQUEST_LINE.match(raw)
    end = _END.search(raw)
    lines = _LINE.findall(raw[line.end() if line else 0 : end.end() if end else len(raw)])
    headers = Headers((name.decode("ascii"), value.decode("ascii")) for name, value in lines)
    method, target = (line[1].decode("ascii"), line[2].decode("ascii")) if line else ("", "")
    return Request(method, target, headers, malformed=problem)
