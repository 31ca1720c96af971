"""JournalQuery: which entries of a journal are asked for, by the words of a query."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from types import MappingProxyType

from handlesfake.errors import SettingsError
from handlesfake.exchange.entry import Entry
from handlesfake.exchange.entry_log import EntryLog
from handlesfake.exchange.field_values import value_problem
from handlesfake.exchange.request_fields import known_operation
from handlesfake.exchange.sent import sent_fields
from handlesfake.reporting import timeline
from handlesfake.server.control.request import ControlRequest, whole_parameter
from handlesfake.suggestions import nearest
from handlesfake.values.values import frozen

KINDS: Mapping[str, Callable[[Entry], bool]] = MappingProxyType(
    {
        "refused": lambda entry: entry.refusal is not None or (entry.status or 0) >= 400,
        "lost": lambda entry: entry.fault is not None or entry.status is None,
        "assumed": lambda entry: bool(entry.assumptions),
    }
)
"""What came of a request, as the query names it."""

WORDS = ("operation", "type", "by", "since", "before", "text", "kind")


@frozen
class JournalQuery:
    """What fits a query: all that it says."""

    operation: str
    type: str
    by: str
    since: int
    before: int
    kind: str
    words: tuple[str, ...]
    """Each is part of a line of the timeline, in lower case; ``#5`` is the number itself."""

    users: Mapping[str, str]

    @classmethod
    def of(cls, ask: ControlRequest, query: Mapping[str, str]) -> JournalQuery:
        """What ``query`` says, checked.

        :raises SettingsError: it names what no request can be.
        """
        known_operation(query["operation"]) if "operation" in query else None
        ask.person(query["by"], "by") if "by" in query else None
        _check_type(query.get("type", ""), ask.core.journal)
        kind = query.get("kind", "")
        if kind and kind not in KINDS:
            raise SettingsError(f"kind={kind:.60}{nearest(kind, KINDS)}\n  known: {', '.join(KINDS)}")
        return cls(
            operation=query.get("operation", ""),
            type=query.get("type", ""),
            by=query.get("by", ""),
            since=whole_parameter(query, "since", 0),
            before=whole_parameter(query, "before", 10**14),
            kind=kind,
            words=tuple(query.get("text", "").lower().split()),
            users=ask.core.traffic.roles(),
        )

    def matching(self, journal: EntryLog) -> Generator[None, None, list[Entry]]:
        """The entries that fit, in order; in steps, since a text is looked for in each."""
        found = []
        for entry in journal.after(self.since):
            if entry.number >= self.before:
                break
            if self._fits(entry):
                found.append(entry)
            if self.words:
                yield
        return found

    def _fits(self, entry: Entry) -> bool:
        return (
            (not self.operation or self.operation == entry.operation)
            and (not self.type or self.type == entry.type)
            and (not self.by or _is_by(entry, self.by))
            and (not self.kind or KINDS[self.kind](entry))
            and (not self.words or self._says(entry))
        )

    def _says(self, entry: Entry) -> bool:
        own = f"#{entry.number}"
        wanted = [word for word in self.words if word != own]
        if any(word[:1] == "#" and word[1:].isdecimal() for word in wanted):
            return False
        line = _line(entry, self.users) if wanted else ""
        return all(word in line for word in wanted)


def _line(entry: Entry, users: Mapping[str, str]) -> str:
    """All that a reader sees of an entry before it is opened, and who is in its body."""
    fields = sent_fields(entry)
    invited = str(fields.get("invitedXuid", ""))
    ref = fields.get("sessionRef")
    parts = [
        timeline.who(entry, users),
        entry.operation,
        entry.type,
        entry.request.method,
        entry.request.target,
        timeline.outcome(entry),
        entry.refusal.kind.name if entry.refusal is not None else "",
        entry.decided_by,
        entry.evidence.words if entry.evidence is not None else "",
        entry.fault or "",
        str(ref.get("name", "")) if isinstance(ref, Mapping) else "",
        invited,
        users.get(invited, ""),
        "assumed" if entry.assumptions else "",
    ]
    return " ".join(parts).lower()


def _check_type(kind: str, journal: EntryLog) -> None:
    """Refuse a type that no request can have, unless a request did have it.

    :raises SettingsError: it is neither; the nearest and all are named.
    """
    problem = value_problem(("type",), kind, "type") if kind else None
    if problem is not None and all(entry.type != kind for entry in journal):
        raise SettingsError(problem)


def _is_by(entry: Entry, by: str) -> bool:
    return entry.caller is not None and any(by in (user.role, user.xuid) for user in entry.caller.users)
