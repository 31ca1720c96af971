"""A party, and a state by a word of the double: what a test would arrange in six lines."""

from __future__ import annotations

from pathlib import Path

import pytest
import requests

import handlesfake
from handlesfake import SettingsError
from handlesfake.double.double import Double, core_of

MPSD = "https://sessiondirectory.xboxlive.com"
PARTY = """
users: [host, guest]
sessions:
  - {name: lobby-1, members: [host]}
activities:
  - {user: host, session: lobby-1}
"""


def test_a_party_is_a_host_with_a_lobby_and_friends(mpsd: Double) -> None:
    """The host shows the lobby and is alone in it; everybody follows everybody; nothing was sent."""
    host, guests, session, activity = mpsd.party("host", 3, lobby="lobby-1")

    everybody = {host.xuid, *(guest.xuid for guest in guests)}
    world = core_of(mpsd).world
    assert ["host", "guest1", "guest2", "guest3"] == [user.role for user in (host, *guests)]
    assert ["lobby-1", [host.xuid]] == [session.name, session.members]
    assert activity == mpsd.activity_of(host) == {"session_ref": session.ref, "owner_xuid": host}
    assert [everybody - {user.xuid} for user in (host, *guests)] == [
        world.users(user).follows for user in (host, *guests)
    ]
    assert [0, []] == [len(mpsd.journal), mpsd.activities]


def test_a_guest_joins_by_the_handle_that_the_host_shows(mpsd: Double) -> None:
    """What a friend's client does with the list of friends."""
    party = mpsd.party()
    (guest,) = party.guests
    me = {"members": {"me": {"constants": {"system": {"xuid": guest.xuid, "initialize": True}}}}}
    answer = requests.put(f"{MPSD}/handles/{party.activity.id}/session", json=me, headers=guest.headers, timeout=10)

    assert [200, [party.host.xuid, guest.xuid]] == [answer.status_code, party.session.members]


def test_a_party_without_guests_is_a_host(mpsd: Double) -> None:
    """A host alone still shows the lobby."""
    party = mpsd.party(guests=0)

    assert () == party.guests
    mpsd.assert_activity(party.host, session=party.session)


def test_users_that_are_there_make_a_party(mpsd: Double) -> None:
    """Users and roles, in any order, in the words of the test."""
    ann = mpsd.user("ann", gamertag="Annie")
    party = mpsd.party(ann, ["ben", mpsd.user()])

    assert (ann, "ben", "") == (party.host, *(guest.role for guest in party.guests))


def test_a_party_that_cannot_be_leaves_nothing(mpsd: Double) -> None:
    """All of it, or nothing: the users who were made are gone."""
    mpsd.session("full", constants={"maxMembersCount": 1}).fill(1)
    with pytest.raises(SettingsError, match="403 session_full"):
        mpsd.party("late", 2, lobby="full")

    assert {} == dict(core_of(mpsd).world.roles)


def test_a_double_begins_with_a_state(tmp_path: Path) -> None:
    """Of one file or several, as ``load`` would arrange them one after the other."""
    (tmp_path / "party.yaml").write_text(PARTY)
    (tmp_path / "more.yaml").write_text("users: [far]\nfriends:\n  - [host, far]\n")

    with handlesfake.fake(state=tmp_path / "party.yaml") as mpsd:
        mpsd.assert_activity("host", session="lobby-1")
    with handlesfake.fake(state=[tmp_path / "party.yaml", tmp_path / "more.yaml"]) as mpsd:
        assert ["host", "guest", "far"] == list(core_of(mpsd).world.roles)


def test_a_state_that_cannot_be_is_told_with_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the double is made, with the place; and what is beside a missing file."""
    monkeypatch.chdir(tmp_path)
    Path("wrong.yaml").write_text("users: [host]\nsesions: []\n")

    with pytest.raises(SettingsError, match=r"wrong\.yaml, line 2, column 1: a state has no 'sesions'; did you mean"):
        handlesfake.fake(state="wrong.yaml")
    with pytest.raises(
        SettingsError, match=r"(?s)the state file party\.yaml cannot be read: .*there are: wrong\.yaml"
    ):
        handlesfake.fake(state="party.yaml")


def test_a_decorated_function_begins_with_the_state_each_time(tmp_path: Path) -> None:
    """What one call changes, the next does not see."""
    (tmp_path / "party.yaml").write_text(PARTY)
    double = handlesfake.fake(state=tmp_path / "party.yaml")

    @double
    def members() -> int:
        answer = requests.get(f"{MPSD}{lobby.path}", headers=host.headers, timeout=10).json()
        requests.delete(f"{MPSD}{lobby.path}/members/me", headers=host.headers, timeout=10)
        return len(answer["members"])

    host, lobby = double.user("host"), double.session("lobby-1")

    assert [1, 1] == [members(), members()]


def test_a_session_that_is_found_again_equals_itself(mpsd: Double) -> None:
    """By name, by reference, whatever the case of their letters; one of another name or double does not."""
    session = mpsd.party(lobby="lobby-1").session
    with handlesfake.fake() as another:
        other = another.session("lobby-1")

    assert session == mpsd.session("lobby-1") == mpsd.session(session.ref) == mpsd.session("LOBBY-1")
    assert {session} == {session, mpsd.session("lobby-1")}
    assert [False, False, False] == [session == one for one in (mpsd.session("lobby-2"), other, session.ref)]
