"""Traffic: what one double was sent, as the assertions and messages look at it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from handlesfake.callsite.still_running import Bystanders
from handlesfake.engine.passed_by import Nearer
from handlesfake.errors import SettingsError
from handlesfake.exchange.entry import Entry
from handlesfake.exchange.entry_log import EntryLog
from handlesfake.exchange.sent import label_of_several, merged, sender_of, sent_fields, session_of
from handlesfake.mpsd.assumption import Assumption
from handlesfake.services.service import Service
from handlesfake.services.table import SERVICES
from handlesfake.suggestions import nearest
from handlesfake.traffic.records import Activity, Invite, Record, label_of
from handlesfake.users.resolving import resolve_xuid
from handlesfake.users.user import User
from handlesfake.values.values import field, frozen
from handlesfake.vocabulary import PYTHON, Vocabulary

_BODIES = "bodies that the journal no longer keeps"

_R = TypeVar("_R", bound=Record)


@frozen
class ShownActivity:
    """An activity that is shown now: its document, and when it was created."""

    document: Mapping[str, Any]
    at: datetime


@frozen
class Traffic:
    """What one double was sent, who its users are, and what they show now."""

    journal: EntryLog
    users: Callable[[], Mapping[str, User]]
    """The users that the test has made, by xuid, in order of first use."""

    present: Callable[[str], list[ShownActivity]] | None = None
    """Xuid to the activities that the service shows now, oldest first; None where only what was played is known."""

    other_hosts: Callable[[], Sequence[str]] = tuple
    """The hosts that are not MPSD and were asked for meanwhile, where that is known."""

    passed_by: Callable[[int], Mapping[Nearer, int]] = field(default=lambda _since: {})
    """A mark of the journal to how many requests nearer doubles got after it, by where those were started."""

    is_reachable: Callable[[], bool] = field(default=lambda: True)
    """Whether anything could ever be sent to the double: it was started, or a server has it."""

    bystanders: Bystanders = field(default_factory=Bystanders)
    """The threads and tasks from before the double."""

    services: tuple[str, ...] = ()
    """The services that are played beside the first of the table, by name."""

    elsewhere: Callable[[str, str], list[ShownActivity]] | None = None
    """The name of a service beside MPSD, and a xuid, to what is shown there now; None where no fake knows."""

    words: Vocabulary = PYTHON
    """What claims and messages call the calls of the test."""

    def played(self, service: str | None, where: str) -> Service:
        """The service of that name; None is the first of the table.

        :param where: the call, ``mpsd.assert_invited()``, for messages.
        :raises SettingsError: there is no such service, or the double does not play it.
        """
        names = (next(iter(SERVICES)), *self.services)
        if service is not None and not isinstance(service, str):  # a list cannot even be looked up
            raise SettingsError(f"{where}: service must be one name, like {names[-1]!r}, and is {service!r:.60}.")
        if service is None or service in names:
            return SERVICES[service or names[0]]
        if service not in SERVICES:
            raise SettingsError(
                f"{where}: service {service!r:.60} is not known{nearest(str(service), SERVICES)} "
                f"Known: {', '.join(SERVICES)}."
            )
        how = self.words.either(f"services=[{service!r}]", f"handlesfake serve --service {service}")
        raise SettingsError(f"{where}: this double does not play {SERVICES[service].label}; begin it with {how}.")

    # ---- who

    def xuid(self, player: User | str, where: str) -> str:
        """The xuid of ``player``: a user, a role or a xuid; see :func:`handlesfake.users.resolving.resolve_xuid`."""
        return resolve_xuid(player, self.users().values(), where)

    def label(self, xuid: str) -> str:
        """``Host 9000000000000001``: how messages name a player."""
        return label_of(self.users().get(xuid, xuid))

    def roles(self) -> dict[str, str]:
        """The roles of the users that the test has made, by xuid, in order of first use."""
        return {xuid: user.role for xuid, user in self.users().items()}

    def who(self, entry: Entry) -> User | str:
        """Who sent it: a user of the test, else how messages name the caller."""
        several = label_of_several(entry)
        xuid = sender_of(entry)
        return several or self.users().get(xuid, xuid) or "unknown caller"

    # ---- what

    def invites(self) -> list[Invite]:
        """The invites that were accepted, in order.

        :raises SettingsError: the journal no longer keeps all of them.
        """
        self._check_kept("invites", lambda entry: _is(entry, "invite"))
        return self.accepted(Invite)

    def activities(self) -> list[Activity]:
        """The activities that were accepted, in order.

        :raises SettingsError: the journal no longer keeps all of them.
        """
        self._check_kept("activities", lambda entry: _is(entry, "activity"))
        return self.accepted(Activity)

    def accepted(self, kind: type[_R]) -> list[_R]:
        """The invites or activities that were accepted, in order, as far as the journal keeps them whole."""
        return [self._record(kind, entry) for entry in self.journal if _is(entry, kind.__name__.lower())]

    def refused(self) -> list[Entry]:
        """What the service said no to, in order; what the journal no longer keeps whole without body and headers.

        :raises SettingsError: of some requests the journal keeps nothing any more.
        """
        self._check_kept("refused", lambda _: False)
        return [entry for entry in self.journal.past(0, is_refused) if is_refused(entry)]

    def assumptions(self) -> list[Assumption]:
        """What was taken for granted, each once, in order.

        :raises SettingsError: of some requests the journal keeps nothing any more.
        """
        self._check_kept("assumptions", lambda _: False)
        return list(dict.fromkeys(assumption for entry in self.kinds() for assumption in entry.assumptions))

    def kinds(self) -> Iterator[Entry]:
        """The entries, and one for all that are alike of those that are no longer kept whole."""
        yield from self.journal.trimmed_kinds()
        yield from self.journal

    def _check_kept(self, what: str, matters: Callable[[Entry], bool]) -> None:
        """Refuse to tell a part as if it were all.

        :param matters: whether the body of an entry would be needed.
        """
        gone = lost(self, 0)
        if gone is None:
            dropped = any(matters(entry) for entry in self.journal.trimmed_kinds())
            gone = f"{_BODIES} ({self.words.limit}={self.journal.limit}): claim what was sent" if dropped else None
        if gone is not None:
            raise SettingsError(f"{self.words.lists.get(what, what)} needs {gone}")

    def shown_by(self, xuid: str) -> list[Activity]:
        """What the player shows now, oldest first: one activity in each service configuration at most."""
        return self._played(xuid) if self.present is None else self._known(xuid, self.present(xuid))

    def _known(self, xuid: str, present: Iterable[ShownActivity]) -> list[Activity]:
        sent = {record.get("id"): record for record in self.accepted(Activity)}
        found: list[Activity] = []
        for shown in present:
            who = self.users().get(xuid, xuid)
            arranged = Activity(shown.document, at=shown.at, by=who, entry=None, delivered=None)
            found.append(sent.get(shown.document.get("id"), arranged))
        return found

    def _played(self, xuid: str) -> list[Activity]:
        """What the entries alone say: the last activity, unless its handle was deleted or its session left since."""
        found: list[Activity] = []
        is_known = False
        for entry in self.journal:
            if _is(entry, "activity") and sender_of(entry) == xuid:
                found, is_known = [self._record(Activity, entry)], True
            elif found and _ends(entry, found[-1], xuid):
                found = []
        if not is_known:  # whether an earlier one has ended since, only the whole traffic tells
            who = self.label(xuid)
            self._check_kept(
                f"what {who} shows now", lambda entry: _is(entry, "activity") and sender_of(entry) == xuid
            )
        return found

    def _record(self, kind: type[_R], entry: Entry) -> _R:
        wire = merged(entry.document, entry.own_answer)
        return kind(wire, at=entry.at, by=self.who(entry), entry=entry, delivered=entry.delivered)


def lost(traffic: Traffic, mark: int) -> str | None:
    """The requests after ``mark`` of which the journal keeps nothing any more, and what to do; None for none."""
    journal, words = traffic.journal, traffic.words
    numbers = journal.lost(mark)
    if numbers is None:
        return None
    first, last = numbers
    named = f"#{first}" if first == last else f"#{first} to #{last}"
    return (
        f"{named}, of which the journal keeps nothing any more ({words.limit}={journal.limit}).\n"
        f"  ask since={last}, start again with {words.forget} before the code that matters,\n"
        "  or let it keep more"
    )


def is_refused(entry: Entry) -> bool:
    """Whether the service said no."""
    return entry.response is not None and not entry.accepted


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
