"""What is left of entries that the journal no longer keeps whole: in little memory, and exactly as it was."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlesfake.double.double import core_of
from handlesfake.exchange import trimmed_entries
from handlesfake.exchange.columns import Columns
from handlesfake.exchange.sent import sender_of, session_of
from handlesfake.exchange.trimmed_entries import TrimmedEntries
from tests.exchange.test_journal import ENTRY
from tests.sending import a_double, activity, send

TICKS = st.integers(0, 3_155_378_975_999_999_999)
"""Until the end of the year 9999: virtual time goes anywhere, and back."""


def kept(numbers: range, operations: tuple[str, ...] = ("create_handle",)) -> TrimmedEntries:
    """Requests of these operations in turn, between 0 and 2 ms apart."""
    trimmed = TrimmedEntries()
    for number in numbers:
        ticks = ENTRY.ticks + number * 10_000 + number * number * 7919 % 10_000
        operation = operations[number % len(operations)]
        trimmed.add(replace(ENTRY, number=number, ticks=ticks, operation=operation))
    return trimmed


@given(st.lists(st.tuples(st.integers(0, 65_535), TICKS)))
def test_what_is_packed_is_as_it_was(requests: list[tuple[int, int]]) -> None:
    """Kinds and times come back, whatever they were."""
    columns = Columns()
    for place, ticks in requests:
        columns.append(place, ticks)
    before = columns.read()
    columns.pack()

    assert [tuple(request) for request in requests] == list(zip(*before, strict=True))
    assert before == columns.read()


def test_a_full_page_of_a_busy_server_takes_little_memory() -> None:
    """At most four bytes for each request: a million of them take less than 4 MiB."""
    full, _ = kept(range(1, 4098)).state()

    assert full.weight - next(iter(full.kinds)).weight <= 4 * 4096


def test_a_kind_is_kept_once_for_many_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages whose requests are alike hold the same objects, and weigh them once."""
    monkeypatch.setattr(trimmed_entries, "_ROWS", 4)
    pages = kept(range(1, 13), ("create_handle", "get_handle")).state()
    kinds = [list(page.kinds) for page in pages]

    assert [[True, True], [True, True]] == [
        [any(one is other for other in before) for one in after] for before, after in pairwise(kinds)
    ]
    assert [True, False] == [page.weight > 400 for page in pages[:2]]


@pytest.mark.parametrize(("after", "before"), [(0, 24), (1, 23), (4, 5), (5, 14), (22, 24), (23, 24)])
def test_full_pages_answer_as_they_did(monkeypatch: pytest.MonkeyPatch, after: int, before: int) -> None:
    """Numbers, times and operations of the requests between two numbers, over pages that are full and one that is not."""
    monkeypatch.setattr(trimmed_entries, "_ROWS", 4)
    trimmed = kept(range(1, 24), ("create_handle", "get_handle", "query_handles"))
    asked = trimmed.fitting(after, before, lambda entry: entry.operation != "get_handle")

    assert [
        (
            number,
            ENTRY.ticks + number * 10_000 + number * number * 7919 % 10_000,
            ("create_handle", "", "query_handles")[number % 3],
        )
        for number in range(after + 1, before)
        if number % 3 != 1
    ] == [(entry.number, entry.ticks, entry.operation) for entry in asked]


def test_requests_that_differ_in_one_thing_are_told_apart() -> None:
    """Sender, address, body, coding, fate, and what the service filled in: each of them, and then all again."""
    mpsd = a_double(journal_limit=1)
    whole = a_double()
    for double in (mpsd, whole):
        host, guest = double.user("host"), double.user("guest")
        for name in ("lobby-1", "lobby-2"):
            double.session(name, members=[host, guest])
        unnamed = {"type": "activity", "version": 1, "sessionRef": {"templateName": "FakeLobby"}}
        for _ in range(2):
            for user in (host, guest):
                for name in ("lobby-1", "lobby-2"):
                    activity(double, user, name)
            send(double, "GET", double.session("lobby-1").path, host.headers)
            send(double, "GET", double.session("lobby-2").path, host.headers)
            send(double, "POST", "/handles", host.headers, unnamed)
            send(double, "POST", "/handles", {**host.headers, "Content-Encoding": "br"}, unnamed)
            double.lose_answer("create_handle", times=1)
            activity(double, host)
    told = [
        [(entry.number, entry.operation, sender_of(entry), entry.status, session_of(entry)) for entry in entries]
        for entries in (core_of(mpsd).journal.past(0, lambda _: True), core_of(whole).journal.past(0, lambda _: True))
    ]

    assert 18 == len(told[0])
    assert told[1] == told[0]
