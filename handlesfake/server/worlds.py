"""Worlds: the doubles behind one server, told apart by the tokens of their users."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from handlesfake.double.core import DoubleCore
from handlesfake.double.double import Double, core_of
from handlesfake.engine.engine import Engine
from handlesfake.engine.unanswered import KEPT
from handlesfake.errors import SettingsError
from handlesfake.mpsd.http.message import Headers
from handlesfake.mpsd.state.identity import fingerprint, read_authorization
from handlesfake.users.title_service import TitleService
from handlesfake.users.user import User

DEFAULT = ""
"""The world of every request whose token names no other."""


class Worlds:
    """One double for each test that runs at the same time.

    The addresses of MPSD stay as they are: the user hash of each token that a world hands out begins with the world's
    name (``w1.9000000000000001``). A service has no user hash: its tokens are kept by their fingerprints.

    :param begin: arranges what each further world begins with, as the default one does already.
    """

    def __init__(self, default: Double, begin: Callable[[Double], object] | None = None) -> None:
        self._begin = begin
        self._doubles = {DEFAULT: default}
        core_of(default).is_reachable = True
        self._services: dict[str, str] = {}
        """Fingerprint of a service's token to the name of its world."""

        self._told: dict[str, int] = {}
        """How many unanswered requests of a world are no longer anybody's business."""

        self._ended: deque[str] = deque(maxlen=KEPT)
        """What nothing could answer in worlds that have ended."""

        self._made = 0
        self._listeners: list[Callable[[str, Double], object]] = []

        self.before_end: list[Callable[[str], object]] = []
        """Called with the name of a world that is about to be taken back or to end."""

        self.on_failed_claim: list[Callable[[str, str], object]] = []
        """Called with the name of a world about which a claim did not hold, and with the text of the failure."""

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

    def core(self, name: str) -> DoubleCore:
        """What the double of the world ``name`` is made of.

        :raises SettingsError: there is no such world; those that are there are named.
        """
        return core_of(self[name])

    def add(self) -> str:
        """Make a world that begins as the default one did, and return its name.

        :raises SettingsError: the server records.
        """
        options = self.core(DEFAULT).options
        if options.effective_mode == "record":
            raise SettingsError(
                "a recording has one world: its cassette is one. Record one test after the other, or start a server "
                "with a cassette for each."
            )
        double = Double(options)
        core_of(double).is_reachable = True
        if self._begin is not None:
            self._begin(double)
        self._made += 1
        name = f"w{self._made}"
        self._doubles[name] = double
        self.lead_here(name)
        for listener in self._listeners:
            listener(name, double)
        return name

    def listen(self, listener: Callable[[str, Double], object]) -> None:
        """Call ``listener`` with name and double of each world: those that are there, and those to come."""
        self._listeners.append(listener)
        for name, double in self._doubles.items():
            listener(name, double)

    def remove(self, name: str) -> None:
        """End the world ``name``; its tokens are the default world's business then.

        :raises SettingsError: there is no such world.
        """
        ended = self.core(name)
        if name == DEFAULT:
            raise SettingsError("the default world stays as long as its server: POST reset brings it back.")
        self.is_about_to_end(name)
        del self._doubles[name]
        self._ended.extend(str(error) for error in ended.engine.unanswered)
        self._services = {token: world for token, world in self._services.items() if world != name}
        self._told.pop(name, None)

    def is_about_to_end(self, name: str) -> None:
        """What the world ``name`` was sent is about to be forgotten."""
        for listener in self.before_end:
            listener(name)

    def claim_failed(self, name: str, text: str) -> None:
        """A claim about the world ``name`` did not hold."""
        for listener in self.on_failed_claim:
            listener(name, text)

    def name_for(self, headers: Headers) -> str:
        """The name of the world that a request is for."""
        if len(self._doubles) == 1:
            return DEFAULT
        credential = read_authorization(headers.first("Authorization") or "")
        if credential is None:
            return DEFAULT
        if credential.is_service:
            return self._services.get(credential.fingerprint, DEFAULT)
        name = credential.user_hash.partition(".")[0]
        return name if name in self._doubles else DEFAULT

    def engine_for(self, headers: Headers) -> Engine:
        """The engine that answers a request."""
        return self.core(self.name_for(headers)).engine

    def user(self, name: str, role: str, **words: Any) -> User:
        """The user ``role`` of the world ``name``, whose tokens lead there."""
        double = self[name]
        if name != DEFAULT:
            _check_hash(name, words)
        user = double.user(role, **words)
        if name != DEFAULT and not user.authorization.startswith(f"XBL3.0 x={name}."):
            double.user(xuid=user.xuid, user_hash=f"{name}.{user.xuid}")
            user.renew()
        return user

    def roles(self, name: str) -> tuple[str, ...]:
        """The roles of the users of the world ``name``, in the order in which they were made."""
        return tuple(self.core(name).world.roles)

    def lead_here(self, name: str) -> None:
        """Let the token of each user whom a state has made lead to the world ``name``: to read it changes nothing."""
        for role in self.roles(name):
            self.user(name, role)

    def service(self, name: str, title_id: str | None = None, *, authorization: str | None = None) -> TitleService:
        """The service of a title in the world ``name``, whose tokens lead there."""
        service = self.core(name).world.service(title_id, authorization=authorization, world=name)
        if name != DEFAULT:
            self._services[fingerprint(service.authorization)] = name
        return service

    # ---- what nothing could answer

    def misses(self, name: str) -> list[str]:
        """What nothing in the world ``name`` could answer since :meth:`forget_misses`, each as its text."""
        unanswered = self.core(name).engine.unanswered
        return [str(error) for error in unanswered.since(self._told.get(name, 0))]

    def wanted_misses(self, name: str) -> None:
        """The misses of the world ``name`` were wanted: they are none."""
        self.core(name).engine.unanswered.take(self._told.get(name, 0))

    def all_misses(self) -> list[str]:
        """What nothing could answer in any world, those that have ended included: each different text once."""
        left = [str(error) for name in self for error in self.core(name).engine.unanswered]
        return list(dict.fromkeys((*self._ended, *left)))

    def forget_misses(self, name: str) -> None:
        """From now on only what is still to come is a miss."""
        self._told[name] = self.core(name).engine.unanswered.count


def _check_hash(name: str, words: Mapping[str, object]) -> None:
    """Tokens lead to a world by their user hash, which begins with its name.

    :raises SettingsError: the words say another one.
    """
    given = read_authorization(str(words.get("authorization") or ""))
    said = given.user_hash if given is not None else words.get("user_hash")
    if said is not None and not str(said).startswith(f"{name}."):
        raise SettingsError(
            f"in the world {name} every user hash begins with {f'{name}.'!r}, so that its tokens lead there; "
            "this one would lead to the default world"
        )
