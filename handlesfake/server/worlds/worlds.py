"""Worlds: all doubles behind one server, made, found, used and ended."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from handlesfake.double.core import DoubleCore
from handlesfake.double.double import Double, core_of
from handlesfake.engine.engine import Engine
from handlesfake.errors import SettingsError
from handlesfake.mpsd.http.message import Headers
from handlesfake.server.worlds.past_worlds import PastWorlds, WorldEnd
from handlesfake.server.worlds.people import lead_here
from handlesfake.server.worlds.tokens import WorldTokens, was_made
from handlesfake.server.worlds.words import check_life, check_name
from handlesfake.server.worlds.world import DEFAULT, Identity, World
from handlesfake.suggestions import nearest
from handlesfake.users.title_service import TitleService


class UnknownWorld(SettingsError):
    """No world was ever called so."""


class Worlds:
    """One double for each test that runs at the same time.

    The addresses of MPSD stay as they are: the user hash of each token that a world hands out begins with the world's
    id (``w1.9000000000000001``). A service has no user hash: its tokens are kept by their fingerprints.

    :param begin: arranges what each further world begins with, as the default one does already.
    :param now: the present in seconds, of any beginning: the machine's monotonic clock.
    """

    def __init__(
        self,
        default: Double,
        begin: Callable[[Double], object] | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._begin = begin
        self.clock = now
        self._worlds = {DEFAULT: World(Identity(DEFAULT, DEFAULT), default, now(), None)}
        core_of(default).is_reachable = True
        self._ids: dict[str, str] = {}
        """The id of the world that has each name."""

        self._tokens = WorldTokens()
        self.past = PastWorlds()
        self._made = 0
        self._listeners: list[Callable[[World], object]] = []

        self.before_end: list[Callable[[str], object]] = []
        """Called with the id of a world that is about to be taken back or to end."""

        self.on_end: list[Callable[[World, WorldEnd], object]] = []
        """Called with a world that has just ended: no client finds it any more."""

        self.on_late: list[Callable[[str], object]] = []
        """Called with the id of a world that has ended, and one of whose tokens has come."""

        self.on_failed_claim: list[Callable[[str, str], object]] = []
        """Called with the id of a world about which a claim did not hold, and with the text of the failure."""

    def __iter__(self) -> Iterator[World]:
        return iter(tuple(self._worlds.values()))

    def __contains__(self, world_id: object) -> bool:
        return world_id in self._worlds

    @property
    def have_been_others(self) -> bool:
        """Whether there ever was another world than the default one."""
        return self._made > 0

    @property
    def others(self) -> list[World]:
        """All except the default one, in the order in which they were made."""
        return [world for world in self if world.id != DEFAULT]

    def __getitem__(self, world_id: str) -> World:
        """The world of an id that was found before.

        :raises WorldEnded: it has ended meanwhile.
        """
        world = self._worlds.get(world_id)
        if world is None:
            raise self.past.error(world_id, self.clock())
        return world

    def find(self, said: str) -> World:
        """The world that is called ``said``, by id or by name.

        :raises WorldEnded: it has ended.
        :raises UnknownWorld: there never was one; the message names the nearest and the existing ones.
        """
        found = self._worlds.get(self._ids.get(said, said)) if said else None
        if found is not None and not self._has_expired(found):
            return found
        past = said if was_made(said, self._made) else self.past.id_of(said)
        if past is not None:
            raise self.past.error(past, self.clock())
        known = [name for world in self.others for name in dict.fromkeys((world.name, world.id))]
        listed = ", ".join(world.identity.called for world in self.others) or "only the default one"
        raise UnknownWorld(
            f"there is no world {said!r:.210}{nearest(said, known)} Known: {listed:.1000}. POST /worlds makes one."
        )

    def core(self, world_id: str) -> DoubleCore:
        """What the double of a world is made of.

        :raises WorldEnded: it has ended meanwhile.
        """
        return self[world_id].core

    # ---- to make and end them

    def add(self, name: str | None = None, expires_after: float | None = None) -> World:
        """Make a world that begins as the default one did.

        :param name: what a test calls it; None for its id.
        :param expires_after: for how many seconds it may be of no use before it ends by itself; None for as long as
            one likes.
        :raises SettingsError: the server records, another world has the name, or one of both cannot be.
        """
        options = self.core(DEFAULT).options
        if options.effective_mode == "record":
            raise SettingsError(
                "a recording has one world: its cassette is one. Record one test after the other, or start a server "
                "with a cassette for each."
            )
        if name is not None:
            check_name(name)
            self._check_free(name)
        if expires_after is not None:
            check_life(expires_after)
        double = Double(options)
        core_of(double).is_reachable = True
        if self._begin is not None:
            self._begin(double)
        self._made += 1
        world_id = f"w{self._made}"
        world = World(Identity(world_id, name or world_id), double, self.clock(), expires_after)
        self._worlds[world_id] = world
        self._ids[world.name] = world_id
        lead_here(world)
        for listener in self._listeners:
            listener(world)
        return world

    def _check_free(self, name: str) -> None:
        """See that no world is called ``name``.

        :raises SettingsError: one is; the text says how it is told from others, and when it ends.
        """
        known = self._worlds.get(self._ids.get(name, ""), self._worlds[DEFAULT])
        if known.id == DEFAULT or self._has_expired(known):
            return
        age, left = self.clock() - known.made_at, known.expires_in(self.clock())
        ends = "does not end by itself" if left is None else f"ends by itself in {left:.1f} s unless it is used"
        raise SettingsError(
            f"there is a world {name!r} already: {known.id}, made {age:.1f} s ago; it {ends}.\n"
            f"  give this one another name, or end that one first: DELETE /worlds/{known.id}"
        )

    def listen(self, listener: Callable[[World], object]) -> None:
        """Call ``listener`` with each world: the existing ones, and those to come."""
        self._listeners.append(listener)
        for world in self:
            listener(world)

    def renew(self, world: World, expires_after: float | None = None) -> None:
        """Let the time of ``world`` start again.

        :param expires_after: for how many seconds it may be of no use from now on; None for as many as before.
        :raises SettingsError: it cannot be so many.
        """
        if expires_after is not None:
            check_life(expires_after)
            world.expires_after = expires_after
        world.use(self.clock())

    def remove(self, world: World) -> None:
        """End ``world``: it is no more, and its tokens are refused."""
        self._end(world, None)

    def expire(self, world: World) -> None:
        """End ``world`` as if its time had passed."""
        self._end(world, world.expires_after or 0)

    def sweep(self) -> None:
        """End those whose time has passed."""
        for world in self.others:
            self._has_expired(world)

    def _has_expired(self, world: World) -> bool:
        """Whether ``world`` has ended by itself, now at the latest."""
        if world.expires_after is None or not world.is_over(self.clock()):
            return False
        self._end(world, world.expires_after)
        return True

    def _end(self, world: World, expired_after: float | None) -> None:
        if self._worlds.get(world.id) is not world:
            return
        self.is_about_to_end(world.id)
        del self._worlds[world.id], self._ids[world.name]
        self._tokens.end(world.id)
        end = WorldEnd(expired_after, self.clock())
        self.past.add(world.identity, end, map(str, world.core.engine.unanswered))
        for listener in self.on_end:
            listener(world, end)

    def is_about_to_end(self, world_id: str) -> None:
        """What a world was sent is about to be forgotten."""
        for listener in self.before_end:
            listener(world_id)

    def claim_failed(self, world_id: str, text: str) -> None:
        """A claim about a world did not hold."""
        for listener in self.on_failed_claim:
            listener(world_id, text)

    # ---- whose a request is

    def world_for(self, headers: Headers) -> World:
        """The world that a request is for, and that it uses.

        :raises WorldEnded: it has ended, or was one of another server.
        """
        world_id = self._tokens.world_id(headers, self._made)
        world = self._worlds.get(world_id)
        if world is None and not was_made(world_id, self._made):
            raise self.past.never_here(world_id)
        if world is None or self._has_expired(world):
            for listener in self.on_late:
                listener(world_id)
            raise self.past.error(world_id, self.clock())
        world.use(self.clock())
        return world

    def engine_for(self, headers: Headers) -> Engine:
        """The engine that answers a request.

        :raises WorldEnded: the world of its token has ended.
        """
        return self.world_for(headers).core.engine

    def service(
        self, world_id: str, title_id: str | None = None, *, authorization: str | None = None
    ) -> TitleService:
        """The service of a title in a world, whose tokens lead there."""
        service = self.core(world_id).world.service(title_id, authorization=authorization, world=world_id)
        if world_id != DEFAULT:
            self._tokens.keep(service.authorization, world_id)
        return service
