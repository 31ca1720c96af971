"""SeedingApi: the states that a test arranges in Python."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

from handlesfake.double.face import Face
from handlesfake.files.source import SettingsSource
from handlesfake.mpsd.state.session import Document
from handlesfake.users.user import User
from handlesfake.world.seeded_session import SeededSession
from handlesfake.world.session_words import constants_of, properties_of

if TYPE_CHECKING:
    from handlesfake.double.keywords import UserWords
    from handlesfake.double.party import Party
    from handlesfake.users.title_service import TitleService


class SeedingApi(Face):
    """What a test may say of the world before its code runs.

    Arranging leaves no trace in the journal, ``invites`` or ``activities``, and everything has a default. A state
    that the service could never be in raises an error with the service's own sentence.
    """

    def user(self, role: str = "", **words: Unpack[UserWords]) -> User:
        """The player that the test calls ``role``: made at first, the same one afterwards.

        :param role: a word such as ``"host"``; without one, a new player each time.
        :param words: facts about the player: ``xuid`` (decimal text), ``gamertag``, ``title_id``, ``user_hash``,
            ``device_token``. ``follows``, ``favorites`` and ``blocks`` take users or xuids; ``multiplayer`` says
            whether the player has the privilege. ``signs_in=True`` says that it is this player who signs in from now
            on, where the double plays sign-in; else the first player does. ``authorization`` is the test's own
            token, ``"XBL3.0 x=...;mine"``; MPSD accepts it from now on.
        :raises TypeError: a word is not of its type.
        :raises SettingsError: a word is unknown, the role is digits, or the xuid or the hash is another user's.
        """
        return self._core.world.user(role, **words)

    def service(self, title_id: str | None = None, *, authorization: str | None = None) -> TitleService:
        """The title's own service, which calls for its players: ``service.headers(host)``; always the same one.

        :param title_id: decimal text; None for that of the settings.
        :param authorization: a token of the test's own, ``"XBL3.0 x=-;service-1"``: MPSD knows it from now on.
        :raises SettingsError: the title id or the token cannot be.
        """
        return self._core.world.service(title_id, authorization=authorization)

    def title(self, title_id: str, *, name: str = "", pfn: str = "") -> None:
        """Say what handles show of a title.

        :param title_id: decimal text, ``"896928775"``.
        :param pfn: package family name on Windows, as in ``gameTypes``.
        """
        self._core.world.title(title_id, name, pfn)

    def session(
        self,
        name: str | Mapping[str, str] | SeededSession = "lobby",
        *,
        members: Iterable[User | str] = (),
        template: str | None = None,
        custom: Document | None = None,
        constants: Document | None = None,
        properties: Document | None = None,
    ) -> SeededSession:
        """A session with ``members`` active in it: made at first, found again by name or reference.

        :param name: its name, or a whole session reference; scid and template default from the settings.
        :param template: ``"MinecraftLobby"``: sets constants, scid, and the title of members without their own.
        :param custom: ``properties.custom``.
        :param constants: system constants over those of the template, in contract 107 spelling.
        :param properties: system properties, in wire spelling: ``{"closed": True}``; or both parts, as on the wire:
            ``{"system": {"joinRestriction": "followed"}, "custom": {...}}``.
        :raises SettingsError: a word is unknown, or the service could never be in that state.
        """
        ref = self._core.world.ref(name, template)
        said = {"custom": custom, "constants": constants, "properties": properties}
        node = {word: value for word, value in said.items() if value is not None}
        source = SettingsSource("mpsd.session()")
        return self._core.world.session(
            ref, members, constants=constants_of(node, source), properties=properties_of(node, source)
        )

    def party(
        self,
        host: User | str = "host",
        guests: int | Iterable[User | str] = 1,
        *,
        lobby: str = "lobby",
        template: str | None = None,
    ) -> Party:
        """A host who shows a lobby, and friends to invite: ``mpsd.party("host", 3, lobby="lobby-1")``.

        The guests are ``guest1``, ``guest2`` ..., each the friend of each other; they are not in the session yet.

        :param host: a user, or a role.
        :param guests: how many, or the users and roles themselves.
        :param lobby: the name of the session.
        :param template: as of :meth:`session`.
        :return: ``.host``, ``.guests``, ``.session`` and ``.activity``, in this order.
        :raises SettingsError: the service could never be in that state, or a word cannot be.
        """
        from handlesfake.double.party import arranged_party  # lazily: many tests arrange nothing

        return arranged_party(self._core, host, guests, lobby, template)

    def friends(self, *users: User | str) -> None:
        """Let each of ``users``, two or more, follow each other.

        :param users: users of the test, roles or xuids.
        :raises SettingsError: there are fewer than two, or one is unknown.
        """
        self._core.world.friends(*users)

    def activity(self, user: User | str, session: SeededSession | Mapping[str, str] | str) -> None:
        """Arrange that ``user`` shows ``session``; not in journal nor ``activities``, but ``activity_of`` sees it.

        :raises SettingsError: the user is not active in the session.
        """
        self._core.world.activity(user, session)

    def invite(
        self,
        sender: User | str,
        invited: User | str,
        session: SeededSession | Mapping[str, str] | str,
        *,
        context: str | None = None,
    ) -> str:
        """Arrange an open invite from ``sender`` to ``invited``, a user or a xuid; not in journal nor ``invites``.

        :param context: ``inviteAttributes.context``.
        :return: the handle id, by which ``invited`` can join.
        :raises SettingsError: the sender may not invite to the session.
        """
        return self._core.world.invite(sender, invited, session, context=context)

    def drop_connection(
        self, user_or_connection: User | str, *, noticed: bool = True, code: int = 1006, mute: bool = False
    ) -> None:
        """Break a player's connection to the service: where it made a member active, the member is inactive now.

        A WebSocket of a server ends by it. A client that names the connection again is answered 200, and stays
        inactive.

        :param user_or_connection: a user, role or xuid, for all connections; or the GUID of a connection.
        :param noticed: False: the service notices after 30 s of its clock (documented). A member that has written
            its session with another connection before that stays active.
        :param code: the close code that the client of a server sees; 1006 for an end without a close frame.
        :param mute: the connection stays open, and nothing is pushed over it any more.
        :raises SettingsError: it is something else, the code cannot be, or ``mute`` is given with another word.
        """
        connections = self._core.world.connections
        connections.drop(connections.named(user_or_connection), noticed=noticed, code=code, mute=mute)

    def load(self, state: str | Path | Mapping[str, Any]) -> None:
        """Arrange what a state file says, on top of what there is; all of it or nothing.

        :param state: the path of a YAML file, its text in several lines (what :meth:`dump` gives), or a mapping with
            the same words.
        :raises SettingsError: a word is unknown, or the service could never be in that state; file, line and column
            are named.
        """
        self._core.load(state)

    def dump(self) -> str:
        """The present state as the text of a state file: what :meth:`load` takes."""
        from handlesfake.seeding.dumping import dump_state  # lazily: most tests have no state file, and no YAML

        return dump_state(self._core.world)
