"""A changed directory shares with the old one what did not change."""

from __future__ import annotations

from dataclasses import replace

from handlesfake.mpsd.state.directory import Directory
from handlesfake.mpsd.state.identity import KnownUser
from handlesfake.mpsd.state.session import Session, SessionRef

SESSION = Session(SessionRef("7e570100-1111-4222-8333-444455556666", "FakeLobby", "lobby-1"), "b", '"0"', "c", 10)


def test_a_changed_directory_shares_the_rest() -> None:
    """The value is the one that replace() gives, and what did not change is the very same."""
    before = Directory(sessions={SESSION.ref.key: SESSION})
    after = before.with_user(KnownUser("9000000000000001", "hash", "1234567890"))

    assert replace(after) == after
    assert before.sessions is after.sessions
    assert {} == before.users
