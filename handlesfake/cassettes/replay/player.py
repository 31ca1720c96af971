"""Player: the stage that answers from a cassette."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Literal

from handlesfake.cassettes.cassette import Cassette, Interaction, answer_with, label_in
from handlesfake.cassettes.replay.matching import RecordingIndex
from handlesfake.cassettes.replay.time_shift import Times
from handlesfake.cassettes.volatile_fields import VolatileFields, checked
from handlesfake.exchange.outcome import Call, Outcome, Proceed
from handlesfake.mpsd.http.message import MPSD_HOST, Request
from handlesfake.mpsd.state.identity import Caller
from handlesfake.values.values import frozen

Repeats = Literal["reads", "last", "error"]
"""What a request gets that comes more often than it was recorded.

``reads`` (the default): a read gets its last answer again while nothing has been written since; anything else is an
error. How often a client polls is chance, and how often it invites is not. ``last``: everything gets its last answer
again. ``error``: nothing does.
"""

_HANDED_OUT = re.compile(rb'"(?:id|searchHandle)"\s*:\s*"([^"\\]{1,200})"')


@frozen
class Playing:
    """How a cassette is played."""

    hosts: Sequence[str] = (MPSD_HOST,)
    """What is MPSD beside its canonical host; recorded traffic with others is left alone."""

    holes: Sequence[str] = ()
    """Volatile fields beside the usual ones, as dotted paths; see ``VolatileFields``."""

    repeats: Repeats = "reads"
    shift_times: bool = False
    """Whether the times in answers are moved to the double's clock."""

    max_age: timedelta | None = None
    """How old the recording may be."""

    old: Literal["warn", "fail"] = "warn"
    """What happens to the replay of an older one."""

    key_file: Path | None = None
    """The setting ``mpsd_pseudonym_key``: with it, the people of the recording are recognised."""

    run: str = ""
    """Names one session of pytest: it knows which tests share a cassette."""

    cache: Path | None = None
    """The folder that keeps what was read of cassettes; None where nothing is kept."""


class Player:
    """Plays each interaction of ``cassette`` once, and passes on what it does not hold.

    :param who: who sends a request, as the test knows it.
    """

    def __init__(
        self, cassette: Cassette, who: Callable[[Request], Caller | None], playing: Playing | None = None
    ) -> None:
        self.cassette = cassette
        self.playing = playing or Playing()
        self._who = who
        hosts = (MPSD_HOST, *self.playing.hosts)
        self.interactions = [one for one in cassette.interactions if one.request.host in hosts]
        """Those that are MPSD's."""

        self.played: set[int] = set()
        """The numbers of those that have played."""

        holes = VolatileFields(checked(self.playing.holes), frozenset(cassette.roles.values()))
        self.index = RecordingIndex(self.interactions, cassette.roles, holes, handed_out(self.interactions))
        self._times = Times() if self.playing.shift_times else None
        self._writes = 0
        self._played_after: dict[int, int] = {}

    @property
    def unused(self) -> list[Interaction]:
        """Those that have not played."""
        return [one for one in self.interactions if one.number not in self.played]

    def __call__(self, call: Call, proceed: Proceed) -> Outcome:
        """Answer from the cassette, or pass the call on."""
        caller = self._who(call.request)
        interaction = self.taken(call, caller)
        if interaction is None:
            return proceed(call)
        response = self.index.bindings.told(interaction.response)
        if self._times is not None:
            response = self._times.shifted(response, call.now)
        decided_by = f"cassette {self.cassette.path.name} #{interaction.number}"
        return answer_with(response, call, decided_by, caller)

    def taken(self, call: Call, caller: Caller | None) -> Interaction | None:
        """The interaction that answers ``call``, which has played now; None when there is none."""
        label = request_label(call.request, caller)
        interaction = self.index.take(call, label)
        if interaction is None:
            return self._again(call, label)
        self.played.add(interaction.number)
        self._writes += not is_read(call)
        self._played_after[interaction.number] = self._writes
        return interaction

    def _again(self, call: Call, label: str) -> Interaction | None:
        repeats = self.playing.repeats
        if repeats == "error" or (repeats == "reads" and not is_read(call)):
            return None
        found = self.index.last(call, label)
        if found is None or (repeats == "reads" and self._played_after[found.number] != self._writes):
            return None
        return found


def is_read(call: Call) -> bool:
    """Whether ``call`` changes nothing."""
    operation = call.route.operation
    return call.request.method == "GET" or (operation is not None and operation.reads)


def request_label(request: Request, caller: Caller | None) -> str:
    """What a cassette calls the sender of ``request``: the role, else what the token says before its secret."""
    user = caller.user if caller is not None and not caller.is_service else None
    return user.role if user is not None and user.role else label_in(request)


def handed_out(interactions: Iterable[Interaction]) -> Iterator[str]:
    """The ids that the service made up: ETags, handle ids."""
    for one in interactions:
        etag = one.response.headers.first("ETag")
        if etag:
            yield etag.strip()
        for found in _HANDED_OUT.findall(one.response.body):
            yield found.decode("utf-8", "replace")
