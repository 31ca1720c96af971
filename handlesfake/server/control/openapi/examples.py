"""Examples: of each call a body that says something, and an answer, all of one evening with a host and a guest."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

_REF = {"scid": "7e570100-1111-4222-8333-444455556666", "templateName": "FakeLobby", "name": "lobby-1"}
_HASH = "uhs-9000000000000001"
_AUTHORIZATION = f"XBL3.0 x={_HASH};handlesfake.9000000000000001.1"
_HEADERS = {"Authorization": _AUTHORIZATION, "X-Xbl-Contract-Version": "107"}
_USER = {
    "role": "host",
    "xuid": "9000000000000001",
    "gamertag": "Host",
    "title_id": "1234567890",
    "authorization": _AUTHORIZATION,
    "headers": _HEADERS,
}
_OF_TITLE = "XBL3.0 x=-;handlesfake.service.1234567890"
_SERVICE = {
    "title_id": "1234567890",
    "authorization": _OF_TITLE,
    "headers": {
        "Authorization": _OF_TITLE,
        "X-Xbl-Contract-Version": "107",
        "X-Xbl-OnBehalfOf-Title": "1234567890",
        "X-Xbl-OnBehalfOf-Users": "9000000000000001",
    },
}
_PARTY = {
    "users": [{"role": "host"}, {"role": "guest"}],
    "sessions": [{"name": "lobby-1", "members": ["host"]}],
}
_HELD = {"name": "create_handle", "waiting": [{"method": "POST", "target": "/handles"}]}
_NOW = {"now": "2026-01-06T12:00:00+00:00", "frozen": True}
_RULE = {"rule": "rule 'busy'", "name": "busy", "place": "the body, line 1, column 9", "met": 2, "fired": 1}
_RULE_FILE = {"rules": [{"name": "busy", "when": {"type": "invite"}, "then": {"refuse": "throttled"}}]}
_ACTIVITY = {"type": "activity", "version": 1, "sessionRef": _REF}
_RECORD = {**_ACTIVITY, "number": 1, "at": "2026-01-06T10:00:00+00:00", "by": "host", "delivered": None}
_ENTRY = {
    "number": 1,
    "at": "2026-01-06T10:00:00+00:00",
    "service": "mpsd",
    "operation": "create_handle",
    "type": "activity",
    "method": "POST",
    "target": "/handles",
    "caller": "host",
    "headers": [["X-Xbl-Contract-Version", "107"]],
    "body": _ACTIVITY,
    "status": 201,
    "original_status": None,
    "answer_headers": [["Content-Type", "application/json"]],
    "answer": {**_ACTIVITY, "id": "11111111-1111-4111-8111-111111111111"},
    "duration": 0.0004,
    "decided_by": "the fake",
    "evidence": "captured",
    "refusal": None,
    "fault": None,
    "assumptions": [],
    "notes": [],
    "client": "server",
    "thread": "",
    "source": "",
    "straggler": False,
    "who": "Host 9000000000000001",
    "outcome": "201",
    "explained": [],
    "body_text": "",
    "answer_text": "",
}
_SHOWN = {
    "now": "2026-01-06T10:00:00+00:00",
    "counts": {"users": 1, "sessions": 0, "handles": 0, "requests": 1, "in_flight": 0, "waiting": 0},
    "users": [
        {
            "xuid": "9000000000000001",
            "role": "host",
            "gamertag": "Host",
            "title_id": "1234567890",
            "assumed": False,
            "connections": [],
        }
    ],
    "sessions": [],
    "handles": [],
    "worlds": [{"id": "", "name": "", "requests": 1}],
}
_WORLD = {
    "id": "w1",
    "name": "lobby: joins",
    "control": "http://127.0.0.1:8080/_handlesfake/worlds/w1",
    "age": 2.5,
    "expires_after": 60,
    "expires_in": 57.5,
    "requests": 1,
    "connections": 0,
}
_ABOUT = {
    "version": "0.1.0",
    "mode": "fake",
    "cassette": "",
    "strict": False,
    "dialect": "observed",
    "url": "http://127.0.0.1:8080",
    "ca": "",
    "rta": "ws://127.0.0.1:8080/connect",
    "control": "http://127.0.0.1:8080/_handlesfake",
    "now": "2026-01-06T10:00:00+00:00",
    "users": 2,
    "sessions": 1,
    "handles": 1,
    "requests": 1,
    "in_flight": 0,
    "held": 0,
    "assumptions": 0,
    "unanswered": 0,
    "worlds": ["lobby: joins"],
    "world": None,
}

BODIES: Mapping[str, Any] = MappingProxyType(
    {
        "PUT /state": _PARTY,
        "POST /state": {"users": ["guest"]},
        "POST /worlds": {"name": "lobby: joins", "expires_after": 60, "users": ["host"]},
        "POST /worlds/{name}/renew": {"expires_after": 120},
        "POST /hold": {"operation": "create_handle", "when": {"type": "activity"}},
        "POST /release": {},
        "POST /connections/{who}/drop": {"code": 1001, "noticed": True},
        "POST /users": {"role": "far", "gamertag": "FarAway", "follows": ["host"]},
        "PUT /users/{role}": {"multiplayer": True},
        "POST /service": {"users": ["host"]},
        "POST /service/expire": {"title_id": "1234567890"},
        "POST /service/renew": {"title_id": "1234567890"},
        "POST /rules": _RULE_FILE,
        "POST /choices": {"invite_to_self": 400},
        "PUT /choices": ["realistic", {"invite_to_self": 400}],
        "POST /clock": {"advance": "2h", "freeze": True},
        "POST /assert/invited": {"xuids": ["guest"], "by": "host", "session": "lobby-1", "times": 1},
        "POST /assert/not_invited": {"xuids": ["guest"]},
        "POST /assert/no_invites": {},
        "POST /assert/activity": {"user": "host", "session": "lobby-1", "within": 0.5},
        "POST /assert/no_activity": {"user": "guest"},
        "POST /assert/sent": {"operation": "create_handle", "fields": {"type": "activity"}, "times": 1},
        "POST /assert/not_sent": {"operation": "put_session"},
        "POST /assert/in_order": {"steps": ["put_session", ["create_handle", {"type": "activity"}]]},
        "POST /assert/no_assumptions": {"except": ["session"]},
        "POST /assert/all_answered": {},
        "POST /settle": {"seconds": 0.2, "at_most": 10},
    }
)
"""A body of each call that takes one."""

ANSWERS: Mapping[str, Any] = MappingProxyType(
    {
        "GET /": _ABOUT,
        "GET /state": _PARTY,
        "GET /snapshots": ["lobby"],
        "GET /worlds": [_WORLD],
        "GET /worlds/{name}": {**_ABOUT, "world": _WORLD},
        "POST /worlds": {
            "id": "w1",
            "name": "lobby: joins",
            "control": "http://127.0.0.1:8080/_handlesfake/worlds/w1",
            "expires_after": 60,
            "users": {"host": _USER},
        },
        "POST /worlds/{name}/renew": {**_WORLD, "expires_after": 120, "expires_in": 120.0},
        "POST /hold": {**_HELD, "waiting": []},
        "GET /hold": [_HELD],
        "GET /connections": [
            {
                "connection": "11111111-1111-4111-8111-111111111111",
                "xuid": "9000000000000001",
                "role": "host",
                "mute": False,
            }
        ],
        "GET /taps": [
            {
                "xuid": "9000000000000001",
                "connection": "11111111-1111-4111-8111-111111111111",
                "sessionRef": _REF,
                "changeNumber": 2,
                "at": "2026-01-06T10:00:00.0000000Z",
                "changes": ["everything"],
            }
        ],
        "GET /users": [_USER],
        "POST /users": _USER,
        "GET /users/{role}": _USER,
        "PUT /users/{role}": _USER,
        "POST /users/{role}/renew": _USER,
        "POST /service": _SERVICE,
        "POST /service/renew": _SERVICE,
        "GET /rules": [_RULE],
        "POST /rules": ["rule 'busy'"],
        "GET /choices": {"invite_to_self": 201, "tap_interval": 0.0},
        "POST /choices": {"invite_to_self": 400, "tap_interval": 0.0},
        "PUT /choices": {"invite_to_self": 400, "tap_interval": 2.6},
        "GET /clock": _NOW,
        "POST /clock": _NOW,
        "GET /journal": {"entries": [_ENTRY], "next": 1, "written": 1, "dropped": 0, "fitting": 1},
        "GET /invites": [],
        "GET /activities": [_RECORD],
        "GET /assumptions": [
            {
                "question": "session",
                "text": "lobby-1 was not described, and is taken to be there",
                "instead": 'POST /state {"sessions": [{"name": "lobby-1", "members": ["host"]}]}',
            }
        ],
        "GET /unanswered": ["POST /handles: nothing in lobby.yaml answers it"],
        "GET /overview": _SHOWN,
        "GET /openapi.json": {"openapi": "3.1.0"},
        "POST /settle": {"holds": True},
    }
)
"""The JSON that each call answers; of claims, :data:`HOLDS`."""

HOLDS = {"holds": True}
"""What is answered where a claim holds."""

TEXTS: Mapping[str, str] = MappingProxyType(
    {
        "text/html": "<!doctype html>",
        "text/plain": "#1 10:00:00  create_handle activity  Host 9000000000000001  201",
        "application/yaml": "users:\n- role: host\n",
    }
)
"""What is answered in place of JSON, by media type."""


def answer(call: str) -> Any:
    """The JSON that ``call`` answers, ``POST /clock``."""
    return HOLDS if call.startswith("POST /assert/") else ANSWERS[call]
