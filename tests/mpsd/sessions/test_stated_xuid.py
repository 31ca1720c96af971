"""A session write tells who its caller is, and never takes another one's name."""

from __future__ import annotations

from handlesfake.mpsd.settings import Settings
from tests.mpsd.service_harness import ACTIVITY, Town, document

PRIMARY, SECOND = "2535400000000000001", "2535400000000000002"
"""User hashes as real ones are: nineteen digits that name no user."""

STATED = "9000000000000777"


def joining(xuid: str) -> dict[str, object]:
    """A write in which the caller states this xuid."""
    me = {"constants": {"system": {"xuid": xuid}}, "properties": {"system": {"active": True}}}
    return {"members": {"me": me}}


def test_the_stated_xuid_is_the_callers_from_then_on() -> None:
    """In the session, in the handle, and in the reply to this very request."""
    town = Town()
    first = town.put(joining(STATED), by=PRIMARY)
    activity = town.send("POST", "/handles", ACTIVITY, by=PRIMARY)

    assert STATED == document(first)["members"]["0"]["constants"]["system"]["xuid"]
    assert STATED == document(activity)["ownerXuid"]
    assert first.provenance.caller is not None
    assert STATED == first.provenance.caller.label
    assert {STATED} == set(town.directory.users)


def test_a_second_account_that_states_the_first_ones_xuid_stays_itself() -> None:
    """Sub-accounts of a bot do so for years; each has its own activity, and the doubt is an assumption."""
    town = Town()
    town.put(joining(STATED), by=PRIMARY)
    primary = document(town.send("POST", "/handles", ACTIVITY, by=PRIMARY))
    joined = town.send("PUT", f"/handles/{primary['id']}/session", joining(STATED), by=SECOND)
    second = document(town.send("POST", "/handles", ACTIVITY, by=SECOND))

    assert ["caller", "caller", "title"] == [assumption.question for assumption in joined.provenance.assumptions]
    assert (200, 2) == (joined.response.status, document(joined)["membersInfo"]["count"])
    assert STATED == primary["ownerXuid"]
    assert STATED != second["ownerXuid"]
    assert {primary["id"], second["id"]} == set(town.directory.handles)


def test_what_was_joined_before_goes_with_the_new_xuid() -> None:
    """A caller who wrote without a xuid first is still one member afterwards."""
    town = Town()
    town.put({"members": {"me": {"properties": {"system": {"active": True}}}}}, by=PRIMARY)
    town.put(joining(STATED), by=PRIMARY)

    assert [STATED] == [member.xuid for member in town.session().in_order()]


def test_a_token_that_names_its_xuid_is_taught_nothing() -> None:
    """``uhs-9000000000000001`` is that user, whatever a body states."""
    town = Town()
    town.put(joining(STATED), by="9000000000000001")

    assert {"9000000000000001"} == set(town.directory.users)


def test_what_is_no_xuid_teaches_nothing() -> None:
    """A text that is not decimal, or not a text, leaves the made-up xuid."""
    town = Town(Settings())
    town.put(joining("somebody"), by=PRIMARY)

    assert {"9000000000000001"} == set(town.directory.users)


def test_a_caller_whose_stated_xuid_is_in_already_is_not_in_twice() -> None:
    """Where a place is held for a xuid that a user states later, that place stays the only one of it."""
    town = Town()
    town.put({"members": {"reserve_0": {"constants": {"system": {"xuid": STATED}}}}}, by=PRIMARY)
    town.put(joining(STATED), by=PRIMARY)
    xuids = [member.xuid for member in town.session().in_order()]

    assert 1 == xuids.count(STATED)
