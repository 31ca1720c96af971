"""What a double decides about its service."""

from __future__ import annotations

from handlesfake.mpsd.choices import Choices
from handlesfake.mpsd.settings import PERMISSIVE, Settings

LOBBY = {"system": {"version": 1, "maxMembersCount": 4}, "custom": {}}


def test_by_default_the_service_answers_as_it_was_seen_to() -> None:
    """Observed, not strict, and every open question at its default."""
    settings = Settings()

    assert ("observed", False, Choices()) == (settings.dialect, settings.strict, settings.choices)
    assert {} == settings.templates


def test_a_template_is_found_without_regard_to_case() -> None:
    """Names are looked up without case."""
    settings = Settings(templates={"GameLobby": LOBBY})

    assert LOBBY == settings.template("gamelobby") == settings.constants("GAMELOBBY")


def test_a_template_that_nobody_described_is_permissive() -> None:
    """A test may begin without describing anything: the session is open and can show invites."""
    assert Settings().template("GameLobby") is None
    assert PERMISSIVE == Settings().constants("GameLobby")
    assert ("open", "game") == (PERMISSIVE["system"]["visibility"], PERMISSIVE["system"]["inviteProtocol"])
