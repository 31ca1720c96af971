"""Criteria: what an assertion looks for among the requests, and how near each of them comes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from handlesfake.assertions.wanted_fields import Doubt, session_doubt, wire_fields
from handlesfake.exchange.entry import Entry
from handlesfake.exchange.request_fields import known_operation, snake
from handlesfake.exchange.sent import sender_of, sent_fields, session_of
from handlesfake.exchange.trimmed_entry import KEPT_FIELDS, TrimmedEntry
from handlesfake.json_diff import MISSING, Difference, differences, short_json
from handlesfake.services.service import Service
from handlesfake.services.table import MPSD, service_of_operation
from handlesfake.traffic.frozen_json import as_wire
from handlesfake.traffic.records import label_of
from handlesfake.traffic.traffic import Traffic
from handlesfake.values.values import field, frozen, replace


@frozen
class Criteria:
    """Requests of one operation (and handle type) with some fields, to some session, by some sender."""

    traffic: Traffic
    operation: str
    type: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    """By wire names; what it does not name may be anything, at every depth."""

    session: Mapping[str, str] = field(default_factory=dict)
    """Those parts of the session reference that matter, by wire names."""

    by: str = ""
    """The sender's xuid; empty for anybody."""

    accepted: bool | None = None
    """True for what MPSD accepted, False for what it did not, None for every attempt."""

    doubts: tuple[Doubt, ...] = ()
    """What is asked for and no request can have, as far as is known."""

    service: Service = MPSD
    """Which service it is a request for."""

    invitee: str = ""
    """The xuid that must be among several of an invite; empty where no such list is asked for."""

    @property
    def is_narrow(self) -> bool:
        """Whether more is wanted than the kind of request."""
        return bool(self.fields or self.session or self.by or self.invitee)

    def is_kind(self, entry: Entry) -> bool:
        """Whether it is a request of that operation and type at all."""
        return entry.operation in self._operations and self.type in ("", entry.type)

    @property
    def _operations(self) -> tuple[str, ...]:
        """The operations that count: all that invite, where it is about invites."""
        invites = self.service.invites
        return invites.operations if invites and self.operation in invites.operations else (self.operation,)

    def differences(self, entry: Entry) -> list[Difference]:
        """Where a request of that kind is not as sought; ``accepted`` aside, and fields that are no longer kept."""
        sent = sent_fields(entry)
        wanted = self.fields
        if isinstance(entry, TrimmedEntry):
            wanted = {name: value for name, value in wanted.items() if name in KEPT_FIELDS}
        found = differences(_as_mpsd_reads(as_wire(wanted, sent), sent), sent, partial=True)
        if self.session:
            path = "sessionRef" if isinstance(sent.get("sessionRef"), dict) else "session"
            ref = session_of(entry)
            found += differences(same_name(self.session, ref), ref, partial=True, path=path)
        sender = sender_of(entry)
        invites = self.service.invites
        if invites and invites.sender in sent:
            sender = sent[invites.sender]
        if self.invitee and invites and not isinstance(entry, TrimmedEntry):
            invited = sent.get(invites.field)
            if not isinstance(invited, list) or self.invitee not in invited:
                found.append(Difference(snake(invites.field), self.invitee, invited))
        if self.by and sender != self.by:
            found.append(Difference("by", self.traffic.label(self.by), label_of(self.traffic.who(entry))))
        return found

    def among(self, entries: Iterable[Entry]) -> list[Entry]:
        """Those of ``entries`` that are as sought."""
        return [entry for entry in entries if self.may_be(entry) and not self.is_unsure_of(entry)]

    def may_be(self, entry: Entry) -> bool:
        """Whether the request is as sought, as far as the journal still knows."""
        return (
            self.is_kind(entry)
            and (self.accepted is None or self.accepted == entry.accepted)
            and not self.differences(entry)
        )

    @property
    def unkept(self) -> list[str]:
        """The fields that are sought, and that are not kept of a request for long."""
        invites = self.service.invites
        lists = [snake(invites.field)] if self.invitee and invites else []
        return [*lists, *(snake(name) for name in self.fields if name not in KEPT_FIELDS)]

    def is_unsure_of(self, entry: Entry) -> bool:
        """Whether the journal no longer knows a field that is sought."""
        return isinstance(entry, TrimmedEntry) and bool(self.unkept)

    def past(self, mark: int) -> list[Entry]:
        """What was sent after ``mark``; of what is no longer kept whole, attempts that may be as sought."""
        return self.traffic.journal.past(mark, replace(self, accepted=None).may_be)

    def nearest(self, entries: Sequence[Entry]) -> tuple[Entry, list[Difference]]:
        """The one of ``entries``, all of that kind, that differs least, and where; the latest of several."""
        ranked = [(self.differences(entry), entry) for entry in entries]
        found, entry = min(ranked, key=lambda row: (len(row[0]), -_likeness(row[0]), -row[1].number))
        return entry, found

    def check_possible(self, where: str) -> None:
        """Refuse to deny what can never be: that would hold whatever was sent.

        :param where: the claim, ``assert_not_sent``, for the message.
        :raises SettingsError: no request can be as sought, and none in the journal was; a TypeError for an int xuid.
        """
        __tracebackhide__ = True
        for doubt in self.doubts:
            if not doubt.is_held(self.operation, self.traffic.kinds()):
                raise doubt.error(f"{self.traffic.words.call(where)}: {doubt.problem}")

    @property
    def hints(self) -> list[str]:
        """The lines below a failure: what is sought and can never be."""
        doubts = [doubt for doubt in self.doubts if not doubt.is_held(self.operation, self.traffic.kinds())]
        return [f"  {line}" for doubt in doubts for line in doubt.problem.splitlines()]

    @property
    def subject(self) -> str:
        """``create_handle activity with version 1 to lobby-1 by Host 9000000000000001``."""
        named = [f"{name} {short_json(_short(value))}" for name, value in self.fields.items()]
        return f"{self.operation} {self.type}".rstrip() + (f" with {', '.join(named)}" if named else "") + self.where

    @property
    def where(self) -> str:
        """`` to lobby-1 by Host 9000000000000001``; empty when neither matters."""
        session = f" to {self.session.get('name', dict(self.session))}" if self.session else ""
        session += f" through {self.service.label}" if self.service is not MPSD else ""
        return session + (f" by {self.traffic.label(self.by)}" if self.by else "")


def sought(
    traffic: Traffic,
    operation: str,
    given: Mapping[str, Any],
    *,
    where: str,
    session: Mapping[str, str] | None = None,
    by: str = "",
    accepted: bool | None = None,
) -> Criteria:
    """What a test asks for in its own words.

    :param given: fields in snake case or as on the wire.
    :param where: the claim, ``assert_sent``, for messages.
    :raises TypeError: the value of a field is nothing that JSON could hold.
    :raises SettingsError: the operation or a field is unknown; the nearest and all known ones are named.
    """
    service = service_of_operation(known_operation(operation))
    traffic.played(service.name, traffic.words.call(where))
    fields, doubts = wire_fields(traffic, operation, given, traffic.words.call(where))
    doubts += session_doubt(operation) if session else ()
    kind = fields.pop("type", "") if operation == "create_handle" and isinstance(fields.get("type"), str) else ""
    return Criteria(traffic, operation, kind, fields, session or {}, by, accepted, doubts, service)


def _as_mpsd_reads(wanted: Mapping[str, Any], sent: Mapping[str, Any]) -> dict[str, Any]:
    """``wanted`` as it was sent where MPSD sees no difference: the case of names, a title id as text or number."""
    same = dict(wanted)
    for name, read in _READ.items():
        if isinstance(same.get(name), Mapping) and isinstance(sent.get(name), Mapping):
            same[name] = read(same[name], sent[name])
    return same


def same_name(wanted: Mapping[str, Any], sent: Mapping[str, Any]) -> dict[str, Any]:
    """The reference ``wanted`` in the case of ``sent``, where only that tells them apart."""
    return {name: _like(value, sent.get(name), str.lower) for name, value in wanted.items()}


def _same_title(wanted: Mapping[str, Any], sent: Mapping[str, Any]) -> dict[str, Any]:
    same = dict(wanted)
    title_id, other = same.get("titleId"), sent.get("titleId")
    if _is_title(title_id) and _is_title(other) and str(title_id) == str(other):
        same["titleId"] = other
    return same


def _is_title(value: Any) -> bool:
    return isinstance(value, (str, int)) and not isinstance(value, bool)


_READ: Mapping[str, Callable[[Mapping[str, Any], Mapping[str, Any]], dict[str, Any]]] = {
    "sessionRef": same_name,
    "originSessionRef": same_name,
    "inviteAttributes": _same_title,
}


def _like(wanted: Any, sent: Any, read: Callable[[str], str]) -> Any:
    both = isinstance(wanted, str) and isinstance(sent, str)
    return sent if both and read(wanted) == read(sent) else wanted


def _likeness(found: Sequence[Difference]) -> float:
    """How alike the values are that differ: 1 for each pair that is nearly the same, -1 where there is none."""
    from difflib import SequenceMatcher  # when a claim has failed

    return sum(
        -1.0
        if MISSING in (one.wanted, one.sent)
        else SequenceMatcher(None, str(one.wanted)[:200], str(one.sent)[:200]).ratio()
        for one in found
    )


def _short(value: Any) -> Any:
    return dict(value) if isinstance(value, Mapping) else value
