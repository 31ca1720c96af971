"""What public clients send and read, by shape: XSAPI's own test data, a client in JavaScript, a launcher (contract 20)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.mpa.asking import GUEST, HOST, TITLE, Asking, activity_of, document


def read_as_xsapi(answer: Any, title_id: int) -> list[dict[str, Any]]:
    """The activities in one title, read with the types that XSAPI demands: it fails on any other."""
    found = []
    for user in answer["userActivities"]:
        assert isinstance(user["userId"], str)
        assert user["userId"].isdigit()
        for activity in user["activities"]:
            assert type(activity["titleId"]) is int
            for name in ("connectionString", "groupId", "joinRestriction", "platform"):
                assert isinstance(activity.get(name, ""), str)
            for name in ("maxPlayers", "currentPlayers"):
                assert type(activity.get(name, 0)) is int
            if activity["titleId"] == title_id:
                found.append({"xuid": user["userId"], **activity})
    return found


def test_xsapi_sets_and_reads() -> None:
    """A number of sub-second time, no count of players, and a query that picks its own title."""
    asking = Asking()
    sent = {
        "sequenceNumber": 12617323303,
        "connectionString": "made-up",
        "joinRestriction": "Public",
        "maxPlayers": 12,
    }
    accepted = asking.ask("PUT", activity_of(HOST), sent)
    asking.ask("PUT", activity_of(HOST, "7"), {**sent, "sequenceNumber": 12617323304})
    answer = asking.ask("POST", f"/titles/{TITLE}/activities/query", {"users": [HOST, GUEST]}, GUEST)

    assert (204, b"") == (accepted.response.status, accepted.response.body)
    assert [(HOST, "made-up", 12)] == [
        (one["xuid"], one["connectionString"], one["maxPlayers"])
        for one in read_as_xsapi(document(answer), int(TITLE))
    ]


@pytest.mark.parametrize(
    ("target", "body"),
    [
        ("invites", {"invitedUsers": ["11", "12", "13"], "platform": "Win32", "connectionString": "made-up"}),
        ("invites", {"invitedUsers": ["11"]}),
        (
            "recentplayers",
            {"recentPlayers": [{"id": "11", "timestamp": "2026-01-06T10:00:00Z", "encounterType": "Default"}]},
        ),
    ],
)
def test_xsapi_invites_and_meets(target: str, body: dict[str, Any]) -> None:
    """What it writes for invites and recent players is accepted without a body."""
    reply = Asking().ask("POST", f"/titles/{TITLE}/{target}", body)

    assert (204, b"", ()) == (reply.response.status, reply.response.body, reply.provenance.notes)


def test_xsapi_deletes_without_looking() -> None:
    """It sends the number alone, whether or not there is an activity."""
    reply = Asking().ask("DELETE", activity_of(HOST), {"sequenceNumber": 12617323305})

    assert 204 == reply.response.status


def test_a_client_in_javascript() -> None:
    """It sets, reads and deletes at one address, and its delete has the number as its caller gave it."""
    asking = Asking()
    activity = {
        "sequenceNumber": "1",
        "connectionString": "made-up",
        "joinRestriction": "Followed",
        "currentPlayers": 1,
    }
    statuses = [
        asking.ask("PUT", activity_of(HOST), activity).response.status,
        asking.ask("GET", activity_of(HOST)).response.status,
        asking.ask("DELETE", activity_of(HOST), {"sequenceNumber": "2"}).response.status,
        asking.ask("GET", activity_of(HOST)).response.status,
    ]

    assert [204, 200, 204, 204] == statuses


def test_a_launcher_that_asks_for_many() -> None:
    """It asks an address of the console's dashboard, which no page describes: it is told so, and fails at once."""
    reply = Asking().ask("POST", "/activities/query/dashboard", {"users": ["11", "12"]})

    assert (501, "not_modelled") == (reply.response.status, reply.provenance.refusal)
