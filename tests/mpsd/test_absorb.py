"""What the answers of a service show is what is known afterwards."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlesfake.fake_service.ids import Ids
from handlesfake.mpsd.http.message import Headers, Request, Response
from handlesfake.mpsd.learning.absorb import absorb
from handlesfake.mpsd.service import answer
from handlesfake.mpsd.settings import Settings
from handlesfake.mpsd.state.directory import Directory
from handlesfake.mpsd.state.identity import KnownUser

NOW = 17_678_000_000_000_000
REF = {"scid": "7e570100-1111-4222-8333-444455556666", "templateName": "FakeLobby", "name": "lobby-1"}
SESSION = "/serviceconfigs/7e570100-1111-4222-8333-444455556666/sessionTemplates/FakeLobby/sessions/lobby-1"
HOST, GUEST = "9000000000000001", "9000000000000002"
SETTINGS = Settings()


def request(method: str, target: str, body: Any = None, xuid: str = HOST, version: int = 107, **more: str) -> Request:
    """What a client of ``xuid`` sends."""
    headers = [("Authorization", f"XBL3.0 x={xuid};a"), ("X-Xbl-Contract-Version", str(version)), *more.items()]
    return Request(method, target, Headers(headers), b"" if body is None else json.dumps(body).encode())


JOIN: dict[str, Any] = {
    "constants": {"system": {"maxMembersCount": 4}, "custom": {"map": "night"}},
    "properties": {"custom": {"level": 3}},
    "members": {
        "me": {
            "constants": {"system": {"initialize": True}, "custom": {"team": 1}},
            "properties": {"system": {"active": True}, "custom": {"ready": [1]}},
        }
    },
}
ACTIVITY = {"type": "activity", "version": 1, "sessionRef": REF}
INVITE = {
    "type": "invite",
    "version": 1,
    "sessionRef": REF,
    "invitedXuid": GUEST,
    "inviteAttributes": {"titleId": "1234567890"},
}
EVENING = [
    request("PUT", SESSION, JOIN),
    request("PUT", SESSION, {"members": {"me": {"properties": {"system": {"active": True}}}}}, GUEST),
    request("POST", "/handles", ACTIVITY),
    request("POST", "/handles", INVITE),
]


def told(directory: Directory, sent: Request) -> tuple[Directory, Response]:
    """What the service answers."""
    reply = answer(directory, sent, NOW, Ids("service"), SETTINGS)
    return reply.directory, reply.response


@pytest.fixture(scope="module")
def evening() -> tuple[Directory, Directory]:
    """A service after an evening, and a directory that has learned from its answers alone."""
    service = learned = Directory()
    for number, sent in enumerate(EVENING):
        reply = answer(service, sent, NOW, Ids(str(number)), SETTINGS)
        service = reply.directory
        xuid = reply.provenance.caller.users[0].xuid if reply.provenance.caller else ""
        learned = absorb(learned, sent, reply.response, xuid=xuid, now=NOW)
    return service, learned


READS = {
    "the session": request("GET", SESSION),
    "in the older spelling": request("GET", SESSION, version=105),
    "what both are doing": request(
        "POST", "/handles/query", {"type": "activity", "scid": REF["scid"], "owners": {"xuids": [HOST, GUEST]}}
    ),
    "the same again": request("GET", SESSION, xuid=GUEST),
}


@pytest.mark.parametrize("name", READS)
def test_what_was_shown_is_known(name: str, evening: tuple[Directory, Directory]) -> None:
    """Who has only heard the answers gives the same answers as the service."""
    (_, wanted), (_, got) = (told(directory, READS[name]) for directory in evening)
    # an activity moves the session on, and its answer does not show that
    bumped = [json.loads(one.body) for one in (wanted, got)]
    for one in bumped:
        one.pop("changeNumber", None)

    assert wanted.status == got.status == 200
    assert bumped[0] == bumped[1]


def test_what_is_gone_is_forgotten(evening: tuple[Directory, Directory]) -> None:
    """A session that is answered 204, a handle that was deleted."""
    _, learned = evening
    handle = next(iter(learned.handles))
    less = absorb(learned, request("DELETE", f"/handles/{handle}"), Response(204))

    assert handle not in less.handles
    assert {} == dict(absorb(learned, request("GET", SESSION), Response(204)).sessions)


def test_a_refusal_teaches_nothing(evening: tuple[Directory, Directory]) -> None:
    """Nor does an answer about something else."""
    _, learned = evening

    assert learned is absorb(learned, request("POST", "/handles", INVITE), Response(403, Headers(), b"No."))
    assert learned is absorb(learned, request("GET", "/nothing"), Response(200, Headers(), b"{}"))


FIELDS = [
    *("constants", "members", "me", "0", "system", "custom", "properties", "xuid", "index", "roles", "id"),
    *("roleTypes", "results", "type", "sessionRef", "scid", "templateName", "name", "membersInfo", "next"),
    *("capabilities", "large"),
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(FIELDS),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@given(st.sampled_from([*READS.values(), *EVENING]), JSON, st.sampled_from([200, 201, 204, 404, 412]))
def test_any_answer_teaches_or_does_not(sent: Request, document: Any, status: int) -> None:
    """Nothing is raised, and nothing is half learned: the service goes on answering."""
    learned = absorb(Directory(), sent, Response(status, Headers(), json.dumps(document).encode()), now=NOW)

    assert told(learned, READS["the session"])[1].status in (200, 204, 403, 404)


@pytest.mark.parametrize(
    ("external", "stage"), [(True, "evaluating"), (False, "joining")], ids=["evaluating", "joining"]
)
def test_where_an_initialization_stands_is_known(external: bool, stage: str) -> None:
    """Who has only heard of a stage goes on from it as the service does."""
    member = {"constants": {"system": {"initialize": True}}, "properties": {"system": {"active": True}}}
    guest = {} if external else {"reserve_0": {"constants": {"system": {"xuid": GUEST, "initialize": True}}}}
    constants = {"system": {"memberInitialization": {"externalEvaluation": external}}}
    created = request("PUT", SESSION, {"constants": constants, "members": {"me": member, **guest}})
    service, response = told(Directory(), created)
    learned = absorb(Directory(), created, response, xuid=HOST, now=NOW)
    shown = [json.loads(told(directory, READS["the session"])[1].body) for directory in (service, learned)]

    assert stage == shown[0]["initializing"]["stage"]
    assert shown[0] == shown[1]


@pytest.mark.parametrize("most", [None, "2", 0, [2]])
def test_a_recorded_maximum_that_is_none_keeps_the_default(most: object) -> None:
    """Room for 100 (contract 8.2): a user can join what a recording showed, and no query fails on it."""
    _, made = told(Directory(), request("PUT", SESSION, JOIN))
    document = json.loads(made.body)
    document["constants"]["system"]["maxMembersCount"] = most
    shown = Response(200, made.headers, json.dumps(document).encode())
    learned = absorb(Directory(), request("GET", SESSION), shown, xuid=HOST, now=NOW)
    member = {"constants": {"system": {"initialize": True}}, "properties": {"system": {"active": True}}}
    learned, joined = told(learned, request("PUT", SESSION, {"members": {"me": member}}, GUEST))
    learned, _ = told(learned, request("POST", "/handles", ACTIVITY))
    asked = {"type": "activity", "scid": REF["scid"], "owners": {"xuids": [HOST]}}
    _, found = told(learned, request("POST", "/handles/query?include=relatedInfo", asked))

    assert 200 == joined.status
    assert 100 == json.loads(found.body)["results"][0]["relatedInfo"]["maxMembersCount"]


@pytest.mark.parametrize(
    ("asked", "status"), [(request("PUT", SESSION, JOIN), 403), (request("GET", SESSION), 204)], ids=["PUT", "GET"]
)
def test_a_session_that_a_recording_refuses_is_not_assumed(asked: Request, status: int) -> None:
    """Its creation was refused, or it was missing: then an activity of it is refused as well (contract 19.2)."""
    known = absorb(Directory(), asked, Response(status, Headers(), b""), now=NOW)

    assert 201 == told(Directory(), request("POST", "/handles", ACTIVITY))[1].status
    assert 403 == told(known, request("POST", "/handles", ACTIVITY))[1].status


def test_what_tokens_say_is_known_of_users_that_are_known() -> None:
    """Title and device of members, and the platforms of the title; a title that the test said stays."""
    user = KnownUser(HOST, f"uhs-{HOST}", "1234567890")
    said = KnownUser(GUEST, f"uhs-{GUEST}", "3210", title_from="said")
    shown = {
        "members": {
            str(index): {
                "constants": {"system": {"xuid": xuid, "index": index}},
                "activeTitleId": "777",
                "deviceToken": "ab" * 16,
            }
            for index, xuid in enumerate((HOST, GUEST, "9000000000000003"))
        }
    }
    handle = {
        **ACTIVITY,
        "titleId": "777",
        "ownerXuid": HOST,
        "id": "a",
        "gameTypes": {"android": {"titleId": "778"}},
    }
    known = Directory().with_user(user).with_user(said)
    known = absorb(known, request("GET", SESSION), Response(200, Headers(), json.dumps(shown).encode()))
    known = absorb(
        known, request("POST", "/handles", ACTIVITY), Response(201, Headers(), json.dumps(handle).encode())
    )
    told = {xuid: (one.title_id, one.title_from, one.device_token) for xuid, one in known.users.items()}

    assert {HOST: ("777", "said", "ab" * 16), GUEST: ("3210", "said", "ab" * 16)} == told
    assert {"android": {"titleId": "778"}} == known.title("777").game_types
