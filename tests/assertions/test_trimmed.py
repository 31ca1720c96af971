"""A journal that keeps a part: claims about the rest are answered from what is left of it, or not at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from handlesfake import Double, User
from handlesfake.double.double import core_of
from handlesfake.errors import SettingsError
from handlesfake.exchange import trimmed_entries
from handlesfake.exchange.entry_log import EntryLog
from handlesfake.exchange.trimmed_entries import TrimmedEntries
from tests.assertions.test_wrong_claims import WAYS, outcome, plain
from tests.exchange.test_journal import ENTRY
from tests.sending import a_double, activity, invite, send

GUEST, STRANGER = "9000000000000002", "9000000000000011"


def long_evening(limit: int | None = 2) -> tuple[Double, User]:
    """An invite (#1), one that was refused (#2), an activity (#3), a session read (#4) and five times (#5 to #9)."""
    mpsd = a_double(journal_limit=limit)
    host, guest = mpsd.user("host"), mpsd.user("guest")
    lobby = mpsd.session("lobby-1", members=[host])
    invite(mpsd, host, guest.xuid, context="spawn")
    invite(mpsd, guest, STRANGER)
    activity(mpsd, host)
    for _ in range(6):
        send(mpsd, "GET", lobby.path, host.headers)
    return mpsd, host


CLAIMS: tuple[tuple[str, tuple[Any, ...], dict[str, Any], str], ...] = (
    ("invited", ("guest",), {}, "holds"),
    ("invited", ("guest",), {"times": 1, "only": True, "by": "host", "session": "LOBBY-1"}, "holds"),
    ("invited", ("guest",), {"times": 2}, "AssertionError"),
    ("invited", (STRANGER,), {}, "AssertionError"),
    ("not_invited", ("host",), {}, "holds"),
    ("not_invited", ("guest",), {}, "AssertionError"),
    ("not_invited", ("guest",), {"session": "lobby-2"}, "holds"),
    ("not_invited", ("guest",), {"by": "guest"}, "holds"),
    ("not_invited", (STRANGER,), {}, "AssertionError"),
    ("not_invited", ("guest",), {"since": 1}, "holds"),
    ("no_invites", (), {}, "AssertionError"),
    ("no_invites", (), {"since": 2}, "holds"),
    ("sent", ("get_session",), {"times": 6, "session": "lobby-1", "by": "host"}, "holds"),
    ("sent", ("get_session",), {"times": 4, "since": 5}, "holds"),
    ("sent", ("create_handle",), {"accepted": False, "times": 1}, "holds"),
    ("sent", ("create_handle",), {"type": "activity", "times": 1}, "holds"),
    ("sent", ("create_handle",), {"invited_xuid": "guest", "session_ref": {"name": "lobby-1"}}, "holds"),
    ("not_sent", ("put_session",), {}, "holds"),
    ("not_sent", ("create_handle",), {"type": "activity"}, "AssertionError"),
    ("not_sent", ("create_handle",), {"type": "activity", "since": 3}, "holds"),
    ("in_order", (("create_handle", {"type": "invite"}), ("create_handle", {"type": "activity"}), "get_session"), {}, "holds"),
    ("in_order", ("get_session", "create_handle"), {}, "AssertionError"),
    ("activity", ("host",), {"session": "lobby-1"}, "holds"),
    ("no_activity", ("host",), {}, "AssertionError"),
)  # fmt: skip


@pytest.mark.parametrize("ask", WAYS)
@pytest.mark.parametrize("limit", [None, 2])
@pytest.mark.parametrize(("claim", "args", "words", "expected"), CLAIMS)
def test_a_claim_about_what_was_dropped_is_answered_as_about_all(
    ask: Callable[..., None],
    limit: int | None,
    claim: str,
    args: tuple[Any, ...],
    words: dict[str, Any],
    expected: str,
) -> None:
    """Operation, type, session, invitee, sender and outcome are kept of every request: with a limit nothing differs."""
    mpsd, _ = long_evening(limit)

    assert expected == outcome(ask, mpsd, claim, args, words).partition(":")[0]


@pytest.mark.parametrize("ask", WAYS)
def test_a_claim_about_a_dropped_body_fails_and_says_so(ask: Callable[..., None]) -> None:
    """What only the body tells cannot be told; the text says what can, and from which mark on."""
    mpsd, _ = long_evening()
    words = {"type": "invite", "invited_xuid": "guest", "invite_attributes": {"context": "nether"}}
    told = """\
AssertionError: this claim needs invite_attributes of 1 request (#1) whose body the journal no longer keeps \
(journal_limit=2).
  of such a request it knows operation, type, session, invitee, sender and outcome: claim those,
  ask since=1, or let it keep more"""

    assert [told, told, "holds"] == [
        outcome(ask, mpsd, "not_sent", ("create_handle",), words),
        outcome(ask, mpsd, "sent", ("create_handle",), {**words, "times": 0}),
        outcome(ask, mpsd, "not_sent", ("create_handle",), {**words, "since": 1}),
    ]


def test_a_failure_shows_what_is_left() -> None:
    """A dropped request is listed with its number, time and outcome; a claim about its body says so."""
    mpsd, _ = long_evening()

    assert """\
AssertionError: Guest 9000000000000002 was invited; assert_not_invited wants it not even tried:
  #1 10:00:00  201""" == outcome(plain, mpsd, "not_invited", ("guest",), {})
    assert """\
AssertionError: Guest 9000000000000002 was not invited.
  sent instead: #1 create_handle invite 201, #8 get_session 200, #9 get_session 200
this claim needs invite_attributes of 1 request (#1) whose body the journal no longer keeps (journal_limit=2).
  of such a request it knows operation, type, session, invitee, sender and outcome: claim those,
  ask since=1, or let it keep more""" == outcome(plain, mpsd, "invited", ("guest",), {"context": "nether"})


# ---- beyond the bound


@pytest.fixture
def _tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    """Room for the newest page alone, and one request on each."""
    monkeypatch.setattr(TrimmedEntries.__init__, "__defaults__", (1,))
    monkeypatch.setattr(trimmed_entries, "_ROWS", 1)


LOST = """\
#1 to #6, of which the journal keeps nothing any more (journal_limit=2).
  ask since=6, start again with mpsd.journal.forget() before the code that matters,
  or let it keep more"""


@pytest.mark.usefixtures("_tiny")
@pytest.mark.parametrize("ask", WAYS)
@pytest.mark.parametrize(
    ("claim", "args", "words"),
    [
        ("not_invited", ("host",), {}),
        ("no_invites", (), {}),
        ("not_sent", ("put_session",), {}),
        ("sent", ("get_session",), {"times": 3}),
        ("invited", ("guest",), {"times": 0}),
    ],
)
def test_a_claim_that_would_need_what_is_gone_fails(
    ask: Callable[..., None], claim: str, args: tuple[Any, ...], words: dict[str, Any]
) -> None:
    """It is never answered from what happens to be left."""
    mpsd, _ = long_evening()

    assert f"AssertionError: this claim needs {LOST}" == outcome(ask, mpsd, claim, args, words)


@pytest.mark.usefixtures("_tiny")
def test_what_is_left_decides_where_it_can() -> None:
    """That something was sent, the newest request alone proves; a mark spares what is gone."""
    mpsd, _ = long_evening()

    assert ["holds", "holds", "holds"] == [
        outcome(plain, mpsd, "sent", ("get_session",), {}),
        outcome(plain, mpsd, "sent", ("get_session",), {"times": 3, "since": 6}),
        outcome(plain, mpsd, "not_sent", ("put_session",), {"since": 6}),
    ]
    assert f"""\
AssertionError: put_session was not sent.
  sent instead: #8 get_session 200, #9 get_session 200
this claim needs {LOST}""" == outcome(plain, mpsd, "sent", ("put_session",), {})


@pytest.mark.usefixtures("_tiny")
@pytest.mark.parametrize("name", ["invites", "activities", "refused", "assumptions"])
def test_no_part_is_told_as_if_it_were_all(name: str) -> None:
    """A list that lacks what was dropped is an error, not a shorter list."""
    mpsd, _ = long_evening()
    with pytest.raises(SettingsError) as error:
        getattr(mpsd, name)

    assert f"mpsd.{name} needs {LOST}" == str(error.value)


def test_the_lists_of_a_journal_that_keeps_a_part() -> None:
    """Records need their bodies; refusals and assumptions are still known, and so is an empty list."""
    mpsd, _ = long_evening()
    for name in ("invites", "activities"):
        with pytest.raises(SettingsError) as error:
            getattr(mpsd, name)
        assert (
            f"mpsd.{name} needs bodies that the journal no longer keeps (journal_limit=2): claim what was sent"
            == str(error.value)
        )
    refused = [(entry.number, entry.status) for entry in mpsd.refused]
    core_of(mpsd).journal.forget()

    assert [(2, 403)] == refused
    assert [[], [], []] == [mpsd.invites, mpsd.activities, mpsd.refused]


def test_assumptions_outlive_their_entries() -> None:
    """What was taken for granted is known although its request was dropped."""
    mpsd = a_double(journal_limit=1)
    host = mpsd.user("host")
    for _ in range(3):
        activity(mpsd, host)

    assert ["session", "member"] == [one.question for one in mpsd.assumptions]


def test_what_is_forgotten_on_purpose_is_not_missed() -> None:
    """After forget() claims start again, also with earlier marks."""
    mpsd, _ = long_evening()
    core_of(mpsd).journal.forget()

    assert ["holds", "holds", "AssertionError"] == [
        outcome(plain, mpsd, claim, args, {}).partition(":")[0]
        for claim, args in (("not_invited", ("guest",)), ("no_invites", ()), ("sent", ("get_session",)))
    ]


def test_a_checkpoint_brings_back_what_was_left() -> None:
    """Dropped requests come and go with the journal."""
    mpsd, host = long_evening()
    with mpsd.checkpoint():
        for _ in range(4):
            invite(mpsd, host, "9000000000000012")
        inside = outcome(plain, mpsd, "invited", ("9000000000000012",), {"times": 4})
    after = outcome(plain, mpsd, "not_invited", ("9000000000000012",), {})

    assert ("holds", "holds") == (inside, after)
    mpsd.assert_invited("guest", times=1)


def test_one_may_go_back_and_forth() -> None:
    """A state holds what was left of its requests, whatever came after it was taken."""
    journal = EntryLog(limit=1)
    for _ in range(3):
        journal.append(lambda number: replace(ENTRY, number=number))
    three = journal.state()
    for _ in range(3):
        journal.append(lambda number: replace(ENTRY, number=number))
    six = journal.state()
    journal.restore(three)
    back = [entry.number for entry in journal.past(0, lambda _: True)]
    journal.append(lambda number: replace(ENTRY, number=number))
    again = [entry.number for entry in journal.past(0, lambda _: True)]
    journal.restore(six)

    assert [[1, 2, 3], [1, 2, 3, 4], [1, 2, 3, 4, 5, 6]] == [
        back,
        again,
        [entry.number for entry in journal.past(0, lambda _: True)],
    ]


def test_a_client_cannot_fill_the_memory() -> None:
    """What a client sends where a name belongs may be anything: texts are cut, and all else is not kept."""
    mpsd = a_double(journal_limit=1)
    host = mpsd.user("host")
    for ref in ({"scid": "x" * 10_000, "templateName": [1] * 1000, "name": None}, "y" * 10_000, None):
        send(mpsd, "POST", "/handles", host.headers, {"type": {"a": 1}, "sessionRef": ref, "invitedXuid": 5})
    first, second = core_of(mpsd).journal.past(0, lambda _: True)[:2]

    assert (
        {"type": "...", "invitedXuid": 5, "sessionRef": {"scid": "x" * 256, "templateName": "...", "name": None}},
        {"type": "...", "invitedXuid": 5},
    ) == (first.document, second.document)
