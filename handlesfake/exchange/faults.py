"""Faults: every way in which the network can fail, by name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from handlesfake.exchange.outcome import ConnectionEnd, Corruption
from handlesfake.values.values import frozen

Acting = Literal["never", "always", "either"]


@frozen
class FaultKind:
    """One way to fail."""

    name: str
    story: str
    """What happens, in a few words."""

    on_the_wire: str
    """What a listener on the wire sees."""

    ending: ConnectionEnd
    service_acts: Acting
    """Whether the service can have acted before the network failed."""

    wreck: Corruption | None = None
    """What still reaches the client of an answer; None for nothing."""


def _whole(head: bytes, body: bytes) -> bytes:
    return head + body


def _half(head: bytes, body: bytes) -> bytes:
    return head + body[: len(body) // 2] if body else head[: len(head) // 2]


def _in_head(head: bytes, body: bytes) -> bytes:  # noqa: ARG001 - a wreck is given both
    return head[: len(head) // 2]


def _too_long(head: bytes, body: bytes) -> bytes:
    return _promising(head, len(body) + 10) + body


def _too_short(head: bytes, body: bytes) -> bytes:
    return _promising(head, len(body) // 2) + body


def _bad_chunk(head: bytes, body: bytes) -> bytes:
    lines = [line for line in head[:-4].split(b"\r\n") if not line.lower().startswith(b"content-length:")]
    start = b"\r\n".join([*lines, b"Transfer-Encoding: chunked"])
    half = body[: len(body) // 2] or b"{"
    return b"%b\r\n\r\n%x\r\n%b\r\nno chunk\r\n" % (start, len(half), half)


def _garbage(head: bytes, body: bytes) -> bytes:  # noqa: ARG001 - a wreck is given both
    return b"\x00\x17garbage, and no status line\r\n\r\n"


def _promising(head: bytes, length: int) -> bytes:
    promise = b"Content-Length: %d" % length
    changed, count = re.subn(rb"(?im)^content-length: *[0-9]+", promise, head)
    return changed if count else head[:-2] + promise + b"\r\n\r\n"


_End = ConnectionEnd
_ALL = (
    FaultKind("refused", "no server listens", "SYN, RST", _End.REFUSED, "never"),
    FaultKind("dns_failure", "the name has no address", "nothing", _End.DNS, "never"),
    FaultKind("tls_failure", "the certificate cannot be trusted", "a TLS alert", _End.TLS, "never"),
    FaultKind("reset", "reset before the answer", "RST", _End.RESET, "either"),
    FaultKind("reset_in_answer", "reset within the head", "half a head, RST", _End.RESET, "always", _in_head),
    FaultKind("reset_in_body", "reset within the body", "half a body, RST", _End.RESET, "always", _half),
    FaultKind("reset_after_answer", "reset behind the answer", "the answer, RST", _End.RESET, "always", _whole),
    FaultKind("read_timeout", "no answer; the client's timeout comes at once", "silence", _End.TIMEOUT, "either"),
    FaultKind("hang", "no answer; the client really waits", "silence", _End.HANG, "either"),
    FaultKind("empty_reply", "closed before the answer", "FIN", _End.CLOSE, "either"),
    FaultKind("garbage_status_line", "what comes is not HTTP", "garbage, FIN", _End.CLOSE, "either", _garbage),
    FaultKind("truncated_body", "closed within the body", "half a body, FIN", _End.CLOSE, "always", _half),
    FaultKind(
        "wrong_content_length", "10 bytes too many promised", "all, silence", _End.TIMEOUT, "always", _too_long
    ),
    FaultKind("short_content_length", "half the body is promised", "too much, FIN", _End.CLOSE, "always", _too_short),
    FaultKind(
        "broken_chunk", "a chunk without a size", "half a body, nonsense, FIN", _End.CLOSE, "always", _bad_chunk
    ),
)  # fmt: skip
FAULTS: Mapping[str, FaultKind] = MappingProxyType({kind.name: kind for kind in _ALL})
"""The faults of the network, in the order of a call."""

HEARD = "reset_after_answer"
"""The one fault behind an answer that the caller has heard whole."""

SLOW_DRIP = "slow_drip"
DUPLICATE = "duplicate_delivery"
NAMES = (*FAULTS, SLOW_DRIP, DUPLICATE)
"""What ``mpsd.fault()`` takes. The last two are not failures: the answer drips in, and the request arrives twice."""
