"""A changed copy of a wide record is what dataclasses.replace gives."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handlesfake.mpsd.state.copying import copy_with
from handlesfake.mpsd.state.directory import Directory
from handlesfake.mpsd.state.identity import KnownUser
from handlesfake.mpsd.state.session import Session, SessionRef

SESSION = Session(SessionRef("7e570100-1111-4222-8333-444455556666", "FakeLobby", "lobby-1"), "b", '"0"', "c", 10)


def test_it_is_a_replacement() -> None:
    """Some fields change, the others are shared, and the record itself stays as it was."""
    assert replace(SESSION, change_number=7, etag='"1"') == copy_with(SESSION, change_number=7, etag='"1"')
    assert 1 == SESSION.change_number


def test_an_unknown_field_is_an_error() -> None:
    """A slip is told, as by replace()."""
    with pytest.raises(KeyError, match="chnage_number"):
        copy_with(SESSION, chnage_number=7)


def test_a_changed_directory_shares_the_rest() -> None:
    """The value is the one that replace() gives, and what did not change is the very same."""
    before = Directory(sessions={SESSION.ref.key: SESSION})
    after = before.with_user(KnownUser("9000000000000001", "hash", "1234567890"))

    assert replace(after) == after
    assert before.sessions is after.sessions
    assert {} == before.users
