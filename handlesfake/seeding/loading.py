"""From a state file, or a mapping with its words, to the state."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from handlesfake.errors import SettingsError
from handlesfake.files.settings_file import opened, parsed
from handlesfake.files.source import SettingsSource
from handlesfake.json_diff import short_json
from handlesfake.seeding import vocabulary
from handlesfake.seeding.reading import Node, Reader, placed
from handlesfake.users.user import User
from handlesfake.world.session_words import constants_of, properties_of
from handlesfake.world.user_words import RELATIONS
from handlesfake.world.world import World


def load_state(world: World, state: str | Path | Mapping[str, Any], name: str = "mpsd.load(...)") -> None:
    """Arrange in ``world`` what ``state`` says: all of it or nothing.

    :param state: the path of a state file, its text, or a mapping with its words.
    :param name: what messages call a mapping.
    :raises SettingsError: see :meth:`handlesfake.double.seeding_api.SeedingApi.load`.
    """
    if isinstance(state, Mapping):
        node, source = state, SettingsSource(name)
    elif isinstance(state, str) and not state.strip():
        raise SettingsError(f"mpsd.load({state!r}): write the path of a state file, which is not empty.")
    elif isinstance(state, str) and "\n" in state:
        node, source = parsed(state.encode("utf-8", "surrogatepass"), "the state", "state file")
    elif isinstance(state, (str, Path)):
        node, source = opened(Path(state), "state file")
    else:
        raise TypeError(f"mpsd.load(): expected the path of a state file or a mapping, got {short_json(state)}")
    source.check_keys(node, vocabulary.STATE, "a state")
    with world.all_or_nothing():
        _Loader(world, source, node).load()


class _Loader:
    def __init__(self, world: World, source: SettingsSource, state: Node) -> None:
        self.world = world
        self.source = source
        self.state = state
        self.reader = Reader(world, source, makes=not state.get("users"))
        self.shown: set[str] = set()

    def load(self) -> None:
        """Arrange the parts of the state, each after what it refers to."""
        for part, arrange in (
            ("titles", self.title),
            ("users", self.user),
            ("users", self.relations),
            ("friends", self.friends),
            ("sessions", self.session),
            ("activities", self.activity),
            ("invites", self.invite),
        ):
            self.each(part, arrange)

    def each(self, part: str, arrange: Callable[[Any, Any], None]) -> None:
        for entry, place in self.reader.parts(self.state, part):
            arrange(entry, place)

    @contextmanager
    def at(self, node: Any, key: str | None = None) -> Iterator[None]:
        """Inside, what cannot be is said of ``node``."""
        try:
            yield
        except (SettingsError, TypeError) as error:
            if str(error).startswith(self.source.name):  # it knows its place already
                raise
            raise self.source.wrong(str(error), node, key) from None

    def title(self, node: Any, place: Any) -> None:
        node = self.reader.entry(node, place, vocabulary.TITLE, "a title")
        self.reader.needed(node, "a title", "title_id")
        words = {word: self.source.text(node, word) for word in node}
        with self.at(node, "title_id"):
            self.world.title(**words)

    # ---- people

    def user(self, node: Any, place: Any) -> None:
        if isinstance(node, str):
            with self.at(place):
                self.reader.listed_user(node, place)
            return
        node = self.reader.entry(node, place, vocabulary.USER, "a user")
        texts = ["role", "xuid", "gamertag", "authorization", "user_hash", "device_token"]
        texts += ["title_id"] if node.get("title_id") != "" else []
        words: dict[str, Any] = {word: self.source.text(node, word) for word in texts if word in node}
        if node.get("title_id") == "":
            words["title_id"] = ""  # tokens without a title claim
        if not {"role", "xuid"} & set(words):
            raise self.source.wrong("a user needs role or xuid", node)
        words |= {word: self.switch(node, word) for word in ("multiplayer", "signs_in") if word in node}
        with self.at(node):
            self.world.user(**words)

    def relations(self, node: Any, _place: Any) -> None:
        """The users that a user follows and blocks: once all users exist."""
        if isinstance(node, str):
            return
        words: dict[str, Any] = {word: self.reader.users(node, word) for word in RELATIONS if word in node}
        if words:
            key = "xuid" if "xuid" in node else "role"
            self.world.user(**{key: node[key]}, **words)

    def friends(self, node: Any, place: Any) -> None:
        if not isinstance(node, (list, tuple)):
            raise self.source.wrong(f"friends is a list of lists, [[host, guest]]; this is {short_json(node)}", place)
        users = [self.reader.user_called(word, at) for word, at in placed(node)]
        with self.at(place):
            self.world.friends(*users)

    # ---- sessions

    def session(self, node: Any, place: Any) -> None:
        if isinstance(node, str):
            node = {"name": node}
        node = self.reader.entry(node, place, vocabulary.SESSION, "a session")
        template = self.source.text(node, "template") if "template" in node else None
        given = self.reader.ref(node) if "name" in node else {"name": "lobby"} | dict(self.scid(node))
        members = [(*self.reader.member(part, at), at) for part, at in self.reader.parts(node, "members")]
        properties = properties_of(node, self.source)
        if "closed" in node:
            properties["system"]["closed"] = self.switch(node, "closed")
        with self.at(node):
            session = self.world.session(
                self.world.ref(given, template),
                (),
                constants=constants_of(node, self.source),
                properties=properties,
            )
        for user, status, at in members:
            with self.at(at):
                session.join(user, status=status)
        if "fill" in node:
            count = self.source.whole(node, "fill", 0)
            with self.at(node, "fill"):
                session.fill(count)

    def activity(self, node: Any, place: Any) -> None:
        node = self.reader.entry(node, place, vocabulary.ACTIVITY, "an activity")
        self.reader.needed(node, "an activity", *vocabulary.ACTIVITY)
        user, session = self.reader.user(node, "user"), self.reader.session(node, "session")
        before = self.activities(user)
        with self.at(node):
            self.world.activity(user, session)
            after = self.activities(user)
            if self.shown & (before - after):
                raise SettingsError(
                    f"MPSD could never be in that state: {self.world.users(user).label} shows a session already, "
                    "and a new activity takes the place of the old one"
                )
        self.shown |= after - before

    def activities(self, user: User) -> set[str]:
        """The ids of what a user shows."""
        return {handle.id for handle in self.world.directory.activities_of(user.xuid)}

    def invite(self, node: Any, place: Any) -> None:
        node = self.reader.entry(node, place, vocabulary.INVITE, "an invite")
        self.reader.needed(node, "an invite", "sender", "invited", "session")
        sender, invited = self.reader.user(node, "sender"), self.reader.user(node, "invited")
        session = self.reader.session(node, "session")
        context = self.source.text(node, "context") if "context" in node else None
        with self.at(node):
            self.world.invite(sender, invited, session, context=context)

    # ---- values

    def scid(self, node: Node) -> Iterator[tuple[str, str]]:
        if "scid" in node:
            yield "scid", self.source.text(node, "scid")

    def switch(self, node: Node, key: str) -> bool:
        value = node[key]
        if isinstance(value, bool):
            return value
        raise self.source.wrong(f"{key} must be true or false, and is {short_json(value)}", node, key)
