"""User: a player of the test."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlesfake.mpsd.state.identity import Caller, KnownUser
from handlesfake.suggestions import AttributeSuggestions
from handlesfake.users.tokens import CONTRACT_VERSION, Tokens
from handlesfake.values.values import replace

if TYPE_CHECKING:
    from handlesfake.fake_service.stage import Fake


class User(AttributeSuggestions):
    """A player of the test: ``role``, ``xuid``, ``gamertag``, ``title_id``, ``authorization``, ``headers``.

    Made by ``mpsd.user("host")``. Accepted wherever a call takes a xuid, and equal to the ``caller`` of the journal's
    entries that this player sent.
    """

    def __init__(self, fake: Fake, xuid: str, tokens: Tokens) -> None:
        self._fake = fake
        self._xuid = xuid
        self._tokens = tokens
        if not self._known.issued:
            self.renew()

    @property
    def xuid(self) -> str:
        """Decimal text, ``9000000000000001``."""
        return self._xuid

    @property
    def authorization(self) -> str:
        """The newest ``Authorization`` of this user: give it to the code under test."""
        return self._tokens.newest_of(self._known) or _token(self._known)

    @property
    def _known(self) -> KnownUser:
        return self._fake.directory.users[self._xuid]

    @property
    def role(self) -> str:
        """What the test calls this user: ``host``."""
        return self._known.role

    @property
    def gamertag(self) -> str:
        """A made-up gamertag."""
        return self._known.gamertag

    @property
    def title_id(self) -> str:
        """The title that the user's token is for: decimal uint32, as text."""
        return self._known.title_id

    @property
    def headers(self) -> dict[str, str]:
        """``Authorization`` and the contract version: what every request to MPSD needs."""
        return {"Authorization": self.authorization, "X-Xbl-Contract-Version": CONTRACT_VERSION}

    def renew(self) -> str:
        """Issue one more token of the same user and return its ``Authorization``; earlier ones stay good."""
        self._change(replace(self._known, issued=self._known.issued + 1))
        self._tokens.add(self._xuid, _token(self._known))
        return self.authorization

    def expire(self) -> None:
        """From now on every token of this user so far is answered 401; :meth:`renew` gives a good one."""
        user = self._known
        self._change(replace(user, expired=user.expired.union(user.tokens)))

    def _change(self, user: KnownUser) -> None:
        self._fake.directory = self._fake.directory.with_user(user)

    def _how_to_set(self, name: str, value: object) -> str:
        if name in ("role", "xuid", "headers", "renew", "expire"):
            return "It is what mpsd.user() made it."
        who = f'"{self.role}"' if self.role else f'xuid="{self.xuid}"'
        given = "..." if name == "authorization" else repr(value)  # perhaps a real one
        return f"Write: mpsd.user({who}, {name}={given})"

    def __eq__(self, other: object) -> bool:
        """Whether ``other`` is this user, or the caller of a request that this user sent."""
        if isinstance(other, Caller):
            return not other.is_service and other.user is not None and other.user.xuid == self._xuid
        return self is other

    def __hash__(self) -> int:
        return hash(self._xuid)  # as that of the equal caller

    def __str__(self) -> str:
        return self.xuid

    def __repr__(self) -> str:
        return f"<User {self._known.label}>"


def _token(user: KnownUser) -> str:
    return f"XBL3.0 x={user.user_hash};handlesfake.{user.xuid}.{user.issued}"
