"""Asked: one request on its way through an operation, and Done: what the operation made of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from handlesfake.mpsd.evidence import Evidence
from handlesfake.mpsd.http.body import read_object
from handlesfake.mpsd.http.message import Request
from handlesfake.mpsd.settings import Settings
from handlesfake.mpsd.state.identity import KnownUser
from handlesfake.sign_in.forms import read_form, read_query
from handlesfake.sign_in.state import Known
from handlesfake.values.values import frozen, replace


@frozen(slots=False)
class Asked:
    """One request, who would sign in, and what is known."""

    known: Known
    people: Mapping[str, KnownUser]
    """The users that the world knows, by xuid, the one who signs in included."""

    signer: KnownUser | None
    """The user who signs in; None where the test has named none and nothing may be assumed."""

    request: Request
    parameters: Mapping[str, str]
    now: int
    """100 ns ticks since 1970-01-01 UTC."""

    new_id: Callable[[], str]
    settings: Settings

    @cached_property
    def form(self) -> dict[str, str]:
        """The fields of the form that was sent.

        :raises Refusal: it cannot be read.
        """
        return read_form(self.request.body, self.request.headers.first("content-encoding"))

    @cached_property
    def query(self) -> dict[str, str]:
        """The fields of the query.

        :raises Refusal: there are too many, or it is not UTF-8.
        """
        return read_query(self.request.query)

    @cached_property
    def body(self) -> dict[str, Any]:
        """The JSON object that was sent.

        :raises Refusal: there is none.
        """
        return read_object(self.request.body, self.request.headers.first("content-encoding"))


@frozen
class Grant:
    """A token of a user as the services of Xbox Live would see it."""

    xuid: str
    authorization: str
    """As the client will send it: ``XBL3.0 x=<user hash>;<token>``."""

    ends: int | None
    """Ticks; None for a token that the services of Xbox Live do not take."""


@frozen
class Done:
    """What an operation did: what is known now, and the answer before it is rendered."""

    known: Known
    document: Any
    """The JSON body; None for an answer without one."""

    evidence: Evidence
    """What the answer rests on."""

    users: tuple[KnownUser, ...] = ()
    """The user that the request is for."""

    signs_in: bool = False
    """Whether only :attr:`Asked.signer` says so."""

    grants: tuple[Grant, ...] = ()
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    """Beside those that each answer has."""

    assumed: str = ""
    """What was taken for the signer's, as a noun; empty where nothing was."""

    def assuming(self, what: str) -> Done:
        """The same, where ``what`` was taken for the signer's."""
        return replace(self, signs_in=True, assumed=what)
