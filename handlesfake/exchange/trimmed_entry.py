"""TrimmedEntry: what is left of an entry that the journal no longer keeps whole."""

from __future__ import annotations

from functools import cache
from typing import Any

from handlesfake.exchange.entry import Entry
from handlesfake.json_diff import MISSING
from handlesfake.mpsd.assumption import Assumption
from handlesfake.mpsd.http.message import Request, Response
from handlesfake.mpsd.refusals.catalogue import Refusal
from handlesfake.mpsd.refusals.kind import RefusalKind
from handlesfake.services.table import SERVICES
from handlesfake.values.values import frozen

KEPT_FIELDS = ("type", "invitedXuid", "sessionRef", "scid", "template_name", "name")
"""The fields of a request, by wire names, that are left of it."""

TEXTS = ("type", "invitedXuid", "scid", "template_name", "name")
REF = ("scid", "templateName", "name")
"""What of :data:`KEPT_FIELDS` is a text, and the names in ``sessionRef``: the order of :attr:`Left.fields`."""

_NOTHING = Request("", "")


@frozen
class Left:
    """What is left of a request, its number and time aside: the same for all requests that are alike."""

    operation: str
    fields: tuple[Any, ...]
    """The values of :data:`TEXTS` and, in ``sessionRef``, of :data:`REF`; ``MISSING`` for those that it had not."""

    session: tuple[Any, ...] | None
    """The values of :data:`REF` where the service completed the reference; else None."""

    sender: str
    """A xuid; empty when it is not known, or not one player."""

    label: str
    """How messages name a sender that is not one player; else empty."""

    status: int | None
    """What the caller heard."""

    own_status: int | None
    """What the service itself answered."""

    refusal: RefusalKind | None
    fault: str | None
    decided_by: str
    assumptions: tuple[Assumption, ...]

    @property
    def weight(self) -> int:
        """How many bytes it takes, about: measured with ``tracemalloc``, less its texts."""
        texts = (*self.fields, *(self.session or ()), *(one.text for one in self.assumptions))
        return 400 + sum(len(one) + 49 for one in texts if isinstance(one, str))


@frozen(kw_only=True)
class TrimmedEntry(Entry):
    """An entry without its body, its answer and its headers: enough for claims about what was sent."""

    left: Left

    @property
    def service(self) -> str:
        """Which service the request was for; of an address that no service has, the one that said so."""
        names = (name for name, one in SERVICES.items() if any(self.operation == op.name for op in one.operations()))
        return next(names, self.decided_by if self.decided_by in SERVICES else next(iter(SERVICES)))

    @property
    def document(self) -> dict[str, Any]:
        """The fields of the request that are left."""
        return _named(TEXTS, self.left.fields) | self._reference

    @property
    def session(self) -> dict[str, Any]:
        """The reference of the session, by wire names; empty when the request named none."""
        if self.left.session is not None:
            return _named(REF, self.left.session)
        fields = self.document
        if "sessionRef" in fields:
            found: dict[str, Any] = fields["sessionRef"]
            return found
        if "template_name" in fields and "name" in fields:
            return {"scid": fields["scid"], "templateName": fields["template_name"], "name": fields["name"]}
        return {}

    @property
    def _reference(self) -> dict[str, Any]:
        found = _named(REF, self.left.fields[len(TEXTS) :])
        return {"sessionRef": found} if found else {}


def _named(names: tuple[str, ...], values: tuple[Any, ...]) -> dict[str, Any]:
    return {name: value for name, value in zip(names, values, strict=False) if value is not MISSING}


@cache
def _answered(status: int) -> Response:
    """An answer of which nothing else is left: the same one for a million requests."""
    return Response(status)


def restored(left: Left, number: int, ticks: int) -> TrimmedEntry:
    """The entry of which ``left`` is left."""
    kind, heard = left.refusal, left.status
    return TrimmedEntry(
        number=number,
        ticks=ticks,
        operation=left.operation,
        request=_NOTHING,
        response=None if heard is None else _answered(heard),
        original=None if left.own_status == heard or left.own_status is None else _answered(left.own_status),
        refusal=None if kind is None else Refusal(kind, heard, **dict.fromkeys(kind.facts, "(no longer kept)")),
        fault=left.fault,
        decided_by=left.decided_by,
        assumptions=left.assumptions,
        left=left,
    )
