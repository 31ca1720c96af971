"""What a session document shows, beside what the conformance cases hold."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from handlesfake.mpsd.sessions.documents import session_document
from handlesfake.mpsd.state.session import NOTHING, Member, Session
from tests.mpsd.service_harness import GUEST, HOST, JOIN, Town, document
from tests.mpsd.target_addresses import NOW, session


def test_an_etag_is_32_hexadecimal_digits_in_quotes_and_new_with_each_change() -> None:
    """As captured: lower-case, opaque; the branch stays."""
    town = Town()
    replies = [town.put(JOIN), town.put(JOIN, by=GUEST), town.put({"properties": {"custom": {"a": 1}}})]
    etags = [reply.response.headers.first("ETag") or "" for reply in replies]

    assert [1, 2, 3] == [document(reply)["changeNumber"] for reply in replies]
    assert 3 == len(set(etags))
    assert all(re.fullmatch(r'"[0-9a-f]{32}"', etag) for etag in etags)
    assert 1 == len({document(reply)["branch"] for reply in replies})


def test_the_records_are_a_chain_from_first_to_next() -> None:
    """Following ``next`` from ``membersInfo.first`` meets each member once, and ends at ``membersInfo.next``."""
    town = Town()
    town.put(JOIN)
    for number in range(3, 9):
        town.put(JOIN, by=f"900000000000000{number}")
    for number in (3, 5, 8):
        town.put({"members": {"me": None}}, by=f"900000000000000{number}")
    shown = document(town.get())
    index, chain = shown["membersInfo"]["first"], []
    while index != shown["membersInfo"]["next"]:
        chain.append(index)
        index = shown["members"][str(index)]["next"]

    assert [0, 2, 4, 5] == chain
    assert list(map(str, chain)) == list(shown["members"])


def test_members_keep_their_order_and_their_own_records() -> None:
    """Each record names its member and its index."""
    town = Town()
    town.put(JOIN)
    town.put(JOIN, by=GUEST)
    systems = [record["constants"]["system"] for record in document(town.get())["members"].values()]

    assert [{"xuid": HOST, "index": 0}, {"xuid": GUEST, "index": 1}] == systems


def made(*members: Member, **system: Any) -> Session:
    """A session of these members, with these constants."""
    known = session("room", constants={"capabilities": {}, **system})
    for member in members:
        known = known.with_member(replace(member, constants=NOTHING, properties=NOTHING))
    return known


def test_a_reservation_shows_neither_gamertag_nor_title() -> None:
    """Both come with the acceptance; the title goes when the member is active no longer."""
    held = Member(0, HOST, NOW, status="reserved", since=NOW, gamertag="FakeTag", title_id="1")
    idle = Member(1, GUEST, NOW, status="inactive", since=NOW, gamertag="FakeTag", title_id="1")
    shown = session_document(made(held, idle, reservedRemovalTimeout=1000), 107)

    assert (True, False, False) == tuple(
        key in shown["members"]["0"] for key in ("reserved", "gamertag", "activeTitleId")
    )
    assert (False, True, False) == tuple(
        key in shown["members"]["1"] for key in ("reserved", "gamertag", "activeTitleId")
    )
    assert "2026-01-06T10:00:01.0000000Z" == shown["nextTimer"]


def test_what_is_rare_shows_where_it_is() -> None:
    """Roles, device, turn, search handle and role types."""
    host = Member(0, HOST, NOW, roles={"class": "healer"}, device_token="ab")
    known = made(host)
    known = replace(
        known,
        role_types={"class": {"roles": {"healer": {"max": 1}}}},
        properties={"system": {"turn": [0]}, "custom": {}},
    )
    shown = session_document(known, 107, search_handle="id")

    assert ({"class": "healer"}, "ab", True) == tuple(
        shown["members"]["0"][key] for key in ("roles", "deviceToken", "turn")
    )
    assert [HOST] == shown["roleTypes"]["class"]["roles"]["healer"]["memberXuids"]
    assert "id" == shown["searchHandle"]


def test_a_large_session_shows_each_their_own_record_only() -> None:
    """Under ``me``; a user outside the session gets none."""
    known = made(Member(0, HOST, NOW), Member(1, GUEST, NOW), capabilities={"large": True})

    assert ["me"] == list(session_document(known, 107, [GUEST])["members"])
    assert 1 == session_document(known, 107, [GUEST])["members"]["me"]["constants"]["system"]["index"]
    assert {} == session_document(known, 107, ["9000000000000009"])["members"]


def test_105_has_matchmaking_where_107_has_none() -> None:
    """Captured for 105, seen in clients for 107."""
    known = made(Member(0, HOST, NOW), inactiveRemovalTimeout=5)

    assert {"turn": [], "matchmaking": {}} == session_document(known, 105)["properties"]["system"]
    assert {"turn": []} == session_document(known, 107)["properties"]["system"]
    assert {"inactive": 5} == session_document(known, 105)["constants"]["system"]["timeouts"]


@pytest.mark.parametrize(("constants", "shown"), [({}, False), ({"memberInitialization": {}}, True)])
def test_initialize_shows_where_members_are_initialized(constants: dict[str, Any], shown: bool) -> None:
    """Captured: it is not echoed elsewhere; other constants of a member always are."""
    host = Member(0, HOST, NOW, constants={"system": {"initialize": True, "matchmakingResult": {}}, "custom": {}})
    known = made(**constants).with_member(replace(host, properties=NOTHING))
    system = session_document(known, 107)["members"]["0"]["constants"]["system"]

    assert (shown, True) == ("initialize" in system, "matchmakingResult" in system)
