"""Tokens: the ``Authorization`` texts of a test's users and services, and the newest of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlesfake.mpsd.state.identity import KnownUser, fingerprint
from handlesfake.mpsd.state.maps import with_item
from handlesfake.values.values import replace

if TYPE_CHECKING:
    from handlesfake.fake_service.stage import Fake

CONTRACT_VERSION = "107"


class Tokens:
    """The ``Authorization`` texts that a test was given or gave: the service knows their fingerprints only."""

    def __init__(self, fake: Fake) -> None:
        self._fake = fake
        self._texts: dict[str, str] = {}

    def newest_of(self, user: KnownUser) -> str | None:
        """The newest token of ``user``, None for a user without one."""
        return next((self._texts[token] for token in reversed(user.tokens) if token in self._texts), None)

    def newest_of_service(self, title_id: str) -> str | None:
        """The newest token of a title's service, None for one without."""
        known = self._fake.directory.services
        return next((text for token, text in reversed(self._texts.items()) if known.get(token) == title_id), None)

    def add(self, xuid: str, authorization: str) -> None:
        """Let ``authorization`` be the newest token of the user ``xuid``."""
        token, user = self._keep(authorization), self._fake.directory.users[xuid]
        tokens = (*(one for one in user.tokens if one != token), token)
        self._fake.directory = self._fake.directory.with_user(replace(user, tokens=tokens))

    def add_to_service(self, title_id: str, authorization: str) -> None:
        """Let ``authorization`` be the newest token of a title's service."""
        directory, token = self._fake.directory, self._keep(authorization)
        self._fake.directory = replace(directory, services=with_item(directory.services, token, title_id))

    def _keep(self, authorization: str) -> str:
        token = fingerprint(authorization)
        self._texts.pop(token, None)  # the newest is the last
        self._texts[token] = authorization
        return token
