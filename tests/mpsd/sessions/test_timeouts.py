"""Timers, broken connections, and what both take with them."""

from __future__ import annotations

from handlesfake.mpsd.choices import Choices
from handlesfake.mpsd.sessions.lifetime.connections import drop_connection
from handlesfake.mpsd.sessions.lifetime.timeouts import apply_timeouts
from handlesfake.mpsd.settings import Settings
from tests.mpsd.service_harness import GUEST, HOST, JOIN, LEAVE, LOBBY, Town, document

CONNECTION = "cccc0000-0000-4000-8000-00000000c0de"
OTHER = "cccc0000-0000-4000-8000-00000000c0fe"
CONNECTED = {"members": {"me": {"properties": {"system": {"active": True, "connection": CONNECTION}}}}}


def lobby(settings: Settings | None = None) -> Town:
    """A lobby with an active host, who shows it."""
    town = Town(settings or Settings())
    town.put(CONNECTED)
    town.activity()
    return town


def drop(town: Town, what: str) -> None:
    """A connection breaks."""
    town.directory = drop_connection(town.directory, what, town.now, town.ids)


def test_nothing_due_is_nothing_changed() -> None:
    """Where no timer has run out, the state is the very same value."""
    town = lobby()

    assert town.directory is apply_timeouts(town.directory, town.now, town.ids, Choices())


def test_a_broken_connection_makes_the_member_inactive_and_clears_the_activity() -> None:
    """By the connection that the member named; the others are told by a higher change number."""
    town = lobby()
    before = town.session().change_number
    drop(town, CONNECTION.upper())
    member = town.session().members[0]

    assert ("inactive", {}) == (member.status, member.properties["system"])
    assert before + 1 == town.session().change_number
    assert 0 == len(town.directory.handles)


def test_after_a_broken_connection_an_activity_is_refused_and_a_session_write_is_not() -> None:
    """The text that live clients have seen; by xuid as well as by connection."""
    town = lobby()
    drop(town, HOST)
    refused = town.activity()

    assert (403, "owner_inactive") == (
        refused.response.status,
        refused.provenance.refusal and refused.provenance.refusal.kind.name,
    )
    assert b"the owner isn't active in the referenced session" in refused.response.body
    assert 200 == town.put({"properties": {"custom": {"a": 1}}}).response.status


def test_a_connection_that_nobody_has_changes_nothing() -> None:
    """Dropping it is not an error: the client may be gone already."""
    town = lobby()
    before = town.directory
    drop(town, "dddd0000-0000-4000-8000-00000000d00d")

    assert before.sessions is town.directory.sessions


def test_timers_run_on_while_nobody_looks_at_the_session() -> None:
    """A request about something else applies them too, so that queries show no stale activity."""
    town = lobby()
    town.put(JOIN, by=GUEST)
    drop(town, HOST)
    town.wait(7200)
    town.send("POST", "/handles/query", {"type": "activity", "owners": {"xuids": [HOST]}}, by=GUEST)

    assert [GUEST] == [member.xuid for member in town.session().in_order()]


def test_what_timers_did_stays_after_a_refusal() -> None:
    """Else a 412 would show an ETag that the next request does not know."""
    town = lobby()
    town.put(JOIN, by=GUEST)
    drop(town, HOST)
    town.wait(7200)
    refused = town.put({}, by=GUEST, If_Match='"0"')
    etag = refused.response.headers.first("ETag") or ""

    assert 412 == refused.response.status
    assert 200 == town.put({"properties": {"custom": {"a": 1}}}, by=GUEST, If_Match=etag).response.status


def test_a_timer_that_was_put_off_does_nothing() -> None:
    """An entry that has become too early is looked at, and put in again at its time."""
    town = lobby()
    drop(town, HOST)
    town.wait(7000)
    town.put({"members": {"me": {"properties": {"system": {"active": True, "connection": OTHER}}}}})
    town.wait(300)
    town.get()
    drop(town, HOST)
    town.wait(7100)

    assert 1 == document(town.get())["membersInfo"]["count"]
    town.wait(101)
    assert 204 == town.get().response.status


def test_a_session_that_ends_leaves_nothing_behind_but_its_correlation_id() -> None:
    """No handle, no index entry, no timer."""
    town = lobby()
    correlation_id = town.session().correlation_id
    town.put(LEAVE)
    town.wait(10_000)
    town.get()

    assert (0, 0, 0) == (len(town.directory.sessions), len(town.directory.handles), len(town.directory.handles_of))
    assert (0, 0) == (len(town.directory.sessions_of), len(town.directory.activities))
    assert None is town.directory.due.earliest
    assert {LOBBY.key: correlation_id} == dict(town.directory.correlations)


RESERVED = {"members": {"reserve_0": {"constants": {"system": {"xuid": GUEST}}}}}


def test_a_reservation_ends_in_time_and_a_member_who_left_is_not_missed() -> None:
    """What was due for a member that is gone by then does nothing."""
    town = lobby()
    town.put(RESERVED)
    town.wait(31)

    assert [HOST] == [each["constants"]["system"]["xuid"] for each in document(town.get())["members"].values()]


def test_a_session_without_members_ends_when_its_time_is_over() -> None:
    """With what points to it; a session that ended before its timer is not an error."""
    system = {"sessionEmptyTimeout": 60_000, "inactiveRemovalTimeout": 60_000}
    town = lobby(Settings(templates={"FakeLobby": {"system": system, "custom": {}}}))
    town.put(LEAVE)
    town.wait(61)

    assert 204 == town.get().response.status
    assert {} == dict(town.directory.sessions)

    short = Settings(templates={"FakeLobby": {"system": {**system, "sessionEmptyTimeout": 0}, "custom": {}}})
    gone = lobby(short)
    gone.put({"members": {"me": {"properties": {"system": {"active": False}}}}})
    gone.put(LEAVE)
    gone.wait(61)

    assert 204 == gone.get().response.status


def test_an_inactive_member_is_removed_and_no_other() -> None:
    """The one whose time is over goes; the one who has some left stays."""
    town = lobby()
    town.put(JOIN, by=GUEST)
    drop(town, HOST)
    town.wait(7190)
    drop(town, GUEST)
    town.wait(20)

    assert ["1"] == list(document(town.get())["members"])


def test_a_connection_that_breaks_leaves_the_others_of_the_session_active() -> None:
    """Only the members that were active by it change."""
    town = lobby()
    town.put(JOIN, by=GUEST)
    drop(town, GUEST)

    assert ["active", "inactive"] == [member.status for member in town.session().in_order()]


def test_a_ready_member_turns_inactive_in_time() -> None:
    """And is removed by a later look only: one transition at a time."""
    town = lobby()
    town.put({"members": {"me": {"properties": {"system": {"ready": True}}}}}, by=GUEST)
    town.wait(100_000)
    town.get()

    assert "inactive" == town.session().members[1].status


def test_a_connection_breaks_once() -> None:
    """Who is inactive already stays as it is."""
    town = lobby()
    drop(town, HOST)
    before = town.directory
    drop(town, HOST)

    assert before is town.directory
