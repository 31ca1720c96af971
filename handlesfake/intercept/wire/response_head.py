"""The head of an answer from a double: plain lines, which need no parser of e-mails to be read.

``http.client.parse_headers`` gives them to one, for 40 us. What it would make of plain lines is known beforehand.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from http.client import HTTPMessage
from types import ModuleType
from typing import Any

from handlesfake.intercept.patching import install_wrapper
from handlesfake.intercept.wire.memory_socket import Incoming
from handlesfake.intercept.wire.plain_response import message

_PLAIN = re.compile(rb"(?:[-!#$%&'*+.^_`|~0-9A-Za-z]+: (?:[!-~](?:[ -~]*[!-~])?)?\r\n)+\r\n")
_ENCLOSING = re.compile(rb"content-type: *(?:multipart|message)/", re.IGNORECASE)
"""Types of content that the parser looks into."""

_LONGEST, _MOST = 8192, 100
"""Bytes and lines of a head that no client has ever thought too much; beyond, it is for the client to say."""


def install(client: ModuleType) -> None:
    """Have ``client``, the module http.client, read the plain heads of doubles so. Idempotent."""
    install_wrapper(client, "parse_headers", _parsing)


def _parsing(original: Callable[..., Any]) -> Callable[..., Any]:
    def parse_headers(fp: Any, _class: Any = HTTPMessage, **limits: Any) -> Any:
        # Python 3.15 has a limit to the number of lines, which the user may set
        limited = any(limit is not None for limit in limits.values())
        if limited or _class is not HTTPMessage or not isinstance(getattr(fp, "raw", None), Incoming):
            return original(fp, _class, **limits)
        wire = _PLAIN.match(fp.peek())
        if wire is None or _is_the_parsers(wire[0]):
            return original(fp, _class, **limits)
        fp.read(wire.end())
        lines = wire[0].decode("ascii").split("\r\n")[:-2]
        return message(line.split(": ", 1) for line in lines)

    return parse_headers


def _is_the_parsers(head: bytes) -> bool:
    return len(head) > _LONGEST or head.count(b"\n") > _MOST or bool(_ENCLOSING.search(head))
