"""The control interface: claims, the journal, and what nothing could answer."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import pytest

from tests.patience import PATIENCE
from tests.server.lobby import activity, arranged, invite
from tests.server.servers import REF, call, connected, controlled

# ---- claims


def test_a_claim_that_holds_is_200() -> None:
    """Roles replace xuids."""
    with controlled() as remote:
        host, guest = arranged(remote)
        remote.post(host, invite(guest["xuid"]))
        held = remote.ask(
            "POST", "/assert/invited", {"xuids": ["guest"], "by": "host", "session": "lobby-1", "times": 1}
        )

    assert (200, {"holds": True}) == (held.status, held.json)


def test_a_failure_reads_as_in_python() -> None:
    """409 with the very text of Python's failure."""
    with controlled() as remote:
        host, guest = arranged(remote)
        remote.post(host, invite(guest["xuid"]))
        with pytest.raises(AssertionError) as python:
            remote.mpsd.assert_invited("3210")
        failed = remote.ask("POST", "/assert/invited", {"xuids": ["3210"]})

    assert (409, f"{python.value}\n") == (failed.status, failed.text)
    assert failed.headers["Content-Type"].startswith("text/plain")


@pytest.mark.parametrize(
    ("claim", "words", "status"),
    [
        ("not_invited", {"xuids": ["host"]}, 200),
        ("not_invited", {"xuids": ["guest"]}, 409),
        ("no_invites", {}, 409),
        ("activity", {"user": "host", "session": REF}, 200),
        ("activity", {"user": "guest"}, 409),
        ("no_activity", {"user": "guest"}, 200),
        ("sent", {"operation": "create_handle", "times": 2, "accepted": True}, 200),
        ("sent", {"operation": "create_handle", "fields": {"type": "invite"}, "times": 2}, 409),
        ("not_sent", {"operation": "put_session"}, 200),
        ("in_order", {"steps": [["create_handle", {"type": "activity"}], "create_handle"]}, 200),
        ("in_order", {"steps": ["create_handle", "put_session"]}, 409),
        ("in_order", {"steps": ["put_session"]}, 422),
        ("no_assumptions", {}, 200),
    ],
)
def test_every_claim_is_there(claim: str, words: dict[str, Any], status: int) -> None:
    """Each assertion of Python has a call of its name and words."""
    with controlled() as remote:
        host, guest = arranged(remote)
        remote.post(host, activity())
        remote.post(host, invite(guest["xuid"]))
        answer = remote.ask("POST", f"/assert/{claim}", words)

    assert (status, answer.text) == (answer.status, answer.text)


def test_a_claim_waits_for_what_is_still_to_come() -> None:
    """It waits for so many seconds, and ends as soon as the claim holds."""
    with controlled() as remote:
        host, guest = arranged(remote)
        with connected(remote.url) as waiting:
            body = json.dumps({"xuids": ["guest"], "within": PATIENCE})
            waiting.request("POST", "/_handlesfake/assert/invited", body)
            remote.post(host, invite(guest["xuid"]))
            status = waiting.getresponse().status

    assert 200 == status


def test_who_goes_away_waits_no_more() -> None:
    """A server ends at once although a client left it with a claim that may wait for minutes."""
    with controlled() as remote, connected(remote.url) as waiting:
        waiting.request("POST", "/_handlesfake/assert/sent", '{"operation": "put_session", "within": 300}')
        remote.ask("GET", "")
        waiting.close()
        remote.ask("GET", "")
    left = [thread.name for thread in threading.enumerate() if "handlesfake" in thread.name]

    assert [] == left


# ---- the journal


def test_the_journal_in_order_with_a_cursor() -> None:
    """Entries after a number, of one kind and of one sender; no token is in them."""
    with controlled() as remote:
        host, guest = arranged(remote)
        remote.post(host, activity())
        remote.post(host, invite(guest["xuid"]))
        remote.post(guest, activity())
        everything = remote.ask("GET", "/journal")
        rest = remote.ask("GET", f"/journal?since={everything.json['next'] - 1}").json
        hosts = remote.ask("GET", "/journal?by=host&type=invite&operation=create_handle").json

    assert [[1, 2, 3], [3], [2]] == [
        [one["number"] for one in found["entries"]] for found in (everything.json, rest, hosts)
    ]
    assert 3 == everything.json["next"]
    assert host["authorization"].partition(";")[2] not in everything.text


def test_the_journal_waits() -> None:
    """A long poll is answered by the request that it waits for."""
    with controlled() as remote:
        host, _ = arranged(remote)
        with connected(remote.url) as waiting:
            waiting.request("GET", "/_handlesfake/journal?count=2&wait=30")
            remote.post(host, activity())
            remote.post(host, activity())
            found = json.loads(waiting.getresponse().read())

    assert [1, 2] == [entry["number"] for entry in found["entries"]]


def test_the_journal_does_not_wait_longer_than_asked() -> None:
    """What never comes is not an error: the answer has what came."""
    with controlled() as remote:
        found = remote.ask("GET", "/journal?count=2&wait=0.01").json

    assert {"entries": [], "next": 0, "written": 0, "dropped": 0, "fitting": 0} == found


def test_the_journal_as_a_person_reads_it() -> None:
    """Accept: text/plain gives the timeline of a failed test."""
    with controlled() as remote:
        host, _ = arranged(remote)
        remote.post(host, activity())
        text = remote.ask("GET", "/journal", Accept="text/plain").text

    assert text.startswith("#1  create_handle activity  Host 9000000000000001  201")


def test_the_journal_is_forgotten_and_counts_on() -> None:
    """After DELETE, the next entry has the next number."""
    with controlled() as remote:
        host, _ = arranged(remote)
        remote.post(host, activity())
        remote.ask("DELETE", "/journal")
        remote.post(host, activity())
        found = remote.ask("GET", "/journal").json

    assert [2] == [entry["number"] for entry in found["entries"]]


def test_what_was_accepted() -> None:
    """Invites and activities as records, by wire names, with who sent them."""
    with controlled() as remote:
        host, guest = arranged(remote)
        remote.post(host, activity())
        remote.post(host, invite(guest["xuid"]))
        invites, activities = remote.ask("GET", "/invites").json, remote.ask("GET", "/activities").json

    assert [(guest["xuid"], host["xuid"], 2)] == [(one["invitedXuid"], one["by"], one["number"]) for one in invites]
    assert [(host["xuid"], REF)] == [(one["ownerXuid"], one["sessionRef"]) for one in activities]


def test_what_was_assumed() -> None:
    """What was left out is reported, with the line that would say it."""
    with controlled() as remote:
        call(remote.connection, "POST", "/handles", json.dumps(activity()))
        found = remote.ask("GET", "/assumptions").json

    assert {"session"} <= {one["question"] for one in found}


# ---- what nothing could answer


def test_what_the_cassette_does_not_hold_fails_a_claim(tmp_path: Path) -> None:
    """A miss is 501 with its text, and so is the claim's failure: a client that swallows it stays red."""
    path = tmp_path / "lobby.yaml"
    path.write_text(CASSETTE)
    with controlled(cassette=path) as remote:
        before = remote.ask("POST", "/assert/all_answered").status
        missed = call(remote.connection, "GET", "/handles/11111111-1111-4111-8111-111111111111")
        told = remote.ask("POST", "/assert/all_answered")
        listed, count = remote.ask("GET", "/unanswered").json, remote.ask("GET", "").json["unanswered"]
        remote.ask("POST", "/reset")
        after = remote.ask("POST", "/assert/all_answered").status

    assert [200, 501, 409, 200] == [before, missed.status, told.status, after]
    assert missed.text.replace("\r\n", "\n") == told.text
    assert ([told.text.rstrip("\n")], 1) == (listed, count)


CASSETTE = """
interactions:
- request:
    body: '{"type":"activity","version":1,"sessionRef":{"scid":"7e570100-1111-4222-8333-444455556666","templateName":"FakeLobby","name":"lobby-1"}}'
    headers: {Authorization: ["XBL3.0 x=host;removed"], x-xbl-contract-version: ["107"]}
    method: POST
    uri: https://sessiondirectory.xboxlive.com/handles
  response:
    body: {string: ''}
    headers: {}
    status: {code: 201, message: Created}
version: 1
"""
"""One activity."""
