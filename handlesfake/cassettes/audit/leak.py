"""Leak: one thing that was found."""

from __future__ import annotations

from pathlib import Path

from handlesfake.values.values import frozen


@frozen
class Leak:
    """One thing that should not stand where it stands; its value is not kept."""

    path: Path
    line: int
    """Counts from 1."""

    kind: str
    """``token``, ``Signature``, ``xuid``, ``gamertag`` ..."""

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.kind}"
