"""CapturedExchange and Capture: what a file of another tool holds, as values."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from handlesfake.mpsd.http.message import Request, Response
from handlesfake.values.values import field, frozen

NO_HOST = "addresses that are not HTTP"
"""Replaces the host of ``data:`` and similar addresses."""


@frozen
class CapturedExchange:
    """One request and its answer, with the bytes that crossed the wire, content codings undone."""

    number: int
    """Its place in the file, from 1; in a SAZ archive the number of the session."""

    request: Request
    """``host`` has the port where it is not 443."""

    response: Response
    started: float | None = None
    """When it was sent, in seconds since 1970-01-01 UTC; None where the file does not say."""

    notes: tuple[str, ...] = ()
    """What is not as the file has it, or rests on a rule: one sentence each."""


@frozen
class LeftOut:
    """One entry of a file that is not taken."""

    number: int
    host: str
    """Empty where the entry does not tell."""

    what: str
    """``GET /handles``."""

    reason: str


@frozen
class Capture:
    """What one file holds."""

    tool: str
    """What has written it, as it says itself: ``mitmproxy 12.3.1``."""

    exchanges: tuple[CapturedExchange, ...]
    """In the order in which they were sent."""

    left_out: tuple[LeftOut, ...] = ()
    roles: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Role to xuid, in a file that was exported from a cassette."""


class Unusable(Exception):
    """An entry cannot be taken; the message is the reason."""


class Unreadable(Exception):
    """A whole file cannot be read; the message says why."""


def shown(text: str, most: int = 80) -> str:
    """``text`` for a message: cut, and with escapes for what a terminal must not get."""
    return text[:most].encode("unicode_escape").decode()


def in_order(exchanges: list[CapturedExchange]) -> tuple[CapturedExchange, ...]:
    """``exchanges`` in the order of sending; in the order of the file where one of them has no time."""
    if any(one.started is None for one in exchanges):
        return tuple(exchanges)
    return tuple(sorted(exchanges, key=lambda one: one.started or 0.0))
