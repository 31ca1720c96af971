"""Asked: one request on its way through an operation, and Done: what the operation made of it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from handlesfake.mpa.state import Known
from handlesfake.mpsd.evidence import Evidence
from handlesfake.mpsd.http.body import a_title_id, read_object
from handlesfake.mpsd.http.message import Request
from handlesfake.mpsd.settings import Settings
from handlesfake.mpsd.state.identity import Caller, KnownUser
from handlesfake.values.values import frozen


@frozen(slots=False)
class Asked:
    """One request, who sends it, and what is known."""

    known: Known
    people: Mapping[str, KnownUser]
    """The users that the world knows, by xuid."""

    request: Request
    parameters: Mapping[str, str]
    caller: Caller
    now: int
    """100 ns ticks since 1970-01-01 UTC."""

    settings: Settings

    @cached_property
    def title_id(self) -> str:
        """The title in the address.

        :raises Refusal: it is not a title id.
        """
        return a_title_id(self.parameters["titleId"], "titleId")

    @cached_property
    def body(self) -> dict[str, Any]:
        """The JSON object that was sent.

        :raises Refusal: there is none.
        """
        return read_object(self.request.body, self.request.headers.first("content-encoding"))


@frozen
class Done:
    """What an operation did: what is known now, and the answer before it is rendered."""

    known: Known
    status: int = 204
    document: Any = None
    """The JSON body; None for an answer without one."""

    evidence: Evidence = Evidence.DOCUMENTED
    """What the answer rests on."""

    notes: tuple[str, ...] = ()
    """Sentences about what was odd."""

    delivered: bool | None = None
    """Whether an invite reaches all that it names; None where none was sent."""
