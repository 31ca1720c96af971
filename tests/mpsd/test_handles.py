"""POST /handles: what an activity and an invite are answered with, and what the service knows afterwards."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from handlesfake.fake_service.ids import Ids
from handlesfake.mpsd.choices import Choices
from handlesfake.mpsd.evidence import Evidence
from handlesfake.mpsd.http.message import Headers, Request
from handlesfake.mpsd.service import Reply, answer
from handlesfake.mpsd.settings import Settings
from handlesfake.mpsd.state.directory import Directory
from handlesfake.mpsd.state.identity import fingerprint
from tests.mpsd.target_addresses import GUEST, HOST, NOW, SCID, STRANGER, directory, ref, sentence, session, user

JSON = "application/json"
NEW_ID = Ids("handles")
LOBBY = session("lobby", HOST, constants={"inviteProtocol": "game"}, template_name="FakeLobby")
SERVICE = "XBL3.0 x=-;service"
_KNOWN = directory(user(HOST), user(GUEST), user(STRANGER), LOBBY)
THERE = replace(_KNOWN, services={**_KNOWN.services, fingerprint(SERVICE): "1234567890"})
REF = ref("lobby", "FakeLobby").wire


def posted(
    known: Directory,
    *,
    by: str = HOST,
    service: tuple[str, ...] | None = None,
    target: str = "/handles",
    dialect: Any = "observed",
    choices: dict[str, Any] | None = None,
    **fields: Any,
) -> Reply:
    """What the service answers to a handle of these fields, in this order; ``...`` leaves one out.

    :param service: the title's service calls, for these players.
    """
    body = json.dumps({name: value for name, value in fields.items() if value is not ...}).encode()
    headers = [("Authorization", f"XBL3.0 x=uhs-{by};t"), ("X-Xbl-Contract-Version", "107"), ("Content-Type", JSON)]
    if service is not None:
        users = ",".join(f"{xuid};priv=multiplayer" for xuid in service)
        title = ("X-Xbl-OnBehalfOf-Title", "1234567890")
        headers = [("Authorization", SERVICE), *headers[1:], title, ("X-Xbl-OnBehalfOf-Users", users)]
    settings = Settings(dialect=dialect, choices=Choices(**(choices or {})))
    return answer(known, Request("POST", target, Headers(headers), body), NOW, NEW_ID, settings)


def activity(known: Directory = THERE, **words: Any) -> Reply:
    """What an activity is answered with."""
    return posted(known, **{"type": "activity", "version": 1, "sessionRef": REF, **words})


def invite(known: Directory = THERE, attributes: Any = None, **words: Any) -> Reply:
    """What an invite of the guest is answered with."""
    named = {"titleId": "1234567890"} | (attributes or {})
    body = {"type": "invite", "version": 1, "sessionRef": REF, "invitedXuid": GUEST, "inviteAttributes": named}
    return posted(known, **{**body, **words})


def status(reply: Reply) -> int:
    """The status of an answer."""
    return reply.response.status


# ---- both


def test_an_activity_is_kept_and_bound_to_its_session() -> None:
    """The handle is known by id and owner, and the session has changed."""
    reply = activity()
    (handle,) = reply.directory.activities_of(HOST)
    changed = reply.directory.session(ref("lobby", "FakeLobby"))

    assert (201, Evidence.CAPTURED, None) == (status(reply), reply.provenance.evidence, reply.provenance.delivered)
    assert json.loads(reply.response.body) == handle.document == reply.provenance.created
    assert ("activity", HOST, NOW) == (handle.type, handle.owner_xuid, handle.created_at)
    assert changed is not None
    assert (2, True) == (changed.change_number, changed.etag != LOBBY.etag)


def test_an_invite_is_kept_with_its_invitee_and_its_end() -> None:
    """The handle has its receiver and its end; the session has not changed."""
    reply = invite()
    (handle,) = reply.directory.handles.values()

    assert (201, Evidence.INFERRED, True) == (status(reply), reply.provenance.evidence, reply.provenance.delivered)
    assert ("invite", HOST, GUEST, NOW + 7200 * 10_000_000) == (
        handle.type,
        handle.owner_xuid,
        handle.invited_xuid,
        handle.expires_at,
    )
    assert reply.directory.session(ref("lobby", "FakeLobby")) is LOBBY


def test_the_dialect_hides_the_document_and_keeps_the_handle() -> None:
    """By the page there is no body; a query of the fake still gives the handle."""
    reply = activity(dialect="documented")

    assert (201, b"", Evidence.DOCUMENTED) == (status(reply), reply.response.body, reply.provenance.evidence)
    assert reply.provenance.created is not None
    assert HOST == reply.provenance.created["ownerXuid"]


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ({"type": ...}, "The field type is missing."),
        ({"type": "party"}, 'The handle type "party" is not supported.'),
        ({"version": 2}, "The field version must be the number 1."),
        ({"sessionRef": ...}, "The field sessionRef is missing."),
        (
            {"sessionRef": {"scid": SCID, "templateName": "t" * 100}},
            "The field sessionRef.templateName must be 99 characters or less.",
        ),
        ({"colour": 1, "choices": {"unknown_fields": 400}}, 'The field "colour" is not known.'),
        ({"version": ..., "choices": {"handle_version_required": True}}, "The field version is missing."),
    ],
)
def test_a_body_is_refused_by_name(words: dict[str, Any], text: str) -> None:
    """The sentence names the field."""
    reply = activity(**words)

    assert (400, text) == (status(reply), sentence(reply))
    assert reply.directory is THERE


@pytest.mark.parametrize(
    ("words", "note", "evidence"),
    [
        ({"version": ...}, "the body has no version: it was read as 1 (U28)", Evidence.ASSUMED),
        ({"colour": 1}, "fields that MPSD does not know were ignored: colour (U30)", Evidence.ASSUMED),
        (
            {"id": "x"},
            "the body has an id: MPSD assigns ids itself, and ignores the client's (U29)",
            Evidence.INFERRED,
        ),
        (
            {"target": "/handles?include=x"},
            "the query of POST /handles says nothing to MPSD, and was ignored",
            Evidence.CLIENT,
        ),
    ],
)
def test_what_is_odd_is_noted_and_lowers_the_evidence(words: dict[str, Any], note: str, evidence: Evidence) -> None:
    """An answer rests on no more than the oddest thing in its request."""
    reply = activity(**words)

    assert (201, (note,), evidence) == (status(reply), reply.provenance.notes, reply.provenance.evidence)


# ---- activity


def test_an_activity_without_a_name_gets_a_guid_in_its_place() -> None:
    """The reference keeps its order, and no session comes of it."""
    reply = activity(sessionRef={"name": None, "scid": SCID, "templateName": "FakeLobby"})
    shown = json.loads(reply.response.body)

    assert (201, Evidence.INFERRED) == (status(reply), reply.provenance.evidence)
    assert ["name", "scid", "templateName"] == list(shown["sessionRef"])
    assert 36 == len(shown["sessionRef"]["name"])
    assert reply.directory.sessions == THERE.sessions


def test_whoever_is_not_active_cannot_show_a_session() -> None:
    """Neither strangers nor inactive members, unless a choice lets these."""
    inactive = THERE.with_session(LOBBY.with_member(replace(LOBBY.members[0], status="inactive")))

    assert "not_a_member" == (stranger := activity(by=STRANGER)).provenance.refusal.kind.name  # type: ignore[union-attr]  # refused
    assert 403 == status(stranger) == status(activity(inactive))
    assert 201 == status(activity(inactive, choices={"inactive_owner": 201}))


def test_by_choice_each_session_has_an_activity_of_its_own() -> None:
    """The scope of one activity is a choice (U20)."""
    both = THERE.with_session(session("arena", HOST, template_name="FakeLobby"))
    arena = ref("arena", "FakeLobby").wire
    choices = {"activity_scope": "session"}
    narrow = activity(activity(both, choices=choices).directory, sessionRef=arena, choices=choices)
    wide = activity(activity(both).directory, sessionRef=arena)

    assert (2, 1) == (len(narrow.directory.handles), len(wide.directory.handles))


def test_by_choice_an_activity_dangles() -> None:
    """A missing session has no protocol to copy."""
    reply = activity(sessionRef=ref("nowhere", "FakeLobby").wire, choices={"missing_session": 201})

    assert (201, False) == (status(reply), b"inviteProtocol" in reply.response.body)


# ---- invite


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ({"invitedXuid": ...}, "The field invitedXuid is missing."),
        ({"inviteAttributes": ...}, "The field inviteAttributes is missing."),
        ({"inviteAttributes": {}}, "The field inviteAttributes.titleId is missing."),
        ({"sessionRef": {"scid": SCID, "templateName": "T"}}, "The field sessionRef.name is missing."),
        (
            {"attributes": {"context": 1}},
            "The field inviteAttributes.context must be a string, and is a number.",
        ),
        (
            {"attributes": {"context": "/" * 86}},
            "The field inviteAttributes.context must be 256 characters or less when URI-encoded, and has 258.",
        ),
        (
            {"attributes": {"context": "/" * 257}, "choices": {"context_counted": "raw"}},
            "The field inviteAttributes.context must be 256 characters or less, and has 257.",
        ),
        ({"invitedXuid": HOST, "choices": {"invite_to_self": 400}}, "A user cannot invite themselves."),
        (
            {"attributes": {"colour": 1}, "choices": {"unknown_fields": 400}},
            'The field "inviteAttributes.colour" is not known.',
        ),
    ],
)
def test_an_invite_is_refused_by_name(words: dict[str, Any], text: str) -> None:
    """The sentence names the field and the limit."""
    reply = invite(**words)

    assert (400, text) == (status(reply), sentence(reply))


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ({"by": STRANGER}, "not_a_member"),
        ({"attributes": {"titleId": "7"}, "choices": {"foreign_title": 403}}, "foreign_title"),
        ({"attributes": {"senderString": "x"}, "choices": {"user_sender_string": 403}}, "sender_string"),
    ],
)
def test_an_invite_may_be_forbidden(words: dict[str, Any], name: str) -> None:
    """403 for a user who may not, or not in this way."""
    reply = invite(**words)

    assert (403, name) == (status(reply), reply.provenance.refusal and reply.provenance.refusal.kind.name)


@pytest.mark.parametrize(
    ("words", "question"),
    [
        ({"invitedXuid": HOST}, "U7"),
        ({"attributes": {"titleId": "7"}}, "U12"),
        ({"attributes": {"contextString": "x"}}, "U14"),
        ({"attributes": {"senderString": "x"}}, "U15"),
        ({"attributes": {"colour": "x"}}, "U30"),
        ({"inviteAttributes": ..., "choices": {"invite_attributes_required": False}}, "U10"),
        ({"inviteAttributes": {}, "choices": {"invite_attributes_required": False}}, "U10"),
        ({"by": STRANGER, "choices": {"invite_requires_membership": False}}, "U5"),
    ],
)
def test_an_odd_invite_is_accepted_and_assumed(words: dict[str, Any], question: str) -> None:
    """What no source decides is said by its number, and the answer is no more than assumed."""
    reply = invite(**words)

    assert (201, Evidence.ASSUMED) == (status(reply), reply.provenance.evidence)
    assert any(question in note for note in reply.provenance.notes)


def test_a_number_for_a_title_is_inferred() -> None:
    """No client sends one; the page's placeholder has no quotes."""
    reply = invite(attributes={"titleId": 1234567890})

    assert (201, Evidence.INFERRED, 1) == (status(reply), reply.provenance.evidence, len(reply.provenance.notes))


def test_a_context_that_only_a_choice_accepts_is_assumed() -> None:
    """The page counts what is encoded."""
    assert (
        Evidence.ASSUMED
        is invite(attributes={"context": "/" * 200}, choices={"context_counted": "raw"}).provenance.evidence
    )
    assert (
        Evidence.INFERRED
        is invite(attributes={"context": "x" * 200}, choices={"context_counted": "raw"}).provenance.evidence
    )


@pytest.mark.parametrize("guest", [user(GUEST, blocks=frozenset({HOST})), user(GUEST, multiplayer=False)])
def test_an_invitee_who_cannot_be_reached_does_not_show(guest: Any) -> None:
    """The status is the same; by choice it tells."""
    known = THERE.with_user(guest)
    told = invite(known, choices={"unreachable_invitee": 403})

    assert (201, False) == (status(reply := invite(known)), reply.provenance.delivered)
    assert (403, "privacy_block") == (status(told), told.provenance.refusal and told.provenance.refusal.kind.name)


def test_without_a_protocol_nobody_is_told() -> None:
    """The invite exists; its invitee does not get to see it."""
    silent = THERE.with_session(session("lobby", HOST, template_name="FakeLobby"))
    dangling = invite(sessionRef=ref("nowhere", "FakeLobby").wire, choices={"missing_session": 201})

    assert (201, False) == (status(reply := invite(silent)), reply.provenance.delivered)
    assert (201, False) == (status(dangling), dangling.provenance.delivered)


def test_owners_decide_who_invites() -> None:
    """A member who is not an owner is refused, unless a choice lets them."""
    owned = THERE.with_session(
        session(
            "lobby",
            HOST,
            GUEST,
            constants={"capabilities": {"hasOwners": True}},
            properties={"owners": [0]},
            template_name="FakeLobby",
        )
    )

    assert 201 == status(invite(owned))
    assert 403 == status(invite(owned, by=GUEST, invitedXuid="3210"))
    assert 201 == status(invite(owned, by=GUEST, invitedXuid="3210", choices={"non_owner_invite": 201}))


def test_by_choice_an_invite_says_more_and_changes_the_session() -> None:
    """createTime, titleId and ownerXuid are open (U4), and so is the change number (U21)."""
    reply = invite(choices={"invite_extra_fields": True, "invite_bumps": 1})
    changed = reply.directory.session(ref("lobby", "FakeLobby"))

    assert {"createTime", "titleId", "ownerXuid"} <= set(json.loads(reply.response.body))
    assert changed is not None
    assert 2 == changed.change_number


# ---- a title's service


def test_a_service_sets_no_activity() -> None:
    """Only client APIs can; the status is a choice."""
    refused = activity(service=(HOST,))

    assert (403, "service_activity") == (
        status(refused),
        refused.provenance.refusal and refused.provenance.refusal.kind.name,
    )
    assert 400 == status(activity(service=(HOST,), choices={"service_activity": 400}))


def test_a_service_invites_for_one_player_or_for_itself() -> None:
    """The sender is the player, or no user; its own word for the sender is not odd."""
    for_host = invite(service=(HOST,), attributes={"senderString": "Referee"})
    by_itself = invite(service=(), choices={"invite_extra_fields": True})

    assert (201, ()) == (status(for_host), for_host.provenance.notes)
    assert HOST == json.loads(for_host.response.body)["senderXuid"]
    assert 201 == status(by_itself)
    assert not {"senderXuid", "ownerXuid"} & set(json.loads(by_itself.response.body))
    assert 201 == status(invite(service=(STRANGER,)))
    assert 400 == status(invite(service=(HOST, GUEST)))
