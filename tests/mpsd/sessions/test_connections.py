"""Connections of the push channel: lost, noticed, and named again once they are closed (contract 19.1)."""

from __future__ import annotations

from typing import Any

import pytest

from handlesfake.mpsd.sessions.lifetime import connections
from handlesfake.mpsd.state.connection import KEPT, Connection, Connections
from handlesfake.mpsd.ticks import TICKS_PER_SECOND
from tests.mpsd.service_harness import ACTIVITY, GUEST, HOST, JOIN, Town, document

OLD, NEW = "cccc0000-0000-4000-8000-00000000c0de", "cccc0000-0000-4000-8000-00000000c0fe"


def by(connection: str) -> dict[str, Any]:
    """The body of a member that is active by ``connection``."""
    return {"members": {"me": {"properties": {"system": {"active": True, "connection": connection}}}}}


def lobby() -> Town:
    """A lobby with a host, active by a connection that the service issued, who shows it."""
    town = Town()
    town.directory = connections.issued(town.directory, OLD, HOST)
    town.put(by(OLD))
    town.activity()
    return town


def lose(town: Town, who: str, seconds: int = 30) -> None:
    """A connection is lost, and will be noticed."""
    town.directory = connections.lost(town.directory, who, town.now + seconds * TICKS_PER_SECOND)


def drop(town: Town, who: str) -> None:
    """A connection is lost, and noticed."""
    town.directory = connections.drop_connection(town.directory, who, town.now, town.ids)


def activities(town: Town) -> int:
    """How many activities a query by a stranger finds."""
    asked = {"type": "activity", "owners": {"xuids": [HOST]}}
    return len(document(town.send("POST", "/handles/query", asked, by=GUEST))["results"])


@pytest.mark.parametrize("who", [OLD, OLD.upper(), HOST])
def test_a_lost_connection_is_noticed_in_its_time(who: str) -> None:
    """Documented: after thirty seconds the member is inactive, and the activity gone; before that nothing is."""
    town = lobby()
    lose(town, who)
    town.wait(29)
    before = activities(town)
    town.wait(1)

    assert [1, 0] == [before, activities(town)]
    assert "inactive" == town.session().members[0].status


@pytest.mark.parametrize("who", [OLD, HOST])
def test_a_member_that_comes_back_in_time_keeps_its_activity(who: str) -> None:
    """Documented: the title writes its sessions again, with the new connection."""
    town = lobby()
    lose(town, who)
    town.wait(29)
    town.put(by(NEW))
    town.wait(60)

    assert (1, "active") == (activities(town), town.session().members[0].status)


@pytest.mark.parametrize("who", [OLD, HOST])
def test_a_closed_connection_named_again_is_200_and_an_activity_stays_403(who: str) -> None:
    """Seen in clients: session writes go on, and the owner is not active."""
    town = lobby()
    drop(town, who)
    again = town.put(by(OLD.upper()))
    refused = town.activity()

    assert (200, 403) == (again.response.status, refused.response.status)
    assert "which the service saw closed" in again.provenance.notes[0]
    assert {"active": 0} == {"active": document(again)["membersInfo"]["active"]}
    assert "connection" not in town.session().members[0].properties["system"]


def test_a_connection_that_came_later_is_good() -> None:
    """The same client with another connection is active again."""
    town = lobby()
    drop(town, OLD)
    town.put(by(OLD))
    town.put(by(NEW))

    assert 201 == town.activity().response.status


def test_a_member_without_a_connection_is_lost_by_its_xuid() -> None:
    """A test may arrange members without any; one that writes a connection in time stays."""
    town = Town()
    town.put(JOIN)
    town.put(JOIN, by=GUEST)
    for xuid in (HOST, GUEST):
        lose(town, xuid)
    town.put(by(NEW), by=GUEST)
    town.wait(31)
    town.get()

    assert ["inactive", "active"] == [member.status for member in town.session().in_order()]


def test_a_loss_is_of_what_was_there() -> None:
    """Who joins after it, without a connection, has lost none; and what has none cannot be mute."""
    town = lobby()
    lose(town, GUEST)
    town.put(JOIN, by=GUEST)
    before = town.directory.connections
    town.directory = connections.muted(town.directory, GUEST)
    town.wait(31)
    town.get()

    assert before == town.directory.connections
    assert ["active", "active"] == [member.status for member in town.session().in_order()]


def test_a_member_without_a_connection_cannot_be_mute() -> None:
    """Nor while its loss is not yet noticed."""
    town = lobby()
    town.put(JOIN, by=GUEST)
    lose(town, GUEST)
    town.directory = connections.muted(town.directory, GUEST)

    assert [False] == [one.is_muted for one in town.directory.connections.of(GUEST)]


def test_dropping_a_sub_account_leaves_the_connection_of_the_other() -> None:
    """A second account that joined by the first one's connection is inactive; the first one stays."""
    town = lobby()
    town.put(by(OLD), by=GUEST)
    drop(town, GUEST)

    assert ["active", "inactive"] == [member.status for member in town.session().in_order()]
    assert not town.directory.connections.is_closed(OLD)


def test_losing_a_connection_takes_all_that_stood_on_it() -> None:
    """Members of several users that named it."""
    town = lobby()
    town.put(by(OLD), by=GUEST)
    lose(town, OLD)
    town.wait(31)
    town.get()

    assert ["inactive", "inactive"] == [member.status for member in town.session().in_order()]


def test_a_mute_connection_is_open() -> None:
    """Nothing is pushed over it, and its member stays active."""
    town = lobby()
    town.directory = connections.muted(town.directory, HOST)
    town.wait(3600)

    assert 201 == town.send("POST", "/handles", ACTIVITY).response.status
    assert not town.directory.connections.may_carry(OLD, HOST)


def test_as_many_closed_connections_are_remembered_as_there_is_room_for() -> None:
    """At least five thousand, and at most twice as many."""
    known = Connections()
    for number in range(3 * KEPT):
        known = known.plus(Connection(str(number), HOST)).minus(str(number))

    assert KEPT <= len(known.closed) + len(known.closed_before) <= 2 * KEPT
    assert (True, False) == (known.is_closed(str(3 * KEPT - 1)), known.is_closed("0"))
    assert (0, None) == (len(known.known), known.earliest)
