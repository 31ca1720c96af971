"""Fake, intercept, record and assert the traffic between your code and Xbox Live's session directory (MPSD)."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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

_HOMES = {
    "Choices": "handlesfake.mpsd.choices",
    "Double": "handlesfake.double",
    "Options": "handlesfake.options",
    "TitleService": "handlesfake.people",
    "User": "handlesfake.people",
}
"""Where each public name lives, errors apart. Nothing is imported before it is asked for: pytest imports this package
as it starts, also in a suite that never uses it."""


def fake(**words: Any) -> Double:
    """A double that answers by itself; ``words`` are those of the marker ``mpsd``.

    :raises SettingsError: a word is unknown or cannot be.
    """
    from handlesfake.double import Double  # lazily, as everything here
    from handlesfake.options import Options

    return Double(Options.of(**words))


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(_HOMES.get(name, "handlesfake.errors")), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
