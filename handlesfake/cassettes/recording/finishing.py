"""The end of a recording: journals become the cassette, or what is kept beside it as rejected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from handlesfake.cassettes.cassette import Cassette
from handlesfake.cassettes.format.atomic_file import keep
from handlesfake.cassettes.format.json_format import holds_bytes, is_json, yaml_to_json
from handlesfake.cassettes.format.loading import load_cassette
from handlesfake.cassettes.format.writing import Head, cassette_text
from handlesfake.cassettes.next_steps import display_path
from handlesfake.cassettes.recording.journal_file import Line, Pages, abandoned, forget
from handlesfake.cassettes.recording.locking import Start, lock_of, read_start, stamp_of, take_note
from handlesfake.cassettes.recording.merging import merge_recording, texts_of
from handlesfake.cassettes.scrubbing.findings import Findings

REJECTED = ".rejected"
"""What the name of a recording ends with that nobody may take for a good one."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How a recording is to be put into the cassette at ``path``."""

    path: Path
    policy: str
    run: str = ""
    """See :func:`handlesfake.cassettes.recording.locking.read_start`."""


def begin(plan: Plan) -> Start:
    """What the cassette holds as the run begins; journals of those who were killed are put into it first."""
    with lock_of(plan.path):
        recover(plan.path)
        start = read_start(plan.path, plan.run)
        if start is None:
            start = Start(texts_of(_held(plan.path)), stamp_of(plan.path))
            take_note(plan.path, plan.run, start)
        return start


def recover(path: Path) -> int:
    """Put the journals of recorders that were killed into the cassette at ``path``; how many interactions there were.

    The lock of ``path`` is held.
    """
    count = 0
    for pages in abandoned(path):
        plan, found = Plan(path, "new_episodes"), findings_of(pages)
        if reasons(path, pages.lines, found, failed=False):
            reject(plan, pages, found)
        elif not _is_in(path, pages):
            write_recording(plan, pages, Start([], []))
            count += len(pages.lines)
        forget(pages.path)
    return count


def write_recording(plan: Plan, pages: Pages, start: Start) -> bool:
    """Put what ``pages`` hold into the cassette; False when nothing has changed. The lock is held.

    :raises CassetteError: it cannot be written; the journal stays, and the next run puts it in.
    """
    path = plan.path
    held = _held(path)
    now = texts_of(held)
    start = read_start(path, plan.run) or start
    # somebody else has replaced it meanwhile: nothing of before is left to be replaced
    at_start = start.texts if start.stamp == stamp_of(path) else []
    result = merge_recording(plan.policy, now, at_start, [line.text for line in pages.lines])
    roles = {**(held.roles if held is not None else {}), **pages.roles}
    text = cassette_text(Head(roles), result.texts)
    text = yaml_to_json(text) if is_json(path) else text
    changed = keep(text, path, f"\n  what was recorded is kept in {display_path(pages.path)}")
    if not changed:
        path.touch()  # whoever records beside us sees that we were there
    take_note(path, plan.run, Start(result.old, stamp_of(path)))
    return changed


def reject(plan: Plan, pages: Pages, found: Findings) -> Path:
    """Keep what ``pages`` hold beside the cassette, which stays as it is; where. In YAML, which can hold anything."""
    beside = plan.path.with_suffix(".yaml") if is_json(plan.path) else plan.path
    path = beside.with_name(beside.name + REJECTED)
    head = Head(pages.roles, sorted(found.withheld))
    keep(cassette_text(head, [line.text for line in pages.lines]), path, like=plan.path)
    return path


def findings_of(pages: Pages) -> Findings:
    """What was found in all of ``pages``."""
    found = Findings()
    for line in pages.lines:
        found.add(line.found)
    return found


def reasons(path: Path, lines: Sequence[Line], found: Findings, *, failed: bool) -> list[str]:
    """Why a recording must not be the cassette at ``path``; empty when it may."""
    why = ["the test failed"] if failed else []
    refused = [f"{line.what} (#{number})" for number, line in enumerate(lines, 1) if line.status == 401]
    if refused:
        why.append(f"{refused[0]} was answered 401: a token was not accepted; sign in again, and record again")
    for place, reason in sorted(found.withheld.items()):
        why.append(f"{place} looks like a secret ({reason}) and was withheld")
    no_text = [line.what for line in lines if is_json(path) and holds_bytes(line.text)]
    if no_text:
        name = path.with_suffix(".yaml").name
        why.append(f"a body of {no_text[0]} is no text, and a JSON cassette can hold none; name it {name}: YAML can")
    return why


def _is_in(path: Path, pages: Pages) -> bool:
    """Whether the cassette holds all of ``pages``: one may be killed when all but the journal's end is done."""
    return not Counter(line.text for line in pages.lines) - Counter(texts_of(_held(path)))


def _held(path: Path) -> Cassette | None:
    return load_cassette(path) if path.exists() else None
