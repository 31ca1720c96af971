"""WorldTokens: to which world the token of a request leads, whether or not that still is."""

from __future__ import annotations

import re

from handlesfake.mpsd.http.message import Headers
from handlesfake.mpsd.state.identity import fingerprint, read_authorization
from handlesfake.server.worlds.world import DEFAULT

KEPT = 10_000
"""Of how many service tokens of worlds that have ended the world is remembered, the newest."""

_MADE = re.compile(r"w[1-9][0-9]{0,15}", re.ASCII)

_OURS = re.compile(r"\s*XBL3\.0\s+x=(?:(w[1-9][0-9]{0,15})\.[^;]*;|-;(w[1-9][0-9]{0,15})\.)handlesfake\.", re.ASCII)
"""A token that a server of ours has made for one of its worlds. What a test brings itself may look alike."""


def made_for(authorization: str) -> str:
    """The id of the world for which some server of ours has made a token; that of the default one for any other."""
    found = _OURS.match(authorization) if ";" in authorization and "handlesfake." in authorization else None
    return (found[1] or found[2]) if found is not None else DEFAULT


def was_made(world_id: str, made: int) -> bool:
    """Whether ``world_id`` is that of one of the first ``made`` worlds."""
    return _MADE.fullmatch(world_id) is not None and int(world_id[1:]) <= made


class WorldTokens:
    """The user hash of a player's token says the world. A service has none: its tokens are kept, by fingerprints."""

    def __init__(self) -> None:
        self._services: dict[str, str] = {}
        self._ended: dict[str, str] = {}

    def keep(self, authorization: str, world_id: str) -> None:
        """The token of a service leads to a world."""
        token = fingerprint(authorization)
        self._ended.pop(token, None)
        self._services[token] = world_id

    def end(self, world_id: str) -> None:
        """A world has ended: it is remembered for a while where its tokens led."""
        for token in [token for token, one in self._services.items() if one == world_id]:
            self._ended[token] = self._services.pop(token)
        while len(self._ended) > KEPT:
            del self._ended[next(iter(self._ended))]

    def world_id(self, headers: Headers, made: int) -> str:
        """The id of the world a request is for: the default one, one of the first ``made``, or another server's."""
        authorization = headers.first("Authorization") or ""
        credential = read_authorization(authorization)
        if credential is None:
            return DEFAULT
        if credential.is_service:
            token = credential.fingerprint
            return self._services.get(token) or self._ended.get(token) or made_for(authorization)
        world_id, dot, _ = credential.user_hash.partition(".")
        return world_id if dot and was_made(world_id, made) else made_for(authorization)
