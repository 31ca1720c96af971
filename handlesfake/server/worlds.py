"""Worlds: the doubles behind one server, told apart by the tokens of their users."""

from __future__ import annotations

from collections.abc import Iterator

from handlesfake.double import Double
from handlesfake.engine.engine import Engine
from handlesfake.errors import SettingsError
from handlesfake.mpsd.identity import read_authorization
from handlesfake.mpsd.message import Headers
from handlesfake.world.people import User

DEFAULT = ""
"""The world of every request whose token names no other."""


class Worlds:
    """One double for each test that runs at the same time.

    The addresses of MPSD stay as they are: the user hash of each token that a world hands out begins with the world's
    name (``w1.9000000000000001``).
    """

    def __init__(self, default: Double) -> None:
        self._doubles = {DEFAULT: default}
        self._made = 0

    def __iter__(self) -> Iterator[str]:
        return iter(tuple(self._doubles))

    def __getitem__(self, name: str) -> Double:
        """The double of the world ``name``.

        :raises SettingsError: there is no such world; those that are there are named.
        """
        try:
            return self._doubles[name]
        except KeyError:
            known = ", ".join(filter(None, self._doubles)) or "none but the default one"
            raise SettingsError(f"there is no world {name!r}. Known: {known}. POST worlds makes one.") from None

    def add(self) -> str:
        """Make a world with the default world's options and rule files, and return its name."""
        self._made += 1
        name = f"w{self._made}"
        # a double's options are no business of a test, and so not public
        self._doubles[name] = Double(self._doubles[DEFAULT]._options)  # noqa: SLF001 - the same options, world by world
        return name

    def remove(self, name: str) -> None:
        """End the world ``name``; its tokens are the default world's business then.

        :raises SettingsError: there is no such world.
        """
        self[name]
        del self._doubles[name]

    def name_for(self, headers: Headers) -> str:
        """The name of the world that a request is for."""
        if len(self._doubles) == 1:
            return DEFAULT
        credential = read_authorization(headers.first("Authorization") or "")
        name = credential.user_hash.partition(".")[0] if credential is not None else DEFAULT
        return name if name in self._doubles else DEFAULT

    def engine_for(self, headers: Headers) -> Engine:
        """The engine that answers a request."""
        return self._doubles[self.name_for(headers)]._engine  # noqa: SLF001 - a test is not to reach it, a server is

    def user(self, name: str, role: str, **words: object) -> User:
        """The user ``role`` of the world ``name``, whose tokens lead there."""
        double = self[name]
        user = double.user(role, **words)
        if name != DEFAULT and not user.authorization.startswith(f"XBL3.0 x={name}."):
            double.user(xuid=user.xuid, user_hash=f"{name}.{user.xuid}")
            user.renew()
        return user
