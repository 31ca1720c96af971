"""Timeline: journal entries as text, for the report of a failed test and for ``handlesfake show``."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence

from handlesfake.exchange.entry import Entry
from handlesfake.exchange.sent import label_of_several, sender_of
from handlesfake.exchange.trimmed_entry import TrimmedEntry
from handlesfake.mpsd.assumption import Assumption
from handlesfake.reporting.printable import printable
from handlesfake.services.table import SERVICES, takes_form
from handlesfake.traffic.labels import label
from handlesfake.traffic.traffic import is_refused
from handlesfake.vocabulary import spoken

_ = "    "
_ENDINGS = {"close": "connection closed", "reset": "connection reset", "timeout": "timed out", "keep": "cut"}
_NOBODY: Mapping[str, str] = {}


def title(entries: Sequence[Entry]) -> str:
    """What heads a section: ``MPSD: 3 requests, 1 refused, 1 answer lost, 2 assumptions``."""
    from handlesfake.exchange.faults import HEARD  # lazily: most tests have nothing to show, and no faults

    parts = [counted(len(entries), "request")]
    refused = sum(map(is_refused, entries))
    lost = sum(entry.fault not in (None, HEARD) and entry.response is not None for entry in entries)
    unanswered = sum(entry.response is None for entry in entries)
    assumptions = sum(len(entry.assumptions) for entry in entries)
    parts += [f"{refused} refused"] if refused else []
    parts += [f"{counted(lost, 'answer')} lost"] if lost else []
    parts += [f"{unanswered} unanswered"] if unanswered else []
    parts += [counted(assumptions, "assumption")] if assumptions else []
    return f"MPSD: {', '.join(parts)}"


def section(entries: Sequence[Entry], limit: int | None = 10, users: Mapping[str, str] = _NOBODY) -> str:
    """The newest ``limit`` entries as text, each refusal explained below its line; None shows all.

    No header, body or query of a request is in it, and so no token.

    :param users: the users that the test has made, xuid to role, in order of first use.
    """
    steps = section_in_steps(entries, limit, users)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return str(end.value)


def section_in_steps(
    entries: Sequence[Entry], limit: int | None = 10, users: Mapping[str, str] = _NOBODY
) -> Generator[None, None, str]:
    """What :func:`section` returns, entry by entry, for callers that do something else in between."""
    newest = entries[-limit:] if limit else entries
    rows = []
    for entry in newest:
        rows.append((f"#{entry.number}", called(entry), who(entry, users), outcome(entry)))
        yield
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    hidden = len(entries) - len(newest)
    lines = [f"{counted(hidden, 'earlier request')} not shown; {spoken().journal} has all"] if hidden else []
    numbers: dict[tuple[str, ...], int] = {}
    for entry, row in zip(newest, rows, strict=True):
        cells = "  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True))
        lines.append(f"{cells}   {entry.source}".rstrip())
        told = explained(entry, users)
        first = numbers.setdefault(tuple(told), entry.number)
        if len(told) > 1 and first != entry.number:
            told = [f"as #{first}"]
        lines += [_ + text for text in told]
        yield
    return "\n".join(lines)


def explained(entry: Entry, users: Mapping[str, str] = _NOBODY) -> list[str]:
    """What people should know about an entry beside its line: who decided, why not, what was assumed, what is odd."""
    if isinstance(entry, TrimmedEntry):
        return ["the journal keeps no more of it than this line"]
    from handlesfake.reporting.advice import advice, in_words  # when a test has failed

    lines = []
    ruled = entry.decided_by not in SERVICES and entry.decided_by != "real service"
    if ruled:
        lines.append(f"decided by {entry.decided_by}")
    if entry.refusal is not None:
        lines += [*advice(entry.refusal, users, ruled=ruled), *_no_json(entry)]
    elif words := in_words(entry):
        lines.append(words)
    for assumption in entry.assumptions:
        lines += [f"assumed: {assumption.text}. To say it:", f"    {said_instead(assumption)}"]
    lines += [f"note: {note}" for note in entry.notes]
    if entry.straggler:
        lines.append(
            f"sent by {entry.thread!r}, which is older than this test: perhaps a straggler of an earlier one"
        )
    return lines


_FORM = "application/x-www-form-urlencoded"


def _no_json(entry: Entry) -> list[str]:
    """What to say of a refused form: the clients of Python make one of ``data=``."""
    content_type = entry.request.headers.first("Content-Type") or ""
    is_form = content_type.partition(";")[0].strip().lower() == _FORM
    if not entry.request.body or not is_form or takes_form(entry.request):
        return []
    instead = spoken().either("give your client json=, not data=", "send JSON, with Content-Type: application/json")
    return [f"it came as a form ({_FORM}): {instead}"]


def said_instead(assumption: Assumption) -> str:
    """What a test would have to say so that nothing is assumed."""
    return spoken().either(assumption.instead, assumption.by_control)


# ---- the parts of a line


def called(entry: Entry) -> str:
    """``create_handle activity``; for an address that MPSD does not have, the request itself."""
    if entry.operation == "unrouted":
        return printable(f"{entry.request.method[:20]} {entry.request.path[:60]}")
    # only the known types: what a client writes there may be anything
    return f"{entry.operation} {entry.type[:20]}".rstrip()


def who(entry: Entry, users: Mapping[str, str] = _NOBODY) -> str:
    """``Host 9000000000000001``; ``unknown caller`` where no user was recognised."""
    caller, xuid = entry.caller, sender_of(entry)
    several = label_of_several(entry)
    if several or (caller is not None and not xuid):
        return several
    role = caller.user.role if caller is not None and caller.user is not None else ""
    return label(xuid, users.get(xuid) or role) if xuid else "unknown caller"


def status(entry: Entry) -> str:
    """``201``; ``no answer`` when the service never acted."""
    return "no answer" if entry.status is None else str(entry.status)


def outcome(entry: Entry) -> str:
    """``201``; ``201, heard as 503``; ``201, lost: connection closed``; ``no answer: connection reset``."""
    if entry.fault is None:
        own = entry.original.status if entry.original is not None else entry.status
        return status(entry) if own == entry.status else f"{own}, heard as {status(entry)}"
    from handlesfake.exchange.faults import FAULTS, HEARD  # lazily, as above

    if entry.fault == HEARD:
        return f"{status(entry)}, then {FAULTS[HEARD].story}"
    kind = FAULTS.get(entry.fault)
    ending = _ENDINGS.get(entry.fault) or (kind.story if kind else entry.fault)
    return f"{status(entry)}, lost: {ending}" if entry.response else f"no answer: {ending}"


def counted(number: int, noun: str) -> str:
    """``1 request``, ``2 requests``."""
    if number == 1:
        return f"1 {noun}"
    return f"{number} {noun[:-1]}ies" if noun.endswith("y") else f"{number} {noun}s"
