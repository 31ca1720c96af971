"""What a request says of itself: its fields, its session, and its sender, from an entry of the journal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlesfake.exchange.entry import Entry
from handlesfake.exchange.trimmed_entry import TrimmedEntry
from handlesfake.mpsd.state.identity import read_authorization
from handlesfake.services.table import route_of, service_of


def sender_of(entry: Entry) -> str:
    """The xuid of the sender, from the token, else from the answer; empty when neither tells."""
    if isinstance(entry, TrimmedEntry):
        return entry.left.sender
    if entry.caller is not None:
        return entry.caller.user.xuid if entry.caller.user else ""
    # a no that came before the service looked who is calling: a test's own tokens name their user
    credential = read_authorization(entry.request.headers.first("Authorization") or "")
    if credential is not None and credential.stated_xuid:
        return credential.stated_xuid
    answer = entry.own_answer
    if not isinstance(answer, Mapping):
        return ""
    return str(answer.get("ownerXuid") or answer.get("senderXuid") or "")


def label_of_several(entry: Entry) -> str:
    """How messages name a sender that is not one player: a service, or several users; else empty."""
    if isinstance(entry, TrimmedEntry):
        return entry.left.label
    if entry.caller is not None and (entry.caller.is_service or len(entry.caller.users) != 1):
        return entry.caller.label
    return ""


def sent_fields(entry: Entry) -> dict[str, Any]:
    """The fields of a request by wire names: those of its body, and the variable parts of its path."""
    if isinstance(entry, TrimmedEntry):
        return entry.document
    parameters = route_of(entry.request).parameters
    body = entry.document if isinstance(entry.document, dict) else {}
    return {**parameters, **body}


def session_of(entry: Entry) -> dict[str, Any]:
    """The session reference that a request has, in its body or its path; empty when it has none."""
    if isinstance(entry, TrimmedEntry):
        return entry.session
    fields = sent_fields(entry)
    in_body = fields.get("sessionRef")
    if isinstance(in_body, dict):
        # an activity may leave out the name: the answer tells the one that the service filled in
        created = (entry.created or {}).get("sessionRef")
        return merged(in_body, created)
    if "template_name" in fields and "name" in fields:
        return {"scid": fields["scid"], "templateName": fields["template_name"], "name": fields["name"]}
    return {}


def invitees(entry: Entry) -> list[str]:
    """Those that a request names as invited, as texts; none where it is not an invite."""
    invites, fields = service_of(entry.request).invites, sent_fields(entry)
    named = fields.get(invites.field) if invites is not None else None
    several = named if isinstance(named, list) else [named]
    return [str(one) for one in several if isinstance(one, (str, int))]


def merged(request: Any, answer: Any) -> dict[str, Any]:
    """The fields of a request and of its answer; where both have one the answer's holds, objects field by field."""
    both = dict(request) if isinstance(request, Mapping) else {}
    for name, value in answer.items() if isinstance(answer, Mapping) else ():
        before = both.get(name)
        both[name] = merged(before, value) if isinstance(before, Mapping) and isinstance(value, Mapping) else value
    return both
