"""GET .../sessions and POST .../batch over directories made by hand (contract 7.7)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from handlesfake.mpsd.choices import Choices
from handlesfake.mpsd.evidence import Evidence
from handlesfake.mpsd.settings import Settings
from handlesfake.mpsd.state.directory import Directory
from handlesfake.mpsd.state.session import Member
from tests.mpsd.target_addresses import (
    GUEST,
    HOST,
    NOW,
    SCID,
    STRANGER,
    ask,
    directory,
    ref,
    results,
    sentence,
    session,
    user,
)

SESSIONS = f"/serviceconfigs/{SCID}/sessions"
OF_TEMPLATE = f"/serviceconfigs/{SCID}/sessionTemplates/FakeBrowse/sessions"
BATCH = f"/serviceconfigs/{SCID}/batch"


def place() -> Directory:
    """Sessions of every kind, the newest first by its number."""
    return directory(
        user(HOST),
        user(GUEST),
        session(
            "open-6", HOST, GUEST, started_at=NOW + 6, properties={"keywords": ["Fun"], "joinRestriction": "none"}
        ),
        session(
            "full-5",
            HOST,
            started_at=NOW + 5,
            constants={"maxMembersCount": 1},
            properties={"joinRestriction": "local"},
        ),
        session("seen-4", HOST, started_at=NOW + 4, constants={"visibility": "visible"}),
        session("private-3", HOST, started_at=NOW + 3, constants={"visibility": "private"}),
        session("asleep-2", started_at=NOW + 2).with_member(Member(0, HOST, NOW, status="inactive")),
        session("invited-1", GUEST, started_at=NOW + 1).with_member(Member(1, HOST, NOW, status="reserved")),
        session("other-0", HOST, template_name="Other", constants={"version": 2}),
    )


def names(target: str, body: Any = None, **facts: Any) -> list[str]:
    """The names of the sessions found."""
    return [item["sessionRef"]["name"] for item in results(ask(place(), target, body, **facts))]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["open-6", "full-5", "seen-4", "other-0"]),
        ("&inactive=true", ["open-6", "full-5", "seen-4", "asleep-2", "other-0"]),
        ("&reservations=true", ["open-6", "full-5", "seen-4", "invited-1", "other-0"]),
        ("&private=true", ["open-6", "full-5", "seen-4", "private-3", "other-0"]),
        ("&private=true&visibility=private", ["private-3"]),
        ("&visibility=open", ["open-6", "full-5", "other-0"]),
        ("&visibility=visible", ["seen-4"]),
        ("&version=1", ["open-6", "full-5", "seen-4"]),
        ("&version=7", ["open-6", "full-5", "seen-4", "other-0"]),
        ("&take=2", ["open-6", "full-5"]),
        ("&take=0", []),
        ("&keyword=fUN", ["open-6"]),
        ("&keyword=other", []),
    ],
)
def test_a_query_shows_the_sessions_of_a_user(query: str, expected: list[str]) -> None:
    """Each parameter of contract 7.7."""
    assert expected == names(f"{SESSIONS}?xuid={HOST}{query}")


def test_a_query_can_be_bound_to_a_template() -> None:
    """The address with a template shows that template's sessions only."""
    assert ["open-6", "full-5", "seen-4"] == names(f"{OF_TEMPLATE}?xuid={HOST}")


def test_a_result_says_who_and_how() -> None:
    """The fields that only a query by xuid has, and those of every one."""
    [found] = results(ask(place(), f"{SESSIONS}?xuid={HOST}&keyword=fun"))

    assert {
        "xuid": HOST,
        "startTime": "2026-01-06T10:00:00.0000006Z",
        "sessionRef": ref("open-6").wire,
        "accepted": 2,
        "status": "active",
        "visibility": "open",
        "keywords": ["Fun"],
    } == found


def test_by_keyword_nothing_is_said_of_a_user() -> None:
    """No ``xuid``, no ``status``."""
    [found] = results(ask(place(), f"{SESSIONS}?keyword=FUN"))

    assert {"startTime", "sessionRef", "accepted", "visibility", "keywords"} == set(found)


def test_a_full_session_says_so() -> None:
    """``visibility`` is ``full``, and the restriction shows where there is one."""
    found = results(ask(place(), f"{SESSIONS}?xuid={HOST}"))[1]

    assert ("full", "local") == (found["visibility"], found["joinRestriction"])


def test_whose_turn_it_is() -> None:
    """``myTurn`` is there when it is true, and only then."""
    known = directory(user(HOST), user(GUEST), session("game", HOST, GUEST, properties={"turn": [1]}))

    [guest] = results(ask(known, f"{SESSIONS}?xuid={GUEST}"))
    [host] = results(ask(known, f"{SESSIONS}?xuid={HOST}"))

    assert True is guest["myTurn"]
    assert "myTurn" not in host


def test_a_batch_groups_by_xuid() -> None:
    """In the order of the xuids; a session shows once for each of them that is in it."""
    found = results(ask(place(), BATCH, {"xuids": [GUEST, HOST]}))

    expected = [
        (GUEST, "open-6"),
        (GUEST, "invited-1"),
        (HOST, "open-6"),
        (HOST, "full-5"),
        (HOST, "seen-4"),
        (HOST, "other-0"),
    ]
    assert expected == [(item["xuid"], item["sessionRef"]["name"]) for item in found]


def test_a_batch_can_be_bound_to_a_template_and_a_keyword() -> None:
    """The parameters of a query count for a batch, too."""
    target = f"/serviceconfigs/{SCID}/sessionTemplates/fakebrowse/batch?keyword=fun&take=1"

    assert ["open-6"] == names(target, {"xuids": [HOST, GUEST]})


@pytest.mark.parametrize(
    ("target", "body", "status", "expected"),
    [
        (SESSIONS, None, 400, "The query must have keyword or xuid."),
        (f"{SESSIONS}?xuid=abc", None, 400, 'The field xuid must be a decimal xuid, and is "abc".'),
        (
            f"{SESSIONS}?keyword=fun&private=true",
            None,
            403,
            "The query parameter private needs a service, or the caller's own xuid as the filter.",
        ),
        (
            f"{SESSIONS}?xuid={STRANGER}&reservations=true",
            None,
            403,
            "The query parameter reservations needs a service, or the caller's own xuid as the filter.",
        ),
        (
            f"{SESSIONS}?xuid={HOST}&private=yes",
            None,
            400,
            'The query parameter private knows the value true only, not "yes".',
        ),
        (
            f"{SESSIONS}?xuid={HOST}&visibility=private",
            None,
            400,
            "The query parameter visibility can be private only with private=true.",
        ),
        (
            f"{SESSIONS}?xuid={HOST}&visibility=hidden",
            None,
            400,
            'The query parameter visibility must be one of open, visible, private, and is "hidden".',
        ),
        (
            f"{SESSIONS}?xuid={HOST}&version=8",
            None,
            400,
            'The query parameter version must be an integer from 0 to 7, and is "8".',
        ),
        (
            f"{SESSIONS}?xuid={HOST}&take=101",
            None,
            400,
            'The query parameter take must be an integer from 0 to 100, and is "101".',
        ),
        (
            f"{SESSIONS}?xuid={HOST}&take=-1",
            None,
            400,
            'The query parameter take must be an integer from 0 to 100, and is "-1".',
        ),
        (BATCH, {}, 400, "The field xuids is missing."),
        (BATCH, {"xuids": HOST}, 400, "The field xuids must be an array, and is a string."),
        (BATCH, {"xuids": [1]}, 400, "The field xuids[0] must be a string, and is a number."),
        (BATCH, {"xuids": ["1"] * 101}, 400, "The field xuids must hold 100 xuids or less, and holds 101."),
        (
            f"{BATCH}?private=true",
            {"xuids": [HOST, GUEST]},
            403,
            "The query parameter private needs a service, or the caller's own xuid as the filter.",
        ),
    ],
)
def test_a_wrong_query_is_refused(target: str, body: Any, status: int, expected: str) -> None:
    """The status and the sentence, which names the parameter."""
    reply = ask(place(), target, body)

    assert (status, expected) == (reply.response.status, sentence(reply))


@pytest.mark.parametrize("status", [403, 404])
def test_the_status_of_an_unbounded_query_is_a_choice(status: Any) -> None:
    """U77."""
    settings = Settings(choices=Choices(unfiltered_session_query=status))

    assert status == ask(place(), SESSIONS, settings=settings).response.status


def test_by_choice_the_read_restriction_binds_session_queries() -> None:
    """U47."""
    closed = session("closed", GUEST, properties={"readRestriction": "local", "keywords": ["x"]})
    known = directory(user(HOST), closed)
    strictly = Settings(choices=Choices(queries_respect_read_restriction=True))

    assert 1 == len(results(ask(known, f"{SESSIONS}?keyword=x")))
    assert [] == results(ask(known, f"{SESSIONS}?keyword=x", settings=strictly))


def test_an_empty_answer_is_captured_and_a_full_one_documented() -> None:
    """What the answer rests on; the order of several is our own."""
    assert Evidence.CAPTURED == ask(place(), f"{SESSIONS}?xuid={STRANGER}").provenance.evidence
    assert Evidence.DOCUMENTED == ask(place(), f"{SESSIONS}?xuid={HOST}&take=1").provenance.evidence
    assert Evidence.INFERRED == ask(place(), f"{SESSIONS}?xuid={HOST}").provenance.evidence


def test_the_indexes_follow_a_session() -> None:
    """Who leaves, and what is no longer a keyword, is found no more; neither is a session that is gone."""
    known = directory(user(HOST), session("lobby", HOST, GUEST, properties={"keywords": ["a", "b"]}))
    lobby = known.sessions[ref("lobby").key]

    changed = known.with_session(replace(lobby.without_member(1), properties={"system": {"keywords": ["B", "c"]}}))

    assert [] == results(ask(changed, f"{SESSIONS}?xuid={GUEST}"))
    assert [0, 1, 1] == [len(results(ask(changed, f"{SESSIONS}?keyword={word}"))) for word in "abc"]
    gone = changed.without_session(changed.sessions[ref("lobby").key])
    assert (0, 0) == (len(gone.sessions_of), len(gone.sessions_by_keyword))
