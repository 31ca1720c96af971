"""RefusalKind: a named way of saying no."""

from __future__ import annotations

from handlesfake.mpsd.evidence import Evidence
from handlesfake.values.values import frozen

LOG, DOC, CLI, CAP, INF, UNK = (
    Evidence.LOGGED,
    Evidence.DOCUMENTED,
    Evidence.CLIENT,
    Evidence.CAPTURED,
    Evidence.INFERRED,
    Evidence.ASSUMED,
)


@frozen
class RefusalKind:
    """A named way of saying no."""

    name: str
    status: int
    sentence: str
    """What the body says, with ``{facts}`` to fill in; empty for an answer without a body."""

    evidence: Evidence
    source: str

    @property
    def facts(self) -> tuple[str, ...]:
        """The names of the facts that the sentence needs."""
        from string import Formatter  # only on demand

        return tuple(name for _, name, _, _ in Formatter().parse(self.sentence) if name)


Row = tuple[str, int, str, Evidence, str]
"""A kind as a line of a table: name, status, sentence, evidence and source."""
