"""Reports: what the recordings of many tests, in many processes, tell together: one report for each cassette."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from handlesfake.cassettes.recording.cassette_report import Recording, masked
from handlesfake.cassettes.recording.written import Written
from handlesfake.cassettes.scrubbing.findings import Findings
from handlesfake.values.values import replace


def recording_document(recording: Recording, not_kept: Sequence[str] = ()) -> dict[str, Any]:
    """``recording`` as JSON that :func:`together` reads; it has no secret.

    :param not_kept: hosts that were asked for meanwhile and are not recorded.
    """
    return {
        "path": str(recording.path),
        "hosts": recording.hosts,
        "seconds": recording.seconds,
        "found": recording.found.as_json(),
        "roles": {role: (masked(xuid), made_up) for role, (xuid, made_up) in recording.roles.items()},
        "bound": recording.bound(),
        "rejected": recording.rejected,
        "taken_in": recording.taken_in,
        "goes_on": recording.goes_on,
        "written": [
            recording.written.is_changed,
            recording.written.ids,
            recording.written.times,
            recording.written.number,
        ],
        "not_kept": list(not_kept),
    }


def together(documents: Iterable[Mapping[str, Any]]) -> list[str]:
    """The reports of the recordings in ``documents``, line by line; one for all that went into the same file."""
    recordings: dict[str, Recording] = {}
    not_kept: dict[str, dict[str, None]] = {}
    for one in documents:
        path = one["path"]
        recordings[path] = _both(recordings[path], _recording(one)) if path in recordings else _recording(one)
        not_kept.setdefault(path, {}).update(dict.fromkeys(one["not_kept"]))
    return [line for path, recording in recordings.items() for line in recording.lines(list(not_kept[path]))]


def _recording(of: Mapping[str, Any]) -> Recording:
    roles = {role: (real, made_up) for role, (real, made_up) in of["roles"].items()}
    bound = Counter[str](of["bound"])
    found = Findings.of(of["found"])
    return Recording(
        Path(of["path"]),
        Counter(of["hosts"]),
        of["seconds"],
        found,
        roles,
        lambda: bound,
        tuple(of["rejected"]),
        of["taken_in"],
        of["goes_on"],
        Written(*of["written"]),
    )


def _both(one: Recording, other: Recording) -> Recording:
    one.found.add(other.found)
    bound = one.bound() + other.bound()
    return replace(
        one,
        hosts=one.hosts + other.hosts,
        seconds=one.seconds + other.seconds,
        roles={**one.roles, **other.roles},
        bound=lambda: bound,
        rejected=tuple(dict.fromkeys((*one.rejected, *other.rejected))),
        taken_in=one.taken_in + other.taken_in,
        goes_on=one.goes_on or other.goes_on,
        written=Written(
            _is_changed(one.written, other.written),
            one.written.ids + other.written.ids,
            one.written.times + other.written.times,
            max(one.written.number, other.written.number),
        ),
    )


def _is_changed(one: Written, other: Written) -> bool:
    """What the later of them says: a part of what tests record again is another file than the whole."""
    if one.number == other.number:
        return one.is_changed or other.is_changed
    return (one if one.number > other.number else other).is_changed
