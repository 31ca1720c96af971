"""Who may do what with the session that a handle is to point to."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from handlesfake.fake_service.ids import Ids
from handlesfake.mpsd.choices import Choices
from handlesfake.mpsd.context import Context
from handlesfake.mpsd.evidence import Evidence
from handlesfake.mpsd.http.message import Request
from handlesfake.mpsd.refusals.catalogue import Refusal
from handlesfake.mpsd.sessions.access import session_lookup
from handlesfake.mpsd.settings import Settings
from handlesfake.mpsd.state.directory import Directory
from handlesfake.mpsd.state.identity import Caller, KnownUser
from handlesfake.mpsd.state.session import Member, Session, SessionRef

HOST = KnownUser("9000000000000001", "1", "1234567890", role="host")
GUEST = KnownUser("9000000000000002", "2", "1234567890")
REF = SessionRef("S", "T", "Lobby")
SESSION = Session(REF, "b", '"e"', "c", 1).with_member(Member(0, HOST.xuid, 1))
THERE = replace(Directory().with_session(SESSION), sessions_created=True)
USUAL = Settings()


def context(directory: Directory, *users: KnownUser, settings: Settings = USUAL) -> Context:
    """A request of ``users``."""
    caller = Caller("1234567890", users)
    return Context(directory, Request("POST", "/handles"), {}, caller, 107, 1, Ids("access"), settings)


def refusal_of(*arguments: Any) -> Refusal:
    """The refusal of a call."""
    with pytest.raises(Refusal) as raised:
        arguments[0](*arguments[1:])
    return raised.value


def test_a_session_that_is_there_is_found() -> None:
    """Nothing is assumed, noted or changed."""
    asked = context(THERE, HOST)

    assert (THERE, SESSION) == session_lookup.referred_session(asked, REF)
    assert ([], []) == (asked.log.assumptions, asked.log.notes)


def test_another_spelling_finds_it_with_a_note() -> None:
    """The lookup without case is documented, and worth a word."""
    asked = context(THERE, HOST)

    assert SESSION == session_lookup.referred_session(asked, SessionRef("s", "t", "LOBBY"))[1]
    assert ([Evidence.DOCUMENTED], 1) == (asked.log.evidence_levels, len(asked.log.notes))


def test_while_nobody_made_a_session_it_is_assumed_with_the_caller_in_it() -> None:
    """Once for the session, and once for each caller; the line that would say it names the role."""
    first = context(Directory(), HOST)
    directory, session = session_lookup.referred_session(first, REF)
    second = context(directory, GUEST)
    directory, session = session_lookup.referred_session(second, REF)
    third = context(directory, GUEST)

    assert session_lookup.referred_session(third, REF)[1] == session
    assert session is not None
    assert (True, [HOST.xuid, GUEST.xuid]) == (session.assumed, [member.xuid for member in session.in_order()])
    assert ["the session Lobby exists", "Host 9000000000000001 is active in the session Lobby"] == [
        each.text for each in first.log.assumptions
    ]
    assert 'mpsd.session("Lobby", members=[host])' == first.log.assumptions[1].instead
    assert ["member"] == [each.question for each in second.log.assumptions]
    assert [] == third.log.assumptions


def test_once_a_session_was_made_a_missing_one_is_missing() -> None:
    """It is refused, by choice with another status or not at all; strict refuses from the start."""
    other = SessionRef("S", "T", "other")
    by_choice = context(THERE, HOST, settings=Settings(choices=Choices(missing_session=201)))

    assert 403 == refusal_of(session_lookup.referred_session, context(THERE, HOST), other).status
    assert (
        403
        == refusal_of(
            session_lookup.referred_session, context(Directory(), HOST, settings=Settings(strict=True)), REF
        ).status
    )
    assert (THERE, None) == session_lookup.referred_session(by_choice, other)
    assert ["there is no session other: the handle dangles (U16)"] == by_choice.log.notes


def test_once_a_template_was_described_another_is_unknown() -> None:
    """404, as the status page says; names compare without case."""
    settings = Settings(templates={"GameLobby": {"system": {}}})

    assert 404 == refusal_of(session_lookup.referred_session, context(THERE, HOST, settings=settings), REF).status
    session_lookup.require_template(context(THERE, HOST, settings=settings), SessionRef("S", "gamelobby", "x"))


def test_the_privilege_is_needed() -> None:
    """An account without it is refused."""
    session_lookup.require_privilege(HOST)

    assert "no_privilege" == refusal_of(session_lookup.require_privilege, replace(HOST, multiplayer=False)).kind.name


def test_a_member_is_more_than_a_reservation() -> None:
    """Another user, and one with a reserved place, is not a member."""
    reserved = SESSION.with_member(Member(1, GUEST.xuid, 1, status="reserved"))

    assert SESSION.members[0] == session_lookup.require_member(SESSION, HOST)
    assert "not_a_member" == refusal_of(session_lookup.require_member, SESSION, GUEST).kind.name
    assert (HOST.xuid, GUEST.xuid) == tuple(
        sorted(refusal_of(session_lookup.require_member, reserved, GUEST).facts["members"])
    )


@pytest.mark.parametrize(
    ("constants", "index", "may"),
    [
        ({}, 1, None),
        ({"capabilities": {"hasOwners": True}}, 0, True),
        ({"capabilities": {"hasOwners": True}}, 1, False),
        ({"capabilities": {"hasOwners": True}, "ownershipPolicies": {"allowNonOwnerInviteHandles": True}}, 1, True),
    ],
)
def test_owners_may_invite(constants: dict[str, Any], index: int, may: bool | None) -> None:
    """Where there are owners, the others need a policy; where there are none, the question does not arise."""
    session = replace(SESSION, constants={"system": constants}, properties={"system": {"owners": [0]}})

    assert may is session_lookup.may_invite(session, Member(index, "1", 1))
