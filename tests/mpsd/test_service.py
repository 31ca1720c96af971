"""answer(): one request against what the service knows."""

from __future__ import annotations

import json

import pytest

from handlesfake.fake_service.ids import Ids
from handlesfake.mpsd.choices import Choices
from handlesfake.mpsd.evidence import Evidence
from handlesfake.mpsd.http.message import Headers, Request
from handlesfake.mpsd.operations import OPERATION_NAMES
from handlesfake.mpsd.service import OPERATE, Reply, answer
from handlesfake.mpsd.settings import Settings
from handlesfake.mpsd.state.directory import Directory
from tests.mpsd.target_addresses import GUEST, HOST, NOW, ask, directory, ref, session, user

LOBBY = session("lobby", HOST, constants={"inviteProtocol": "game"}, template_name="FakeLobby")
THERE = directory(user(HOST), user(GUEST), LOBBY)
ACTIVITY = {"type": "activity", "version": 1, "sessionRef": ref("lobby", "FakeLobby").wire}
USUAL = Settings()


def sent(headers: dict[str, str] | None = None, *, settings: Settings = USUAL, known: Directory = THERE) -> Reply:
    """What the host is answered, with these headers beside the usual ones."""
    usual = {
        "Authorization": f"XBL3.0 x=uhs-{HOST};t",
        "X-Xbl-Contract-Version": "107",
        "Content-Type": "application/json",
    }
    lines = usual | (headers or {})
    request = Request("POST", "/handles", Headers(lines.items()), json.dumps(ACTIVITY).encode())
    return answer(known, request, NOW, Ids("service"), settings)


def test_every_operation_of_the_table_is_performed() -> None:
    """No row of the contract is without its function."""
    assert set(OPERATION_NAMES) == set(OPERATE)


def test_a_reply_says_all_that_is_known() -> None:
    """Who called, what was done, and what it rests on."""
    reply = sent()

    assert ("create_handle", Evidence.CAPTURED, None) == (
        reply.operation,
        reply.provenance.evidence,
        reply.provenance.refusal,
    )
    assert reply.provenance.caller is not None
    assert f"{HOST}" == reply.provenance.caller.label
    assert ((), ()) == (reply.provenance.assumptions, reply.provenance.notes)


def test_a_refusal_changes_nothing_and_says_who_was_refused() -> None:
    """The directory is the very same value."""
    reply = ask(THERE, "/handles", {"type": "party"})

    assert reply.directory is THERE
    assert reply.provenance.refusal is not None
    assert (400, "unsupported_handle_type", Evidence.ASSUMED) == (
        reply.response.status,
        reply.provenance.refusal.kind.name,
        reply.provenance.evidence,
    )
    assert reply.provenance.caller is not None
    assert reply.provenance.created is None


@pytest.mark.parametrize(
    ("method", "target", "status", "name", "allow"),
    [
        ("POST", "/nowhere", 404, "no_such_path", None),
        ("GET", "/handles", 405, "method_not_allowed", "POST"),
        ("A" * 99, "/handles", 405, "method_not_allowed", "POST"),
    ],
)
def test_what_is_not_in_the_table_is_refused(
    method: str, target: str, status: int, name: str, allow: str | None
) -> None:
    """A bad address is 404, a wrong verb 405 with Allow, before anything else is looked at."""
    reply = answer(THERE, Request(method, target), NOW, Ids("service"), Settings())

    assert (status, "unrouted", allow) == (
        reply.response.status,
        reply.operation,
        reply.response.headers.first("Allow"),
    )
    assert reply.provenance.refusal is not None
    assert name == reply.provenance.refusal.kind.name
    assert len(reply.response.body) < 100


def test_a_later_version_is_noted() -> None:
    """106 is read as 107, and it is not known whether MPSD does so (U81)."""
    reply = sent({"X-Xbl-Contract-Version": "106"})

    assert (("contract version 106 was read as 107 (U81)",), Evidence.ASSUMED) == (
        reply.provenance.notes,
        reply.provenance.evidence,
    )


@pytest.mark.parametrize("headers", [{"Content-Type": "text/plain"}, {"Content-Encoding": "identity"}])
def test_what_some_client_does_rests_on_that_client(headers: dict[str, str]) -> None:
    """An odd type, or a coding, is accepted since a client lives with it."""
    reply = sent(headers)

    assert (201, (), Evidence.CLIENT) == (reply.response.status, reply.provenance.notes, reply.provenance.evidence)


def test_by_choice_the_type_is_looked_at() -> None:
    """Then a body under another type is refused; JSON with parameters is JSON."""
    settings = Settings(choices=Choices(content_type_checked=True))

    assert 400 == sent({"Content-Type": "text/plain"}, settings=settings).response.status
    assert b"Content-Type says nothing." in sent({"Content-Type": ""}, settings=settings).response.body
    assert 201 == sent({"Content-Type": "Application/JSON; charset=utf-8"}, settings=settings).response.status


def test_throttling_is_off_until_a_test_asks_for_it() -> None:
    """Nothing is counted by default; counted requests are refused beyond the documented burst."""
    throttled = Settings(throttling=True)
    known, statuses = THERE, []
    for _ in range(31):
        reply = sent(settings=throttled, known=known)
        known = reply.directory
        statuses.append(reply.response.status)

    assert [*[201] * 30, 429] == statuses
    assert 0 == len(sent().directory.requests)
