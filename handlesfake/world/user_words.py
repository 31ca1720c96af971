"""The words about a player that ``mpsd.user()`` takes, each one checked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlesfake.errors import SettingsError
from handlesfake.json_diff import short_json
from handlesfake.mpsd.http.body import is_title_id
from handlesfake.mpsd.state.identity import Credential, read_authorization
from handlesfake.suggestions import nearest
from handlesfake.users.user import User
from handlesfake.vocabulary import spoken

WORDS = (
    "xuid",
    "gamertag",
    "title_id",
    "follows",
    "favorites",
    "blocks",
    "multiplayer",
    "authorization",
    "user_hash",
    "device_token",
    "signs_in",
)
"""What ``mpsd.user()`` takes beside a role."""

RELATIONS = ("follows", "favorites", "blocks")
"""Those that are lists of users."""

_TEXTS = ("gamertag", "user_hash", "device_token")
_SWITCHES = ("multiplayer", "signs_in")


def check_role(role: object) -> None:
    """Refuse what no test can call a user: a role is a word, and digits are always a xuid.

    :raises TypeError: it is not a text.
    :raises SettingsError: it is digits, or has blanks around it.
    """
    if isinstance(role, User):
        raise TypeError(f"mpsd.user(): {role!r} is a user already; a role is a word, mpsd.user('host').")
    if not isinstance(role, str):
        raise TypeError(
            f"mpsd.user(): a role is a word, mpsd.user('host'), got {type(role).__name__} {short_json(role)}."
        )
    if role.isdigit():
        raise SettingsError(
            f"{_user(role)}: digits are a xuid, and a role is a word such as 'host'; "
            f"write {spoken().call('user', 'xuid', role)}."
        )
    if role != role.strip():
        raise SettingsError(f"{_user(role)}: a role has no blanks around it; write {_user(role.strip())}.")


def _user(role: str) -> str:
    return spoken().either(f"mpsd.user({role!r})", spoken().call("user", "role", role))


def check_words(words: Mapping[str, Any]) -> None:
    """Refuse words that ``mpsd.user()`` does not have, and values that they cannot have.

    :raises TypeError: a value is of another type.
    :raises SettingsError: a word is unknown, or its value cannot be.
    """
    for word, value in words.items():
        if word not in WORDS:
            raise SettingsError(
                f"mpsd.user() has no {word!r}{nearest(word, WORDS)}\n  known: role, {', '.join(WORDS)}"
            )
        if word in _TEXTS and not isinstance(value, str):
            raise TypeError(f"mpsd.user({word}=): expected a text, got {type(value).__name__} {short_json(value)}.")
    for word in _SWITCHES:
        if not isinstance(words.get(word, True), bool):
            raise TypeError(f"mpsd.user({word}=): write True or False, got {short_json(words[word])}.")
    if words.get("title_id", "") != "":  # an empty one is a token for no title
        checked_title_id(words["title_id"], spoken().call("user", "title_id"))
    user_hash, call = words.get("user_hash"), spoken().call
    # what was given is never shown: it may be a real account's
    if user_hash is not None and (not user_hash or user_hash != user_hash.strip() or ";" in user_hash):
        raise SettingsError(
            f"{call('user', 'user_hash')}: the user hash is the text between 'x=' and ';' of the Authorization; "
            f"write {spoken().either('mpsd.user(authorization=...)', 'authorization')} for the whole."
        )
    if user_hash == "-":
        instead = spoken().either("mpsd.service(authorization=...)", call("service", "authorization"))
        raise SettingsError(f"{call('user', 'user_hash', '-')}: that is a service's; write {instead}.")


def credential_of(authorization: object, call: str, *, service: bool) -> Credential:
    """What the ``Authorization`` that a test gives says.

    :param call: ``mpsd.user(authorization=)``, for the message.
    :raises TypeError: it is not a text.
    :raises SettingsError: it is not of the form of a token, or one of a service where a user's should be.
    """
    if not isinstance(authorization, str):
        raise TypeError(f"{call}: expected a text, got {type(authorization).__name__}.")
    found = read_authorization(authorization)
    if found is None:  # the value is not shown: it may be a real token
        form = "XBL3.0 x=-;TOKEN" if service else "XBL3.0 x=USERHASH;TOKEN"
        raise SettingsError(f"{call}: the text is not of the form {form!r}.")
    if found.is_service != service:
        right = "user" if service else "service"
        instead = spoken().either(f"mpsd.{right}(authorization=...)", spoken().call(right, "authorization"))
        whose = "a user's token" if service else "a service's token ('x=-')"
        raise SettingsError(f"{call}: this is {whose}; write {instead}.")
    return found


def checked_title_id(value: object, where: str) -> str:
    """``value``, which must be a title id as text.

    :param where: the call that took it, for the message.
    :raises TypeError: it is not a text.
    :raises SettingsError: it is not a decimal uint32.
    """
    if isinstance(value, int) and not isinstance(value, bool):
        raise TypeError(f"{where}: title ids are decimal texts; write {str(value)!r} instead of {value}.")
    if not isinstance(value, str) or not is_title_id(value):
        raise SettingsError(
            f"{where}: a title id is a decimal number below 4294967296 as text, got {short_json(value)}."
        )
    return value
