"""Miss: the innermost stage of a replay, which says what the cassette lacks."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from handlesfake.cassettes.cassette import REMOVED, Interaction
from handlesfake.cassettes.hosts import other_host
from handlesfake.cassettes.next_steps import display_path, record_missing
from handlesfake.cassettes.people.missing_key import of_the_key
from handlesfake.cassettes.replay.near_misses import Near, as_sent, nearest_recorded
from handlesfake.cassettes.replay.player import Player, is_read, request_label
from handlesfake.cassettes.sharing import others
from handlesfake.cassettes.volatile_names import volatile_name
from handlesfake.errors import NotRecorded
from handlesfake.exchange.outcome import Call, NoAnswer, Outcome, Proceed
from handlesfake.json_diff import Difference, table
from handlesfake.mpsd.http.message import MPSD_HOST, Request
from handlesfake.mpsd.state.identity import Caller
from handlesfake.values.values import replace
from handlesfake.vocabulary import spoken

_INVENTED = re.compile(r"(?:[A-Za-z]+[-_.:])?(?=.*\d)[0-9A-Za-z+/=_-]{8,}|\d{6,}")
"""What a client may have made up: letters and digits in no order that a person would choose."""


class Miss:
    """Nothing may answer what ``player`` passes on.

    :param holder: who holds the double, a test's node id.
    :param as_recorded: a request as the recorder would have written it.
    """

    def __init__(
        self,
        player: Player,
        who: Callable[[Request], Caller | None],
        holder: str,
        as_recorded: Callable[[Call], Call] = lambda call: call,
    ) -> None:
        self._player = player
        self._as_recorded = as_recorded
        self._who = who
        self._holder = holder

    def __call__(self, call: Call, proceed: Proceed) -> Outcome:  # noqa: ARG002 - nothing lies further in
        """Tell the developer: what was asked, what is nearest, what to do."""
        return NoAnswer(NotRecorded("\n".join(self._lines(call))))

    def _lines(self, call: Call) -> list[str]:
        player = self._player
        host = other_host(call.request, [one for one in player.playing.hosts if one != MPSD_HOST]) or ""
        what = call.operation if call.route.operation else f"{call.request.method} {host}{call.request.target[:120]}"
        count = len(player.interactions)
        plural = "exchange" if count == 1 else "exchanges"
        lines = [
            f"{what} is not in {display_path(player.cassette.path)} ({count} {plural}, {len(player.played)} used)."
        ]
        told = self._nearest(call)
        before = "or " if any(line.startswith("  if ") for line in told) else "correct what is sent, or "
        cassette = player.cassette
        sharing = others(cassette.path, self._holder, cassette.tests, player.playing.run)
        return [*lines, *told, *record_missing(self._holder, cassette.path, before, sharing)]

    def _nearest(self, call: Call) -> list[str]:
        player = self._player
        label = request_label(call.request, self._who(call.request))
        found = nearest_recorded(self._as_recorded(call), label, player.interactions, player.index, player.played)
        if not found:
            held = dict.fromkeys(one.what for one in player.interactions)
            return [f"  it holds: {', '.join(held) or 'nothing that was sent to MPSD'}"]
        if not found[0].unlike:
            return self._same(found[0].interaction, call)
        found = [as_sent(near, call, label, player.index) for near in found]
        token = _token_of(call.request)
        found = [replace(near, unlike=tuple(_untold(one, token) for one in near.unlike)) for near in found]
        lines = [line for place, near in enumerate(found) if near.unlike for line in self._described(near, place)]
        return [
            *lines,
            *of_the_key(found[0].unlike, player.cassette.keys, player.playing.key_file),
            *_as_holes(found[0]),
        ]

    def _same(self, interaction: Interaction, call: Call) -> list[str]:
        if interaction.number not in self._player.played:
            return [f"  nearest: {_named(interaction)}; only the type of a number differs, such as 1 and 1.0 or true"]
        lines = [f"  the same request: {_named(interaction)}, which was used already; each exchange plays once"]
        if self._player.playing.repeats == "reads" and is_read(call):
            lines.append("  (a read gets its last answer again until something is written)")
        return [
            *lines,
            "  if it may come any number of times, say so; it then gets its last answer again:",
            f"      {spoken().either('mpsd_repeats = last', 'handlesfake serve --repeats last')}",
        ]

    def _described(self, near: Near, place: int) -> list[str]:
        fields = "1 field differs" if len(near.unlike) == 1 else f"{len(near.unlike)} fields differ"
        used = ", used already" if near.interaction.number in self._player.played else ""
        head = f"  {'then' if place else 'nearest'}: {_named(near.interaction)}, {fields}{used}{_bound(near.bound)}"
        return [head, *table(near.unlike, words=("recorded", "sent"), limit=3 if place else 10)]


def _token_of(request: Request) -> str:
    """The secret part of the caller's ``Authorization``; empty when there is none."""
    return (request.headers.first("Authorization") or "").rpartition(";")[2]


class _Hidden:
    """What messages show instead of a secret."""

    def __repr__(self) -> str:
        return "a secret, which is not shown"


_HIDDEN = _Hidden()


def _untold(one: Difference, token: str) -> Difference:
    """``one`` without what looks like a token: the caller's own, or what was removed from the recording."""
    is_secret = REMOVED in str(one.wanted) or (len(token) > 3 and token in str(one.sent))
    return replace(one, sent=_HIDDEN) if is_secret else one


def _named(interaction: Interaction) -> str:
    return f"#{interaction.number} {interaction.what}" + (f" by {interaction.caller}" if interaction.caller else "")


def _bound(paths: Sequence[str]) -> str:
    """`` (session name, connection are new in each run: bound)``."""
    names = dict.fromkeys(map(volatile_name, paths))
    if not names:
        return ""
    verb = "is" if len(names) == 1 else "are"
    return f" ({', '.join(names)} {verb} new in each run: bound)"


def _as_holes(near: Near) -> list[str]:
    """What to set where all that differs may be new in each run; nothing where a person may have written it."""
    if not all(
        isinstance(value, str) and _INVENTED.fullmatch(value)
        for one in near.unlike
        for value in (one.wanted, one.sent)
    ):
        return []
    paths = [one.path for one in near.unlike if not one.path.lower().endswith(("xuid", "caller", "query", "titleid"))]
    if len(paths) < len(near.unlike):
        return []
    this = "this text changes" if len(paths) == 1 else "these texts change"
    it = "it" if len(paths) == 1 else "them"
    return [
        f"  if {this} with each run of your client, let the test set {it}, or say so once:",
        "      "
        + spoken().either(
            f"mpsd_volatile_fields = {' '.join(paths)}",
            f"handlesfake serve {' '.join(f'--volatile-fields {path}' for path in paths)}",
        ),
    ]
