"""What the screen says of an import: what was taken, left out, replaced, and what to do next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from handlesfake.captures.importing import Import, Imported
from handlesfake.cassettes.next_steps import display_path
from handlesfake.cassettes.recording.cassette_report import Recording, masked
from handlesfake.mpsd.http.message import MPSD_HOST
from handlesfake.suggestions import nearest

_SHOWN = 8
"""Entries that one line names, and lines of one kind."""


def lines_of(imported: Imported, how: Import) -> list[str]:
    """The report of ``imported``, line by line; it has no secret and no whole real xuid."""
    rows = [
        *(("left out", line) for line in _grouped(imported)),
        *(("look at", line) for line in _noted(imported)),
        *(("callers", line) for line in _callers(imported)),
        *_hosts(imported, how),
    ]
    recording = imported.recording
    return [
        _head(imported),
        *(f"  {name:<11}{text}" for name, text in rows),
        *(recording.lines()[1:] if recording is not None else ()),
        *(_way_out(recording) if recording is not None and recording.rejected else ()),
    ]


def _head(imported: Imported) -> str:
    total = sum(count for _, _, count in imported.sources)
    entries = f"{total} {'entry' if total == 1 else 'entries'}"
    files = ", ".join(f"{name} ({tool})" if tool else name for name, tool, _ in imported.sources)
    recording = imported.recording
    if recording is None:
        return f"nothing was imported, and nothing is written: none of {entries} in {files} can be taken"
    taken = " and ".join(f"{count} of {host}" for host, count in recording.hosts.items())
    done = "rejected" if recording.rejected else "imported"
    return f"{done} {display_path(recording.path)}: {taken}, from {entries} in {files}"


def _grouped(imported: Imported) -> Iterable[str]:
    """One line for each entry, or for many that were left out for the same reason."""
    several = len(imported.sources) > 1
    reasons: dict[str, list[str]] = {}
    for file, one in imported.left_out:
        where = f"{file} #{one.number}" if several else f"#{one.number}"
        reasons.setdefault(one.reason, []).append(f"{where} {one.what}".rstrip())
    for reason, entries in reasons.items():
        yield f"{_listed(entries)}: {reason}"


def _noted(imported: Imported) -> Iterable[str]:
    several = len(imported.sources) > 1
    notes: dict[str, list[str]] = {}
    for file, number, note in imported.notes:
        notes.setdefault(note, []).append(f"{file} #{number}" if several else f"#{number}")
    for note, entries in notes.items():
        yield f"{_listed(entries)}: {note}"


def _callers(imported: Imported) -> Iterable[str]:
    """Who sent what, as far as the capture does not show it."""
    if imported.recording is None:  # of what was not taken there is no caller
        return
    callers = imported.callers
    if callers.assumed:
        yield f"all taken for {callers.assumed}'s: there is one caller and one role, and no exchange shows a xuid"
    for count, (_, xuid) in enumerate(callers.unnamed(), 1):
        seen = f", xuid {masked(xuid)}" if xuid else ", whose xuid no exchange shows"
        yield f"user-{count} has no role{seen}: name it by --role host=<xuid>"
    if imported.without_sender:
        yield (
            f"{imported.without_sender} without a token, whose sender no exchange shows: only requests without "
            "a token will match"
        )
    for role in imported.unseen:
        yield f"{role} {masked(imported.roles[role].xuid)} is nowhere in what was taken"


def _hosts(imported: Imported, how: Import) -> Iterable[tuple[str, str]]:
    for host in imported.absent:
        yield "not met", f"{host}: nothing was sent there{nearest(host, imported.other_hosts).removesuffix('.')}"
    if imported.other_hosts:
        yield "not asked", f"{_counts(imported.other_hosts)}: take a host by --host"
    if imported.recording is None and not imported.left_out:
        asked = ", ".join((MPSD_HOST, *sorted(how.mpsd_hosts), *sorted(how.hosts)))
        yield "asked", f"{asked}; MPSD under another name: --mpsd-host"


def _counts(hosts: Counter[str]) -> str:
    told = [f"{host} {count}" for host, count in hosts.most_common(_SHOWN)]
    more = f" and {len(hosts) - _SHOWN} more" if len(hosts) > _SHOWN else ""
    return ", ".join(told) + more


def _listed(entries: list[str]) -> str:
    more = f" and {len(entries) - _SHOWN} more" if len(entries) > _SHOWN else ""
    return ", ".join(entries[:_SHOWN]) + more


def _way_out(recording: Recording) -> Iterable[str]:
    """What to do where something looks like a secret."""
    places = sorted(recording.found.withheld)
    if places:
        yield "  if they are not secrets, say so, and import again:"
        yield f"      {' '.join(f'--not-secret {place}' for place in places)}"
