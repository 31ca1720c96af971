"""POST /handles/query over directories made by hand: what the conformance cases cannot show, and what it costs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from handlesfake.mpsd.choices import Choices
from handlesfake.mpsd.evidence import Evidence
from handlesfake.mpsd.settings import Settings
from handlesfake.mpsd.state.directory import Directory
from handlesfake.mpsd.state.handle import kept
from handlesfake.mpsd.state.identity import Title
from handlesfake.mpsd.state.session import Member
from handlesfake.mpsd.ticks import TICKS_PER_SECOND
from tests.effort import steps
from tests.mpsd.target_addresses import (
    GUEST,
    HOST,
    NOW,
    SCID,
    STRANGER,
    activity_handle,
    ask,
    directory,
    ref,
    results,
    search_handle,
    sentence,
    session,
    user,
)

ACTIVITIES = "/handles/query?include=relatedInfo,customProperties"


def activity(number: int, owner: str, known: Directory, name: str = "lobby") -> Directory:
    """``known`` with an activity of ``owner``."""
    handle = activity_handle(number, owner, name)
    return known.with_activity((owner, SCID), handle)


def of(*xuids: str) -> dict[str, Any]:
    """The body of a query by xuids."""
    return {"type": "activity", "scid": SCID, "owners": {"xuids": list(xuids)}}


def test_activities_come_newest_first() -> None:
    """Creation time descending (U51)."""
    known = directory(user(HOST), session("lobby", HOST, GUEST, STRANGER))
    for number, owner in enumerate([GUEST, STRANGER, HOST]):
        known = activity(number, owner, known)

    assert ["id-2", "id-1", "id-0"] == [
        item["id"] for item in results(ask(known, ACTIVITIES, of(HOST, GUEST, STRANGER)))
    ]


def test_of_many_the_newest_hundred_are_shown() -> None:
    """100 handles at most (documented), the newest (U43)."""
    crowd = frozenset(str(9000000000001000 + number) for number in range(103))
    known = directory(user(HOST, follows=crowd), session("lobby", HOST))
    for number, owner in enumerate(sorted(crowd)):
        known = activity(number, owner, known)
    body = {"type": "activity", "owners": {"people": {"moniker": "people", "monikerXuid": HOST}}}

    found = [item["id"] for item in results(ask(known, "/handles/query", body))]

    assert [f"id-{number}" for number in range(102, 2, -1)] == found


def test_a_deleted_activity_is_found_no_more() -> None:
    """Every index forgets the handle."""
    known = activity(0, HOST, directory(user(HOST), session("lobby", HOST)))
    (handle,) = known.activities_of(HOST)

    left = known.without_handle(handle)

    assert [] == results(ask(left, ACTIVITIES, of(HOST)))
    assert (0, 0, 0) == (len(left.activities), len(left.handles), len(left.handles_of))


def test_without_a_scid_every_service_configuration_counts() -> None:
    """``scid`` is an optional filter (documented)."""
    known = activity(0, HOST, directory(user(HOST), session("lobby", HOST)))

    assert 1 == len(results(ask(known, "/handles/query", {"type": "activity", "owners": {"xuids": [HOST]}})))
    assert [] == results(ask(known, "/handles/query", {**of(HOST), "scid": "other"}))
    assert 1 == len(results(ask(known, "/handles/query", {**of(HOST), "scid": SCID.upper()})))


def test_a_handle_whose_session_is_gone_is_still_shown() -> None:
    """An activity can outlive its session (seen in clients): no relatedInfo then, and customProperties empty."""
    known = activity(0, HOST, directory(user(HOST)))

    [item] = results(ask(known, ACTIVITIES, of(HOST)))

    assert "relatedInfo" not in item
    assert {} == item["customProperties"]


def test_the_service_itself_can_ask_by_session() -> None:
    """The form that the service's own sentence names (contract 16.1); its answer is assumed."""
    known = activity(0, HOST, directory(user(HOST), session("lobby", HOST)))
    body = {"type": "activity", "scid": SCID, "templateName": "FakeBrowse", "sessionName": "LOBBY"}

    reply = ask(known, "/handles/query", body)

    assert ["id-0"] == [item["id"] for item in results(reply)]
    assert Evidence.ASSUMED == reply.provenance.evidence


def test_activity_info_shows_the_name_of_a_known_title() -> None:
    """``activityInfo`` has the title's name where the test gave one, and is left out otherwise (U42)."""
    known = activity(0, HOST, directory(user(HOST), session("lobby", HOST)))
    named = {**known.titles, "1234567890": Title("1234567890", name="Fake Game")}
    target = "/handles/query?include=activityInfo"

    [without] = results(ask(known, target, of(HOST)))
    [having] = results(ask(replace(known, titles=named), target, of(HOST)))

    assert "activityInfo" not in without
    assert {"titleName": "Fake Game"} == having["activityInfo"]


# ---- searches


def browse(*names: str, count: int = 0) -> Directory:
    """Rooms that can be searched for, each with an attribute that tells its number."""
    known = directory(user(HOST))
    for number, name in enumerate([*names, *(f"room-{number}" for number in range(count))]):
        known = known.with_session(session(name, HOST))
        handle = search_handle(
            number, name, {"numbers": {"n": number % 7}, "tags": ["Any", name], "strings": {"s": name}}
        )
        known = known.with_search(handle)
    return known


@pytest.mark.parametrize(
    ("order_by", "expected"),
    [
        (None, ["c", "a", "b"]),
        ("Timestamp asc", ["c", "a", "b"]),
        ("timestamp desc", ["b", "a", "c"]),
        ("strings/s", ["a", "b", "c"]),
        ("Strings / s DESC", ["c", "b", "a"]),
        ("numbers/n desc", ["b", "a", "c"]),
        ("numbers/absent desc", ["c", "a", "b"]),
        ("suggestedLfg desc", ["c", "a", "b"]),
    ],
)
def test_searches_come_in_the_order_asked_for(order_by: str | None, expected: list[str]) -> None:
    """By an attribute, up or down; by time ascending when there is none, or none that is known (U51)."""
    body = {"type": "search", "scid": SCID, "templateName": "FakeBrowse", "orderBy": order_by}

    found = results(ask(browse("c", "a", "b"), "/handles/query", body))

    assert expected == [item["searchAttributes"]["strings"]["s"] for item in found]


def test_what_lacks_the_attribute_comes_last() -> None:
    """In both directions."""
    known = browse("b", "a").with_session(session("bare", HOST)).with_search(search_handle(9, "bare"))

    for direction in ("asc", "desc"):
        body = {"type": "search", "orderBy": f"strings/s {direction}"}

        assert "id-9" == results(ask(known, "/handles/query", body))[-1]["id"]


def test_a_wrong_order_is_refused() -> None:
    """400 with the place."""
    reply = ask(browse(), "/handles/query", {"type": "search", "orderBy": "numbers/n down"})

    assert (400, 'The field orderBy is not valid at character 11, near "down": expected asc, desc or the end.') == (
        reply.response.status,
        sentence(reply),
    )


def test_at_most_a_hundred_searches_are_shown() -> None:
    """The first 100 matches (documented)."""
    assert 100 == len(results(ask(browse(count=120), "/handles/query", {"type": "search"})))


def test_a_search_needs_neither_scid_nor_template() -> None:
    """Scripts leave out one or both."""
    known = browse("a", "b")

    for body in ({}, {"scid": SCID}, {"templateName": "fakebrowse"}, {"scid": SCID, "templateName": "FakeBrowse"}):
        assert 2 == len(results(ask(known, "/handles/query", {"type": "search", **body})))
    for body in ({"scid": "other"}, {"templateName": "other"}, {"scid": SCID, "templateName": "other"}):
        assert [] == results(ask(known, "/handles/query", {"type": "search", **body}))


def test_roles_are_shown_with_their_members() -> None:
    """``roleInfo``: count, target, max and who (seen in clients)."""
    roles = {"class": {"roles": {"healer": {"max": 2, "target": 1}, "tank": {"max": 1}}}}
    room = session("room", HOST, role_types=roles).with_member(Member(0, HOST, NOW, roles={"class": "healer"}))
    known = directory(user(HOST), room).with_search(search_handle(0, "room"))

    [item] = results(ask(known, "/handles/query?include=roleInfo", {"type": "search"}))

    expected = {
        "healer": {"count": 1, "target": 1, "max": 2, "memberXuids": [HOST]},
        "tank": {"count": 0, "max": 1, "memberXuids": []},
    }
    assert {"roleTypes": {"class": {"roles": expected}}} == item["roleInfo"]


@pytest.mark.parametrize(
    ("wish", "expected"),
    [
        ({}, ["of-guest", "of-host"]),
        ({"includeScheduled": True}, ["of-guest", "of-host", "later"]),
        ({"followed": True}, ["of-guest"]),
        ({"sessionOwners": HOST}, ["of-host"]),
        ({"communicatePermissionRequired": True}, ["of-host"]),
        ({"sessionMembers": {"people": {"moniker": "people", "monikerXuid": HOST}}}, ["of-guest"]),
        ({"sessionMembers": {"people": {"moniker": "favorites", "monikerXuid": HOST}}}, []),
        ({"global": True}, ["of-guest", "of-host"]),
    ],
)
def test_a_search_can_wish_for_whose_sessions(wish: dict[str, Any], expected: list[str]) -> None:
    """The further fields of a search (inferred from their names)."""
    host = user(HOST, follows=frozenset({GUEST}))
    known = directory(host, user(GUEST, blocks=frozenset({HOST})))
    later = {"owners": [0], "scheduledTime": "2026-01-06T10:00:01Z"}
    for number, room in enumerate(
        [
            session("of-guest", GUEST, properties={"owners": [0]}),
            session("of-host", HOST, properties={"owners": [0]}),
            session("later", STRANGER, properties=later),
        ]
    ):
        known = known.with_session(room).with_search(search_handle(number, room.ref.name, {"tags": [room.ref.name]}))

    found = results(ask(known, "/handles/query", {"type": "search", **wish}))

    assert expected == [item["searchAttributes"]["tags"][0] for item in found]


def test_a_scheduled_session_shows_itself_in_time() -> None:
    """Once its time has come it is like any other."""
    room = session("later", HOST, properties={"scheduledTime": "2026-01-06T10:00:01Z"})
    known = directory(user(HOST), room).with_search(search_handle(0, "later"))

    assert 1 == len(results(ask(known, "/handles/query", {"type": "search"}, now=NOW + TICKS_PER_SECOND)))


@pytest.mark.parametrize("field", ["global", "followed", "includeScheduled", "communicatePermissionRequired"])
def test_a_wish_that_is_no_boolean_is_refused(field: str) -> None:
    """400, the field named."""
    reply = ask(browse(), "/handles/query", {"type": "search", field: "yes"})

    assert (400, f"The field {field} must be a boolean, and is a string.") == (reply.response.status, sentence(reply))


def test_a_second_search_handle_takes_the_place_of_the_first() -> None:
    """One a session (documented); every index forgets the first (U22)."""
    known = browse("room").with_search(search_handle(5, "ROOM"))

    assert ["id-5"] == [item["id"] for item in results(ask(known, "/handles/query", {"type": "search"}))]
    assert ["id-5"] == list(known.handles)
    left = known.without_handle(known.handles["id-5"])
    assert (0, 0, 0) == (len(left.searches), len(left.handles), len(left.handles_of))


# ---- who is shown what


@pytest.mark.parametrize(
    ("restriction", "follows", "seen"),
    [("none", False, True), ("local", True, False), ("followed", False, False), ("followed", True, True)],
)
def test_by_choice_the_read_restriction_binds_queries(restriction: str, follows: bool, seen: bool) -> None:
    """``queries_respect_read_restriction`` (U47): by default a live query showed what could not be read."""
    lobby = session("lobby", GUEST, properties={"readRestriction": restriction})
    guest = user(GUEST, follows=frozenset({HOST}) if follows else frozenset())
    known = activity(0, GUEST, directory(user(HOST), guest, lobby))
    strictly = Settings(choices=Choices(queries_respect_read_restriction=True))

    assert 1 == len(results(ask(known, ACTIVITIES, of(GUEST))))
    assert seen is bool(results(ask(known, ACTIVITIES, of(GUEST), settings=strictly)))


def test_the_same_console_is_local() -> None:
    """``local``: the caller's device token is that of an active member."""
    lobby = session("lobby", properties={"readRestriction": "local"})
    lobby = lobby.with_member(Member(0, GUEST, NOW, device_token="d1"))
    same, other = user(HOST, device_token="d1"), user(STRANGER, device_token="d2")
    known = activity(0, GUEST, directory(same, other, user(GUEST, device_token="d1"), lobby))
    strictly = Settings(choices=Choices(queries_respect_read_restriction=True))

    assert 1 == len(results(ask(known, ACTIVITIES, of(GUEST), settings=strictly)))
    assert [] == results(ask(known, ACTIVITIES, of(GUEST), by=STRANGER, settings=strictly))


# ---- cost


def crowd(size: int) -> Directory:
    """A directory with ``size`` users, each active in a separate lobby and showing it."""
    known = directory(user(HOST), session("lobby", HOST))
    for number in range(size):
        xuid, name = str(9000000000100000 + number), f"lobby-{number}"
        known = activity(number, xuid, known.with_session(session(name, xuid)), name)
    return activity(0, HOST, known)


@pytest.mark.parametrize(
    ("target", "body"), [(ACTIVITIES, of(HOST)), (f"/serviceconfigs/{SCID}/sessions?xuid={HOST}", None)]
)
def test_queries_by_xuid_cost_the_same_in_a_large_directory(target: str, body: dict[str, Any] | None) -> None:
    """A hundred times as many players and sessions are not looked at; ``benchmarks/growth.py`` has the times."""
    small, large = crowd(5), crowd(500)

    # a large map is read a level deeper than a small one
    assert steps(lambda: ask(large, target, body)) <= 1.1 * steps(lambda: ask(small, target, body))


def test_a_search_looks_at_its_own_template_only() -> None:
    """An index by scid and template: handles of another template cost nothing, however many they are."""
    body = {"type": "search", "scid": SCID, "templateName": "Other", "filter": "numbers/n eq 1"}
    small, large = browse(count=5), browse(count=500)

    assert steps(lambda: ask(large, "/handles/query", body)) <= 1.1 * steps(
        lambda: ask(small, "/handles/query", body)
    )
    assert ref("x").key[:2] in large.searches


def test_a_transfer_handle_cannot_be_queried() -> None:
    """Activity and search can."""
    reply = ask(directory(user(HOST)), "/handles/query", {"type": "transfer"})

    assert (400, "unqueryable_type") == (
        reply.response.status,
        reply.provenance.refusal and reply.provenance.refusal.kind.name,
    )


@pytest.mark.parametrize(("choice", "count"), [("read", 1), ("ignore", 2)])
def test_take_is_a_choice(choice: Any, count: int) -> None:
    """The page of the query lists it, in words copied from another page."""
    known = directory(user(HOST), user(GUEST), session("lobby", HOST, GUEST))
    known = activity(2, GUEST, activity(1, HOST, known))
    body = {"type": "activity", "owners": {"xuids": [HOST, GUEST]}}
    settings = Settings(choices=Choices(handle_query_parameters=choice))

    assert count == len(results(ask(known, "/handles/query?take=1", body, settings=settings)))


def test_what_the_live_service_adds_is_a_choice() -> None:
    """``createTime``, ``inviteProtocol`` and ``gameTypes`` are seen in clients, and are on no page."""
    known = activity(1, HOST, directory(user(HOST), session("lobby", HOST)))
    document = {"id": "id-1", "createTime": "x", "gameTypes": {}}
    handle = replace(known.handles["id-1"], kept=kept(document, ref("lobby")))
    known = known.with_activity((HOST, SCID), handle)
    settings = Settings(choices=Choices(query_service_fields=False))
    body = {"type": "activity", "owners": {"xuids": [HOST]}}

    assert [{"id": "id-1"}] == results(ask(known, "/handles/query", body, settings=settings))
