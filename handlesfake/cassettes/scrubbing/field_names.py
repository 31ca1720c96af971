"""What the name of a field says of its value: secret, personal, or for people to judge (contract 12.3)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_SECRET = frozenset(
    {
        "apikey", "assertion", "authcode", "authenticationtoken", "authorization", "authorizationcode", "channeluri",
        "clientassertion", "clientsecret", "codeverifier", "cookie", "cookies", "credential", "credentials",
        "devicecode", "encryptionkey", "identitytoken", "nonce", "nonces", "passphrase", "passwd", "password", "ppft",
        "privatekey", "proofkey", "pwd", "rpsticket", "secret", "sessionkey", "sessionticket", "setcookie",
        "sharedkey", "signature", "signingkey", "ticket", "usercode", "xblsignature",
    }
)  # fmt: skip
_SECRET_ENDS = ("token", "tokens", "secret", "password", "ticket", "nonce", "privatekey", "apikey", "accesskey")
_IN_FORMS = frozenset({"code", "sig", "key", "canary", "sas"})
"""Names that are secret in a query or a form, and harmless words in MPSD's own JSON."""

_XUIDS = frozenset({"initiators", "sessionowners", "xid", "ownerid", "hostid"})
_GAMERTAGS = frozenset(
    {
        "appdisplayname",
        "displayname",
        "firstname",
        "gamedisplayname",
        "gtg",
        "lastname",
        "mgs",
        "mgt",
        "realname",
        "sender",
        "umg",
    }
)
_IDS = frozenset(
    {
        "connection", "connectionid", "deviceid", "devicetoken", "did", "host", "hostcandidates", "hostdevicetoken",
        "ncid", "nethernetid", "pairwiseid", "uhs", "playfabid", "pmsgid", "puid", "raknetguid", "subscriptionid",
        "userid", "webrtcnetworkid",
    }
)  # fmt: skip
_ADDRESSES = frozenset({"securedeviceaddress", "securedeviceaddresses", "securedeviceaddressbase64"})
_PICTURES = frozenset(
    {
        "appdisplaypicraw",
        "avatarurl",
        "displaypicraw",
        "gamedisplaypicraw",
        "gamerpic",
        "publicgamerpic",
        "senderimageurl",
    }
)
_MAIL = frozenset({"email", "emailaddress", "login", "loginhint", "mail", "username", "upn"})
_FREE = frozenset({"context", "description", "keywords", "message", "motd", "senderstring", "text"})
_KEYS = frozenset({"measurements"})

_PLAIN = re.compile(r"[^a-z0-9]")


@lru_cache(maxsize=4096)
def normalized_name(name: str) -> str:
    """``access_token``, ``Access-Token`` and ``accessToken`` are one name."""
    return _PLAIN.sub("", name.lower())


@lru_cache(maxsize=4096)
def is_secret(name: str, *, form: bool = False) -> bool:
    """Whether what is called ``name`` is a secret; ``form``: in a query or a form."""
    name = normalized_name(name)
    return name in _SECRET or (name.endswith(_SECRET_ENDS) and name not in _IDS) or (form and name in _IN_FORMS)


@lru_cache(maxsize=4096)
def kind_of(name: str, parent: str = "") -> str:
    """The kind of pseudonym for what is called ``name``; empty for what is nobody's.

    :param parent: what the name stands below: an ``id`` below ``subscription`` is one.
    """
    name = normalized_name(name)
    if name.endswith(("xuid", "xuids")) or name in _XUIDS:
        return "xuid"
    if "gamertag" in name or name in _GAMERTAGS:
        return "gamertag"
    if name in _IDS or (name == "id" and normalized_name(parent) == "subscription"):
        return "id"
    for names, kind in ((_ADDRESSES, "secure device address"), (_PICTURES, "picture"), (_MAIL, "mail address")):
        if name in names:
            return kind
    return ""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a name says of its value."""

    kind: str
    """The kind of pseudonym; empty for what is nobody's."""

    is_secret: bool
    is_free_text: bool


@lru_cache(maxsize=4096)
def meaning(name: str, parent: str, form: bool) -> Meaning:  # noqa: FBT001 - by position, the cache is twice as fast
    """See :func:`kind_of`, :func:`is_secret`, :func:`is_free_text`."""
    return Meaning(kind_of(name, parent), is_secret(name, form=form), is_free_text(name))


def is_free_text(name: str) -> bool:
    """Whether people write what they like into it."""
    name = normalized_name(name)
    return name in _FREE or (name.endswith(("name", "title")) and name not in ("templatename", "name", "sessionname"))


def has_personal_keys(name: str) -> bool:
    """Whether the names below it are ids of devices."""
    return normalized_name(name) in _KEYS


NAMED = (
    r"(?i:(?<![\w.-])[\w.-]*?(?:token|secret|password|passwd|ticket|nonces?|apikey|api_key|signature|proofkey|client_assertion"
    r"|code_verifier))"
)
"""A pattern for the names of secrets, for texts that are neither JSON nor a form."""
