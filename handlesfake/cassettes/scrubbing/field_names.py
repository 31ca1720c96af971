"""What the name of a field says of its value: secret, personal, or for people to judge (contract 12.3)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from handlesfake.cassettes.scrubbing import name_tables as tables
from handlesfake.values.values import field, frozen

_PLAIN = re.compile(r"[^a-z0-9]")
_KINDS = (
    (tables.IDS, "id"),
    (tables.DEVICE_ADDRESSES, "secure device address"),
    (tables.PICTURES, "picture"),
    (tables.MAILS, "mail address"),
    (tables.PHONES, "phone number"),
    (tables.CARDS, "card number"),
    (tables.BANK_ACCOUNTS, "bank account"),
    (tables.BIRTHS, "date of birth"),
    (tables.MACS, "MAC address"),
    (tables.MACHINES, "machine name"),
    (tables.WIRELESS, "wireless network"),
    (tables.ACCOUNTS, "user name"),
    (tables.POSTAL, "postal address"),
    (tables.NETWORK, "IP address"),
    (tables.CHATS, "text of somebody"),
    (tables.PLACES, "place"),
)
_LONGEST_NAME, _SHORTEST_NO_COUNT = 64, 12


@lru_cache(maxsize=4096)
def normalized_name(name: str) -> str:
    """``access_token``, ``Access-Token`` and ``accessToken`` are one name."""
    return _PLAIN.sub("", name.lower())


@lru_cache(maxsize=4096)
def is_secret(name: str, *, form: bool = False) -> bool:
    """Whether what is called ``name`` is a secret; ``form``: in a query or a form."""
    name = normalized_name(name)
    if name in tables.PAGES:
        return False
    if name in tables.SECRET or (form and name in tables.SECRET_IN_FORMS):
        return True
    return name.rstrip("0123456789").endswith(tables.SECRET_ENDS) and name not in tables.IDS


@lru_cache(maxsize=4096)
def is_secret_where_opaque(name: str) -> bool:
    """Whether what is called ``name`` is a secret if it looks like one: :func:`looks_opaque`."""
    name = normalized_name(name)
    if name in tables.OBJECTS:
        return False
    return (
        name in tables.SECRET_WHERE_OPAQUE or name in tables.PAGES or name.endswith(tables.SECRET_WHERE_OPAQUE_ENDS)
    )


@lru_cache(maxsize=4096)
def kind_of(name: str, parent: str = "") -> str:
    """The kind of pseudonym for what is called ``name``; empty for what is not about a person.

    :param parent: the name above it: an ``id`` below ``subscription`` is one.
    """
    name = normalized_name(name)
    if name.endswith(("xuid", "xuids")) or name in tables.XUIDS:
        return "xuid"
    if "gamertag" in name or name in tables.GAMERTAGS:
        return "gamertag"
    if name == "id" and normalized_name(parent) == "subscription":
        return "id"
    if name.endswith(tables.IDS_END):
        return "id"
    return next((kind for names, kind in _KINDS if name in names), "")


@frozen
class Meaning:
    """What a name says of its value."""

    kind: str
    """The kind of pseudonym; empty for what is not about a person."""

    is_secret: bool
    is_secret_where_opaque: bool
    is_free_text: bool
    is_any: bool = field(init=False)
    """Whether the name says that its value is secret or personal."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "is_any", bool(self.kind) or self.is_secret or self.is_secret_where_opaque)


_SECRET = Meaning("", is_secret=True, is_secret_where_opaque=False, is_free_text=False)
_NOTHING = Meaning("", is_secret=False, is_secret_where_opaque=False, is_free_text=False)


@lru_cache(maxsize=4096)
def meaning(name: str, parent: str = "", form: bool = False) -> Meaning:  # noqa: FBT001, FBT002 - by position, the cache is twice as fast
    """See :func:`kind_of`, :func:`is_secret`, :func:`is_free_text`."""
    if len(name) > _LONGEST_NAME:
        return _NOTHING
    name = _FOLDED.sub("", name)
    found = _meaning(name, parent, form=form)
    if not (found.kind or found.is_secret) and (last := _LAST.search(name)) is not None:  # user[email], arena.otp
        below = _meaning(last[1], parent, form=False)
        return below if below.is_any else found
    return found


_FOLDED = re.compile(r"\.(?:keyword|raw|exact|lowercase)$")
"""What Elasticsearch calls the same field as it is compared: ``email.keyword``."""

_LAST = re.compile(r"[.\[/:]([A-Za-z][\w-]*)\]?$")


def _meaning(name: str, parent: str, *, form: bool) -> Meaning:
    if name in tables.SECRET_AS_SPELLED:
        return _SECRET
    return Meaning(
        kind_of(name, parent), is_secret(name, form=form), is_secret_where_opaque(name), is_free_text(name)
    )


@lru_cache(maxsize=4096)
def meaning_of_header(name: str) -> Meaning:
    """As :func:`meaning`, for the name of a header: ``X-Xbl-Uhs`` is ``uhs``."""
    plain = re.sub(r"^x-(?:xbl-|ms-)?", "", name.lower())
    found = meaning(plain)
    return found if found.is_any else meaning(name)


@lru_cache(maxsize=4096)
def is_label(name: str, text: str) -> bool:
    """Whether ``text`` only says again what its ``name`` says, or where in a program the value is.

    ``"password": "Password"`` of a translation, ``token: user.token`` of a script.
    """
    if len(text) > _LONGEST_NAME or not text.isascii():
        return False
    path = _CODE.fullmatch(text)
    if path is not None:
        return is_secret(path[1]) or bool(kind_of(path[1]))
    plain = normalized_name(text)
    if len(plain) < _SHORTEST_LABEL or not (is_secret(text) or kind_of(text)):
        return False
    return normalized_name(name).endswith(plain) or plain in map(normalized_name, _PIECES.split(name))


_CODE = re.compile(r"[A-Za-z_$][\w$]{0,30}(?:\.[A-Za-z_$][\w$]{0,30}){0,4}\.([A-Za-z_$][\w$]{0,30})")
_PIECES = re.compile(r"[^A-Za-z0-9_-]+")
_SHORTEST_LABEL = 3
_DIGEST = re.compile(
    r"(?i)(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{56}|[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128}|[a-z0-9+/_-]{22}=="
    r"|[a-z0-9+/_-]{27}=|[a-z0-9+/_-]{43}=|[a-z0-9+/_-]{86}==)"
)
"""As long as digests are, in hexadecimal digits or in base64."""


def is_digest(name: str, text: str) -> bool:
    """Whether ``text`` is the digest of a file or a state, by its ``name`` and its length: ``"sha1": ...``."""
    plain = normalized_name(name)
    if not plain.endswith(tables.DIGESTS) or any(word in plain for word in tables.OF_SECRETS):
        return False
    return _DIGEST.fullmatch(text) is not None


@lru_cache(maxsize=4096)
def is_version_name(name: str) -> bool:
    """Whether four numbers below ``name`` are a version."""
    return normalized_name(name).endswith(tables.VERSIONS)


@lru_cache(maxsize=4096)
def is_free_text(name: str) -> bool:
    """Whether people write what they like into it."""
    name = normalized_name(name)
    return name in tables.FREE or (
        name.endswith(("name", "title")) and name not in ("templatename", "name", "sessionname")
    )


@lru_cache(maxsize=4096)
def is_route(name: str) -> bool:
    """Whether ``name`` is as often a word of an address as the name of a person's thing."""
    return normalized_name(name) in tables.ROUTES


def is_assertion(name: str) -> bool:
    """Whether what is called ``name`` is a secret by the signature in it."""
    return normalized_name(name) in tables.ASSERTIONS


def is_counted(name: str) -> bool:
    """Whether ``name`` is that of many: ``tokens``."""
    return normalized_name(name).endswith(tables.PLURALS)


def is_count(name: str, value: str) -> bool:
    """Whether ``value`` counts what ``name`` says: ``total_tokens: 211``, ``max_tokens: inf``."""
    is_number = value.isdigit() and len(value) < _SHORTEST_NO_COUNT
    return (is_number or value.lower() in tables.NO_LIMIT) and is_counted(name)


@lru_cache(maxsize=4096)
def describes(name: str) -> bool:
    """Whether what is called ``name`` describes a field."""
    return normalized_name(name) in tables.DESCRIBING


def has_names(name: str) -> bool:
    """Whether a list that is called ``name`` holds names, and no values."""
    return normalized_name(name).endswith(tables.NAMING)


def is_thing(names: Iterable[str]) -> bool:
    """Whether what has members of these ``names`` is for sale, and not about a person."""
    plain = set(map(normalized_name, names))
    return "displayname" in plain and not plain.isdisjoint(tables.THINGS) and not any(map(kind_of, plain - _SHOWN))


_SHOWN = {"displayname"}


def has_personal_keys(name: str) -> bool:
    """Whether the names below it are ids of devices."""
    return normalized_name(name) in tables.DEVICE_KEYS
