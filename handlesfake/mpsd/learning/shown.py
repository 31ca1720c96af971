"""RecordedAnswer: one exchange with the real service, to be learned from."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any
from urllib.parse import unquote

from handlesfake.mpsd.http.body import read_json
from handlesfake.mpsd.http.message import Request, Response
from handlesfake.mpsd.refusals.catalogue import Refusal
from handlesfake.mpsd.state.directory import Directory
from handlesfake.mpsd.state.handle import Handle
from handlesfake.mpsd.state.session import SessionRef
from handlesfake.values.values import frozen

GONE = (204, 404)
"""Statuses that say that something is no more."""


@frozen(slots=False)
class RecordedAnswer:
    """A request, its answer, and what was known before."""

    directory: Directory
    request: Request
    response: Response
    parameters: Mapping[str, str]
    """The variable parts of the request's path."""

    xuid: str
    """Who asked; empty where that is unknown."""

    now: int
    """100 ns ticks since 1970-01-01 UTC, when the answer came."""

    @cached_property
    def sent(self) -> Mapping[str, Any]:
        """The request's JSON object; empty where there is none."""
        return _object(self.request.body, self.request.headers.first("Content-Encoding"))

    @cached_property
    def document(self) -> Mapping[str, Any]:
        """The answer's JSON object; empty where there is none."""
        return _object(self.response.body, self.response.headers.first("Content-Encoding"))

    @property
    def handle(self) -> Handle | None:
        """The handle that the address names, where it is known."""
        return self.directory.handles.get(self.parameters.get("handle_id", "").lower())

    @property
    def ref(self) -> SessionRef | None:
        """The session that the exchange is about."""
        if "scid" in self.parameters:
            return SessionRef(*(self.parameters[name] for name in ("scid", "template_name", "name")))
        located = _located(self.response.headers.first("Content-Location") or "")
        return located or (self.handle.session_ref if self.handle is not None else None)


def _object(body: bytes, coding: str | None) -> Mapping[str, Any]:
    try:
        document = read_json(body, coding) if body else None
    except Refusal:
        return {}
    return document if isinstance(document, dict) else {}


def _located(address: str) -> SessionRef | None:
    """The session that ``Content-Location`` names: at least six parts of a path."""
    parts = [unquote(each) for each in address.partition("?")[0].split("/")]
    names = [each.lower() for each in parts]
    if "serviceconfigs" not in names:
        return None
    rest = parts[names.index("serviceconfigs") :]
    return SessionRef(rest[1], rest[3], rest[5]) if len(rest) >= 6 and all(rest[1:6]) else None
