"""TitleService: the service of a title, which calls for its players."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from handlesfake.mpsd.state.identity import Caller, fingerprint
from handlesfake.suggestions import AttributeSuggestions
from handlesfake.users.resolving import one_by_one
from handlesfake.users.tokens import CONTRACT_VERSION, Tokens
from handlesfake.users.user import User
from handlesfake.values.values import replace

if TYPE_CHECKING:
    from handlesfake.fake_service.stage import Fake


class TitleService(AttributeSuggestions):
    """A title's own service, which calls for its players (contract 17). Made by ``mpsd.service()``.

    Equal to the ``caller`` of the journal's entries that a service of this title sent.

    :param xuid_of: the xuid of a user, a role or a xuid, and the call that took it.
    :param world: the world of a server that the tokens are to lead to.
    """

    def __init__(
        self, fake: Fake, title_id: str, tokens: Tokens, xuid_of: Callable[[object, str], str], world: str = ""
    ) -> None:
        self._fake = fake
        self._title_id = title_id
        self._tokens = tokens
        self._xuid_of = xuid_of
        self._prefix = f"XBL3.0 x=-;{world and f'{world}.'}handlesfake.service.{title_id}"

    @property
    def title_id(self) -> str:
        """The title: decimal uint32, as text."""
        return self._title_id

    @property
    def authorization(self) -> str:
        """The newest ``Authorization``, ``XBL3.0 x=-;...``: no user stands where a user hash would."""
        return self._tokens.newest_of_service(self._title_id) or self._prefix

    def headers(self, *users: User | str) -> dict[str, str]:
        """The headers of a call for ``users``: authorization, contract version, title and acting users.

        :param users: users of the test, roles or xuids.
        :raises SettingsError: a text is neither a role nor a xuid.
        """
        headers = {
            "Authorization": self.authorization,
            "X-Xbl-Contract-Version": CONTRACT_VERSION,
            "X-Xbl-OnBehalfOf-Title": self.title_id,
        }
        one_by_one(users, "service.headers(*users)")
        if users:
            xuids = [self._xuid_of(user, "service.headers()") for user in users]
            headers["X-Xbl-OnBehalfOf-Users"] = ",".join(f"{xuid};priv=multiplayer" for xuid in xuids)
        return headers

    def renew(self) -> str:
        """Issue one more token of the service and return its ``Authorization``; earlier ones stay good."""
        known, number = self._fake.directory.services, 1
        while fingerprint(text := self._prefix + (f".{number}" if number > 1 else "")) in known:
            number += 1
        self._tokens.add_to_service(self._title_id, text)
        return text

    def expire(self) -> None:
        """From now on every token of this service so far is answered 401; :meth:`renew` gives a good one."""
        directory = self._fake.directory
        own = (token for token, title_id in directory.services.items() if title_id == self._title_id)
        self._fake.directory = replace(directory, services_expired=directory.services_expired.union(own))

    def _how_to_set(self, name: str, value: object) -> str:
        if name == "title_id":
            return f"Write: mpsd.service({value!r})"
        if name == "authorization":
            return "Write: mpsd.service(authorization=...)"
        return "It is what mpsd.service() made it."

    def __eq__(self, other: object) -> bool:
        """Whether ``other`` is this service, or the caller of a request that a service of this title sent."""
        if isinstance(other, Caller):
            return other.is_service and other.title_id == self._title_id
        return self is other

    def __hash__(self) -> int:
        return hash(self._title_id)  # as that of the equal caller

    def __repr__(self) -> str:
        return f"<TitleService {self.title_id}>"
