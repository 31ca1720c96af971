"""A directory as it would be, had all of it happened later."""

from __future__ import annotations

from dataclasses import replace

from handlesfake.mpsd.state.connection import Connection
from handlesfake.mpsd.state.deadlines import DeadlineQueue
from handlesfake.mpsd.state.directory import Directory
from handlesfake.mpsd.state.later import later
from handlesfake.mpsd.ticks import TICKS_PER_SECOND
from tests.mpsd.service_harness import FAR, GUEST, HOST, JOIN, LEAVE, LOBBY, Town

HOURS = 2 * 3600 * TICKS_PER_SECOND
RULES = {"joinTimeout": 5000, "membersNeededToStart": 1}
SYSTEM = {"version": 1, "capabilities": {"connectivity": True}, "memberInitialization": RULES}
STARTS = {"constants": {"system": {"initialize": True}}, **JOIN["members"]["me"]}
MATCH = {"constants": {"system": SYSTEM}, "members": {"me": STARTS}}
INVITE = {
    "type": "invite",
    "version": 1,
    "sessionRef": LOBBY.wire,
    "invitedXuid": GUEST,
    "inviteAttributes": {"titleId": "1234567890"},
}


def story(begin: int) -> Directory:
    """Sessions, members, all kinds of handles, timers and a lost connection, from a time on."""
    town = Town(now=begin)
    match, empty = replace(LOBBY, name="match"), replace(LOBBY, name="empty")
    for ref, body in ((LOBBY, JOIN), (match, MATCH), (empty, JOIN)):
        town.put(body, ref=ref)
        town.wait(1)
    town.put(JOIN, by=FAR)
    town.put(JOIN, by=GUEST, ref=match)
    town.put({"members": {"me": {"properties": {"system": {"active": False}}}}}, by=FAR)
    town.put(LEAVE, ref=empty)
    town.activity()
    town.send("POST", "/handles", INVITE)
    town.send("POST", "/handles", {"type": "search", "version": 1, "sessionRef": LOBBY.wire, "searchAttributes": {}})
    lost = Connection("11111111-1111-4111-8111-111111111111", HOST, lost=town.now + TICKS_PER_SECOND)
    return replace(town.directory, connections=town.directory.connections.plus(lost))


def waiting(due: DeadlineQueue) -> list[tuple[int | None, tuple[object, ...]]]:
    """What waits, in order."""
    found = []
    while (at := due.earliest) is not None:
        keys, due = due.reached(at)
        found.append((at, keys))
    return found


def test_all_of_it_is_later() -> None:
    """It is the directory to which the same requests lead at that time."""
    begin = Town().now
    before, after = story(begin), story(begin + HOURS)
    found = later(before, HOURS)
    none = DeadlineQueue()

    assert replace(after, due=none) == replace(found, due=none)
    assert waiting(after.due) == waiting(found.due)
    assert before != found


def test_the_story_has_what_could_be_forgotten() -> None:
    """The test above compares something of each kind."""
    known = story(Town().now)
    sessions = known.sessions.values()

    assert {"activity", "invite", "search"} == {handle.type for handle in known.handles.values()}
    assert any(handle.expires_at for handle in known.handles.values())
    assert any(session.initialization for session in sessions)
    assert any(member.status == "inactive" for session in sessions for member in session.members.values())
    assert known.due.earliest is not None
    assert known.connections.due
