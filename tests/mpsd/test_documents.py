"""What a session document shows, beside what the conformance cases hold."""

from __future__ import annotations

import re

from tests.mpsd.town import GUEST, HOST, JOIN, Town, document


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
