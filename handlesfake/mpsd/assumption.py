"""Assumption: what the test left unsaid and the fake took for granted."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Assumption:
    """Something that the test left unsaid and the fake took for granted."""

    question: str
    """What was assumed: ``caller``, ``title``, ``session``, ``member`` or ``template``."""

    text: str
    """One sentence for people."""

    instead: str = ""
    """The line of a test that would say it instead of leaving it open."""
