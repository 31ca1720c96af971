"""What a claim can never be asked for: the same errors however it is asked, and never a claim that holds."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from handlesfake import Double, User
from handlesfake.errors import HandlesfakeError
from handlesfake.world.seeded_session import SeededSession
from tests.sending import LINE, a_double, activity, invite, send

HOST, GUEST = "9000000000000001", "9000000000000002"


def evening() -> tuple[Double, User, User, SeededSession]:
    """The host has shown lobby-1 and invited the guest."""
    mpsd = a_double()
    host, guest = mpsd.user("host"), mpsd.user("guest")
    lobby = mpsd.session("lobby-1", members=[host])
    invite(mpsd, host, guest.xuid)
    activity(mpsd, host)
    return mpsd, host, guest, lobby


def plain(mpsd: Double, claim: str, args: tuple[Any, ...], words: dict[str, Any]) -> None:
    """``mpsd.assert_...``."""
    getattr(mpsd, f"assert_{claim}")(*args, **words)


def within(mpsd: Double, claim: str, args: tuple[Any, ...], words: dict[str, Any]) -> None:
    """The same with patience; none, as nothing is still to come."""
    getattr(mpsd, f"assert_{claim}")(*args, **{"within": 0, **words})


def soon(mpsd: Double, claim: str, args: tuple[Any, ...], words: dict[str, Any]) -> None:
    """The same, awaited."""

    async def test() -> None:
        await getattr(mpsd.soon, f"assert_{claim}")(*args, **{"within": 0, **words})

    asyncio.run(test())


WAYS = (plain, within, soon)


def outcome(ask: Callable[..., None], mpsd: Double, claim: str, args: tuple[Any, ...], words: dict[str, Any]) -> str:
    """What came of a claim: ``holds``, or the kind of error and its text."""
    try:
        ask(mpsd, claim, args, words)
    except (AssertionError, HandlesfakeError, TypeError) as error:
        return f"{type(error).__name__}: {error}"
    return "holds"


@pytest.mark.parametrize("ask", WAYS)
@pytest.mark.parametrize(
    ("claim", "args", "words"),
    [
        ("not_invited", ("guest",), {}),
        ("not_invited", (GUEST,), {"by": "host"}),
        ("not_invited", (GUEST,), {"session": "{path}"}),
        ("not_invited", (GUEST,), {"session": "https://sessiondirectory.xboxlive.com{path}"}),
        ("invited", ("guest",), {"times": 0}),
        ("no_activity", ("host",), {}),
        ("not_sent", ("create_handle",), {"by": "host"}),
        ("not_sent", ("create_handle",), {"invited_xuid": "guest"}),
        ("not_sent", ("create_handle",), {"session_ref": "{lobby}"}),
        ("not_sent", ("create_handle",), {"session": "{path}"}),
        ("sent", ("create_handle",), {"session_ref": "{lobby}", "times": 0}),
    ],
)
def test_what_was_sent_cannot_be_denied(
    ask: Callable[..., None], claim: str, args: tuple[Any, ...], words: dict[str, Any]
) -> None:
    """Roles replace users, and sessions and their addresses replace references: each of these denies what was done."""
    mpsd, _, _, lobby = evening()
    given = {word: _filled(value, lobby) for word, value in words.items()}

    assert "AssertionError" == outcome(ask, mpsd, claim, args, given).partition(":")[0]


def _filled(value: Any, lobby: SeededSession) -> Any:
    if value == "{lobby}":
        return lobby
    return value.replace("{path}", lobby.path) if isinstance(value, str) else value


NOT_KNOWN = "not known; did you mean 'invite'?\n  known: activity, invite, search, transfer"
WRONG: tuple[tuple[str, tuple[Any, ...], dict[str, Any], str], ...] = (
    (
        "not_invited", ("gest",), {},
        "SettingsError: mpsd.assert_not_invited(): 'gest' is not a role and not a xuid; did you mean 'guest'?\n"
        "  roles: host, guest",
    ),
    (
        "not_invited", ("FakeTag 0002",), {},
        "SettingsError: mpsd.assert_not_invited(): 'FakeTag 0002' is not a role and not a xuid: it is the gamertag of "
        "'guest'.\n  roles: host, guest",
    ),
    (
        "not_invited", (f" {GUEST}",), {},
        f"SettingsError: mpsd.assert_not_invited(): ' {GUEST}' is not a role and not a xuid; did you mean '{GUEST}'?\n"
        "  roles: host, guest",
    ),
    (
        "not_invited", (int(GUEST),), {},
        f"TypeError: mpsd.assert_not_invited(): xuids are decimal strings on the wire; write '{GUEST}' instead of "
        f"{GUEST}.",
    ),
    (
        "not_invited", (GUEST,), {"by": "hots"},
        "SettingsError: mpsd.assert_not_invited(by=): 'hots' is not a role and not a xuid; did you mean 'host'?\n"
        "  roles: host, guest",
    ),
    (
        "not_invited", (GUEST,), {"session": "/handles/1/session"},
        "SettingsError: mpsd.assert_not_invited(session='/handles/1/session'): this is not the address of a session.\n"
        "  write its name, the session of mpsd.session(), or its reference: session=lobby",
    ),
    (
        "not_invited", (GUEST,), {"session": ""},
        "TypeError: mpsd.assert_not_invited(session=''): expected a session of mpsd.session(), a session reference of "
        "texts or a name, got nothing in it.",
    ),
    (
        "invited", ("gest",), {},
        "SettingsError: mpsd.assert_invited(): 'gest' is not a role and not a xuid; did you mean 'guest'?\n"
        "  roles: host, guest",
    ),
    (
        "invited", (GUEST,), {"only": "yes"},
        "TypeError: mpsd.assert_invited(only='yes'): write True or False.",
    ),
    (
        "invited", (GUEST,), {"times": 0, "title_id": "lobby"},
        "SettingsError: mpsd.assert_invited(): invite_attributes.title_id: a title id is a decimal number below "
        "4294967296, and is 'lobby' here",
    ),
    (
        "no_activity", ("hots",), {},
        "SettingsError: mpsd.assert_no_activity(): 'hots' is not a role and not a xuid; did you mean 'host'?\n"
        "  roles: host, guest",
    ),
    ("not_sent", ("create_handle",), {"type": "Invite"}, f"SettingsError: mpsd.assert_not_sent(): type 'Invite' is {NOT_KNOWN}"),
    ("sent", ("create_handle",), {"type": "Invite", "times": 0}, f"SettingsError: mpsd.assert_sent(): type 'Invite' is {NOT_KNOWN}"),
    (
        "not_sent", ("create_handle",), {"type": ["invite"]},
        "SettingsError: mpsd.assert_not_sent(): type ['invite'] is not known; did you mean 'invite'?\n"
        "  known: activity, invite, search, transfer",
    ),
    (
        "not_sent", ("create_handle",), {"invited_xuid": int(GUEST)},
        f'TypeError: mpsd.assert_not_sent(): invited_xuid: xuids are texts on the wire; write "{GUEST}", in quotes',
    ),
    (
        "not_sent", ("create_handle",), {"invited_xuid": "gest"},
        "SettingsError: mpsd.assert_not_sent(): invited_xuid: 'gest' is not a role and not a xuid; did you mean "
        "'guest'?\n  roles: host, guest",
    ),
    (
        "not_sent", ("create_handle",), {"session_ref": "lobby-1"},
        "SettingsError: mpsd.assert_not_sent(): session_ref is an object on the wire, and is 'lobby-1' here: write "
        "session=",
    ),
    (
        "not_sent", ("create_handle",), {"invited_xuid": {1}},
        "TypeError: mpsd.assert_not_sent(): invited_xuid={1}: a request holds JSON, which set cannot be.",
    ),
    (
        "not_sent", ("put_session_by_handle",), {"session": "lobby-1"},
        "SettingsError: mpsd.assert_not_sent(): session: a request of put_session_by_handle never names a session; "
        "claim its handle: handle_id=",
    ),
    (
        "not_sent", ("query_handles",), {"ownrs": {}},
        "SettingsError: mpsd.assert_not_sent(): a request of query_handles has no known field 'ownrs'; did you mean "
        "'owners'?",
    ),
    (
        "not_sent", ("create_handle",), {"accepted": "yes"},
        "TypeError: mpsd.assert_not_sent(accepted='yes'): write True for what MPSD accepted, False for what it did not; "
        "without it, every attempt counts.",
    ),
    (
        "not_sent", ("create_handle",), {"since": 99},
        "SettingsError: mpsd.assert_not_sent(since=99): the journal has no such mark: 2 requests were sent so far. "
        "Take one: mark = mpsd.journal.mark().",
    ),
    (
        "not_sent", ("create_handle",), {"since": "now"},
        "TypeError: mpsd.assert_not_sent(since='now'): write a mark of the journal, a whole number: mark = "
        "mpsd.journal.mark().",
    ),
    (
        "not_sent", ("create_handle",), {"within": -1},
        "SettingsError: mpsd.assert_not_sent(within=-1): write real seconds, a number from 0 on.",
    ),
    (
        "no_invites", (), {"within": "long"},
        "TypeError: mpsd.assert_no_invites(within='long'): write real seconds, a number from 0 on.",
    ),
    (
        "sent", ("create_handle",), {"times": -1},
        "SettingsError: mpsd.assert_sent(times=-1): write how often, a whole number from 0 on; without it, at least once.",
    ),
    (
        "sent", ("create_handle",), {"times": True},
        "TypeError: mpsd.assert_sent(times=True): write how often, a whole number from 0 on; without it, at least once.",
    ),
    (
        "in_order", (), {},
        "TypeError: mpsd.assert_in_order(): no step is named; name two at least, or claim mpsd.assert_sent():\n"
        '  mpsd.assert_in_order("put_session", ("create_handle", {"type": "activity"}))',
    ),
    (
        "in_order", (["put_session", "create_handle"],), {},
        "TypeError: mpsd.assert_in_order() takes steps one by one: write mpsd.assert_in_order(*steps).",
    ),
    (
        "in_order", (("create_handle", "activity"), "put_session"), {},
        "TypeError: mpsd.assert_in_order(): ('create_handle', 'activity') is not a step; a step is an operation, or a "
        'pair of operation and fields:\n  mpsd.assert_in_order("put_session", ("create_handle", {"type": "activity"}))',
    ),
    (
        "in_order", (("create_handle", {}, "host"), "put_session"), {},
        "TypeError: mpsd.assert_in_order(): ('create_handle', {}, 'host') is not a step; a step is an operation, or a "
        'pair of operation and fields:\n  mpsd.assert_in_order("put_session", ("create_handle", {"type": "activity"}))',
    ),
    (
        "in_order", ("create_handle",), {},
        "TypeError: mpsd.assert_in_order(): one step, 'create_handle', has no order; name two at least, or claim "
        'mpsd.assert_sent():\n  mpsd.assert_in_order("put_session", ("create_handle", {"type": "activity"}))',
    ),
)  # fmt: skip
"""Claim, arguments and words, and the error whole."""


@pytest.mark.parametrize("ask", WAYS)
@pytest.mark.parametrize(("claim", "args", "words", "text"), WRONG)
def test_what_can_never_be_is_an_error(
    ask: Callable[..., None], claim: str, args: tuple[Any, ...], words: dict[str, Any], text: str
) -> None:
    """One set of checks, asked from everywhere: the error names the right word."""
    mpsd, *_ = evening()

    assert text == outcome(ask, mpsd, claim, args, words)


def test_a_positive_claim_fails_with_a_hint() -> None:
    """What can never be makes a claim that something was sent fail as ever, and says so below."""
    mpsd, *_ = evening()
    expected = """\
AssertionError: create_handle Invite was not sent.
  sent instead: #1 create_handle invite 201, #2 create_handle activity 201
  type 'Invite' is not known; did you mean 'invite'?
    known: activity, invite, search, transfer"""
    as_int = f"""\
AssertionError: create_handle with invitedXuid {GUEST} was not sent.
  nearest of 2 create_handle requests: #1, by Host, 201   {LINE}
      invitedXuid   wanted {GUEST}   sent '{GUEST}'
  others: #2 lobby-1 201
  invited_xuid: xuids are texts on the wire; write "{GUEST}", in quotes"""

    assert [expected, as_int] == [
        outcome(plain, mpsd, "sent", ("create_handle",), words)
        for words in ({"type": "Invite"}, {"invited_xuid": int(GUEST)})
    ]


def test_what_was_tried_may_be_denied() -> None:
    """A refused attempt is traffic, too: naming its impossible value is not a mistake, and it was tried."""
    mpsd, host, _, lobby = evening()
    body = {"type": "Invite", "version": 1, "sessionRef": lobby.ref, "invitedXuid": "gest"}
    send(mpsd, "POST", "/handles", host.headers, body)

    assert ["AssertionError", "holds", "AssertionError", "AssertionError"] == [
        outcome(plain, mpsd, claim, args, words).partition(":")[0]
        for claim, args, words in (
            ("not_sent", ("create_handle",), {"type": "Invite"}),
            ("not_sent", ("create_handle",), {"type": "Invite", "accepted": True}),
            ("not_sent", ("create_handle",), {"invited_xuid": "gest"}),
            ("not_invited", ("gest",), {}),
        )
    ]


@pytest.mark.parametrize("body", [{"invitedXuid": 3210}, {"type": "Invite"}, {"type": " INVITE"}], ids=str)
def test_a_misspelt_invite_was_tried(body: dict[str, Any]) -> None:
    """MPSD refuses it, but the code under test tried: "not even tried" is false."""
    mpsd, host, _, lobby = evening()
    mark = mpsd.journal.mark()
    sent = {"type": "invite", "version": 1, "sessionRef": lobby.ref, "invitedXuid": "3210", **body}
    send(mpsd, "POST", "/handles", host.headers, sent)

    assert 400 == mpsd.journal.newest.status
    assert ["AssertionError", "AssertionError", "holds", "holds"] == [
        outcome(plain, mpsd, claim, args, words).partition(":")[0]
        for claim, args, words in (
            ("not_invited", ("3210",), {}),
            ("no_invites", (), {"since": mark}),
            ("not_invited", ("3211",), {}),
            ("not_invited", ("3210",), {"by": "guest"}),
        )
    ]
    with pytest.raises(AssertionError) as caught:
        mpsd.assert_not_invited("3210")
    assert "3210 was not invited; assert_not_invited wants it not even tried" in str(caught.value)


def test_settle_takes_no_negative_time() -> None:
    """Silence lasts from nothing on."""
    with pytest.raises(
        HandlesfakeError, match=r"^mpsd\.settle\(seconds=-1\): write real seconds, a number from 0 on\.$"
    ):
        a_double().settle(-1)
