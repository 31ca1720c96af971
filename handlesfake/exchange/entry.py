"""Entry: one request in the journal, and what came of it."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

from handlesfake.mpsd.http.body import type_of
from handlesfake.mpsd.http.message import Request, Response
from handlesfake.mpsd.provenance import Provenance
from handlesfake.mpsd.ticks import to_datetime
from handlesfake.services.table import document_in, service_of
from handlesfake.suggestions import AttributeSuggestions
from handlesfake.values.values import field, frozen

_UNREAD = object()


@frozen(kw_only=True)
class Entry(Provenance):
    """One request and what came of it."""

    number: int
    """Counts from 1 in the order in which the service acted."""

    ticks: int
    """When the service acted, in 100 ns since 1970-01-01 UTC."""

    operation: str
    """The contract's word, ``create_handle``; ``unrouted`` for an address that MPSD does not have."""

    request: Request
    """What was sent: ``.method``, ``.target``, ``.headers``, ``.body``."""

    response: Response | None
    """What the service answered, also when the answer was lost; None when it never acted."""

    decided_by: str
    """``mpsd``, ``rule 'busy'``, ``cassette lobby.yaml #3``, ``real service``; ``nobody`` when nothing could."""

    fault: str | None = None
    """How the network failed underneath the answer: ``close``, ``reset``, ``truncated_body``; None when it held."""

    original: Response | None = None
    """What the service itself answered, where a rule let the caller hear ``response`` instead; else None."""

    client: str = ""
    """The seam that carried the request: ``requests`` ..."""

    thread: str = ""
    """The thread, and in a loop the task, that sent the request."""

    source: str = ""
    """The line of the user's code that sent it: ``party/mpsd.py:31 in call``."""

    duration: float = 0.0
    """Seconds of the service's clock from the arrival of the request to the end of its answer. A hold, a delay or a
    real call takes time; on a virtual clock a plain answer takes none."""

    straggler: bool = False
    """True when a thread or task sent it that is older than the double: perhaps one of an earlier test."""

    _document: Any = field(default=_UNREAD, init=False, repr=False, compare=False)

    if not TYPE_CHECKING:  # a type checker would take any name for right
        __getattr__ = AttributeSuggestions.__getattr__

    @property
    def service(self) -> str:
        """Which service the request was for: ``mpsd``."""
        return service_of(self.request).name

    @property
    def document(self) -> Any:
        """The JSON body, or the fields of a form; None when there is none or it cannot be read.

        Most are never asked for, and never read.
        """
        if self._document is _UNREAD:
            object.__setattr__(self, "_document", document_in(self.request))
        return self._document

    @property
    def type(self) -> str:
        """The ``type`` in the body of a request about handles (``activity``), else empty."""
        return type_of(self.document)

    @property
    def at(self) -> datetime:
        """When the service acted, an aware UTC datetime of the virtual clock."""
        return to_datetime(self.ticks)

    @property
    def status(self) -> int | None:
        """The status of the answer; None when the service never acted."""
        return self.response.status if self.response else None

    @property
    def accepted(self) -> bool:
        """Whether the service did as it was asked; also when its answer was lost, or another was heard."""
        own = self.original or self.response
        return own is not None and (200 <= own.status < 300 or own.status == 302)  # that leads a browser on

    @property
    def answer(self) -> Any:
        """The JSON body of the answer; None when there is none."""
        return _json(self.response)

    @property
    def own_answer(self) -> Any:
        """What the service itself reports: the handle that it created, else the JSON body of its answer."""
        return self.created if self.created is not None else _json(self.original or self.response)

    def __repr__(self) -> str:
        # short, and without the headers: a token is among them
        what = f"{self.operation} {self.type}".rstrip()
        return f"<Entry #{self.number} {what}: {self.status or 'no answer'}, decided by {self.decided_by}>"


def _json(response: Response | None) -> Any:
    if response is None or not response.body:
        return None
    try:
        return json.loads(response.body)
    except ValueError:
        return None
