"""From what a call was given to the xuids of players, or to the error that names the nearest player."""

from __future__ import annotations

from collections.abc import Iterable

from handlesfake.errors import SettingsError
from handlesfake.json_diff import short_json
from handlesfake.mpsd.state.identity import is_xuid
from handlesfake.suggestions import nearest
from handlesfake.users.user import User


def users_of(value: object, where: str) -> list[User | str]:
    """The users in ``value``, any iterable; a single one is not a list, and a text is not a series of xuids.

    :param where: the call and keyword that took it, ``mpsd.session(members=)``, for the message.
    :raises TypeError: it is not an iterable of users.
    """
    if isinstance(value, (User, str, bytes)) or not isinstance(value, Iterable):
        one = value.role or "host" if isinstance(value, User) else repr(value) if isinstance(value, str) else "host"
        raise TypeError(f"{where}: expected a list of users, got {value!r}; write [{one}].")
    return list(value)


def xuid_of(value: object, where: str) -> str:
    """The xuid that ``value`` is or has.

    :param where: the call that took it, for the message.
    :raises TypeError: it is neither a user nor a text; for an int the message has the text that it should be.
    """
    if isinstance(value, User):
        return value.xuid
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        raise TypeError(f"{where}: xuids are decimal strings on the wire; write {str(value)!r} instead of {value}.")
    raise TypeError(f"{where}: expected a user or a xuid as text, got {type(value).__name__} {value!r}.")


def resolve_xuid(value: object, users: Iterable[User], where: str) -> str:
    """The xuid of ``value``: a user of the test, the role of one of ``users``, or a xuid.

    Digits are always a xuid. Every call that asks for a player resolves it here.

    :param users: the users that the test has made, in order of first use.
    :param where: the call and keyword that took it, ``mpsd.assert_invited(by=)``, for the message.
    :raises TypeError: it is not a user and not a text; an int is named as the text that it should be.
    :raises SettingsError: the text is neither a role nor a xuid; the nearest role and all roles are named. Or it is
        a user that another double has made.
    """
    text = xuid_of(value, where)
    users = list(users)
    if isinstance(value, User) and all(user.xuid != text for user in users):
        raise SettingsError(
            f"{where}: {value!r} is not a user of this double: it was made by another double, or in a checkpoint "
            "that has ended."
        )
    if is_xuid(text):
        return text
    roles = {user.role: user.xuid for user in users if user.role}
    if text in roles:
        return roles[text]
    raise SettingsError(f"{where}: {not_a_player(text, users)}")


def not_a_player(text: str, users: Iterable[User]) -> str:
    """The sentence about ``text``, which is neither the role of one of ``users`` nor a xuid."""
    users = list(users)
    roles = [user.role for user in users if user.role]
    meant = next((user.role or user.xuid for user in users if user.gamertag == text), "")
    if meant:
        hint = f": it is the gamertag of {meant!r}."
    elif is_xuid(text.strip()):
        hint = f"; did you mean {text.strip()!r}?"
    else:
        hint = nearest(text, roles)
    return f"{short_json(text)} is not a role and not a xuid{hint}\n  roles: {', '.join(roles) or 'none yet'}"


def one_by_one(given: tuple[object, ...], call: str) -> None:
    """Refuse a list where a call takes its users one by one.

    :param call: the call with the users as it names them: ``mpsd.friends(*users)``.
    :raises TypeError: one of ``given`` is a list.
    """
    __tracebackhide__ = True
    if any(isinstance(one, Iterable) and not isinstance(one, (User, str, bytes)) for one in given):
        raise TypeError(f"{call.partition('(')[0]}() takes users one by one: write {call}, with the star.")
