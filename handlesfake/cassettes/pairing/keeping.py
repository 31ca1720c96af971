"""KeptValues: a new recording in the ids and times of the one before, so that only what has changed is another."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from handlesfake.cassettes.cassette import Interaction
from handlesfake.cassettes.pairing.answers import Place, texts_in, times_in, with_times
from handlesfake.cassettes.pairing.made_up import TIME, less_times, moved, same_but_made_up, ticks_of
from handlesfake.cassettes.pairing.pairs import twins
from handlesfake.cassettes.pairing.renaming import Renaming, rewritten
from handlesfake.cassettes.volatile_fields import VolatileFields
from handlesfake.mpsd.http.message import Response
from handlesfake.mpsd.ticks import TICKS_PER_SECOND
from handlesfake.values.values import field, frozen, replace

_MADE_UP = frozenset({"id", "branch", "correlationId", "searchHandle"})
"""Fields of an answer that the service makes up, whatever their form."""

_NAMED = frozenset({"scid", "serviceConfigId", "xuid", "titleId", "templateName"})
"""Fields that are never made up in each run, although some have such a form."""

_ETAGS = frozenset({"etag", "if-match", "if-none-match"})
_TOLERANCE = 2 * TICKS_PER_SECOND
"""How much nearer or farther a time ahead may be that is still the same: a Date has whole seconds."""


@frozen
class Kept:
    """A new recording in the words of the one before."""

    interactions: list[Interaction]
    twins: list[Interaction | None]
    """For each the recorded one that it is; None where it is new."""

    renamed: Mapping[str, str] = field(default_factory=dict)
    """New id to the recorded one."""

    times: int = 0
    """How many times are the recorded ones."""


def in_recorded_values(
    old: Sequence[Interaction],
    new: Sequence[Interaction],
    holes: VolatileFields,
    known: Mapping[str, str] | None = None,
    *,
    done: Collection[int] = (),
    keeps_times: bool = True,
) -> Kept:
    """``new`` with the ids and times of ``old`` wherever they say the same.

    An id replaces one recorded id everywhere, one to one. A time of an answer becomes the recorded one at its place.
    A time in the future of its answer does so only if it is as far ahead. In exchanges that ``old`` does not have,
    times move with those before them. Only what makes no difference for a replay changes.

    :param known: new id to recorded one, of earlier parts of the same recording.
    :param done: the numbers of those that are in recorded values already.
    :param keeps_times: False for a recording that had grown too old.
    """
    found = twins(old, new, holes)
    fresh = [(one, twin) for one, twin in zip(new, found, strict=True) if one.number not in done]
    renaming = Renaming(known or {}, holes.fixed)
    for one, twin in fresh:
        if twin is not None:
            _bind(renaming, one, twin, holes)
    renaming.close(text for one, _ in fresh for text in _texts(one))
    result, count, behind = [], 0, 0
    for one, twin in zip(new, found, strict=True):
        if one.number in done:
            result.append(one)
            continue
        told = rewritten(one, renaming.of)
        if keeps_times:
            behind = _seconds_behind(twin, one) if twin is not None else behind
            response, kept = _in_recorded_times(told.response, twin.response if twin is not None else None, behind)
            told, count = replace(told, response=response), count + kept
        result.append(told)
    back = renaming.less()
    pairs = zip(new, result, strict=True)
    if not all(_is_same(one, told, back) for one, told in pairs if one.number not in done):
        return Kept(list(new), found, dict(known or {}))  # truth first
    return Kept(result, found, renaming.recorded, count)


def _bind(renaming: Renaming, one: Interaction, twin: Interaction, holes: VolatileFields) -> None:
    recorded = {hole.path: hole.value for hole in holes.shape(twin.call).holes}
    for hole in holes.shape(one.call).holes:
        if hole.path in recorded:
            renaming.bind(_bare(hole.value), _bare(recorded[hole.path]))
    theirs = texts_in(twin.response)
    for place, text in texts_in(one.response).items():
        if place in theirs and place[-1] not in _NAMED:
            _bind_text(renaming, place, text, theirs[place])


def _bind_text(renaming: Renaming, place: Place, text: str, recorded: str) -> None:
    if place[-1] in _MADE_UP or (place[0] == "headers" and place[1] in _ETAGS):
        renaming.bind(_bare(text), _bare(recorded))
    for pair in same_but_made_up(text, recorded) or ():
        renaming.bind(*pair)


def _bare(value: str) -> str:
    """An ETag, or a boundary, less what is around it."""
    return value.removeprefix("W/").strip('"-')


def _texts(one: Interaction) -> list[str]:
    values = [value for headers in (one.request.headers, one.response.headers) for _, value in headers]
    bodies = [body.decode("latin-1") for body in (one.request.body, one.response.body)]
    return [one.request.target, *values, *bodies]


def _seconds_behind(twin: Interaction, one: Interaction) -> int:
    """How many seconds the recorded exchange came after the new one: fewer than none."""
    recorded, now = _came(twin.response), _came(one.response)
    return (recorded - now) // TICKS_PER_SECOND if recorded is not None and now is not None else 0


def _came(response: Response) -> int | None:
    date = response.headers.first("Date") or ""
    return ticks_of(date) if TIME.fullmatch(date) else None


def _in_recorded_times(response: Response, twin: Response | None, behind: int) -> tuple[Response, int]:
    recorded = times_in(twin) if twin is not None else {}
    came, came_then = _came(response), _came(twin) if twin is not None else None
    times, kept = {}, 0
    for place, time in times_in(response).items():
        is_kept = place in recorded and _is_as_far(time, came, recorded[place], came_then)
        times[place] = recorded[place] if is_kept else moved(time, behind)
        kept += is_kept
    return with_times(response, times), kept


def _is_as_far(time: str, came: int | None, recorded: str, came_then: int | None) -> bool:
    """Whether both lie behind their answers, as what has happened does, or as far ahead of them."""
    ticks, ticks_then = ticks_of(time), ticks_of(recorded)
    if ticks is None or ticks_then is None or came is None or came_then is None:
        return True
    ahead, ahead_then = ticks - came, ticks_then - came_then
    if max(ahead, ahead_then) <= _TOLERANCE:
        return True
    return abs(ahead - ahead_then) <= _TOLERANCE


def _is_same(one: Interaction, told: Interaction, back: Renaming) -> bool:
    """Whether ``told`` is ``one``, apart from ids, one to one, and times.

    :param back: gives each recorded id the new one again.
    """
    return rewritten(rewritten(told, back.of), less_times) == rewritten(one, less_times)
