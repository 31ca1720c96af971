"""RecordedWorld: the world of a double that answers with real or recorded traffic; a test arranges nothing in it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, NoReturn

from handlesfake.errors import SettingsError
from handlesfake.fake_service.stage import Fake
from handlesfake.mpsd.callers import identify
from handlesfake.mpsd.http.message import Request
from handlesfake.mpsd.refusals.catalogue import Refusal
from handlesfake.mpsd.state.identity import Caller
from handlesfake.mpsd.state.session import SessionRef
from handlesfake.timing.virtual_time import VirtualTime
from handlesfake.users.resolving import users_of
from handlesfake.users.tokens import Tokens
from handlesfake.users.user import User
from handlesfake.vocabulary import spoken
from handlesfake.world.seeded_session import SeededSession
from handlesfake.world.world import World

if TYPE_CHECKING:
    from handlesfake.cassettes.people.identities import Identity


class _Account(User):
    """A user whose tokens are not ours to end; nor, while recording, to issue.

    :param real: the ``Authorization`` of a real account; empty for one that is made up.
    """

    def __init__(self, fake: Fake, xuid: str, tokens: Tokens, real: str = "") -> None:
        self._real = ""
        super().__init__(fake, xuid, tokens)
        self._real = real

    @property
    def authorization(self) -> str:
        """See :attr:`handlesfake.users.user.User.authorization`."""
        return self._real or super().authorization

    def renew(self) -> str:
        """See :meth:`handlesfake.users.user.User.renew`.

        :raises SettingsError: the account is real.
        """
        if self._real:
            raise SettingsError(
                f"{_call(self.role, 'renew')}: only the real sign-in can give a real account another token.\n"
                "  Let the code under test renew it, as it does in production."
            )
        return super().renew()

    def expire(self) -> None:
        """See :meth:`handlesfake.users.user.User.expire`.

        :raises SettingsError: always.
        """
        rule = {"when": {"caller": self.role}, "then": {"refuse": "token_expired"}}
        instead = spoken().either(
            f'mpsd.refuse("token_expired", caller={self.role!r}, times=1)',
            f"POST /rules {json.dumps({'rules': [rule]})}",
        )
        raise SettingsError(
            f"{_call(self.role, 'expire')}: the answers here come from real or recorded traffic, which knows nothing "
            f"of it.\n  Say instead: {instead}"
        )


def _call(role: str, what: str) -> str:
    """The call about a user's tokens, in the words of its caller."""
    return spoken().either(f"{role}.{what}()", f"POST /users/{role}/{what}")


class RecordedWorld(World):
    """Users that are who the credentials, or the cassette, say; sessions that are only spoken of.

    :param identities: role to its user.
    :param recording: the traffic is real, so that a role without an identity is not a user.
    """

    def __init__(
        self,
        fake: Fake,
        clock: VirtualTime,
        lock: AbstractContextManager[object],
        identities: Mapping[str, Identity],
        *,
        recording: bool,
    ) -> None:
        super().__init__(fake, clock, lock)
        self._identities = identities
        self._recording = recording
        self._real: dict[str, str] = {}
        for role, identity in identities.items():
            words = {"user_hash": identity.user_hash} if identity.user_hash else {}
            if recording:
                self._real[identity.xuid] = identity.authorization
            super().user(role, xuid=identity.xuid, **words)

    def user(self, role: str = "", **words: Any) -> User:
        """See :meth:`handlesfake.double.double.Double.user`.

        :raises SettingsError: while recording, the credentials do not say who the role is.
        """
        if self._recording and role not in self._identities and "xuid" not in words:
            known = ", ".join(map(repr, self._identities)) or "nobody"
            where = spoken().either(
                "the fixture mpsd_credentials, or to handlesfake.record(path, credentials=...)",
                "handlesfake serve by --credentials FILE",
            )
            asked = spoken().user(role)
            raise SettingsError(
                f"{asked}: a recording needs to know who that really is. The credentials know {known}.\n"
                f'  give {{{role or "role"!r}: {{"xuid": "...", "authorization": "XBL3.0 x=...;..."}}}} to {where}'
            )
        return super().user(role, **words)

    def _bearer(self, xuid: str) -> User:
        return _Account(self._fake, xuid, self._tokens, self._real.get(xuid, ""))

    def caller(self, request: Request) -> Caller | None:
        """Who sends ``request``; None for an unknown token: here no user is made up for it."""
        if request.headers.first("Authorization") is None:
            return None
        try:
            _, caller, assumptions = identify(self.directory, request, self._fake.settings)
        except Refusal:
            return None
        return None if assumptions else caller

    def session(self, ref: SessionRef, members: Iterable[User | str], **words: Any) -> SeededSession:
        """See :meth:`handlesfake.double.double.Double.session`: a reference, and nothing else.

        :raises SettingsError: the session is to be in a state.
        """
        properties = words.get("properties") or {}
        if users_of(members, "mpsd.session(members=)") or words.get("constants") or any(properties.values()):
            self._arranges()
        return SeededSession(self, ref)

    def friends(self, *users: User | str) -> None:  # noqa: ARG002 - it is refused for whomever
        """See :meth:`handlesfake.double.double.Double.friends`.

        :raises SettingsError: always.
        """
        self._arranges()

    def change(self, *what: Any, **words: Any) -> None:  # noqa: ARG002 - it is refused whatever it is
        """See :meth:`handlesfake.world.world.World.change`.

        :raises SettingsError: always.
        """
        self._arranges()

    def _arranges(self) -> NoReturn:
        where = "real service" if self._recording else "cassette"
        raise SettingsError(
            f"nothing can be arranged here: the {where} has the sessions and friends.\n"
            + spoken().either(
                '  Speak of a session with mpsd.session("name") alone, or let the code under test create it.',
                "  Let the code under test create its sessions, as it does in production.",
            )
        )
