"""What recorded answers show of what MPA knows; anything odd teaches nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest

from handlesfake.mpa.learning import Recorded, learned, shows_new
from handlesfake.mpa.operations import route
from handlesfake.mpa.state import NOTHING, Known
from handlesfake.mpsd.http.message import Request, Response
from tests.mpa.asking import GUEST, HOST, NOW, TITLE, activity_of

BODY = {"sequenceNumber": "5", "connectionString": "a", "joinRestriction": "Public"}
SHOWN = {**BODY, "titleId": int(TITLE), "maxPlayers": 8, "currentPlayers": 0}


def taught(known: Known, method: str, target: str, body: Any, status: int = 204, answer: Any = None) -> Known:
    """What is known once the exchange was seen."""
    found = route(method, target)
    request = Request(method, target, body=json.dumps(body).encode() if body is not None else b"")
    response = Response(status, body=json.dumps(answer).encode() if answer is not None else b"")
    return learned(known, Recorded(found.name, found.parameters, request, response, HOST, NOW))


def test_writes() -> None:
    """What was accepted has happened, whatever its number; a no taught nothing."""
    shown = taught(NOTHING, "PUT", activity_of(HOST), BODY)
    earlier = taught(shown, "PUT", activity_of(HOST), {**BODY, "sequenceNumber": "4", "connectionString": "b"})
    gone = taught(earlier, "DELETE", activity_of(HOST), {"sequenceNumber": "1"})
    met = taught(NOTHING, "POST", f"/titles/{TITLE}/recentplayers", {"recentPlayers": [{"id": GUEST}]})

    assert "b" == getattr(earlier.activity(HOST, TITLE, NOW), "connection_string", None)
    assert None is gone.activity(HOST, TITLE, NOW)
    assert [GUEST] == [*met.recent_players[HOST]]
    assert NOTHING is taught(NOTHING, "PUT", activity_of(HOST), BODY, 400)


def test_reads() -> None:
    """What was shown is there, and what was not is gone; an activity that is known already keeps what it had."""
    read = taught(NOTHING, "GET", activity_of(HOST), None, 200, SHOWN)
    hidden = taught(read, "GET", activity_of(HOST), None, 200, {**SHOWN, "connectionString": None})
    nothing = taught(read, "GET", activity_of(HOST), None, 204)
    listed = {"userActivities": [{"userId": HOST, "activities": []}, {"userId": GUEST, "activities": [SHOWN]}]}
    queried = taught(read, "POST", f"/titles/{TITLE}/activities/query", {"users": [HOST, GUEST]}, 200, listed)

    assert "a" == getattr(hidden.activity(HOST, TITLE, NOW), "connection_string", None)
    assert None is nothing.activity(HOST, TITLE, NOW)
    assert [GUEST] == [*queried.activities]
    assert [True, False] == [shows_new(NOTHING, read), shows_new(read, hidden)]


@pytest.mark.parametrize(
    "answer",
    [
        [],
        {"titleId": "1"},
        {**SHOWN, "sequenceNumber": "x"},
        {**SHOWN, "groupId": 1},
        {**SHOWN, "maxPlayers": "8"},
        {"userActivities": 1},
        {"userActivities": [1, {"userId": "x", "activities": []}, {"userId": HOST, "activities": None}]},
    ],
)
def test_odd_answers_teach_nothing(answer: Any) -> None:
    """Whatever a recording has, the fake is not taught nonsense by it."""
    read = taught(NOTHING, "GET", activity_of(HOST), None, 200, answer)
    queried = taught(NOTHING, "POST", f"/titles/{TITLE}/activities/query", {}, 200, answer)

    assert [{}, {}] == [dict(read.activities), dict(queried.activities)]
