"""The control interface of a server whose journal keeps a part: claims about the rest."""

from __future__ import annotations

from typing import Any

import pytest
import requests

import handlesfake
from handlesfake.exchange import trimmed_entries
from handlesfake.exchange.trimmed_entries import TrimmedEntries
from handlesfake.mpsd.http.message import MPSD_HOST
from tests.server.lobby import activity, arranged, invite
from tests.server.servers import Remote, call, connected, controlled, post, process


def long_evening(remote: Remote) -> None:
    """An invite, and five activities after it."""
    host, guest = arranged(remote)
    remote.post(host, invite(guest["xuid"]))
    for _ in range(5):
        remote.post(host, activity())


@pytest.mark.parametrize(
    ("claim", "words", "status"),
    [
        ("not_invited", {"xuids": ["guest"]}, 409),
        ("no_invites", {}, 409),
        ("not_sent", {"operation": "create_handle", "fields": {"type": "invite"}}, 409),
        ("invited", {"xuids": ["guest"], "times": 1, "by": "host"}, 200),
        ("sent", {"operation": "create_handle", "times": 6}, 200),
        ("sent", {"operation": "create_handle", "times": 2}, 409),
        ("not_invited", {"xuids": ["guest"], "since": 1}, 200),
        ("no_assumptions", {}, 200),
    ],
)
def test_a_claim_knows_what_was_dropped(claim: str, words: dict[str, Any], status: int) -> None:
    """A server forgets bodies, and not what was sent."""
    with controlled(journal_limit=2) as remote:
        long_evening(remote)
        answer = remote.ask("POST", f"/assert/{claim}", words)

    assert (status, answer.text) == (answer.status, answer.text)


def test_what_is_no_longer_known_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """409 with the sentence, and never ``holds: true``; a list is 422."""
    monkeypatch.setattr(TrimmedEntries.__init__, "__defaults__", (1,))
    monkeypatch.setattr(trimmed_entries, "_ROWS", 1)
    with controlled(journal_limit=2) as remote:
        long_evening(remote)
        denied = remote.ask("POST", "/assert/not_invited", {"xuids": ["guest"]})
        listed = remote.ask("GET", "/invites")
        assumed = remote.ask("POST", "/assert/no_assumptions")
        remote.ask("DELETE", "/journal")
        after = remote.ask("POST", "/assert/not_invited", {"xuids": ["guest"]})
    needed = """\
#1 to #3, of which the journal keeps nothing any more (--journal-limit=2).
  ask since=3, start again with DELETE /journal before the code that matters,
  or let it keep more
"""

    assert (409, f"this claim needs {needed}") == (denied.status, denied.text)
    assert (422, f"GET /invites needs {needed}") == (listed.status, listed.text)
    assert (422, f"GET /assumptions needs {needed}") == (assumed.status, assumed.text)
    assert 200 == after.status


@pytest.mark.parametrize(
    ("arguments", "kept", "dropped"),
    [(("--journal-limit", "2"), [4, 5], 3), ((), [1, 2, 3, 4, 5], 0)],
    ids=["two", "usual"],
)
def test_the_option_bounds_the_journal_of_a_server(arguments: tuple[str, ...], kept: list[int], dropped: int) -> None:
    """``--journal-limit``, from the command line to the answers: what is dropped is counted, and claims know it."""
    with process("--json", *arguments) as server:
        with connected(server.ready["url"]) as connection:
            statuses = {post(connection).status for _ in range(5)}
        with connected(server.ready["control"]) as connection:
            journal = call(connection, "GET", "/_handlesfake/journal").json
            claim = '{"operation": "create_handle", "times": 5}'
            sent = call(connection, "POST", "/_handlesfake/assert/sent", claim)

    assert {201} == statuses
    assert (kept, dropped, 5) == (
        [one["number"] for one in journal["entries"]],
        journal["dropped"],
        journal["written"],
    )
    assert (200, {"holds": True}) == (sent.status, sent.json)


@pytest.mark.parametrize(("limit", "kept"), [(2, [4, 5]), (None, [1, 2, 3, 4, 5])])
def test_the_option_bounds_the_journal_of_a_double(limit: int | None, kept: list[int]) -> None:
    """``handlesfake.fake(journal_limit=)``, from a client's requests to the claims of the test."""
    with handlesfake.fake(journal_limit=limit) as mpsd:
        host = mpsd.user("host")
        lobby = mpsd.session("lobby-1", members=[host])
        body = {"type": "activity", "version": 1, "sessionRef": lobby.ref}
        for _ in range(5):
            requests.post(f"https://{MPSD_HOST}/handles", json=body, headers=host.headers, timeout=5)

        assert kept == [entry.number for entry in mpsd.journal]
        mpsd.assert_sent("create_handle", times=5, by=host)
        mpsd.assert_no_invites()


def test_the_journal_tells_its_gap() -> None:
    """Who asks for all is told how many are missing."""
    with controlled(journal_limit=2) as remote:
        long_evening(remote)
        whole = remote.ask("GET", "/journal").json
        text = remote.ask("GET", "/journal", Accept="text/plain").text
        newest = remote.ask("GET", "/journal?since=4").json

    assert ([5, 6], 4, 0) == ([one["number"] for one in whole["entries"]], whole["dropped"], newest["dropped"])
    assert "4 earlier requests no longer kept whole" == text.partition("\n")[0]
