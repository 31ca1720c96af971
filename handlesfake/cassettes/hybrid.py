"""Hybrid: recorded calls replay, and a fake that they have taught answers the rest."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from handlesfake.cassettes.player import Player, is_read
from handlesfake.mpsd.absorb import absorb
from handlesfake.mpsd.directory import Directory
from handlesfake.mpsd.identity import Caller
from handlesfake.mpsd.message import Request
from handlesfake.mpsd.session import SessionKey, SessionRef
from handlesfake.outcome import Answer, Call, Outcome, Proceed


class Knowing(Protocol):
    """What holds what the service knows: the fake."""

    directory: Directory


class Hybrid:
    """Asks ``player`` first, and teaches ``fake`` what each recorded answer shows.

    Once the fake has answered a write about a session, recorded answers about it no longer play: they are of another
    past. The same is true of queries once it has answered any write.

    :param who: who sends a request, as the test knows it.
    """

    def __init__(self, player: Player, fake: Knowing, who: Callable[[Request], Caller | None]) -> None:
        self.player = player
        self._fake = fake
        self._who = who
        self._parted: set[SessionKey | None] = set()
        """The sessions of which the fake knows more than the recording."""

    def __call__(self, call: Call, proceed: Proceed) -> Outcome:
        """Answer from the cassette, else let the fake answer."""
        if not self._has_parted(call):
            outcome = self.player(call, proceed)
            if self._is_recorded(outcome):
                self._learn(call, outcome)
                return outcome
        else:
            outcome = proceed(call)
        if not is_read(call) and isinstance(outcome, Answer) and outcome.response.status < 300:
            self._parted.add(self._resource(call))
        return outcome

    def _is_recorded(self, outcome: Outcome) -> bool:
        return isinstance(outcome, Answer) and outcome.decided_by.startswith("cassette ")

    def _learn(self, call: Call, outcome: Outcome) -> None:
        if isinstance(outcome, Answer):
            caller = self._who(call.request)
            xuid = caller.user.xuid if caller is not None and caller.user is not None else ""
            directory = self._fake.directory
            self._fake.directory = absorb(directory, call.request, outcome.response, xuid=xuid, now=call.now)

    def _has_parted(self, call: Call) -> bool:
        resource = self._resource(call)
        return bool(self._parted) if resource is None else resource in self._parted

    def _resource(self, call: Call) -> SessionKey | None:
        """The session that ``call`` is about; None for a query, and for a handle that nobody knows."""
        parameters = call.route.parameters
        if "name" in parameters:
            return SessionRef(*(parameters[part] for part in ("scid", "template_name", "name"))).key
        handle = self._fake.directory.handles.get(parameters.get("handle_id", "").lower())
        if handle is not None:
            return handle.session_ref.key
        ref = call.document.get("sessionRef") if isinstance(call.document, dict) else None
        texts = [ref.get(part) for part in ("scid", "templateName", "name")] if isinstance(ref, dict) else [None]
        return (
            SessionRef(*(str(text) for text in texts)).key if all(isinstance(text, str) for text in texts) else None
        )
