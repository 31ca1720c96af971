"""What a double decides about its service: dialect, strictness, choices, templates, and the defaults of a test."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Literal

from handlesfake.mpsd.choices import USUAL, Choices
from handlesfake.mpsd.state.session import DEFAULT_CAPACITY, Document
from handlesfake.values.values import field, frozen

Dialect = Literal["observed", "documented"]

DEFAULT_SCID = "7e570100-1111-4222-8333-444455556666"
DEFAULT_TEMPLATE_NAME = "FakeLobby"
DEFAULT_TITLE_ID = "1234567890"

PERMISSIVE: Document = {
    "system": {
        "version": 1,
        "maxMembersCount": DEFAULT_CAPACITY,
        "visibility": "open",
        "inviteProtocol": "game",
        "capabilities": {},
        "readyRemovalTimeout": 180_000,
        "reservedRemovalTimeout": 30_000,
        "sessionEmptyTimeout": 0,
        "inactiveRemovalTimeout": 7_200_000,
    },
    "custom": {},
}
"""Constants of a session with an undescribed template: open, and able to show invites. Unlike contract 107's own
default, inactive members stay for two hours, so that a test can have one."""


def _no_templates() -> Mapping[str, Document]:
    return MappingProxyType({})


def _none_ready(_name: str) -> Document | None:
    return None


def _no_title(_name: str) -> str:
    return ""


@frozen
class Settings:
    """The fixed part of one double's service."""

    dialect: Dialect = "observed"
    """``observed``: as the service was seen to answer. ``documented``: the reference page to the letter, by which
    setting an activity returns no body."""

    strict: bool = False
    """True: nothing is assumed. False: what the test left wholly unsaid is, and each assumption is reported."""

    throttling: bool = False
    """True: the service counts requests by user and title, and answers 429 beyond the documented limits (U89)."""

    choices: Choices = USUAL
    scid: str = DEFAULT_SCID
    template_name: str = DEFAULT_TEMPLATE_NAME
    title_id: str = DEFAULT_TITLE_ID
    templates: Mapping[str, Document] = field(default_factory=_no_templates)
    """Template name, as its author wrote it, to ``{"system": {...}, "custom": {...}}`` in contract 107 spelling."""

    ready: Callable[[str], Document | None] = _none_ready
    """More facts about a template, by its name: asked only where ``templates`` says nothing."""

    title_of: Callable[[str], str] = _no_title
    """The id of the title that a template of that name belongs to; empty where it is unknown."""

    names_in: Callable[[str], Sequence[str]] | None = None
    """The names of the templates that are described for a service configuration, or for any; None where each of
    ``templates`` is for any."""

    def template(self, name: str) -> Document | None:
        """The constants of the template called ``name``, case ignored; None when it was not described."""
        wanted = name.lower()
        found = next((constants for known, constants in self.templates.items() if known.lower() == wanted), None)
        return self.ready(name) if found is None else found

    def template_names(self, scid: str) -> Sequence[str]:
        """The templates that are described for the service configuration ``scid``, or for any."""
        return tuple(self.templates) if self.names_in is None else self.names_in(scid)

    def constants(self, template_name: str) -> dict[str, Any]:
        """The constants that a session of that template starts with."""
        return self.template(template_name) or PERMISSIVE
