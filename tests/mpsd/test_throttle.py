"""Throttling: who is counted, over which periods, and what a 429 says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from handlesfake.mpsd.choices import Choices
from handlesfake.mpsd.evidence import Evidence
from handlesfake.mpsd.http.message import Headers, Request
from handlesfake.mpsd.refusals.catalogue import refuse
from handlesfake.mpsd.rendering import render_refusal
from handlesfake.mpsd.service import Reply, answer
from handlesfake.mpsd.settings import Settings
from handlesfake.mpsd.state.directory import Directory
from handlesfake.mpsd.ticks import TICKS_PER_SECOND
from tests.mpsd.target_addresses import GUEST, HOST, NOW, SCID, ask, directory, session, user

ON = Settings(throttling=True)
QUERY = {"type": "activity", "owners": {"xuids": [HOST]}}
SEARCH = {"type": "search", "scid": SCID}
CREATE_SEARCH = {
    "type": "search",
    "version": 1,
    "sessionRef": {"scid": SCID, "templateName": "FakeBrowse", "name": "lobby"},
}


def known() -> Directory:
    """Two users and a lobby."""
    return directory(user(HOST), user(GUEST), session("lobby", HOST, GUEST))


def sent(
    place: Directory,
    *times: float,
    body: Any = QUERY,
    target: str = "/handles/query",
    by: str = HOST,
    settings: Settings = ON,
) -> Iterator[Reply]:
    """The answers to the same request, sent so many seconds after ten o'clock."""
    for second in times:
        now = NOW + round(second * TICKS_PER_SECOND)
        reply = ask(place, target, body, by=by, now=now, settings=settings)
        place = reply.directory
        yield reply


def statuses(*args: Any, **kwargs: Any) -> list[int]:
    """Their statuses."""
    return [reply.response.status for reply in sent(*args, **kwargs)]


def test_the_thirty_first_request_in_fifteen_seconds_is_429() -> None:
    """30 in 15 s (documented); the body and ``Retry-After`` say when to come back."""
    *passed, last = sent(known(), *[0.0] * 30, 4.0)

    assert [200] * 30 == [reply.response.status for reply in passed]
    assert 429 == last.response.status
    assert {
        "version": 1,
        "currentRequests": 31,
        "maxRequests": 30,
        "periodInSeconds": 15,
        "limitType": "rate",
    } == json.loads(last.response.body)
    assert "11" == last.response.headers.first("Retry-After")
    assert "application/json" == last.response.headers.first("Content-Type")
    assert Evidence.DOCUMENTED == last.provenance.evidence


def test_off_nothing_is_counted() -> None:
    """Throttling is off unless a test turns it on (U89)."""
    *_, last = sent(known(), *[0.0] * 40, settings=Settings())

    assert 200 == last.response.status
    assert 0 == len(last.directory.requests)


def test_a_period_begins_with_its_first_request() -> None:
    """Fixed windows (U91): 15 s after the first request all is forgotten, whenever the others came."""
    assert [200] * 60 == statuses(known(), 0.0, *[14.9] * 29, *[15.0] * 30)


def test_by_choice_periods_slide() -> None:
    """Sliding windows (U91): 15 s after the first request, the other 29 still count."""
    sliding = replace(ON, choices=Choices(throttle_windows="sliding"))

    *passed, last = sent(known(), 0.0, *[14.9] * 29, 15.0, 15.0, settings=sliding)

    assert [200] * 31 == [reply.response.status for reply in passed]
    assert 429 == last.response.status
    assert "15" == last.response.headers.first("Retry-After")


def test_throttled_requests_count_for_the_longer_period() -> None:
    """A request over the burst limit counts for the sustained one, too (documented; U90)."""
    burst = [0.0] * 300
    *_, last = sent(known(), *burst, 15.0)

    assert 429 == last.response.status
    assert (301, 300, 300) == _counts(last)
    assert "285" == last.response.headers.first("Retry-After")


def test_by_choice_throttled_requests_do_not_count() -> None:
    """The choice ``throttled_requests_count`` (U90): only what was answered counts."""
    lenient = replace(ON, choices=Choices(throttled_requests_count=False))

    assert 200 == statuses(known(), *[0.0] * 300, 15.0, settings=lenient)[-1]


def test_of_two_limits_the_longer_wait_is_told() -> None:
    """Over both limits at once, an earlier return would not help."""
    *_, last = sent(known(), *[0.0] * 301)

    assert (301, 300, 300) == _counts(last)
    assert "300" == last.response.headers.first("Retry-After")


def _counts(reply: Reply) -> tuple[int, int, int]:
    body = json.loads(reply.response.body)
    return body["currentRequests"], body["maxRequests"], body["periodInSeconds"]


def test_each_user_has_a_budget() -> None:
    """Per user and title (documented)."""
    *_, last = sent(known(), *[0.0] * 31)

    assert [200] == statuses(last.directory, 0.0, by=GUEST)


def test_each_title_has_a_budget() -> None:
    """The same user in another title starts from zero."""
    *_, last = sent(known(), *[0.0] * 31)
    elsewhere = last.directory.with_user(user(HOST, title_id="99"))

    assert [200] == statuses(elsewhere, 0.0)


@pytest.mark.parametrize(
    ("target", "body", "status"), [("/handles/query", SEARCH, 200), ("/handles", CREATE_SEARCH, 201)]
)
def test_one_search_in_fifteen_seconds(target: str, body: dict[str, Any], status: int) -> None:
    """Search handles: one read and one write in 15 s, 20 in 300 s, apart from all other requests (documented)."""
    first, second, third = sent(known(), 0.0, 1.0, 15.0, target=target, body=body)

    assert [status, 429, status] == [reply.response.status for reply in (first, second, third)]
    assert (2, 1, 15) == _counts(second)
    assert "14" == second.response.headers.first("Retry-After")
    assert [200] * 30 == statuses(third.directory, *[15.0] * 30)


def test_twenty_searches_in_three_hundred_seconds() -> None:
    """The sustained limit of searches."""
    answers = statuses(known(), *[15.0 * number for number in range(20)], 299.9, body=SEARCH)

    assert [200] * 20 == answers[:20]
    assert 429 == answers[20]


def test_reads_and_writes_of_searches_are_apart() -> None:
    """Each has its own budget."""
    [read] = sent(known(), 0.0, body=SEARCH)

    assert [201] == statuses(read.directory, 0.0, target="/handles", body=CREATE_SEARCH)


def test_a_refused_request_counts() -> None:
    """The service counts before it looks closer; nothing else changes."""
    [refused] = sent(known(), 0.0, body={"type": "activity"})
    *_, last = sent(refused.directory, *[0.0] * 30)

    assert (400, 429) == (refused.response.status, last.response.status)
    assert refused.directory == replace(known(), requests=refused.directory.requests)


def test_a_body_that_cannot_be_read_counts_with_the_rest() -> None:
    """It is not recognisable as a search."""
    *_, last = sent(known(), *[0.0] * 31, body=[1])

    assert 429 == last.response.status


def test_a_clock_that_was_moved_back_starts_anew() -> None:
    """A restored clock does not leave anybody throttled."""
    assert [200] * 31 == statuses(known(), *[100.0] * 30, 0.0)


def test_a_service_counts_for_each_of_its_users() -> None:
    """A title's service calls as if each acting user called; without users it has a budget of its own (inferred)."""
    headers = Headers(
        [
            ("Authorization", "XBL3.0 x=-;token"),
            ("X-Xbl-Contract-Version", "107"),
            ("X-Xbl-OnBehalfOf-Title", "1234567890"),
            ("X-Xbl-OnBehalfOf-Users", f"{HOST},{GUEST}"),
        ]
    )
    place = replace(known(), users_named=False)
    request = Request("POST", "/handles/query", headers, json.dumps(QUERY).encode())

    reply = answer(place, request, NOW, lambda: "0-0", ON)

    assert {HOST, GUEST} == {key[0] for key in reply.directory.requests}


@pytest.mark.parametrize(("name", "status", "seconds"), [("throttled", 429, "15"), ("unavailable", 503, "5")])
def test_a_refusal_by_name_says_when_to_come_back(name: str, status: int, seconds: str) -> None:
    """A rule's refusal also has ``Retry-After``; 503 has no body (U92)."""
    response = render_refusal(refuse(name), NOW, lambda: "0-0", Settings())
    other = render_refusal(refuse(name, retry_after=3), NOW, lambda: "0-0", Settings())

    assert (status, seconds) == (response.status, response.headers.first("Retry-After"))
    assert "3" == other.headers.first("Retry-After")
    assert (name == "throttled") is bool(response.body)


def test_the_wait_of_an_unavailable_service_is_a_choice() -> None:
    """U92."""
    settings = Settings(choices=Choices(unavailable_retry_after_seconds=60))

    assert "60" == render_refusal(refuse("unavailable"), NOW, lambda: "0-0", settings).headers.first("Retry-After")


def test_a_debug_header_is_a_choice() -> None:
    """U93: off by default, and made up when on."""
    settings = Settings(choices=Choices(debug_header=True))

    assert None is ask(known(), "/handles/query", QUERY).response.headers.first("X-Xbl-Debug")
    assert "made up" in (
        ask(known(), "/handles/query", QUERY, settings=settings).response.headers.first("X-Xbl-Debug") or ""
    )


def test_what_is_no_search_counts_with_the_rest() -> None:
    """Looking for sessions falls under the general limit."""
    target = f"/serviceconfigs/{SCID}/sessions?xuid={HOST}"

    assert [200] * 30 + [429] == statuses(known(), *[0.1] * 31, body=None, target=target)
