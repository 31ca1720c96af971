"""Context: what an operation is given, and Result: what it gives back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from handlesfake.mpsd.assumption import Assumption
from handlesfake.mpsd.evidence import Evidence
from handlesfake.mpsd.http.body import read_object
from handlesfake.mpsd.http.message import Request
from handlesfake.mpsd.provenance import UNKNOWN, Provenance
from handlesfake.mpsd.settings import Settings
from handlesfake.mpsd.state.directory import Directory
from handlesfake.mpsd.state.identity import Caller
from handlesfake.values.values import field, frozen, mutable

NewId = Callable[[], str]
"""Gives a new lower-case GUID at each call."""


@mutable
class Log:
    """What an operation tells beside its answer, as it goes: the one thing about a request that changes."""

    assumptions: list[Assumption] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """Sentences about what was accepted and looks odd."""

    evidence_levels: list[Evidence] = field(default_factory=list)
    """What the answer rests on, beside what its operation rests on by itself."""


@frozen
class Context:
    """One request on its way through an operation; contexts that are made of it share its log."""

    directory: Directory
    request: Request
    parameters: Mapping[str, str]
    caller: Caller
    contract_version: int
    """104, 105 or 107."""

    now: int
    """100 ns ticks since 1970-01-01 UTC."""

    new_id: NewId
    settings: Settings
    log: Log = field(default_factory=Log)

    def assume(self, assumption: Assumption) -> None:
        """The test left this unsaid; it is told once."""
        if assumption not in self.log.assumptions:
            self.log.assumptions.append(assumption)

    def note(self, text: str, evidence: Evidence = Evidence.ASSUMED) -> None:
        """Something odd was accepted; the answer then rests on no more than ``evidence``."""
        self.log.notes.append(text)
        self.limit_evidence(evidence)

    def limit_evidence(self, evidence: Evidence) -> None:
        """Something was accepted that is known from no better source than ``evidence``."""
        self.log.evidence_levels.append(evidence)

    def body(self) -> dict[str, Any]:
        """The request's JSON object.

        :raises Refusal: there is none.
        """
        return read_object(self.request.body, self.request.headers.first("content-encoding"))


@frozen
class Result:
    """What an operation did: the new state, and the answer before it is rendered."""

    directory: Directory
    status: int
    document: Any = None
    """The JSON body; None for an answer without one."""

    headers: Iterable[tuple[str, str]] = ()
    """Headers beside the common ones."""

    evidence: Evidence = Evidence.INFERRED
    """What the operation rests on by itself."""

    provenance: Provenance = UNKNOWN
    """What only the operation knows about its answer; the service adds the evidence and the notes. It names the
    caller where the request shows more about the caller than the token."""
