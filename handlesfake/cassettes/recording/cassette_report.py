"""What a recording tells its developer: what was removed, replaced, left, and where it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from handlesfake.cassettes.next_steps import display_path, to_read
from handlesfake.cassettes.recording.written import Written
from handlesfake.cassettes.scrubbing.findings import Findings
from handlesfake.values.values import frozen

_SHOWN_TEXTS = 6
_NEW = Written()


@frozen
class Recording:
    """What one double has recorded."""

    path: Path
    hosts: Counter[str]
    """Host to how many exchanges."""

    seconds: float
    found: Findings
    roles: Mapping[str, tuple[str, str]]
    """Role to real and made-up xuid."""

    bound: Callable[[], Counter[str]] = Counter
    """What is new in each run (``session name``) to how many there are; counted when it is told."""

    rejected: tuple[str, ...] = ()
    """Why it is not a cassette; empty when it is one."""

    taken_in: int = 0
    """How many exchanges of a run that was killed were put into the cassette before."""

    goes_on: bool = False
    """A run that was killed, or interrupted, has begun the cassette, and this one goes on with it."""

    written: Written = _NEW
    """What it has changed in the file."""

    def lines(self, not_kept: Sequence[str] = ()) -> list[str]:
        """The report, line by line; it has no secret and no whole real xuid.

        :param not_kept: hosts that were asked for meanwhile and are not recorded.
        """
        return [self._head(), *(f"  {name:<11}{text}" for name, text in self._rows(not_kept) if text)]

    def _head(self) -> str:
        where = " and ".join(f"{_counted(count, 'exchange')} with {host}" for host, count in self.hosts.items())
        done = "rejected" if self.rejected else "recorded"
        return f"{done} {display_path(self.path)}: {where or 'nothing new'} in {self.seconds:.1f} s"

    def _rows(self, not_kept: Sequence[str]) -> list[tuple[str, str]]:
        found = self.found
        removed = ", ".join(f"{count} {kind}" for kind, count in sorted(found.removed.items()))
        roles = [f"{role} {masked(real)} -> {made_up}" for role, (real, made_up) in self.roles.items()]
        others = [_counted(len(used), kind) for kind, used in sorted(found.replaced.items())]
        bound = ", ".join(_counted(count, name) for name, count in self.bound().items())
        texts = [f"{name} {_cut(text)}" for name, text in found.texts.items()]
        more = f", and {len(texts) - _SHOWN_TEXTS} more" if len(texts) > _SHOWN_TEXTS else ""
        stay = "stays" if len(texts) == 1 else "stay"
        look = f"{_counted(len(texts), 'free text')} that {stay}: {', '.join(texts[:_SHOWN_TEXTS])}{more}"
        return [
            *(("because", reason) for reason in self.rejected),
            ("took in", took_in(self.taken_in)),
            ("goes on", "where a run that was cut short had stopped" if self.goes_on and not self.taken_in else ""),
            ("removed", removed),
            ("replaced", "   ".join([*roles, ", ".join(others)]).rstrip()),
            ("unpacked", _unpacked(found.unpacked)),
            ("bound", f"{bound} (new in each run; matched one to one)" if bound else ""),
            ("kept", _kept(self.written)),
            ("look at", look if texts else ""),
            ("not kept", f"requests to {', '.join(not_kept)}" if not_kept else ""),
            ("review", f"handlesfake show {display_path(self.path)}"),
        ]


def _unpacked(codings: Mapping[str, int]) -> str:
    """Which content codings answers had: they are kept, and replay, without."""
    told = ", ".join(f"{count} {coding}" for coding, count in sorted(codings.items()))
    return f"{told} (answers are kept, and replay, without it)" if told else ""


def _kept(written: Written) -> str:
    """What stays of the recording before."""
    counts = [_counted(count, noun) for count, noun in ((written.ids, "id"), (written.times, "time")) if count]
    same = "" if written.is_changed else "nothing has changed: the file is the same, byte for byte"
    return "; ".join(
        [*([f"{' and '.join(counts)} of the recording before"] if counts else []), *([same] if same else [])]
    )


def took_in(count: int) -> str:
    """``26 exchanges of a run that was cut short``; empty for none."""
    return f"{_counted(count, 'exchange')} of a run that was cut short" if count else ""


def took_in_lines(counts: Mapping[str, int]) -> list[str]:
    """What replays have put into their cassettes; path to how many exchanges."""
    return [f"{display_path(Path(path))} took in {took_in(count)}" for path, count in counts.items()]


def rejection(recording: Recording, path: Path, allow: str) -> str:
    """What the test is told whose recording must not be the cassette at ``path``.

    :param allow: the setting that names what is not secret.
    """
    lines = [f"{display_path(path)} was not recorded: {recording.rejected[0]}"]
    lines += [f"  and {reason}" for reason in recording.rejected[1:]]
    lines.append(f"  what was recorded is kept in {display_path(recording.path)}, which is never replayed")
    places = sorted(recording.found.withheld)
    if places:
        lines.append("  if they are not secrets, say so in the ini file and record again:")
        lines.append(f"      {allow} = {' '.join(places)}")
    if recording.found.unread:
        lines += to_read(any("cod" in why for why in recording.found.unread.values()))
    return "\n".join(lines)


def masked(xuid: str) -> str:
    """``90...71``; what is masked already stays."""
    if "..." in xuid:
        return xuid
    return f"{xuid[:2]}...{xuid[-2:]}" if len(xuid) > 8 else "..."


def _cut(text: str) -> str:
    return f'"{text[:24]} ..."' if len(text) > 28 else f'"{text}"'


def _counted(count: int, what: str) -> str:
    if count == 1:
        return f"1 {what}"
    return f"{count} {what}es" if what.endswith("s") else f"{count} {what}s"
