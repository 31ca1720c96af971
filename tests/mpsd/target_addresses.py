"""Directories made by hand, and one way to ask them: what the tests of the queries share."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from handlesfake.fake_service.ids import Ids
from handlesfake.mpsd.http.message import Headers, Request
from handlesfake.mpsd.service import Reply, answer
from handlesfake.mpsd.settings import Settings
from handlesfake.mpsd.state.directory import Directory
from handlesfake.mpsd.state.handle import Handle, kept
from handlesfake.mpsd.state.identity import KnownUser
from handlesfake.mpsd.state.session import Member, Session, SessionRef
from handlesfake.mpsd.ticks import TICKS_PER_SECOND

SCID = "7e570100-1111-4222-8333-444455556666"
HOST, GUEST, STRANGER = "9000000000000001", "9000000000000002", "9000000000000003"
NOW = 17_676_936_000_000_000
"""2026-01-06T10:00:00Z in ticks."""

SETTINGS = Settings()


def ref(name: str, template_name: str = "FakeBrowse") -> SessionRef:
    """A reference to a session of the one service configuration."""
    return SessionRef(SCID, template_name, name)


def user(xuid: str, **facts: Any) -> KnownUser:
    """A user known to the directory."""
    return KnownUser(xuid, f"uhs-{xuid}", facts.pop("title_id", "1234567890"), **facts)


def session(
    name: str,
    *xuids: str,
    template_name: str = "FakeBrowse",
    constants: Mapping[str, Any] | None = None,
    properties: Mapping[str, Any] | None = None,
    **facts: Any,
) -> Session:
    """A session with one active member for each of ``xuids``; the two documents are their ``system`` parts."""
    made = Session(
        ref(name, template_name),
        branch="b",
        etag='"e"',
        correlation_id="c",
        started_at=facts.pop("started_at", NOW),
        constants={"system": {"capabilities": {"searchable": True}, **(constants or {})}, "custom": {}},
        properties={"system": dict(properties or {}), "custom": facts.pop("custom", {})},
        **facts,
    )
    for index, xuid in enumerate(xuids):
        made = made.with_member(Member(index, xuid, NOW))
    return made


def directory(*known: KnownUser | Session) -> Directory:
    """A directory that knows users and sessions."""
    made = Directory(users_named=True, sessions_created=True)
    for each in known:
        made = made.with_user(each) if isinstance(each, KnownUser) else made.with_session(each)
    return made


def search_handle(number: int, name: str, attributes: dict[str, Any] | None = None, owner: str = HOST) -> Handle:
    """A search handle made ``number`` seconds after 10:00."""
    document = {"type": "search", "id": f"id-{number}", "searchAttributes": attributes or {}}
    created_at = NOW + number * TICKS_PER_SECOND
    return Handle(f"id-{number}", "search", ref(name), owner, "1234567890", created_at, kept(document, ref(name)))


def activity_handle(number: int, owner: str, name: str = "lobby") -> Handle:
    """An activity handle made ``number`` seconds after 10:00."""
    document = {"type": "activity", "id": f"id-{number}", "ownerXuid": owner}
    created_at = NOW + number * TICKS_PER_SECOND
    return Handle(f"id-{number}", "activity", ref(name), owner, "1234567890", created_at, kept(document, ref(name)))


def ask(
    known: Directory,
    target: str,
    body: Any = None,
    *,
    by: str = HOST,
    now: int = NOW,
    method: str = "",
    settings: Settings = SETTINGS,
) -> Reply:
    """What the service answers to ``by``; POST where there is a body, else GET."""
    headers = Headers([("Authorization", f"XBL3.0 x=uhs-{by};token"), ("X-Xbl-Contract-Version", "107")])
    sent = b"" if body is None else json.dumps(body).encode()
    request = Request(method or ("GET" if body is None else "POST"), target, headers, sent)
    return answer(known, request, now, Ids("test"), settings)


def results(reply: Reply) -> list[dict[str, Any]]:
    """The results of a query that was answered 200."""
    assert reply.response.status == 200, reply.response.body
    found: list[dict[str, Any]] = json.loads(reply.response.body)["results"]
    return found


def sentence(reply: Reply) -> str:
    """The sentence of a refusal, without its line end."""
    return reply.response.body.decode().removesuffix("\r\n")
