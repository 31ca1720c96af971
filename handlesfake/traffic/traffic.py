"""Traffic: what one double was sent, as the assertions and messages look at it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from handlesfake.callsite.still_running import Bystanders
from handlesfake.exchange.entry import Entry
from handlesfake.exchange.journal import Journal
from handlesfake.mpsd.operations import route
from handlesfake.mpsd.state.identity import read_authorization
from handlesfake.traffic.records import Activity, Invite, Record, label_of, merged_fields
from handlesfake.users import User, resolve_xuid

_R = TypeVar("_R", bound=Record)


@dataclass(frozen=True, slots=True)
class ShownActivity:
    """An activity that is shown now: its document, and when it was created."""

    document: Mapping[str, Any]
    at: datetime


@dataclass(frozen=True, slots=True)
class Traffic:
    """What one double was sent, who its users are, and what they show now."""

    journal: Journal
    users: Callable[[], Mapping[str, User]]
    """The users that the test has made, by xuid, in order of first use."""

    present: Callable[[str], list[ShownActivity]] | None = None
    """Xuid to the activities that the service shows now, oldest first; None where only what was played is known."""

    other_hosts: Callable[[], Sequence[str]] = tuple
    """The hosts that are not MPSD and were asked for meanwhile, where that is known."""

    bystanders: Bystanders = field(default_factory=Bystanders)
    """Who was there before the double."""

    # ---- who

    def xuid(self, player: User | str, where: str) -> str:
        """The xuid of ``player``: a user, a role or a xuid; see :func:`handlesfake.users.resolve_xuid`."""
        return resolve_xuid(player, self.users().values(), where)

    def label(self, xuid: str) -> str:
        """``Host 9000000000000001``: how messages name a player."""
        return label_of(self.users().get(xuid, xuid))

    def roles(self) -> dict[str, str]:
        """The roles of the users that the test has made, by xuid, in order of first use."""
        return {xuid: user.role for xuid, user in self.users().items()}

    def who(self, entry: Entry) -> User | str:
        """Who sent it: a user of the test, else how messages name the caller."""
        if entry.caller is not None and (entry.caller.is_service or len(entry.caller.users) != 1):
            return entry.caller.label
        xuid = sender_of(entry)
        return self.users().get(xuid, xuid) or "unknown caller"

    # ---- what

    def invites(self, mark: int = 0) -> list[Invite]:
        """The invites that were accepted after ``mark``, in order."""
        return [self._record(Invite, entry) for entry in self.journal.since(mark) if _is(entry, "invite")]

    def activities(self, mark: int = 0) -> list[Activity]:
        """The activities that were accepted after ``mark``, in order."""
        return [self._record(Activity, entry) for entry in self.journal.since(mark) if _is(entry, "activity")]

    def refused(self) -> list[Entry]:
        """What the service said no to, in order."""
        return [entry for entry in self.journal if is_refused(entry)]

    def shown_by(self, xuid: str) -> list[Activity]:
        """What the player shows now, oldest first: one activity in each service configuration at most."""
        return self._played(xuid) if self.present is None else self._known(xuid, self.present(xuid))

    def _known(self, xuid: str, present: Iterable[ShownActivity]) -> list[Activity]:
        sent = {record.get("id"): record for record in self.activities()}
        found: list[Activity] = []
        for shown in present:
            who = self.users().get(xuid, xuid)
            arranged = Activity(shown.document, at=shown.at, by=who, entry=None, delivered=None)
            found.append(sent.get(shown.document.get("id"), arranged))
        return found

    def _played(self, xuid: str) -> list[Activity]:
        """What the entries alone say: the last activity, unless its handle was deleted or its session left since."""
        found: list[Activity] = []
        for entry in self.journal:
            if _is(entry, "activity") and sender_of(entry) == xuid:
                found = [self._record(Activity, entry)]
            elif found and _ends(entry, found[-1], xuid):
                found = []
        return found

    def _record(self, kind: type[_R], entry: Entry) -> _R:
        wire = merged_fields(entry.document, entry.own_answer)
        return kind(wire, at=entry.at, by=self.who(entry), entry=entry, delivered=entry.delivered)


def sender_of(entry: Entry) -> str:
    """The xuid of who sent it, from the token, else from the answer; empty when neither tells."""
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


def is_refused(entry: Entry) -> bool:
    """Whether the service said no."""
    return entry.response is not None and not entry.accepted


def sent_fields(entry: Entry) -> dict[str, Any]:
    """The fields of a request by wire names: those of its body, and the variable parts of its path."""
    parameters = route(entry.request.method, entry.request.target).parameters
    body = entry.document if isinstance(entry.document, dict) else {}
    return {**parameters, **body}


def session_of(entry: Entry) -> dict[str, Any]:
    """The session reference that a request bears, in its body or its path; empty when it bears none."""
    fields = sent_fields(entry)
    in_body = fields.get("sessionRef")
    if isinstance(in_body, dict):
        # an activity may leave out the name: the answer tells the one that the service filled in
        created = (entry.created or {}).get("sessionRef")
        return merged_fields(in_body, created)
    if "template_name" in fields and "name" in fields:
        return {"scid": fields["scid"], "templateName": fields["template_name"], "name": fields["name"]}
    return {}


def _is(entry: Entry, kind: str) -> bool:
    return entry.accepted and entry.operation == "create_handle" and entry.type == kind


def _ends(entry: Entry, activity: Activity, xuid: str) -> bool:
    """Whether an accepted request took the activity away: its handle was deleted, or its session left."""
    if not entry.accepted:
        return False
    fields = sent_fields(entry)
    if entry.operation == "delete_handle":
        return bool(fields.get("handle_id") == activity.get("id"))
    if sender_of(entry) != xuid or _key(session_of(entry)) != _key(activity.get("sessionRef") or {}):
        return False
    left = entry.operation == "delete_member" and fields.get("member") == "me"
    members = fields.get("members") if entry.operation == "put_session" else None
    return left or (isinstance(members, dict) and members.get("me", ...) is None)


def _key(ref: Mapping[str, Any]) -> list[str]:
    return [str(ref.get(name, "")).lower() for name in ("scid", "templateName", "name")]
