"""Hybrid: recorded calls replay, and a fake that they have taught answers the rest."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Protocol

from handlesfake.cassettes.cassette import Interaction
from handlesfake.cassettes.comparison.recorded_ids import recorded_ids
from handlesfake.cassettes.replay.near_misses import nearest_recorded
from handlesfake.cassettes.replay.player import Player, is_read, request_label
from handlesfake.exchange.outcome import Answer, Call, Outcome, Proceed, Stage
from handlesfake.fake_service.ids import Ids
from handlesfake.mpsd.http.message import Request
from handlesfake.mpsd.settings import Settings
from handlesfake.mpsd.state.directory import Directory
from handlesfake.mpsd.state.identity import Caller
from handlesfake.services.table import service_of

_LOOKED_AT = 100
"""How many recorded exchanges are looked at, at most, for one that lends its ids: most are played in their order."""


class Knowing(Protocol):
    """What holds what the service knows: the fake."""

    directory: Directory
    ids: Ids
    settings: Settings


class Hybrid:
    """Asks ``plays`` first, and teaches ``fake`` what each recorded answer shows.

    An answer that the fake makes instead of a recorded one has the recorded ids, so that later requests with them
    fit. Once the fake has answered a write about a session, recorded answers about it no longer play: they are of
    another past. The same is true of queries once it has answered any write.

    :param plays: ``player``, or what asks it.
    :param who: who sends a request, as the test knows it.
    """

    def __init__(self, plays: Stage, player: Player, fake: Knowing, who: Callable[[Request], Caller | None]) -> None:
        self._plays = plays
        self._player = player
        self._fake = fake
        self._who = who
        self._parted: dict[str, set[Hashable | None]] = {}
        """By service, what the fake knows more about than the recording: sessions, or activities."""

        self._lent: set[int] = set()
        """The recorded exchanges whose ids the fake has made its own."""

    def __call__(self, call: Call, proceed: Proceed) -> Outcome:
        """Answer from the cassette, else let the fake answer."""
        if not self._has_parted(call):
            outcome = self._plays(call, lambda asked: self._faked(asked, proceed))
            if self._is_recorded(outcome):
                self._learn(call, outcome)
                return outcome
        else:
            outcome = self._faked(call, proceed)
        if not is_read(call) and isinstance(outcome, Answer) and outcome.response.status < 300:
            self._parted.setdefault(service_of(call.request).name, set()).add(self._subject(call))
        return outcome

    def _faked(self, call: Call, proceed: Proceed) -> Outcome:
        with self._recorded_ids(call):
            return proceed(call)

    @contextmanager
    def _recorded_ids(self, call: Call) -> Iterator[None]:
        """Inside, the fake makes up the ids of the exchange that would have been played, had less been different."""
        lender = None if is_read(call) else self._lender(call)
        if lender is None:
            yield
            return
        fake = self._fake
        ids, asked = fake.ids, (fake.directory, call.request, call.now)
        answer = service_of(call.request).answer()
        fake.ids = recorded_ids(ids, lender.response, lambda new_id: answer(*asked, new_id, fake.settings).response)
        try:
            yield
        finally:
            fake.ids = ids

    def _lender(self, call: Call) -> Interaction | None:
        """The exchange that would have played, which lends its ids once; None when there is no such exchange."""
        player = self._player
        alike = (one for one in player.unused if one.call.operation == call.operation)
        free = islice((one for one in alike if one.number not in self._lent), _LOOKED_AT)
        label = request_label(call.request, self._who(call.request))
        near = nearest_recorded(call, label, free, player.index, player.played, limit=1)
        if not near or any(one.path.startswith(("sessionRef", "name")) for one in near[0].unlike):
            return None
        self._lent.add(near[0].interaction.number)
        return near[0].interaction

    def _is_recorded(self, outcome: Outcome) -> bool:
        return isinstance(outcome, Answer) and outcome.decided_by.startswith("cassette ")

    def _learn(self, call: Call, outcome: Outcome) -> None:
        if isinstance(outcome, Answer):
            caller = self._who(call.request)
            xuid = caller.user.xuid if caller is not None and caller.user is not None else ""
            directory = self._fake.directory
            absorb = service_of(call.request).learning().absorb
            self._fake.directory = absorb(directory, call.request, outcome.response, xuid=xuid, now=call.now)

    def _has_parted(self, call: Call) -> bool:
        parted = self._parted.get(service_of(call.request).name)
        subject = self._subject(call) if parted else None
        return bool(parted) and (subject is None or subject in (parted or ()))

    def _subject(self, call: Call) -> Hashable | None:
        """What ``call`` is about; None for a query, and for a handle that is not known."""
        return service_of(call.request).learning().subject_of(self._fake.directory, call.request)
