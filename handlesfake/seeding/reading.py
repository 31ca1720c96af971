"""What a state file says, part by part, each mistake named where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from handlesfake.difference import shown
from handlesfake.fields import nearest
from handlesfake.mpsd.arrange import STATUSES
from handlesfake.mpsd.identity import is_xuid
from handlesfake.people import User
from handlesfake.seeding import vocabulary
from handlesfake.settings_file import SettingsSource
from handlesfake.world import World

Node = Mapping[str, Any]


class Reader:
    """Reads references to users and sessions out of a state.

    :param listed: the roles that the state lists under ``users``; None where it lists none, so that each is made at
        its first use.
    """

    def __init__(self, world: World, source: SettingsSource, listed: Sequence[str] | None) -> None:
        self.world = world
        self.source = source
        self._listed = listed

    def parts(self, node: Node, key: str) -> Sequence[Any]:
        """The list under ``key``; empty when there is none."""
        value = node.get(key)
        if value is None:
            return ()
        if not isinstance(value, (list, tuple)):
            raise self.source.wrong(f"{key} must be a list, and is {shown(value)}", node, key)
        return value

    def entry(self, node: Any, among: Any, known: Iterable[str], what: str) -> Node:
        """``node``, which must be a mapping with ``known`` keys only.

        :param among: what it stands in, to say where.
        """
        if not isinstance(node, Mapping):
            words = ", ".join(known)
            raise self.source.wrong(f"{what} is a mapping with {words}; this is {shown(node)}", among)
        self.source.check_keys(node, known, what)
        return node

    def needed(self, node: Node, what: str, *keys: str) -> None:
        """Each of ``keys`` must stand in ``node``."""
        for key in keys:
            if key not in node:
                raise self.source.wrong(f"{what} needs {key}", node)

    def user(self, node: Node, key: str) -> User:
        """The user that the role or xuid under ``key`` names."""
        return self.user_called(self.source.text(node, key), node, key)

    def users(self, node: Node, key: str) -> list[User]:
        """The users in the list under ``key``."""
        return [self.user_in(word, node, key) for word in self.parts(node, key)]

    def user_in(self, word: Any, node: Any, key: str) -> User:
        """The user that ``word``, one of the list under ``key``, names."""
        if isinstance(word, int) and not isinstance(word, bool):
            raise self.source.wrong(f'{key}: xuids are texts; write "{word}", in quotes', node, key)
        if not isinstance(word, str):
            raise self.source.wrong(f"{key} holds roles and xuids, and this is {shown(word)}", node, key)
        return self.user_called(word, node, key)

    def user_called(self, word: str, node: Any, key: str) -> User:
        """The user with this role or xuid."""
        if is_xuid(word):
            return self.world.user(xuid=word)
        known = self.world.roles
        if self._listed is not None and word not in known:
            raise self.source.wrong(
                f"no user is called {word!r}{nearest(word, known)}\n  known: {', '.join(known)}", node, key
            )
        return self.world.user(word)

    def session(self, node: Node, key: str) -> str | dict[str, str]:
        """The name, or the reference, of a session that is there."""
        value = node[key]
        if isinstance(value, Mapping):
            self.source.check_keys(value, vocabulary.REF, key)
            self.needed(value, key, "name")
            return self.world.ref(self.ref(value), value.get("template")).wire
        name = self.source.text(node, key)
        known = self.world.session_names
        if name.lower() not in (one.lower() for one in known):
            listed = ", ".join(known) or "none"
            raise self.source.wrong(
                f"no session is called {name!r}{nearest(name, known)}\n  known: {listed}", node, key
            )
        return name

    def ref(self, node: Node) -> dict[str, str]:
        """The reference that ``name`` and ``scid`` of ``node`` begin."""
        ref = {"name": self.source.text(node, "name")}
        return ref | ({"scid": self.source.text(node, "scid")} if "scid" in node else {})

    def member(self, part: Any, node: Node) -> tuple[User, str]:
        """One of a session's ``members``: ``host``, or ``{user: guest, status: inactive}``."""
        if not isinstance(part, Mapping):
            return self.user_in(part, node, "members"), "active"
        self.source.check_keys(part, vocabulary.MEMBER, "a member")
        self.needed(part, "a member", "user")
        status = self.source.one_of(part, "status", STATUSES) if "status" in part else "active"
        return self.user(part, "user"), status
