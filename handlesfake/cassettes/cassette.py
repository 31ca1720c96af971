"""Cassette and Interaction: recorded traffic as values."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

from handlesfake.cassettes.volatile_fields import fields_of
from handlesfake.exchange.outcome import Answer, Call
from handlesfake.mpsd.http.body import document_of
from handlesfake.mpsd.http.message import Request, Response
from handlesfake.mpsd.provenance import Provenance
from handlesfake.mpsd.state.identity import Caller, user_hash_in
from handlesfake.values.values import field, frozen

REMOVED = "removed"
"""What replaces a secret."""


@frozen(slots=False)
class Interaction:
    """One recorded request and what it was answered with."""

    number: int
    """Counts from 1, in the order of the file."""

    request: Request
    response: Response
    also: Request | None = None
    """How the request may have been spelled, too, where the file of another tool does not say; it is one exchange."""

    scheme: str = "https"
    """That of its address: what vcrpy's hooks have recorded of a private server may be ``http``."""

    @cached_property
    def call(self) -> Call:
        """The request, to be asked for its operation and its body."""
        return Call(self.request, 0)

    @property
    def calls(self) -> tuple[Call, ...]:
        """The request in each spelling in which it may come."""
        return (self.call,) if self.also is None else (self.call, Call(self.also, 0))

    @property
    def what(self) -> str:
        """For messages: the operation, or the request to a host that is not MPSD: ``POST title.example/oauth``."""
        if self.call.route.operation is not None:
            return self.call.operation
        return f"{self.request.method} {self.request.host}{self.request.path}"[:120]

    @cached_property
    def fields(self) -> dict[str, Any]:
        """The request as one mapping for messages, the caller among its fields."""
        return fields_of(self.call, self.caller)

    @property
    def caller(self) -> str:
        """Who sent it, as the cassette says: a role, a pseudonym, a user hash; empty when it does not say."""
        return label_in(self.request)


@frozen
class Cassette:
    """What one file holds."""

    path: Path
    interactions: tuple[Interaction, ...]
    roles: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Role to its xuid in this cassette."""

    incomplete: tuple[str, ...] = ()
    """The places of what was withheld: it looks like an unknown secret."""

    tests: tuple[str, ...] = ()
    """The tests that have recorded it: node ids without parameters; none outside pytest, and in vcrpy's."""

    keys: tuple[str, ...] = ()
    """The fingerprints of the keys whose pseudonyms it holds."""


def label_in(request: Request) -> str:
    """The text before the ``;`` in ``Authorization``; empty when it cannot be read."""
    return user_hash_in(request.headers.first("Authorization") or "")


def labelled(label: str) -> str:
    """``XBL3.0 x=host;removed``: the ``Authorization`` that names a caller and holds no secret."""
    return f"XBL3.0 x={label};{REMOVED}"


def answer_with(response: Response, call: Call, decided_by: str, caller: Caller | None) -> Answer:
    """The answer that a real ``response`` is; a handle that it created is read from its body."""
    created = None
    if call.operation == "create_handle" and 200 <= response.status < 300:
        document = document_of(response)
        created = document if isinstance(document, dict) else None
    return Answer(response, decided_by, Provenance(caller=caller, _created=created))
