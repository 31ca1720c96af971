"""``str(mpsd.journal)``: a text that is the same in each run, for snapshots."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
import requests

import handlesfake
from handlesfake.double.double import Double
from handlesfake.double.swallowed import unknown_address

MPSD = "https://sessiondirectory.xboxlive.com"
Make = Callable[[], str]


def _post(user: Any, document: dict[str, Any]) -> requests.Response:
    return requests.post(f"{MPSD}/handles", json=document, headers=user.headers, timeout=10)


def _evening(mpsd: Double, make: Make, xuid: str) -> None:
    """What a suite does in every run, with ids that are new in each."""
    host, guest = mpsd.user("host"), mpsd.user("guest")
    lobby, other = mpsd.session(make(), members=[host]), mpsd.session(make(), members=[guest])
    activity = {"type": "activity", "version": 1, "sessionRef": lobby.ref}
    invite = {**activity, "type": "invite", "inviteAttributes": {"titleId": "1234567890"}}
    _post(host, activity)
    _post(host, {**invite, "invitedXuid": guest.xuid})
    _post(host, {**invite, "invitedXuid": xuid})
    mpsd.clock.advance(2)
    mpsd.refuse("throttled", "put_session_by_handle", times=1)
    handle = f"{MPSD}/handles/{mpsd.invites[0].id}"
    requests.put(f"{handle}/session", json={}, headers=guest.headers, timeout=10)
    mpsd.clock.advance("20ms")
    mpsd.lose_answer("get_session", times=1)
    with pytest.raises(requests.ConnectionError):
        requests.get(f"{MPSD}{other.path}", headers=guest.headers, timeout=10)
    mpsd.rule({"name": "late", "when": {"operation": "get_handle"}, "then": {"refuse": "unavailable"}, "times": 1})
    requests.get(handle, headers=guest.headers, timeout=10)
    requests.put(f"{MPSD}{lobby.path}", json={}, headers={**guest.headers, "If-None-Match": "*"}, timeout=10)
    requests.get(f"{MPSD}/nothing/{make()}/{xuid}", headers=guest.headers, timeout=10)
    requests.post(
        f"{MPSD}/handles", json={**invite, "invitedXuid": xuid}, headers=mpsd.service().headers(host), timeout=10
    )


CODINGS = {"br": "brotli", "zstd": "zstandard"}


@pytest.mark.parametrize("coding", CODINGS)
def test_a_body_in_a_coding_that_is_read_here(coding: str) -> None:
    """What was asked is in the line, although the fake refuses the coding."""
    decoder = pytest.importorskip(CODINGS[coding])

    with handlesfake.fake() as mpsd:
        host = mpsd.user("host")
        lobby = mpsd.session("lobby-1", members=[host])
        body = json.dumps({"type": "activity", "version": 1, "sessionRef": lobby.ref}).encode()
        headers = {**host.headers, "Content-Encoding": coding}
        requests.post(f"{MPSD}/handles", data=decoder.compress(body), headers=headers, timeout=10)

        assert "#1  +0.00 s  host: create_handle activity, session A -> 400 content_coding" == str(mpsd.journal)


def test_a_body_in_a_coding_that_nobody_reads() -> None:
    """The line names the coding."""
    with handlesfake.fake() as mpsd:
        headers = {**mpsd.user("host").headers, "Content-Encoding": "compress"}
        requests.post(f"{MPSD}/handles", data=b"\x1f\x9d\x90x", headers=headers, timeout=10)

        line = "host: create_handle, a body in compress that cannot be read here -> 400 content_coding"
        assert f"#1  +0.00 s  {line}" == str(mpsd.journal)


EVENING = """\
#1  +0.00 s  host: create_handle activity, session A -> 201, handle 1
#2  +0.00 s  host: create_handle invite, session A, invites guest -> 201, handle 2
#3  +0.00 s  host: create_handle invite, session A, invites user 1 -> 201, handle 3
#4  +2.00 s  guest: put_session_by_handle, handle 2 -> 429 throttled, by a rule
#5  +2.02 s  guest: get_session, session B -> 200, lost: connection closed, by a rule
#6  +2.02 s  guest: get_handle, handle 2 -> 503 unavailable, by rule 'late'
#7  +2.02 s  guest: put_session, session A, If-None-Match -> 412 precondition_failed
#8  +2.02 s  guest: GET /nothing/.../... -> 404 no_such_path
#9  +2.02 s  service for host: create_handle invite, session A, invites user 1 -> 201, handle 4"""


@pytest.mark.filterwarnings("ignore::handlesfake.errors.UnroutedWarning")
def test_the_same_suite_has_the_same_text() -> None:
    """Whatever session names, handle ids, xuids, times and earlier doubles there were."""
    texts = []
    for xuid in ("9000000000004711", "9000000000000815"):
        with handlesfake.fake() as mpsd:
            _evening(mpsd, lambda: str(uuid.uuid4()), xuid)
        texts.append(str(mpsd.journal))

    assert [EVENING, EVENING] == texts


def test_a_user_without_a_role_and_an_unknown_caller_have_names(mpsd: Double) -> None:
    """Users are counted in the order in which lines name them."""
    first, second = mpsd.user(), mpsd.user()
    lobby = mpsd.session(members=[second])
    activity = {"type": "activity", "version": 1, "sessionRef": lobby.ref}
    _post(second, activity)
    _post(first, activity)
    requests.post(f"{MPSD}/handles", json=activity, headers={"X-Xbl-Contract-Version": "107"}, timeout=10)

    assert (
        "#1  +0.00 s  user 1: create_handle activity, session A -> 201, handle 1\n"
        "#2  +0.00 s  user 2: create_handle activity, session A -> 403 not_a_member\n"
        "#3  +0.00 s  unknown caller: create_handle activity, session A -> 401 unauthenticated"
    ) == str(mpsd.journal)


def test_sessions_beyond_z_have_two_letters(mpsd: Double) -> None:
    """As the columns of a sheet, for as many as there are."""
    host = mpsd.user("host")
    for number in range(28):
        requests.get(
            f"{MPSD}{mpsd.session(f'lobby-{number}', members=[host]).path}", headers=host.headers, timeout=10
        )

    ends = [line.rpartition("session ")[2] for line in str(mpsd.journal).splitlines()]

    assert ["Z -> 200", "AA -> 200", "AB -> 200"] == ends[25:]


def test_nothing_sent_is_said(mpsd: Double) -> None:
    """An empty snapshot would look like one that was lost; ``repr`` stays short."""
    assert ("nothing was sent", "<Journal of 0 requests>") == (str(mpsd.journal), repr(mpsd.journal))


def test_what_was_forgotten_is_not_in_it(mpsd: Double) -> None:
    """The lines start again, times and names too; the numbers count on."""
    host = mpsd.user("host")
    for name in ("one", "two"):
        mpsd.journal.forget()
        mpsd.clock.advance(5)
        requests.get(f"{MPSD}{mpsd.session(name, members=[host]).path}", headers=host.headers, timeout=10)

    assert "#2  +0.00 s  host: get_session, session A -> 200" == str(mpsd.journal)


@pytest.mark.filterwarnings("ignore::handlesfake.UnroutedWarning")
def test_an_entry_is_a_line_whatever_was_asked(mpsd: Double) -> None:
    """A line feed in an address or a role is written out, and so is what turns the direction of a terminal."""
    host = mpsd.user("ho\nst")
    requests.get(f"{MPSD}/no%0Awhere%E2%80%AE", headers=host.headers, timeout=10)

    assert r"#1  +0.00 s  ho\nst: GET /no\nwhere\u202e -> 404 no_such_path" == str(mpsd.journal)
    assert unknown_address(mpsd.journal[0]).startswith(r"MPSD has no address GET /no\nwhere\u202e. Sent from ")
