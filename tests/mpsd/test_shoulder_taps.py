"""What is pushed to each user, from only two states of the directory."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from handlesfake.mpsd.shoulder_taps import changes, taps
from handlesfake.mpsd.state.connection import Connection, Connections
from handlesfake.mpsd.state.directory import Directory
from handlesfake.mpsd.state.session import Member, Session, SessionRef
from handlesfake.mpsd.ticks import from_wire_time

REF = SessionRef("7E570100-1111-4222-8333-444455556666", "FakeLobby", "Lobby-1")
NOW = from_wire_time("2026-01-06T10:00:00.1234567Z") or 0


def member(index: int, *types: str, status: str = "active", connection: str = "c", custom: Any = None) -> Member:
    """A member who listens for ``types``; without any, one who does not listen."""
    subscription = {"subscription": {"id": "SUB", "changeTypes": list(types)}} if types else {}
    system = ({"connection": connection} if connection else {}) | subscription
    properties = {"system": system, "custom": custom or {}}
    return Member(index, f"900000000000000{index}", 0, status=status, properties=properties)


def session(*members: Member, number: int = 1, **words: Any) -> Session:
    """A session of ``members``."""
    made = Session(REF, "branch", '"etag"', "correlation", 0, change_number=number, **words)
    for one in members:
        made = made.with_member(one)
    return made


def pushed(before: Session | None, after: Session | None) -> list[tuple[str, int | None]]:
    """The users that a change taps, and the number."""
    first = replace(Directory().with_session(before) if before else Directory(), touched={})
    second = first.with_session(after) if after else first.without_session(before or session())
    return [(tap.xuid[-1], tap.change_number) for tap in taps(first, second, NOW)]


def test_a_tap_on_the_wire() -> None:
    """Captured: reference and subscription in lower case, seven digits of time."""
    before = Directory().with_session(session(member(1, "everything"), number=3)).at_rest()
    after = before.with_session(session(member(1, "everything"), number=4))

    assert [
        {
            "timestamp": "2026-01-06T10:00:00.1234567Z",
            "subscription": "sub",
            "resourceType": "mpsd/session",
            "resource": "7e570100-1111-4222-8333-444455556666~fakelobby~lobby-1",
            "branch": "branch",
            "changeNumber": 4,
        }
    ] == [tap.wire for tap in taps(before, after, NOW)]


def test_a_session_that_is_gone_has_no_number() -> None:
    """Captured: the last tap has no changeNumber."""
    before = Directory().with_session(session(member(1, "everything")))

    assert ["changeNumber" in tap.wire for tap in taps(before, before.without_session(session()), NOW)] == [False]


def test_who_listens_is_tapped() -> None:
    """A member with a connection and a subscription; neither one alone."""
    after = session(member(1, "everything"), member(2), member(3, "everything", connection=""), number=2)

    assert [("1", 2)] == pushed(session(*after.in_order()), after)


def test_who_is_tapped_is_what_stood_before_the_write() -> None:
    """The first tap of a creator is change 2, and a member that replaces a subscription is tapped under the old one."""
    created = session(member(1, "everything"))
    replaced = replace(member(1, "host"), properties={"system": {"connection": "c", "subscription": {"id": "NEW"}}})
    first = Directory().with_session(created).at_rest()
    second = first.with_session(session(replaced, number=2))

    assert [] == pushed(None, created)
    assert [("1", 2)] == pushed(session(member(1, "everything")), session(member(2), member(1, "host"), number=2))
    assert ["SUB"] == [tap.subscription for tap in taps(first, second, NOW)]


def test_a_connection_carries_the_taps_of_its_user_only() -> None:
    """A sub-account that names the connection of another is not tapped over it.

    Nor is any user over one that is mute or closed. A GUID that the service never issued belongs to the user that
    names it.
    """
    both = session(member(1, "everything"), member(2, "everything"))
    before = Directory().with_session(both).at_rest()

    def tapped(connections: Connections) -> list[str]:
        after = replace(before, connections=connections).with_session(both.bumped("id"))
        return [tap.xuid[-1] for tap in taps(before, after, NOW)]

    own = Connection("c", "9000000000000001")

    assert ["1", "2"] == tapped(Connections())
    assert ["1"] == tapped(Connections().plus(own))
    assert [] == tapped(Connections().plus(replace(own, is_muted=True)))
    assert ["1"] == tapped(Connections().plus(replace(own, lost=NOW + 1)))
    assert [] == tapped(Connections().minus("c"))


def test_another_session_of_the_same_name_is_another() -> None:
    """The members of the one are told that it is gone."""
    gone = session(member(1, "everything"))

    assert [("1", None)] == pushed(gone, replace(session(member(2)), branch="another"))


def test_no_change_number_no_tap() -> None:
    """A write that changed nothing taps no user (U57)."""
    assert [] == pushed(session(member(1, "everything")), session(member(1, "everything")))


def test_a_member_who_was_removed_is_told() -> None:
    """By what the member had subscribed to before; the others learn it, too."""
    before = session(member(1, "membersList"), member(2, "membersList"))

    assert [("1", 2), ("2", 2)] == pushed(before, session(member(1, "membersList"), number=2))


@pytest.mark.parametrize(
    "said", [None, 1, [], {}, {"id": 1, "changeTypes": ["everything"]}, {"id": "x"}, {"id": "x", "changeTypes": [1]}]
)
def test_what_is_no_subscription_is_none(said: object) -> None:
    """What a client wrote there may be anything."""
    listener = replace(member(1), properties={"system": {"connection": "c", "subscription": said}})

    assert [] == pushed(session(listener), session(listener, number=2))


FULL = {"system": {"maxMembersCount": 2}}
CROWD = [replace(member(1), index=index, xuid=str(9000000000000001 + index)) for index in range(100)]


@pytest.mark.parametrize(
    ("before", "after", "wanted"),
    [
        (session(), session(number=2), set()),
        (None, session(), {"membersList"}),
        (session(), None, {"membersList"}),
        (session(member(1)), session(member(1), member(2)), {"membersList"}),
        (session(member(1)), session(member(1, status="inactive")), {"membersStatus"}),
        (session(member(1)), session(member(1, custom={"team": "red"})), {"membersCustomProperty"}),
        (session(), session(properties={"system": {}, "custom": {"map": "dust"}}), {"customProperty"}),
        (session(), session(properties={"system": {"host": "device"}}), {"host"}),
        (session(), session(properties={"system": {"closed": True}}), {"joinability"}),
        (session(), session(properties={"system": {"locked": True}}), {"joinability"}),
        (session(), session(properties={"system": {"joinRestriction": "local"}}), {"joinability"}),
        (session(), session(properties={"system": {"keywords": ["a"]}}), set()),
        (
            session(),
            session(servers={"matchmaking": {"properties": {"system": {"status": "found"}}}}),
            {"matchmakingStatus"},
        ),
        (
            session(member(1), constants=FULL),
            session(member(1), member(2), constants=FULL),
            {"membersList", "joinability"},
        ),
        (
            session(member(1), member(2), constants=FULL),
            session(member(1), member(2), member(3), constants=FULL),
            {"membersList"},
        ),
        (session(*CROWD[:98]), session(*CROWD[:99]), {"membersList"}),
        (session(*CROWD[:99]), session(*CROWD), {"membersList", "joinability"}),
    ],
)
def test_what_has_changed(before: Session | None, after: Session | None, wanted: set[str]) -> None:
    """In the words of changeTypes, by the comparison of the C++ client."""
    assert wanted == changes(before, after)


@pytest.mark.parametrize(("types", "heard"), [(["host"], True), (["everything"], True), (["customProperty"], False)])
def test_only_wanted_changes_tap(types: list[str], heard: bool) -> None:
    """A subscription names what it is for; everything is for all of it."""
    before = session(member(1, *types))
    after = replace(before, properties={"system": {"host": "device"}}, change_number=2)

    assert heard is bool(pushed(before, after))


def test_a_session_is_touched_where_somebody_listens() -> None:
    """A change that no user is told leaves nothing to look at, and nothing to be put away."""
    silent = Directory().with_session(session()).with_session(session(number=2))
    heard = silent.with_session(session(member(1, "everything"), number=3))

    assert {} == silent.touched
    assert silent is silent.at_rest()
    assert {} == heard.touched
    assert {REF.key: 0} == heard.without_session(session()).touched


def test_nothing_is_looked_at_but_what_was_touched() -> None:
    """The cost of a change does not grow with the number of sessions: only touched ones are compared."""
    before = Directory().with_session(session(member(1, "everything")))
    after = replace(before, sessions={}, touched={})

    assert () == taps(before, after, NOW)
