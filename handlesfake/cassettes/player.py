"""Player: the stage that answers from a cassette."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from handlesfake.cassettes.cassette import Cassette, answer_with, label_in
from handlesfake.cassettes.matching import Index
from handlesfake.mpsd.identity import Caller
from handlesfake.mpsd.message import MPSD_HOST, Request
from handlesfake.outcome import Call, Outcome, Proceed


class Player:
    """Plays each interaction of ``cassette`` once, and passes on what it does not hold.

    :param who: who sends a request, as the test knows it.
    :param hosts: what is MPSD beside its canonical host; recorded traffic with others is left alone.
    """

    def __init__(
        self, cassette: Cassette, who: Callable[[Request], Caller | None], hosts: Sequence[str] = (MPSD_HOST,)
    ) -> None:
        self.cassette = cassette
        self._who = who
        self.interactions = [one for one in cassette.interactions if one.request.host in (MPSD_HOST, *hosts)]
        """Those that are MPSD's."""

        self.played: set[int] = set()
        """The numbers of those that have played."""

        self._index = Index(self.interactions, cassette.roles)

    def __call__(self, call: Call, proceed: Proceed) -> Outcome:
        """Answer from the cassette, or pass the call on."""
        caller = self._who(call.request)
        interaction = self._index.take(call, label_of(call.request, caller))
        if interaction is None:
            return proceed(call)
        self.played.add(interaction.number)
        answer = answer_with(interaction.response, call, f"cassette {self.cassette.path.name} #{interaction.number}")
        return replace(answer, caller=caller)


def label_of(request: Request, caller: Caller | None) -> str:
    """What a cassette calls the sender of ``request``: the role, else what the token says before its secret."""
    user = caller.user if caller is not None and not caller.is_service else None
    return user.role if user is not None and user.role else label_in(request)
