"""Who is calling: users, titles, title services, and what their tokens say."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from sys import intern
from typing import Any, Literal

from handlesfake.values.values import frozen, replace

TitleSource = Literal["default", "assumed", "template", "said"]
"""The source of a user's title: none yet; an assumption; the template of a session; or the test or a recording."""

FIRST_XUID = 9_000_000_000_000_001
"""Made-up xuids are counted from here."""

LONGEST_XUID = 20
"""Digits: a xuid is an unsigned integer of 64 bits."""


def made_up_gamertag(xuid: str) -> str:
    """``FakeTag 0001``: one text for all whose xuids end alike."""
    return intern(f"FakeTag {xuid[-4:]}")


@frozen
class Title:
    """A game, as far as handles show it."""

    title_id: str
    """Decimal uint32, as text."""

    name: str = ""
    pfn: str = ""
    """Package family name on Windows; shown under ``gameTypes`` when known."""

    platforms: Mapping[str, Any] | None = None
    """The whole platform map, where a recording shows it."""

    @property
    def game_types(self) -> Mapping[str, Any]:
        """The platform map of a handle; without a recording the two platforms that a capture shows (contract 2.2)."""
        return _game_types(self.title_id, self.pfn) if self.platforms is None else self.platforms


@lru_cache(maxsize=256)
def _game_types(title_id: str, pfn: str) -> dict[str, dict[str, str]]:
    """One value for all handles of a title."""
    desktop = {"titleId": title_id} | ({"pfn": pfn} if pfn else {})
    return {"uwp-desktop": desktop, "era": {"titleId": title_id}}


@frozen
class KnownUser:
    """A player. ``xuid`` is a decimal text; ``role`` is what a test calls the player (``host``)."""

    xuid: str
    user_hash: str
    title_id: str
    role: str = ""
    gamertag: str = ""
    device_token: str = ""
    follows: frozenset[str] = frozenset()
    """The xuids of the user's people list."""

    favorites: frozenset[str] = frozenset()
    """The xuids of those among them that the user marked."""

    blocks: frozenset[str] = frozenset()
    multiplayer: bool = True
    """Whether the account has the multiplayer privilege."""

    assumed: bool = False
    """True when a request made this user known, and not the test."""

    tokens: tuple[str, ...] = ()
    """Fingerprints of the tokens that were issued or seen; a token itself is never kept."""

    expired: frozenset[str] = frozenset()
    """Fingerprints of the tokens that are answered 401."""

    issued: int = 0
    """How many tokens the test was given of this user."""

    title_from: TitleSource = "default"
    """What ``title_id`` rests on."""

    @property
    def title_said(self) -> bool:
        """Whether the test, its settings or a recording said ``title_id``."""
        return self.title_from == "said"

    @property
    def label(self) -> str:
        """``Host 9000000000000001``: how messages name the user."""
        return f"{self.role.capitalize()} {self.xuid}" if self.role else self.xuid

    def with_token(self, fingerprint: str) -> KnownUser:
        """The user with one more token; one that is known already changes nothing."""
        return self if fingerprint in self.tokens else replace(self, tokens=(*self.tokens, fingerprint))


@frozen
class Caller:
    """The principal of one request: one user, or a title's service acting for users (contract 17)."""

    title_id: str
    users: tuple[KnownUser, ...]
    is_service: bool = False
    manages: bool = False
    """A service under its manage policy: visibility, join restrictions and membership do not bind it."""

    def __hash__(self) -> int:
        """That of the user, or the service, of a test that it is equal to."""
        return hash(self.title_id if self.is_service or self.user is None else self.user.xuid)

    def __repr__(self) -> str:
        # as the user and the service of a test that it is equal to
        if not self.is_service:
            return f"<User {self.label}>"
        names = ", ".join(user.label for user in self.users)
        return f"<TitleService {self.title_id}{names and f' for {names}'}>"

    @property
    def user(self) -> KnownUser | None:
        """The one user that the request speaks for; None when there is none, or several."""
        return self.users[0] if len(self.users) == 1 else None

    @property
    def label(self) -> str:
        """How messages name the caller."""
        names = ", ".join(user.label for user in self.users)
        if self.is_service:
            return f"service of title {self.title_id}" + (f" for {names}" if names else "")
        return names


@frozen
class Credential:
    """What an ``Authorization`` header says, without its secret."""

    user_hash: str
    fingerprint: str

    @property
    def is_service(self) -> bool:
        """``-`` stands where a user hash would: no user (contract 17)."""
        return self.user_hash == "-"

    @property
    def stated_xuid(self) -> str | None:
        """The xuid that the hash itself names: ``uhs-<xuid>``, or sixteen digits (real hashes have nineteen)."""
        text = self.user_hash.removeprefix("uhs-")
        named = is_xuid(text) and (text != self.user_hash or len(text) == 16)
        return text if named else None


@lru_cache(maxsize=16)
def read_authorization(header: str) -> Credential | None:
    """Read ``XBL3.0 x=<user hash>;<token>``; None when it is not of that form.

    The token is never decoded, and in no state: a digest of it tells tokens of one user apart. What was read of the
    last few headers is remembered, as a client sends one again and again.
    """
    user_hash = user_hash_in(header)
    return Credential(user_hash, fingerprint(header)) if user_hash else None


def user_hash_in(header: str) -> str:
    """The user hash in ``XBL3.0 x=<user hash>;<token>``; empty when it is not of that form."""
    scheme, _, rest = header.strip().partition(" ")
    if scheme.upper() != "XBL3.0" or not rest.strip().startswith("x="):
        return ""
    user_hash, _, token = rest.strip()[2:].partition(";")
    return user_hash.strip() if token.strip() else ""


def is_xuid(text: str) -> bool:
    """Whether ``text`` can be a xuid: decimal, twenty digits at most (contract 1.3)."""
    return text.isascii() and text.isdigit() and len(text) <= LONGEST_XUID


def fingerprint(authorization: str) -> str:
    """A digest that tells two ``Authorization`` texts apart and gives neither back."""
    from hashlib import blake2b  # only on demand: it loads OpenSSL

    return blake2b(authorization.strip().encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
