"""What the name of a field says of its value: secret, personal, or for people to judge (contract 12.3)."""

from __future__ import annotations

import re
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
    return (
        name in tables.SECRET_WHERE_OPAQUE or name in tables.PAGES or name.endswith(tables.SECRET_WHERE_OPAQUE_ENDS)
    )


@lru_cache(maxsize=4096)
def kind_of(name: str, parent: str = "") -> str:
    """The kind of pseudonym for what is called ``name``; empty for what is nobody's.

    :param parent: what the name stands below: an ``id`` below ``subscription`` is one.
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
    """The kind of pseudonym; empty for what is nobody's."""

    is_secret: bool
    is_secret_where_opaque: bool
    is_free_text: bool
    is_any: bool = field(init=False)
    """Whether the name says that its value is secret or personal."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "is_any", bool(self.kind) or self.is_secret or self.is_secret_where_opaque)


_NOTHING = Meaning("", is_secret=False, is_secret_where_opaque=False, is_free_text=False)


@lru_cache(maxsize=4096)
def meaning(name: str, parent: str = "", form: bool = False) -> Meaning:  # noqa: FBT001, FBT002 - by position, the cache is twice as fast
    """See :func:`kind_of`, :func:`is_secret`, :func:`is_free_text`."""
    if len(name) > _LONGEST_NAME:
        return _NOTHING
    found = _meaning(name, parent, form=form)
    if not (found.kind or found.is_secret) and (last := _LAST.search(name)) is not None:  # user[email], arena.otp
        below = _meaning(last[1], parent, form=False)
        return below if below.is_any else found
    return found


_LAST = re.compile(r"[.\[/:]([A-Za-z][\w-]*)\]?$")


def _meaning(name: str, parent: str, *, form: bool) -> Meaning:
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
    """Whether ``name`` is as often a word of an address as the name of somebody's thing."""
    return normalized_name(name) in tables.ROUTES


def is_assertion(name: str) -> bool:
    """Whether what is called ``name`` is a secret by the signature in it."""
    return normalized_name(name) in tables.ASSERTIONS


def is_counted(name: str) -> bool:
    """Whether ``name`` is that of many: ``tokens``."""
    return normalized_name(name).endswith(tables.PLURALS)


def is_count(name: str, value: str) -> bool:
    """Whether ``value`` counts what ``name`` says: ``total_tokens: 211``."""
    return value.isdigit() and len(value) < _SHORTEST_NO_COUNT and is_counted(name)


def has_personal_keys(name: str) -> bool:
    """Whether the names below it are ids of devices."""
    return normalized_name(name) in tables.DEVICE_KEYS
