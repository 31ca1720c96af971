"""What a state file says, part by part, each mistake named where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from handlesfake.errors import HandlesfakeError
from handlesfake.files.placed import Seq
from handlesfake.files.source import SettingsSource
from handlesfake.json_diff import short_json
from handlesfake.mpsd.arrange import STATUSES
from handlesfake.mpsd.state.identity import is_xuid
from handlesfake.seeding import vocabulary
from handlesfake.suggestions import nearest
from handlesfake.users.user import User
from handlesfake.world.world import World

Node = Mapping[str, Any]


class Reader:
    """Reads references to users and sessions out of a state.

    :param makes: whether a missing role is made: so where the state lists no users.
    """

    def __init__(self, world: World, source: SettingsSource, *, makes: bool) -> None:
        self.world = world
        self.source = source
        self._makes = makes

    def parts(self, node: Node, key: str) -> list[tuple[Any, Any]]:
        """What the list under ``key`` holds, each with what says where it stands; empty when there is none."""
        value = node.get(key)
        if value is None:
            return []
        if not isinstance(value, (list, tuple)):
            raise self.source.wrong(f"{key} must be a list, and is {short_json(value)}", node, key)
        return placed(value)

    def entry(self, node: Any, place: Any, known: Iterable[str], what: str) -> Node:
        """``node``, which must be a mapping with ``known`` keys only."""
        if not isinstance(node, Mapping):
            words = ", ".join(known)
            raise self.source.wrong(f"{what} is a mapping with {words}; this is {short_json(node)}", place)
        self.source.check_keys(node, known, what)
        return node

    def needed(self, node: Node, what: str, *keys: str) -> None:
        """``node`` must have each of ``keys``."""
        for key in keys:
            if key not in node:
                raise self.source.wrong(f"{what} needs {key}", node)

    def user(self, node: Node, key: str) -> User:
        """The user that the role or xuid under ``key`` names."""
        return self.user_called(node[key], node, key)

    def users(self, node: Node, key: str) -> list[User]:
        """The users in the list under ``key``."""
        return [self.user_called(word, place) for word, place in self.parts(node, key)]

    def user_called(self, word: Any, node: Any, key: str | None = None) -> User:
        """The user with the role or xuid ``word``, which is under ``key`` of ``node``, or at it."""
        if isinstance(word, User):
            return word
        if isinstance(word, int) and not isinstance(word, bool):
            raise self.source.wrong(f'xuids are texts: write "{word}", in quotes', node, key)
        if not isinstance(word, str) or not word:
            raise self._nobody(word, node, key)
        if is_xuid(word):
            return self.world.user(xuid=word)
        known = self.world.roles
        if not self._makes and word not in known:
            raise self.source.wrong(
                f"no user is called {word!r}{nearest(word, known)}\n  known: {', '.join(known)}", node, key
            )
        return self.world.user(word)

    def _nobody(self, word: Any, node: Any, key: str | None) -> HandlesfakeError:
        return self.source.wrong(f"a role or a xuid should stand here, and it is {short_json(word)}", node, key)

    def listed_user(self, word: str, place: Any) -> User:
        """The user with the role or xuid ``word``, which is at ``place``; made where it is missing."""
        if not word:
            raise self._nobody(word, place, None)
        return self.world.user(xuid=word) if is_xuid(word) else self.world.user(word)

    def session(self, node: Node, key: str) -> str | dict[str, str]:
        """The name, or the reference, of an existing session."""
        value = node[key]
        if isinstance(value, Mapping):
            self.source.check_keys(value, vocabulary.REF, key)
            self.needed(value, key, "name")
            template = self.source.text(value, "template") if "template" in value else None
            return self.world.ref(self.ref(value), template).wire
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

    def member(self, part: Any, place: Any) -> tuple[User, str]:
        """One of a session's ``members``: ``host``, or ``{user: guest, status: inactive}``."""
        if not isinstance(part, Mapping):
            return self.user_called(part, place), "active"
        self.source.check_keys(part, vocabulary.MEMBER, "a member")
        self.needed(part, "a member", "user")
        status = self.source.one_of(part, "status", STATUSES) if "status" in part else "active"
        return self.user(part, "user"), status


def placed(entries: Sequence[Any]) -> list[tuple[Any, Any]]:
    """Each of ``entries`` with its place; of a list that comes from no file, with itself."""
    places: Sequence[Any] = entries.places if isinstance(entries, Seq) else entries
    return list(zip(entries, places, strict=True))
