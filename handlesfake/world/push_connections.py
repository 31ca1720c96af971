"""PushConnections: the connections of one double's push channel, as a test and a server speak of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from handlesfake.errors import SettingsError
from handlesfake.json_diff import short_json
from handlesfake.mpsd.arrange import NewId
from handlesfake.mpsd.choices import NOTICED_AFTER
from handlesfake.mpsd.sessions.lifetime import connections
from handlesfake.mpsd.sessions.lifetime.connections import connection_of
from handlesfake.mpsd.sessions.lifetime.timeouts import apply_timeouts
from handlesfake.mpsd.settings import Settings
from handlesfake.mpsd.state.connection import BROKEN
from handlesfake.mpsd.state.directory import Directory
from handlesfake.mpsd.ticks import TICKS_PER_SECOND
from handlesfake.timing.virtual_time import VirtualTime
from handlesfake.users.user import User

if TYPE_CHECKING:
    from handlesfake.world.population import Population

_GUID = r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_CLOSE_CODES = (*range(1000, 1004), BROKEN, *range(1007, 1015), *range(3000, 5000))
"""What a close frame may say (RFC 6455, 7.4), and 1006 for none."""


class PushConnections:
    """The directory has the connections; these methods change them."""

    def __init__(self, people: Population, clock: VirtualTime) -> None:
        self._people = people
        self._clock = clock

    def named(self, user_or_connection: User | str, where: str = "mpsd.drop_connection()") -> str:
        """What :meth:`drop` makes of a test's argument: an existing connection, else the xuid of a user.

        :raises SettingsError: it is neither.
        """
        text, directory = str(user_or_connection), self._people.directory
        members = (member for one in directory.sessions.values() for member in one.members.values())
        wanted = text.lower()
        if wanted in directory.connections.known or any(
            wanted == connection_of(member) for member in members if text
        ):
            return text
        if re.fullmatch(_GUID, text):
            raise SettingsError(f"{where}: no member of a session has the connection {text}.")
        return self._people.users(user_or_connection, where).xuid

    def drop(
        self,
        who: str,
        *,
        noticed: bool | None = True,
        code: int = BROKEN,
        mute: bool = False,
        where: str = "mpsd.drop_connection()",
    ) -> None:
        """Break the connections that ``who`` names, a connection's id or a xuid, or let them fall silent.

        :param noticed: whether the service knows it at once. False: after the 30 s of its clock. None: as for a
            WebSocket that ends by itself.
        :param code: the close code that the client sees; 1006 for no close frame.
        :param mute: leave it open, and push nothing any more.
        :param where: the call, for messages.
        :raises SettingsError: the words contradict each other, or the code is not a close code.
        """
        for word, said in (("noticed", noticed), ("mute", mute)):
            if not isinstance(said, bool) and not (word == "noticed" and said is None):
                raise TypeError(f"{where}: {word} is True or False, and not {short_json(said)}.")
        if mute:
            self._mute(who, where, is_alone=code == BROKEN and noticed is not False)
            return
        if type(code) is not int or code not in _CLOSE_CODES:
            raise SettingsError(
                f"{where}: a close frame cannot say {short_json(code)}; codes are 1000 to 1003, 1007 to 1014 and "
                "3000 to 4999, and 1006 for no close frame."
            )
        seconds = self.seconds if noticed is None else 0 if noticed else self._said
        self._people.change(_dropped if not seconds else _lost, who, code=code, seconds=seconds)

    def _mute(self, who: str, where: str, *, is_alone: bool) -> None:
        if not is_alone:
            raise SettingsError(
                f"{where}: a mute connection stays open; code and noticed are words of one that ends."
            )
        before = self._people.directory.connections
        self._people.change(_muted, who)
        if before is self._people.directory.connections:
            user = self._people.directory.users.get(who)
            whose = user.label if user is not None else who
            raise SettingsError(f"{where}: there is no connection of {whose} that could be mute.")

    def opened(self, connection_id: str, xuid: str) -> None:
        """A client of ``xuid`` has connected."""
        self._people.change(_issued, connection_id, xuid)

    def ended(self, connection_id: str) -> None:
        """The client's end is gone; when the service notices is the choice ``rta_inactive_seconds``."""
        known = self._people.directory.connections
        found = known.known.get(connection_id)
        if not known.is_closed(connection_id) and (found is None or found.lost is None):
            self.drop(connection_id, noticed=None)

    @property
    def seconds(self) -> int:
        """After how many seconds the service notices a connection that ended by itself: at once on a standing clock.

        On a clock that goes on by itself they are 30, as the service's (contract 19.1, documented).
        """
        said = self._people.settings.choices.rta_inactive_seconds
        usual = 0 if self._clock.frozen else NOTICED_AFTER
        return usual if said is None else said

    @property
    def _said(self) -> int:
        said = self._people.settings.choices.rta_inactive_seconds
        return NOTICED_AFTER if said is None else said


Change = Callable[..., Directory]


def _settled(directory: Directory, now: int, new_id: NewId, settings: Settings) -> Directory:
    return apply_timeouts(directory, now, new_id, settings.choices)


def _dropped(
    directory: Directory, who: str, *, code: int, seconds: int, now: int, new_id: NewId, settings: Settings
) -> Directory:
    del seconds  # none
    return connections.drop_connection(_settled(directory, now, new_id, settings), who, now, new_id, code)


def _lost(
    directory: Directory, who: str, *, code: int, seconds: int, now: int, new_id: NewId, settings: Settings
) -> Directory:
    settled = _settled(directory, now, new_id, settings)
    return connections.lost(settled, who, now + seconds * TICKS_PER_SECOND, code)


def _muted(directory: Directory, who: str, *, now: int, new_id: NewId, settings: Settings) -> Directory:
    return connections.muted(_settled(directory, now, new_id, settings), who)


def _issued(
    directory: Directory,
    connection_id: str,
    xuid: str,
    *,
    now: int,  # noqa: ARG001 - every function here is given the same
    new_id: NewId,  # noqa: ARG001
    settings: Settings,  # noqa: ARG001
) -> Directory:
    return connections.issued(directory, connection_id, xuid)
