"""The parts of a text that each run makes up: ids, recognised by their form, and times."""

from __future__ import annotations

import re

from handlesfake.cassettes.volatile_fields import is_generated
from handlesfake.mpsd.ticks import TICKS_PER_SECOND, from_wire_time, to_datetime

GUID_OR_DIGITS = (
    r"(?<![0-9A-Za-z])(?:[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|[0-9a-fA-F]{32}|[1-9][0-9]{15,38})"
    r"(?![0-9A-Za-z])"
)
"""GUIDs, with and without their dashes, and digits of 16 places and more; not all of the latter are ids."""

TIME = re.compile(
    r"(?<![0-9])[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?(?:Z|[+-][0-9]{2}:[0-9]{2})"
    r"|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), [0-9]{2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [0-9]{4} "
    r"[0-9]{2}:[0-9]{2}:[0-9]{2} GMT"
)
"""Times of ISO 8601, as MPSD writes them in bodies, and of HTTP, as in headers."""

_ID = re.compile(GUID_OR_DIGITS)
_EITHER = re.compile(f"{TIME.pattern}|{GUID_OR_DIGITS}")
_WORD = re.compile(r"[0-9A-Za-z][0-9A-Za-z_.:+-]{7,}")
_SHORT_NUMBER = 12
"""Digits alone, fewer than these, may well be a count that stands elsewhere, too."""

_NAMES = (None, "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def is_id(text: str) -> bool:
    """Whether ``text`` has the form of an id that was made up: a GUID, or an integer of 2**53 and more."""
    return _ID.fullmatch(text) is not None and (not text.isdigit() or len(text) == 32 or is_generated(text))


def is_distinctive(text: str) -> bool:
    """Whether ``text``, wherever it stands, is surely the same value: an id, or a word of letters and digits."""
    if is_id(text):
        return True
    if not _WORD.fullmatch(text) or not any(map(str.isdigit, text)):
        return False
    return not text.isdigit() or len(text) >= _SHORT_NUMBER


def same_but_made_up(one: str, other: str) -> list[tuple[str, str]] | None:
    """The ids of ``one`` beside those of ``other``; None where the two texts differ in more than ids and times."""
    if _EITHER.sub(_blank, one) != _EITHER.sub(_blank, other):
        return None
    pairs = zip(_EITHER.findall(one), _EITHER.findall(other), strict=True)
    return [pair for pair in pairs if all(map(is_id, pair))]


def less_times(text: str) -> str:
    """``text`` with each time blank."""
    return TIME.sub("\x00", text)


def _blank(found: re.Match[str]) -> str:
    text = found[0]
    if TIME.fullmatch(text):
        return "\x00time"
    # digits that are not an id, such as a xuid, have a meaning
    return "\x00id" if is_id(text) else text


def ticks_of(time: str) -> int | None:
    """The ticks of a text that :data:`TIME` fits; None for the 31st of February."""
    if time[4] == "-":
        return from_wire_time(time)
    day, month, year, clock = time[5:7], time[8:11], time[12:16], time[17:25]
    return from_wire_time(f"{year}-{_NAMES.index(month):02d}-{day}T{clock}Z")


def moved(time: str, seconds: int) -> str:
    """``time``, which :data:`TIME` fits, by ``seconds`` later, written as it was."""
    ticks = ticks_of(time)
    if not seconds or ticks is None:
        return time
    later = ticks // TICKS_PER_SECOND + seconds
    if later < 0 or later >= _END:
        return time
    moment = to_datetime(later * TICKS_PER_SECOND)
    if time[4] != "-":
        return f"{moment:%a}, {moment:%d} {_NAMES[moment.month]} {moment:%Y} {moment:%H:%M:%S} GMT"
    # in UTC, which another zone is read as: what is behind the second stays, so that is right for Z alone
    return f"{moment:%Y-%m-%dT%H:%M:%S}{time[19:]}" if time.endswith("Z") else time


_END = 253_370_764_800
"""Seconds: the year 9999 begins."""
