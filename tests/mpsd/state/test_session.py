"""Session and Member as values."""

from __future__ import annotations

from dataclasses import replace
from functools import reduce
from typing import Any

import pytest

from handlesfake.mpsd.state.session import FEW, Member, Session, SessionRef

REF = SessionRef("7E570100-1111-4222-8333-444455556666", "FakeLobby", "Lobby-1")
EMPTY = Session(REF, "branch", '"e"', "correlation", 1)
HOST = Member(0, "9000000000000001", 1)
GUEST = Member(4, "9000000000000002", 1, status="reserved")


def test_a_reference_is_found_without_regard_to_case() -> None:
    """Two spellings are one session; each is written as it came."""
    assert ("7e570100-1111-4222-8333-444455556666", "fakelobby", "lobby-1") == REF.key
    assert {"scid": REF.scid, "templateName": "FakeLobby", "name": "Lobby-1"} == REF.wire


@pytest.mark.parametrize(
    ("name", "end"),
    [
        ("lobby-1", "lobby-1"),
        ("a b/c?", "a%20b%2Fc%3F"),
        ("a\r\nb", "a%0D%0Ab"),
        ("é", "%C3%A9"),
        ("~(x)@:", "~(x)@:"),
    ],
)
def test_an_address_holds_any_name(name: str, end: str) -> None:
    """A session's address can be in a header, whatever the session is called."""
    assert f"/serviceconfigs/S/sessiontemplates/T/sessions/{end}" == SessionRef("S", "T", name).path


def test_members_come_and_go() -> None:
    """Members are found by xuid and counted by status; an index is not used again."""
    both = EMPTY.with_member(HOST).with_member(GUEST)
    alone = both.without_member(0)

    assert (HOST, GUEST, None) == (both.member_of(HOST.xuid), both.member_of(GUEST.xuid), both.member_of("1"))
    assert [0, 4] == [member.index for member in both.in_order()]
    assert (5, 1, 1) == (both.next_index, both.accepted, both.active)
    assert (5, 0, 0, None) == (alone.next_index, alone.accepted, alone.active, alone.member_of(HOST.xuid))
    assert 0 == len(EMPTY.members)


@pytest.mark.parametrize("count", [1, FEW, FEW + 1, 100])
def test_members_are_found_however_many_there_are(count: int) -> None:
    """By xuid: each who came, who changed, who has another xuid now, and no member that left."""
    members = [Member(number, str(number), 1) for number in range(count)]
    full = reduce(Session.with_member, members, EMPTY)
    ready, other = replace(members[0], status="ready"), replace(members[0], xuid="other")

    assert {member.xuid: member.index for member in members} == dict(full.by_xuid)
    assert members == [full.member_of(member.xuid) for member in members]
    assert ready == full.with_member(ready).member_of("0")
    assert other == full.without_member(0).with_member(other).member_of("other")
    assert full.without_member(count - 1).member_of(str(count - 1)) is None
    assert {} == reduce(Session.without_member, range(count), full).by_xuid


@pytest.mark.parametrize("count", [FEW, FEW + 1])
def test_a_session_is_equal_whoever_was_in_it_before(count: int) -> None:
    """How members are found says nothing of what is known."""
    full = reduce(Session.with_member, [Member(number, str(number), 1) for number in range(count)], EMPTY)
    more = full.with_member(Member(count, "later", 1)).without_member(count)

    assert full == replace(more, next_index=full.next_index)


@pytest.mark.parametrize(
    ("said", "capacity"),
    [({}, 100), ({"maxMembersCount": 8}, 8), ({"maxMembersCount": 10_000}, 10_000)]
    + [({"maxMembersCount": odd}, 100) for odd in (None, 0, -1, True, "8", 8.5, [], {})],
)
def test_a_session_has_room_for_what_its_constants_say(said: dict[str, Any], capacity: int) -> None:
    """100 by default (contract 8.2); what a recording shows there may not be a number of members at all."""
    assert capacity == replace(EMPTY, constants={"system": said, "custom": {}}).capacity


def test_a_reservation_takes_a_place() -> None:
    """Full is a session whose members and reservations together are as many as it has room for, or more."""
    one, two = EMPTY.with_member(HOST), EMPTY.with_member(HOST).with_member(GUEST)
    most = {"system": {"maxMembersCount": 2}, "custom": {}}
    least = {"system": {"maxMembersCount": 1}, "custom": {}}

    assert [False, True] == [replace(session, constants=most).is_full for session in (one, two)]
    assert [True, True] == [replace(session, constants=least).is_full for session in (one, two)]


def test_a_member_is_replaced() -> None:
    """The same index is the same member: counts follow its status."""
    inactive = EMPTY.with_member(HOST).with_member(Member(0, HOST.xuid, 1, status="inactive"))

    assert (1, 0) == (inactive.accepted, inactive.active)


@pytest.mark.parametrize(
    ("status", "active", "accepted"),
    [("active", True, True), ("ready", False, True), ("inactive", False, True), ("reserved", False, False)],
)
def test_a_status_says_what_a_member_is(status: str, active: bool, accepted: bool) -> None:
    """Active is one status; a reservation is not yet a membership."""
    member = Member(0, HOST.xuid, 1, status=status)

    assert (active, accepted) == (member.active, member.accepted)


def test_a_change_raises_number_and_etag() -> None:
    """The ETag is new with the change number; nothing happens for no change."""
    bumped = EMPTY.bumped("0123-4567", 2)

    assert (3, '"01234567"') == (bumped.change_number, bumped.etag)
    assert EMPTY is EMPTY.bumped("0123", 0)


def test_parts_that_are_not_there_are_empty() -> None:
    """A session that says nothing has no capabilities, no protocol, no keywords and nothing custom."""
    assert ({}, {}, None, {}, ()) == (
        EMPTY.system,
        EMPTY.capabilities,
        EMPTY.invite_protocol,
        EMPTY.custom,
        EMPTY.keywords,
    )


def test_parts_are_found() -> None:
    """What a session says is found by the wire's names."""
    session = Session(
        REF,
        "b",
        '"e"',
        "c",
        1,
        constants={"system": {"inviteProtocol": "game", "capabilities": {"large": True}}},
        properties={"system": {"keywords": ["ctf"]}, "custom": {"map": "harbour"}},
    )

    assert ("game", {"large": True}) == (session.invite_protocol, session.capabilities)
    assert (("ctf",), {"map": "harbour"}) == (session.keywords, session.custom)
