"""Fake, intercept, record and assert the traffic between your code and Xbox Live's session directory (MPSD)."""

from __future__ import annotations

from typing import Any

from handlesfake.double import Double
from handlesfake.errors import (
    CassetteError,
    Escaped,
    HandlesfakeError,
    NotRecorded,
    RuleError,
    SettingsError,
    Unanswered,
)
from handlesfake.mpsd.choices import Choices
from handlesfake.options import Options
from handlesfake.people import TitleService, User

__all__ = [
    "CassetteError",
    "Choices",
    "Double",
    "Escaped",
    "HandlesfakeError",
    "NotRecorded",
    "Options",
    "RuleError",
    "SettingsError",
    "TitleService",
    "Unanswered",
    "User",
    "fake",
]


def fake(**words: Any) -> Double:
    """A double that answers by itself; ``words`` are those of the marker ``mpsd``.

    :raises SettingsError: a word is unknown or cannot be.
    """
    return Double(Options.of(**words))
