"""SeededSession: a live view of a session that the test arranged."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Protocol

from handlesfake.errors import SettingsError
from handlesfake.json_diff import short_json
from handlesfake.mpsd.arrange import STATUSES
from handlesfake.mpsd.state.directory import Directory
from handlesfake.mpsd.state.session import Session, SessionRef
from handlesfake.suggestions import AttributeSuggestions, nearest
from handlesfake.users.resolving import one_by_one
from handlesfake.users.user import User


class Arranges(Protocol):
    """What a session asks of the world that it is in."""

    @property
    def directory(self) -> Directory:
        """What the service knows."""

    def join(self, ref: SessionRef, user: User | str, status: str) -> None:
        """Put ``user`` into the session at ``ref`` with ``status``."""

    def user(self) -> User:
        """Make up one more user."""

    def xuid(self, player: object, where: str) -> str:
        """The xuid of ``player``: a user, a role or a xuid; see :func:`handlesfake.users.resolving.resolve_xuid`."""


class Members(list[str]):
    """The xuids of a session's members. ``in`` takes what every call takes for a player.

    :param resolve: the xuid of a user, a role or a xuid, and the call that took it; see
        :func:`handlesfake.users.resolving.resolve_xuid`.
    """

    def __init__(self, xuids: Iterable[str], resolve: Callable[[object, str], str]) -> None:
        super().__init__(xuids)
        self._resolve = resolve

    def __contains__(self, player: object) -> bool:
        """Whether ``player`` is a member.

        :raises TypeError: it is not a user and not a text.
        :raises SettingsError: the text is neither a role nor a xuid: to deny it would hold whatever happened.
        """
        __tracebackhide__ = True
        return super().__contains__(self._resolve(player, "session.members"))

    def __reduce__(self) -> tuple[type[list[str]], tuple[list[str]]]:
        """A copy is a list: it has no users."""
        return list, (list(self),)


class SeededSession(AttributeSuggestions):
    """A session of the test, as it is now. Made by ``mpsd.session("lobby-1", members=[host])``.

    What is arranged here never enters journal, invites or activities.
    """

    def __init__(self, world: Arranges, ref: SessionRef) -> None:
        self._world = world
        self._ref = ref

    def __eq__(self, other: object) -> bool:
        """Whether it is the same session of the same double, also where it was found again."""
        if not isinstance(other, SeededSession):
            return NotImplemented
        return self._world is other._world and self._ref.key == other._ref.key

    def __hash__(self) -> int:
        return hash(self._ref.key)

    @property
    def ref(self) -> dict[str, str]:
        """The session reference with its wire keys, ready for a body: ``{"scid", "templateName", "name"}``."""
        return self._ref.wire

    @property
    def scid(self) -> str:
        """The service configuration id, a GUID."""
        return self._ref.scid

    @property
    def template_name(self) -> str:
        """The name of the session's template."""
        return self._ref.template_name

    @property
    def name(self) -> str:
        """The session's name."""
        return self._ref.name

    @property
    def path(self) -> str:
        """The session's address on the service, host-relative."""
        return self._ref.path

    @property
    def exists(self) -> bool:
        """Whether the session is there now."""
        return self._world.directory.session(self._ref) is not None

    @property
    def members(self) -> Members:
        """The xuids of the members in order of their index, reservations included.

        ``in`` takes users of the test and their roles, too: ``"guest" in lobby.members``.
        """
        return Members((member.xuid for member in self._session.in_order()), self._world.xuid)

    @property
    def custom(self) -> dict[str, Any]:
        """``properties.custom`` as it is now."""
        return dict(self._session.custom)

    @property
    def closed(self) -> bool:
        """``properties.system.closed`` as it is now."""
        return bool(self._session.properties.get("system", {}).get("closed", False))

    @property
    def change_number(self) -> int:
        """How often the session has changed, its creation included."""
        return self._session.change_number

    @property
    def etag(self) -> str:
        """The session's present ETag, quoted: what ``If-Match`` wants."""
        return self._session.etag

    def join(self, *users: User | str, status: str = "active") -> SeededSession:
        """Put ``users`` into the session as members.

        :param users: users of the test, roles or xuids.
        :param status: ``active``, ``inactive``, ``ready`` or ``reserved``.
        :raises SettingsError: the service could never be in that state, with the service's own sentence.
        """
        one_by_one(users, "session.join(*users)")
        if not users:
            raise SettingsError('session.join(): no user is named; write session.join("guest").')
        if status not in STATUSES:
            raise SettingsError(f"session.join(status={status!r}): {_no_status(status)}")
        for user in users:
            self._world.join(self._ref, user, status)
        return self

    def fill(self, count: int) -> SeededSession:
        """Put ``count`` more made-up members into the session.

        :raises SettingsError: the count is not a whole number from 0, or the session has less room.
        """
        if not isinstance(count, int) or isinstance(count, bool) or count < 0:
            raise SettingsError(f"session.fill(): the count is a whole number from 0, got {short_json(count)}.")
        for _ in range(count):
            self.join(self._world.user())
        return self

    @property
    def _session(self) -> Session:
        session = self._world.directory.session(self._ref)
        if session is None:
            raise LookupError(f"the session {self.name} is gone: the service deleted it, or no request created it.")
        return session

    def _how_to_set(self, name: str, value: object) -> str:
        if name == "closed":
            return f'Write: mpsd.session("{self.name}", properties={{"closed": {value!r}}})'
        if name == "custom":
            return f'Write: mpsd.session("{self.name}", custom={value!r})'
        return "It shows what the service has; mpsd.session(), join() and fill() arrange it."

    def __repr__(self) -> str:
        return f"<Session {self.name} of {self.template_name}>"


def _no_status(status: object) -> str:
    return f"no status is called so{nearest(status, STATUSES)}\n  known: {', '.join(STATUSES)}"
