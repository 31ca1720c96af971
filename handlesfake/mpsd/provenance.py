"""Provenance: what is known about the origin of an answer, from the operation to the journal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import Any, TypeVar

from handlesfake.mpsd.assumption import Assumption
from handlesfake.mpsd.evidence import Evidence
from handlesfake.mpsd.refusals.catalogue import Refusal
from handlesfake.mpsd.state.handle import Handle
from handlesfake.mpsd.state.identity import Caller
from handlesfake.values.values import fields_of, frozen, replace


@frozen
class Provenance:
    """What is known about the origin of an answer.

    It passes whole from the service to the journal, whose entries extend it. A new field of the journal is declared
    here, set where it is known, and shown in :mod:`handlesfake.reporting.journal_json`; nothing in between names it.
    """

    evidence: Evidence | None = None
    """What the answer rests on: the weakest of what it was built from, assumptions not counted; None where the fake
    did not make it."""

    caller: Caller | None = None
    """Who called, as far as the request told: equal to the ``User`` or ``TitleService`` of the test; None where it
    did not."""

    refusal: Refusal | None = None
    """Why the service said no: equal to its name, ``entry.refusal == "throttled"``; None for a yes, and for a no
    whose reason is not known."""

    assumptions: tuple[Assumption, ...] = ()
    """What the test left unsaid and the fake took for granted."""

    notes: tuple[str, ...] = ()
    """Sentences about what was odd."""

    _created: Handle | Mapping[str, Any] | None = None
    """The handle that was created, as the service knows it, or as a recording shows it; see :attr:`created`."""

    delivered: bool | None = None
    """Whether an accepted invite reaches its invitee, also where its sender never heard the answer (``fault``); None
    where no invite was accepted."""

    @property
    def created(self) -> Mapping[str, Any] | None:
        """The handle that was created, whole, also where the dialect keeps it from the body; None when none was."""
        return self._created.document if isinstance(self._created, Handle) else self._created


UNKNOWN = Provenance()
"""Nothing is known."""

values_of: Callable[[Provenance], tuple[Any, ...]] = attrgetter(*fields_of(Provenance))
"""The fields in their order: the first arguments of every record that extends :class:`Provenance`."""

_P = TypeVar("_P", bound=Provenance)


def with_notes(record: _P, *notes: str, first: bool = False) -> _P:
    """``record`` with more notes, behind those that it has or before them."""
    return replace(record, notes=(*notes, *record.notes) if first else (*record.notes, *notes))
