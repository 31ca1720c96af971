"""Miss: the innermost stage of a replay, which says what the cassette lacks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from handlesfake.cassettes.cassette import Interaction
from handlesfake.cassettes.commands import record_again, shown
from handlesfake.cassettes.matching import as_mpsd_reads
from handlesfake.cassettes.player import Player, label_of
from handlesfake.difference import Difference, differences, table
from handlesfake.errors import NotRecorded
from handlesfake.mpsd.identity import Caller
from handlesfake.mpsd.message import Request
from handlesfake.outcome import Call, Nothing, Outcome, Proceed


class Miss:
    """Nothing may answer what ``player`` passes on.

    :param holder: who holds the double, a test's node id.
    """

    def __init__(self, player: Player, who: Callable[[Request], Caller | None], holder: str) -> None:
        self._player = player
        self._who = who
        self._holder = holder

    def __call__(self, call: Call, proceed: Proceed) -> Outcome:  # noqa: ARG002 - nothing lies further in
        """Tell the developer: what was asked, what is nearest, what to do."""
        return Nothing(NotRecorded("\n".join(self._lines(call))))

    def _lines(self, call: Call) -> list[str]:
        player = self._player
        what = call.operation if call.route.operation else f"{call.request.method} {call.request.target[:120]}"
        count = len(player.interactions)
        plural = "exchange" if count == 1 else "exchanges"
        lines = [f"{what} is not in {shown(player.cassette.path)} ({count} {plural}, {len(player.played)} used)."]
        lines += self._nearest(call)
        return [*lines, *record_again(self._holder, player.cassette.path)]

    def _nearest(self, call: Call) -> list[str]:
        alike = [one for one in self._player.interactions if one.call.operation == call.operation]
        if not alike:
            held = dict.fromkeys(one.call.operation for one in self._player.interactions)
            return [f"  it holds: {', '.join(held) or 'nothing that was sent to MPSD'}"]
        mine = _fields(call, label_of(call.request, self._who(call.request)))
        found = [(differences(_fields(one.call, one.caller), mine), one) for one in alike]
        unlike, nearest = min(found, key=lambda pair: (len(pair[0]), pair[1].number in self._player.played))
        return self._described(nearest, unlike)

    def _described(self, nearest: Interaction, unlike: list[Difference]) -> list[str]:
        name = f"#{nearest.number} {nearest.call.operation}" + (f" by {nearest.caller}" if nearest.caller else "")
        used = nearest.number in self._player.played
        if not unlike:
            return [f"  the same request: {name}, which was used already; each exchange plays once"]
        fields = "1 field differs" if len(unlike) == 1 else f"{len(unlike)} fields differ"
        return [
            f"  nearest: {name}, {fields}" + (", used already" if used else ""),
            *table(unlike, words=("recorded", "sent")),
        ]


def _fields(call: Call, caller: str) -> dict[str, Any]:
    """The request as one mapping, whose paths are those of the body."""
    fields: dict[str, Any] = {name: value.lower() for name, value in call.route.parameters.items()}
    if call.request.query:
        fields["query"] = call.request.query
    if caller:
        fields["caller"] = caller
    document = as_mpsd_reads(call.document)
    if isinstance(document, dict):
        return fields | document
    if call.request.body:
        fields["body"] = call.request.body.decode("utf-8", "replace") if document is None else document
    return fields
