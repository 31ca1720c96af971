"""Ask: one call of the control interface, read; and how it is answered."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from handlesfake.double.core import DoubleCore
from handlesfake.double.double import Double
from handlesfake.errors import SettingsError
from handlesfake.files.document import read_document
from handlesfake.files.placed import Misread
from handlesfake.files.strict_yaml import decode
from handlesfake.files.yaml_builder import DocumentLimits
from handlesfake.mpsd.http.message import Headers, Request, Response
from handlesfake.server.addresses import Places
from handlesfake.server.control.schemas import Words, check
from handlesfake.server.control.words import CONTROL
from handlesfake.server.http.silences import Silences
from handlesfake.server.worlds.world import World
from handlesfake.server.worlds.worlds import Worlds
from handlesfake.suggestions import nearest
from handlesfake.traffic.traffic import Traffic
from handlesfake.values.values import frozen, replace

LONGEST_WAIT = 300.0
"""Seconds that one call waits at most."""

_LIMITS = DocumentLimits(depth=200)


class NotThere(SettingsError):
    """What the address of a call names does not exist: 404."""


@frozen
class ControlRequest:
    """One call."""

    request: Request
    worlds: Worlds
    world: str
    """The id of the world that the call is about; empty for the default one."""

    parts: Mapping[str, str]
    """The variable parts of the address."""

    places: Places
    """Where the server answers."""

    silences: Silences
    """The clients that a fault keeps waiting."""

    @property
    def control_url(self) -> str:
        """Where the control interface itself answers."""
        return self.places.control

    @property
    def place(self) -> str:
        """Where the calls about the same world are, as an address writes it."""
        return self.place_of(self.world)

    def place_of(self, world_id: str) -> str:
        """Where the calls about a world are."""
        return f"{self.control_url}/worlds/{world_id}" if world_id else self.control_url

    @property
    def here(self) -> World:
        """The world that the call is about.

        :raises WorldEnded: it has ended meanwhile.
        """
        return self.worlds[self.world]

    @property
    def mpsd(self) -> Double:
        """The double of that world.

        :raises WorldEnded: it has ended meanwhile.
        """
        return self.here.double

    @property
    def core(self) -> DoubleCore:
        """What that double is made of.

        :raises WorldEnded: it has ended meanwhile.
        """
        return self.here.core

    @property
    def traffic(self) -> Traffic:
        """What that double was sent; texts about it are in the words of this interface."""
        return replace(self.core.traffic, words=CONTROL)

    def not_a_player(self, text: str) -> str:
        """What is wrong with a text that names a player, in the words of this interface; empty for none."""
        return self.core.world.not_a_player(text, CONTROL)

    def accepts(self, kind: str) -> bool:
        """Whether the client asks for media type ``kind`` by name."""
        return kind in (self.request.headers.first("Accept") or "")

    def query(self, *known: str) -> dict[str, str]:
        """The query, checked against the words that it may hold.

        :raises SettingsError: it holds another, or one twice.
        """
        said = parse_qsl(self.request.query, keep_blank_values=True)
        found = dict(said)
        _check(found, known, "the query")
        if len(found) < len(said):
            words = [word for word, _ in said]
            twice = next(word for word in words if words.count(word) > 1)
            values = " and ".join(f"{value:.60}" for word, value in said if word == twice)
            raise SettingsError(f"the query says {twice!r} more than once: {values:.200}. Say it once.")
        return found

    def words(self, known: Words) -> dict[str, Any]:
        """The body, a JSON or YAML mapping, checked against the words that it may hold; nothing is an empty one.

        A word that is null is one that was not said.

        :raises SettingsError: it is not a mapping, holds another word, or one that cannot be.
        """
        body = self.document()
        found = {} if body is None else body
        if not isinstance(found, Mapping):
            raise SettingsError(f"the body must be a mapping of {', '.join(known)}, and is {found!r:.60}")
        _check(found, known, "the body")
        said = {word: value for word, value in found.items() if value is not None}
        for word, value in said.items():
            check(word, value, known[word])
        return {
            word: _plain(value) if known[word].get("type") == "integer" else value for word, value in said.items()
        }

    def person(self, word: Any, where: str = "the body") -> Any:
        """The user of a role; xuids, and what is not a text, as they are.

        :param where: what held the word, for the message.
        :raises SettingsError: the word is neither: a misspelt role would make every claim that denies true.
        """
        world = self.core.world
        if word in world.roles:
            return world.user(word)
        return world.xuid(word, where) if isinstance(word, str) else word

    def people(self, said: list[str] | str) -> list[Any]:
        """The users of roles; xuids as they are.

        :raises SettingsError: one is neither.
        """
        return [self.person(one) for one in ([said] if isinstance(said, str) else said)]

    def document(self) -> Any:
        """The body, read as JSON or else as YAML.

        :raises SettingsError: it is neither.
        """
        try:
            return read_document(decode(self.request.body), limits=_LIMITS).root
        except Misread as error:
            where = f"line {error.place[0]}, column {error.place[1]}: " if error.place else ""
            raise SettingsError(f"the body is neither JSON nor YAML: {where}{error.problem}") from None


def _plain(number: float) -> int:
    """A whole number as Python writes it: JSON has one kind of number, and 1.0 is 1 there."""
    return int(number)


def _check(given: Iterable[str], known: Iterable[str], where: str) -> None:
    for word in given:
        if word not in known:
            listed = ", ".join(known) or "nothing"
            raise SettingsError(f"{where} has no {word!r}{nearest(word, known)}\n  known: {listed}")


def number_parameter(query: Mapping[str, str], word: str, usual: float) -> float:
    """The number from 0 that the query says under ``word``.

    :raises SettingsError: it is not one.
    """
    try:
        found = float(query.get(word, usual))
    except ValueError:
        found = -1
    if 0 <= found < 1e15:
        return found
    raise SettingsError(f"{word}={query[word]:.60}: this is not a number from 0")


def whole_parameter(query: Mapping[str, str], word: str, usual: int) -> int:
    """The whole number from 0 that the query says under ``word``.

    :raises SettingsError: it is not one.
    """
    found = number_parameter(query, word, usual)
    if found != int(found):
        raise SettingsError(f"{word}={query[word]:.60}: this is not a whole number from 0")
    return int(found)


# ---- to answer


def fine(document: Any, status: int = 200) -> Response:
    """``document`` as JSON."""
    body = json.dumps(document, ensure_ascii=False, default=str, indent=2).encode("utf-8", "backslashreplace")
    return Response(status, Headers([("Content-Type", "application/json")]), body + b"\n")


def plain_response(status: int, said: str, kind: str = "text/plain") -> Response:
    """``said`` as it is."""
    body = said.encode("utf-8", "backslashreplace")
    return Response(status, Headers([("Content-Type", f"{kind}; charset=utf-8")]), body.rstrip(b"\n") + b"\n")


DONE = Response(204)
