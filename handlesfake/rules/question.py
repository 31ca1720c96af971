"""Question: one request as rules ask about it, and what they know about the double beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from types import MappingProxyType
from typing import Any, TypeAlias

from handlesfake.exchange.outcome import Call
from handlesfake.json_diff import MISSING
from handlesfake.mpsd.context import NewId
from handlesfake.mpsd.http.message import Request
from handlesfake.mpsd.settings import Settings
from handlesfake.mpsd.state.identity import Caller
from handlesfake.services.table import service_of
from handlesfake.values.values import frozen

Path: TypeAlias = tuple[str, ...]
"""A field of the body: ``("inviteAttributes", "titleId")``."""


@frozen
class Scene:
    """What rules know about the double beside the request."""

    caller: Callable[[Request], Caller | None]
    """Who sends a request; None when that is not known."""

    names: Callable[[str], Iterable[str]]
    """What a xuid is called: itself, and its role if it has one."""

    settings: Callable[[], Settings]
    """What the double decides about its service: choices may change on the way."""

    new_id: NewId


class Question:
    """One call as rules ask about it; each answer is worked out at most once."""

    def __init__(self, call: Call, scene: Scene) -> None:
        self.call = call
        self.scene = scene

    @cached_property
    def caller(self) -> Caller | None:
        """Who sends the request."""
        return self.scene.caller(self.call.request)

    @cached_property
    def callers(self) -> tuple[str, ...]:
        """The roles and xuids of the users that the request acts for."""
        return (
            ()
            if self.caller is None
            else tuple(name for user in self.caller.users for name in (user.xuid, user.role))
        )

    @cached_property
    def invitees(self) -> tuple[str, ...]:
        """The xuid of the invitee, and the role."""
        invites = service_of(self.call.request).invites
        named = self.value((invites.field,)) if invites is not None else None
        several = named if isinstance(named, list) else [named]
        return tuple(name for xuid in several if isinstance(xuid, str) for name in self.scene.names(xuid))

    @cached_property
    def sessions(self) -> tuple[str, ...]:
        """The name of the session that the request is about, in lower case (contract 16.2)."""
        name = self.value(("sessionRef", "name"))
        if not isinstance(name, str):
            name = self.call.route.parameters.get("name", "")
        return (name.lower(),) if name else ()

    @property
    def types(self) -> tuple[str, ...]:
        """The ``type`` of a request about handles."""
        return (self.call.type,) if self.call.type else ()

    @property
    def methods(self) -> tuple[str, ...]:
        """The method."""
        return (self.call.request.method,)

    @cached_property
    def paths(self) -> tuple[str, ...]:
        """The path less its query, in lower case: most of it compares without case (contract 1.3)."""
        return (self.call.request.path.lower(),)

    @property
    def queries(self) -> tuple[str, ...]:
        """What follows the ``?``."""
        query = self.call.request.query
        return (query,) if query else ()

    @cached_property
    def fields(self) -> Iterable[str]:
        """The names of the fields at the top of the body, and of the variable parts of the address."""
        document = self.call.document
        named = self.call.route.parameters
        return {*named, *document} if isinstance(document, dict) else named

    @cached_property
    def headers(self) -> Iterable[str]:
        """The names of the header lines, in lower case."""
        return {name.lower() for name, _ in self.call.request.headers}

    def header(self, name: str) -> list[str]:
        """The values of the lines called ``name``."""
        return self.call.request.headers.every(name)

    def value(self, path: Path) -> Any:
        """The field at ``path`` of the body, or the variable part of the address of that name; else ``MISSING``."""
        found: Any = self.call.document
        for part in path:
            if not isinstance(found, dict) or part not in found:
                return self.call.route.parameters.get(path[0], MISSING) if len(path) == 1 else MISSING
            found = found[part]
        return field_as_mpsd_reads(part, found)


TEXTS: Mapping[str, Callable[[Question], Sequence[str]]] = MappingProxyType(
    {
        "session": lambda question: question.sessions,
        "invitee": lambda question: question.invitees,
        "path": lambda question: question.paths,
        "query": lambda question: question.queries,
        "type": lambda question: question.types,
        "method": lambda question: question.methods,
        "caller": lambda question: question.callers,
    }
)
"""The words of ``when`` for one text each, and the texts of a request. The first tell rules apart best."""


def field_as_mpsd_reads(field: str, value: Any) -> Any:
    """``value`` as MPSD reads it in ``field``: a title id is the same as number and as text (U11)."""
    if field == "titleId" and type(value) is int:
        return str(value)
    return value
