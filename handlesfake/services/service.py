"""Service: one row of the table, which is all that the rest of handlesfake knows about a service."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

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


Showing: TypeAlias = "Callable[[Directory, str, int], list[tuple[Mapping[str, Any], int]]]"
"""What is known, a xuid and the time, to the activities that the player shows now, each with when it was set."""


@frozen
class Learning:
    """What recorded traffic of a service teaches its fake, for the modes that compare or mix both."""

    absorb: Callable[..., Directory]
    """``absorb(directory, request, response, xuid=, now=)``: the world as far as an answer shows it."""

    subject_of: Callable[[Directory, Request], Hashable | None]
    """What a request is about: once the fake has changed it, the recording is of another past. None: of several."""

    is_first_sight: Callable[[Directory, Directory, Request, Response], bool]
    """Whether an answer rests on what the recording has not shown so far; with the world before and after."""


@frozen
class InviteRequests:
    """How the invites of a service are told from its other requests."""

    operations: tuple[str, ...]
    field: str
    """The field of the body that says who is invited, by its wire name."""

    type: str = ""
    """The ``type`` of the body; empty where every such request is an invite."""

    several: bool = False
    """Whether ``field`` is a list: one request invites several users."""

    sender: str = ""
    """The field in which a title's service names the user that it invites for; empty where there is none."""


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
    """The hosts where it answers, in lower case; a request keeps the one that it was sent to."""

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

    learning: Callable[[], Learning]
    """What recorded traffic teaches of it."""

    invites: InviteRequests | None = None
    """Its invites; None for a service without any."""

    showing: Callable[[], Showing] | None = None
    """What players show; None for a service without activities, and for the first, whose sessions say more."""

    shows_by: str = ""
    """The operation that sets an activity, for services with ``showing``."""

    apart_from: tuple[str, ...] = ()
    """The services, by name, of which a title may use none beside it."""
