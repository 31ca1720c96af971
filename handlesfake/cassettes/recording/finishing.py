"""The end of a recording: journals become the cassette, or what is kept beside it as rejected."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from handlesfake.cassettes.cassette import Cassette
from handlesfake.cassettes.format.atomic_file import keep
from handlesfake.cassettes.format.file_names import is_json, is_there
from handlesfake.cassettes.format.json_format import holds_bytes, yaml_to_json
from handlesfake.cassettes.format.loading import load_cassette
from handlesfake.cassettes.format.writing import UNREAD, Head, cassette_text
from handlesfake.cassettes.next_steps import display_path
from handlesfake.cassettes.recording.journal_file import Line, Pages, abandoned, forget
from handlesfake.cassettes.recording.kept_values import kept_values
from handlesfake.cassettes.recording.left_behind import untold
from handlesfake.cassettes.recording.locking import locked
from handlesfake.cassettes.recording.merging import merge_recording, texts_of
from handlesfake.cassettes.recording.ordering import in_order
from handlesfake.cassettes.recording.run_notes import Start, cut_short, noted, stamp_of, take_note
from handlesfake.cassettes.recording.run_notes import forget as forget_notes
from handlesfake.cassettes.recording.written import Written
from handlesfake.cassettes.scrubbing.findings import Findings
from handlesfake.cassettes.volatile_fields import VolatileFields
from handlesfake.errors import CassetteError
from handlesfake.values.values import frozen, replace

REJECTED = ".rejected"
"""What the name of a recording ends with that must not be taken for a good one."""


_USUAL = VolatileFields()


@frozen
class Plan:
    """How a recording is to be put into the cassette at ``path``."""

    path: Path
    policy: str
    run: str = ""
    """See :func:`handlesfake.cassettes.recording.run_notes.noted`."""

    goes_on: bool = False
    """The cassette was cut short, and this run goes on with it."""

    holes: VolatileFields = _USUAL
    keeps_times: bool = True
    """Recorded times stay where nothing else has changed: the recording had not grown too old."""

    key: str = ""
    """The fingerprint of the key that pseudonyms are made by; empty where it is not known."""

    rank: int = 0
    """The place of the test that records among those that share the cassette, in the order of their collection."""

    takes_401: bool = False
    """An answer 401 does not reject the cassette: what was captured elsewhere cannot be recorded again."""


def begin(plan: Plan) -> Start:
    """What the cassette holds as the run begins; journals of those who were killed are put into it first.

    :raises CassetteError: the cassette cannot be read, or no note can be taken; nothing was sent.
    """
    with locked(plan.path):
        return take_in(plan)


def take_in(plan: Plan) -> Start:
    """As :func:`begin`; the lock of the cassette is held."""
    path = plan.path
    left = cut_short(path, plan.run)
    start = noted(path, plan.run)
    if start is None and plan.goes_on:
        # before the journals are gone: another worker looks for them, and then for the note
        take_note(path, plan.run, _start(plan))
    recover(path, plan.run)
    if start is None:
        start = _start(plan)
        take_note(path, plan.run, start)
    forget_notes(left)
    return start


def _start(plan: Plan) -> Start:
    held = _held(plan.path)
    tests = list(held.tests) if held is not None else []
    texts = texts_of(held)
    before = texts if plan.policy in ("rewrite", "all") else []
    digest = _digest(plan.path.read_bytes()) if held is not None else ""
    is_kept = plan.keeps_times
    return Start(texts, stamp_of(plan.path), tests, plan.goes_on, before, keeps_times=is_kept, digest=digest)


def recover(path: Path, run: str = "") -> int:
    """Put the journals of recorders that were killed into the cassette at ``path``; how many interactions there were.

    The lock of ``path`` is held.

    :param run: the run that does it. What is to be replaced stays so: a worker of its own may have crashed.
    """
    count = 0
    start = noted(path, run)
    is_as_noted = start is not None and start.stamp == stamp_of(path)
    for pages in abandoned(path):
        plan, found = Plan(path, "new_episodes"), findings_of(pages)
        if reasons(plan, pages.lines, found, failed=pages.has_failed):
            reject(plan, pages, found, beside=True)
        elif not _is_in(path, pages):
            write_recording(plan, pages, Start([], []))
            count += len(pages.lines)
        forget(pages.path)
    if count and start is not None and is_as_noted:
        take_note(path, run, replace(start, stamp=stamp_of(path)))
    untold[path] += count
    return count


def write_recording(plan: Plan, pages: Pages, start: Start) -> Written:
    """Put what ``pages`` hold into the cassette; what has changed. The lock is held.

    :raises CassetteError: it cannot be written; the journal stays, and the next run puts it in.
    """
    path = plan.path
    held = _held(path)
    now = texts_of(held)
    start = noted(path, plan.run) or start
    # another run has replaced it meanwhile: nothing of before is left to be replaced
    is_as_noted = start.stamp == stamp_of(path)
    new = [line.text for line in pages.lines]
    result = merge_recording(plan.policy, now, start.texts if is_as_noted else [], new)
    known = len(start.renamed)
    texts, times = result.texts, 0
    if is_as_noted:
        texts, start, times = kept_values(start, texts, new, plan.holes)
    texts, ranks = in_order(texts, result.added, plan.rank, start.ranks)
    roles = {**(held.roles if held is not None else {}), **pages.roles}
    dropped = start.tests if plan.policy == "rewrite" and is_as_noted else []
    tests = {*pages.tests, *(test for test in (held.tests if held is not None else ()) if test not in dropped)}
    keys = {
        *(held.keys if held is not None and plan.policy != "rewrite" else ()),
        *([plan.key] if findings_of(pages).replaced else []),
    } - {""}
    text = cassette_text(Head(roles, tests=sorted(tests), keys=sorted(keys)), texts)
    text = yaml_to_json(text) if is_json(path) else text
    changed = keep(text, path, kept_in(pages))
    if not changed:
        with suppress(OSError):
            path.touch()  # a recorder beside us sees that we were there
    left = [] if dropped else start.tests
    ids, number = len(start.renamed) - known, start.writes + 1 if plan.run else 0
    note = replace(start, texts=result.old, stamp=stamp_of(path), tests=left, ranks=ranks, writes=number)
    take_note(path, plan.run, note)
    return Written(_digest(text.encode()) != start.digest if plan.run else changed, ids, times, number)


def _digest(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def kept_in(pages: Pages) -> str:
    """What to say of a recording that cannot be written: where it is, and what is done with it."""
    return (
        f"\n  what was recorded is kept in {display_path(pages.path)};\n"
        "  make room, or the folder writable: the next run that names the cassette puts it in"
    )


def reject(plan: Plan, pages: Pages, found: Findings, *, beside: bool = False) -> Path:
    """Keep what ``pages`` hold beside the cassette, which stays as it is; where. In YAML, which can hold anything.

    What other tests of the same run have left there stays.

    :param beside: what is there already stays, whichever run has left it.
    :raises CassetteError: it cannot be written; the journal stays.
    """
    path = rejected(plan.path)
    start = noted(plan.path, plan.run)
    held = None
    if is_there(path) and (beside or (start is not None and start.rejected == stamp_of(path))):
        with suppress(CassetteError):  # it was changed by hand meanwhile: it is not a recording any more
            held = load_cassette(path)
    head = Head(
        {**(held.roles if held is not None else {}), **pages.roles},
        sorted(
            {
                *(held.incomplete if held is not None else ()),
                *found.withheld,
                *(f"{place}{UNREAD}" for place in found.unread),
            }
        ),
        sorted({*(held.tests if held is not None else ()), *pages.tests}),
    )
    keep(
        cassette_text(head, [*texts_of(held), *(line.text for line in pages.lines)]),
        path,
        kept_in(pages),
        like=plan.path,
    )
    if start is not None:
        take_note(plan.path, plan.run, replace(start, rejected=stamp_of(path)))
    return path


def rejected(path: Path) -> Path:
    """Where what must not be the cassette at ``path`` is kept."""
    yaml = path.with_suffix(".yaml") if is_json(path) else path
    return yaml.with_name(yaml.name + REJECTED)


def findings_of(pages: Pages) -> Findings:
    """What was found in all of ``pages``."""
    found = Findings()
    for line in pages.lines:
        found.add(line.found)
    return found


def reasons(plan: Plan, lines: Sequence[Line], found: Findings, *, failed: bool) -> list[str]:
    """Why a recording must not be the cassette that ``plan`` names; empty when it may."""
    path = plan.path
    why = ["the test failed"] if failed else []
    refused = [f"{line.what} (#{number})" for number, line in enumerate(lines, 1) if line.status == 401]
    if refused and not plan.takes_401:
        why.append(f"{refused[0]} was answered 401: a token was not accepted; sign in again, and record again")
    for place, reason in sorted(found.withheld.items()):
        why.append(f"{place} looks like a secret ({reason}) and was withheld")
    for place, reason in sorted(found.unread.items()):
        why.append(f"{place} cannot be read ({reason}) and was withheld")
    no_text = [line.what for line in lines if is_json(path) and holds_bytes(line.text)]
    if no_text:
        name = path.with_suffix(".yaml").name
        why.append(
            f"a body of {no_text[0]} is not text, and a JSON cassette can hold only text; name it {name}: YAML can"
        )
    return why


def _is_in(path: Path, pages: Pages) -> bool:
    """Whether the cassette holds all of ``pages``: a recorder may be killed just before the end of the journal."""
    return not Counter(line.text for line in pages.lines) - Counter(texts_of(_held(path)))


def _held(path: Path) -> Cassette | None:
    return load_cassette(path) if is_there(path) else None
