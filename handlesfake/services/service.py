"""Service: one row of the table, which is all that the rest of handlesfake knows about a service."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeAlias

from handlesfake.values.values import frozen

if TYPE_CHECKING:
    from handlesfake.mpsd.context import NewId
    from handlesfake.mpsd.http.message import Request, Response
    from handlesfake.mpsd.operations import Operation, Router
    from handlesfake.mpsd.refusals.catalogue import Refusal
    from handlesfake.mpsd.refusals.kind import RefusalKind
    from handlesfake.mpsd.service import Reply
    from handlesfake.mpsd.settings import Settings
    from handlesfake.mpsd.state.directory import Directory

Answering: TypeAlias = "Callable[[Directory, Request, int, NewId, Settings], Reply]"
"""``answer()`` of a service: what is known, the request, the time, new ids and settings, to a reply. It is pure."""

RenderingRefusals: TypeAlias = "Callable[[Refusal, Request, int, NewId, Settings], Response]"
"""From a refusal of a request to the answer that the service gives with it."""


@frozen
class Service:
    """One service that a double can play.

    What takes time to import is a callable that gives it, so that a double pays for the services that it plays.
    """

    name: str
    """What tests, rules and the journal call it: ``mpsd``."""

    label: str
    """What messages call it: ``MPSD``."""

    hosts: tuple[str, ...]
    """The hosts where it answers, in lower case; its requests have the first one."""

    operations: Callable[[], tuple[Operation, ...]]
    """Its operations, each with its address and its evidence. Two services do not share a name."""

    router: Callable[[], Router]
    """What leads a method and a target to one of them."""

    answer: Callable[[], Answering]
    """The service itself."""

    refusals: Callable[[], Mapping[str, RefusalKind]]
    """How it says no, by name. A name that two services have means the same in both."""

    render_refusal: Callable[[], RenderingRefusals]
    """How a no of it looks on the wire."""

    apart_from: tuple[str, ...] = ()
    """The services, by name, of which a title may use none beside it."""
