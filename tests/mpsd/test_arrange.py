"""What a test arranges is what a row of requests would lead to, or is refused as the service would."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from handlesfake.mpsd import arrange
from handlesfake.mpsd.refusals.catalogue import Refusal
from handlesfake.mpsd.settings import Settings
from handlesfake.mpsd.state.directory import Directory
from handlesfake.mpsd.state.identity import KnownUser
from tests.mpsd.service_harness import GUEST, HOST, LOBBY, Town, document

HOST_USER = KnownUser(HOST, f"uhs-{HOST}", "1234567890", role="host", gamertag="FakeTag 0001")
GUEST_USER = KnownUser(GUEST, f"uhs-{GUEST}", "1234567890", role="guest", gamertag="FakeTag 0002")
SMALL = Settings(templates={"FakeLobby": {"system": {"version": 1, "maxMembersCount": 1}}})


def town(settings: Settings | None = None) -> Town:
    """A town that knows host and guest, by name."""
    known = Directory(users_named=True).with_user(HOST_USER).with_user(GUEST_USER)
    return Town(settings or Settings(), known)


def do(place: Town, arranged: Any, *what: Any, **words: Any) -> None:
    """Arrange something there."""
    place.directory = arranged(
        place.directory, *what, **words, now=place.now, new_id=place.ids, settings=place.settings
    )


def test_an_arranged_session_is_read_as_one_that_was_made() -> None:
    """The same document as a PUT by its only member would give, ids and times aside."""
    arranged, made = town(), town()
    do(arranged, arrange.session, LOBBY, members=(HOST_USER,), properties={"custom": {"map": "harbour"}})
    made.put(
        {
            "members": {"me": {"properties": {"system": {"active": True}}}},
            "properties": {"custom": {"map": "harbour"}},
        }
    )
    unlike = ("branch", "correlationId", "startTime")
    one, other = document(arranged.get()), document(made.get())
    one["members"]["0"]["joinTime"] = other["members"]["0"]["joinTime"]

    assert {key: one[key] for key in one if key not in unlike} == {
        key: other[key] for key in other if key not in unlike
    }


def test_more_than_a_session_holds_is_refused_with_the_services_sentence() -> None:
    """Two members where the template takes one."""
    place = town(SMALL)

    with pytest.raises(Refusal, match=r"The session is full\."):
        do(place, arrange.session, LOBBY, members=(HOST_USER, GUEST_USER))


def test_the_tests_constants_stand_over_the_template() -> None:
    """An arranged session may differ from its template; a client's may not."""
    place = town(SMALL)
    do(place, arrange.session, LOBBY, members=(HOST_USER, GUEST_USER), constants={"maxMembersCount": 2})

    assert 2 == place.session().system["maxMembersCount"]


def test_arranging_twice_adds_to_what_is_there() -> None:
    """The session keeps its members and its properties, and gets the rest."""
    place = town()
    do(place, arrange.session, LOBBY, members=(HOST_USER,), properties={"custom": {"a": 1}})
    do(place, arrange.session, LOBBY, members=(HOST_USER, GUEST_USER), properties={"custom": {"b": 2}})

    assert ([HOST, GUEST], {"a": 1, "b": 2}) == (
        [member.xuid for member in place.session().in_order()],
        place.session().custom,
    )


def test_wrong_properties_are_refused() -> None:
    """The session could not have been written so."""
    with pytest.raises(Refusal, match="must go with closed"):
        do(town(), arrange.session, LOBBY, properties={"system": {"locked": True}})


@pytest.mark.parametrize("status", arrange.STATUSES)
def test_a_member_joins_in_each_status(status: str) -> None:
    """Active, ready, inactive, or with a reservation only."""
    place = town()
    do(place, arrange.session, LOBBY, members=(HOST_USER,))
    do(place, arrange.join, LOBBY, GUEST_USER, status=status)

    assert status == place.session().members[1].status


def test_a_member_who_turns_inactive_loses_the_activity() -> None:
    """Arranging takes with it what the service would."""
    place = town()
    do(place, arrange.session, LOBBY, members=(HOST_USER,))
    do(place, arrange.activity, HOST_USER, LOBBY)
    do(place, arrange.join, LOBBY, HOST_USER, status="inactive")

    assert 0 == len(place.directory.handles)


def test_a_member_does_not_turn_into_a_reservation() -> None:
    """The service has no way back."""
    place = town()
    do(place, arrange.session, LOBBY, members=(HOST_USER,))

    with pytest.raises(Refusal, match="reservation"):
        do(place, arrange.join, LOBBY, HOST_USER, status="reserved")


def test_joining_needs_a_session_a_status_and_the_privilege() -> None:
    """Each is refused in the service's words."""
    place = town()

    with pytest.raises(Refusal, match="not found"):
        do(place, arrange.join, LOBBY, HOST_USER)
    do(place, arrange.session, LOBBY)
    with pytest.raises(Refusal, match="must be one of active, ready, inactive, reserved, and is 'here'"):
        do(place, arrange.join, LOBBY, HOST_USER, status="here")
    with pytest.raises(Refusal, match="privilege"):
        do(place, arrange.join, LOBBY, replace(HOST_USER, multiplayer=False))


def test_an_activity_needs_an_active_member_also_where_the_double_is_not_strict() -> None:
    """What a test arranges it has said: nothing is assumed for it."""
    place = town()
    do(place, arrange.session, LOBBY, members=(HOST_USER,))

    with pytest.raises(Refusal, match="must be a member"):
        do(place, arrange.activity, GUEST_USER, LOBBY)


def test_an_open_invite_opens_the_session() -> None:
    """As if the host had sent it."""
    place = town()
    do(place, arrange.session, LOBBY, members=(HOST_USER,), properties={"system": {"joinRestriction": "local"}})
    do(place, arrange.invite, HOST_USER, GUEST, LOBBY, context="mode")
    (handle,) = place.directory.handles.values()

    assert ("invite", GUEST, "mode") == (
        handle.type,
        handle.invited_xuid,
        handle.document["inviteAttributes"]["context"],
    )


def test_following_goes_one_way() -> None:
    """Who follows is not followed by that."""
    known = arrange.follow(town().directory, HOST, GUEST)

    assert (frozenset({GUEST}), frozenset()) == (known.users[HOST].follows, known.users[GUEST].follows)


def test_the_first_member_of_a_session_with_owners_owns_it() -> None:
    """Where the test does not say otherwise."""
    place = town()
    do(place, arrange.session, LOBBY, members=(HOST_USER,), constants={"capabilities": {"hasOwners": True}})

    assert [0] == place.session().properties["system"]["owners"]


def test_joining_in_the_same_status_changes_nothing() -> None:
    """The very same value, so that nothing counts twice."""
    place = town()
    do(place, arrange.session, LOBBY, members=(HOST_USER,))
    before = place.directory
    do(place, arrange.join, LOBBY, HOST_USER)

    assert before is place.directory


@pytest.mark.parametrize(
    "arranged", [(arrange.activity, LOBBY), (arrange.invite, GUEST, LOBBY)], ids=["activity", "invite"]
)
def test_a_token_without_a_title_makes_no_handle(arranged: tuple[Any, ...]) -> None:
    """It meets 403 (contract 19.2), so that no test can arrange what it would have made."""
    place, untitled = town(), replace(HOST_USER, title_id="")
    do(place, arrange.session, LOBBY, members=(untitled,))
    function, *what = arranged

    with pytest.raises(Refusal, match="without a title"):
        do(place, function, untitled, *what)
