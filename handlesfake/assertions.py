"""Assertions: say what should have been sent; show the nearest thing that was."""

from __future__ import annotations

from handlesfake.journal import Journal


class Assertions:
    """What a test may claim about the traffic of one double."""

    journal: Journal
