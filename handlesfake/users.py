"""User and TitleService: who calls MPSD in a test, and the headers to call it with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from handlesfake.errors import SettingsError
from handlesfake.json_diff import short_json
from handlesfake.mpsd.state.identity import KnownUser, fingerprint, is_xuid
from handlesfake.suggestions import AttributeSuggestions, nearest

if TYPE_CHECKING:
    from handlesfake.fake_service.stage import Fake

CONTRACT_VERSION = "107"


class User(AttributeSuggestions):
    """A player of the test: ``role``, ``xuid``, ``gamertag``, ``title_id``, ``authorization``, ``headers``.

    Made by ``mpsd.user("host")``. Accepted wherever the assertions take a xuid.
    """

    def __init__(self, fake: Fake, xuid: str) -> None:
        self._fake = fake
        self.xuid = xuid
        """Decimal text, ``9000000000000001``."""

        self._given = ""
        if not self._known.issued:
            self.renew()

    @property
    def authorization(self) -> str:
        """The newest ``Authorization`` of this user: give it to the code under test."""
        return self._given or _token(self._known)

    @authorization.setter
    def authorization(self, given: str) -> None:
        self._given = given

    @property
    def _known(self) -> KnownUser:
        return self._fake.directory.users[self.xuid]

    @property
    def role(self) -> str:
        """What the test calls this user: ``host``."""
        return self._known.role

    @property
    def gamertag(self) -> str:
        """A made-up gamertag."""
        return self._known.gamertag

    @property
    def title_id(self) -> str:
        """The title that the user's token is for: decimal uint32, as text."""
        return self._known.title_id

    @property
    def headers(self) -> dict[str, str]:
        """``Authorization`` and the contract version: what every request to MPSD needs."""
        return {"Authorization": self.authorization, "X-Xbl-Contract-Version": CONTRACT_VERSION}

    def renew(self) -> str:
        """Issue one more token of the same user and return its ``Authorization``; earlier ones stay good."""
        user = replace(self._known, issued=self._known.issued + 1)
        self._given = ""
        self._change(user.with_token(fingerprint(_token(user))))
        return self.authorization

    def expire(self) -> None:
        """From now on every token of this user so far is answered 401; :meth:`renew` gives a good one."""
        user = self._known
        self._change(replace(user, expired=user.expired.union(user.tokens)))

    def _change(self, user: KnownUser) -> None:
        self._fake.directory = self._fake.directory.with_user(user)

    def __str__(self) -> str:
        return self.xuid

    def __repr__(self) -> str:
        return f"<User {self._known.label}>"


def _token(user: KnownUser) -> str:
    return f"XBL3.0 x={user.user_hash};handlesfake.{user.xuid}.{user.issued}"


class TitleService(AttributeSuggestions):
    """A title's own service, which calls for its players (contract 17). Made by ``mpsd.service()``."""

    def __init__(self, title_id: str, authorization: str) -> None:
        self.title_id = title_id
        self.authorization = authorization
        """``XBL3.0 x=-;...``: no user stands where a user hash would."""

    def headers(self, *users: User | str) -> dict[str, str]:
        """The headers of a call for ``users``: authorization, contract version, title and acting users."""
        headers = {
            "Authorization": self.authorization,
            "X-Xbl-Contract-Version": CONTRACT_VERSION,
            "X-Xbl-OnBehalfOf-Title": self.title_id,
        }
        if users:
            headers["X-Xbl-OnBehalfOf-Users"] = ",".join(f"{user};priv=multiplayer" for user in users)
        return headers

    def __repr__(self) -> str:
        return f"<TitleService {self.title_id}>"


def users_of(value: object, where: str) -> list[User]:
    """The users in ``value``, any iterable; a single one is no list, and a text is no row of xuids.

    :param where: the call and keyword that took it, ``mpsd.session(members=)``, for the message.
    :raises TypeError: it is no iterable of users.
    """
    if isinstance(value, (User, str)) or not isinstance(value, Iterable):
        shown = value.role if isinstance(value, User) and value.role else "host"
        raise TypeError(f"{where}: expected a list of users, got {value!r}; write [{shown}].")
    return list(value)


def xuid_of(value: object, where: str) -> str:
    """The xuid that ``value`` is or bears.

    :param where: the call that took it, for the message.
    :raises TypeError: it is no user and no text; an int is named as the text it should be.
    """
    if isinstance(value, User):
        return value.xuid
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        raise TypeError(f"{where}: xuids are decimal strings on the wire; write {str(value)!r} instead of {value}.")
    raise TypeError(f"{where}: expected a user or a xuid as text, got {type(value).__name__} {value!r}.")


def resolve_xuid(value: object, users: Iterable[User], where: str) -> str:
    """The xuid of ``value``: a user of the test, the role of one of ``users``, or a xuid.

    Digits are always a xuid. Every call that asks for a player resolves it here.

    :param users: the users that the test has made, in order of first use.
    :param where: the call and keyword that took it, ``mpsd.assert_invited(by=)``, for the message.
    :raises TypeError: it is not a user and not a text; an int is named as the text that it should be.
    :raises SettingsError: the text is neither a role nor a xuid; the nearest role and all roles are named.
    """
    text = xuid_of(value, where)
    if is_xuid(text):
        return text
    users = list(users)
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
