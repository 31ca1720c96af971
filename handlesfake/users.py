"""User and TitleService: who calls MPSD in a test, and the headers to call it with."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from handlesfake.errors import SettingsError
from handlesfake.json_diff import short_json
from handlesfake.mpsd.state.identity import Caller, KnownUser, fingerprint, is_xuid
from handlesfake.mpsd.state.maps import with_item
from handlesfake.suggestions import AttributeSuggestions, nearest

if TYPE_CHECKING:
    from handlesfake.fake_service.stage import Fake

CONTRACT_VERSION = "107"


class Tokens:
    """The ``Authorization`` texts that a test was given or gave: the service knows their fingerprints only."""

    def __init__(self, fake: Fake) -> None:
        self._fake = fake
        self._texts: dict[str, str] = {}

    def newest_of(self, user: KnownUser) -> str | None:
        """The newest token of ``user``, None for a user without one."""
        return next((self._texts[token] for token in reversed(user.tokens) if token in self._texts), None)

    def newest_of_service(self, title_id: str) -> str | None:
        """The newest token of a title's service, None for one without."""
        known = self._fake.directory.services
        return next((text for token, text in reversed(self._texts.items()) if known.get(token) == title_id), None)

    def add(self, xuid: str, authorization: str) -> None:
        """Let ``authorization`` be the newest token of the user ``xuid``."""
        token, user = self._keep(authorization), self._fake.directory.users[xuid]
        tokens = (*(one for one in user.tokens if one != token), token)
        self._fake.directory = self._fake.directory.with_user(replace(user, tokens=tokens))

    def add_to_service(self, title_id: str, authorization: str) -> None:
        """Let ``authorization`` be the newest token of a title's service."""
        directory, token = self._fake.directory, self._keep(authorization)
        self._fake.directory = replace(directory, services=with_item(directory.services, token, title_id))

    def _keep(self, authorization: str) -> str:
        token = fingerprint(authorization)
        self._texts.pop(token, None)  # the newest is the last
        self._texts[token] = authorization
        return token


class User(AttributeSuggestions):
    """A player of the test: ``role``, ``xuid``, ``gamertag``, ``title_id``, ``authorization``, ``headers``.

    Made by ``mpsd.user("host")``. Accepted wherever a call takes a xuid, and equal to the ``caller`` of the journal's
    entries that this player sent.
    """

    def __init__(self, fake: Fake, xuid: str, tokens: Tokens) -> None:
        self._fake = fake
        self._xuid = xuid
        self._tokens = tokens
        if not self._known.issued:
            self.renew()

    @property
    def xuid(self) -> str:
        """Decimal text, ``9000000000000001``."""
        return self._xuid

    @property
    def authorization(self) -> str:
        """The newest ``Authorization`` of this user: give it to the code under test."""
        return self._tokens.newest_of(self._known) or _token(self._known)

    @property
    def _known(self) -> KnownUser:
        return self._fake.directory.users[self._xuid]

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
        self._change(replace(self._known, issued=self._known.issued + 1))
        self._tokens.add(self._xuid, _token(self._known))
        return self.authorization

    def expire(self) -> None:
        """From now on every token of this user so far is answered 401; :meth:`renew` gives a good one."""
        user = self._known
        self._change(replace(user, expired=user.expired.union(user.tokens)))

    def _change(self, user: KnownUser) -> None:
        self._fake.directory = self._fake.directory.with_user(user)

    def _how_to_set(self, name: str, value: object) -> str:
        if name in ("role", "xuid", "headers", "renew", "expire"):
            return "It is what mpsd.user() made it."
        who = f'"{self.role}"' if self.role else f'xuid="{self.xuid}"'
        given = "..." if name == "authorization" else repr(value)  # perhaps a real one
        return f"Write: mpsd.user({who}, {name}={given})"

    def __eq__(self, other: object) -> bool:
        """Whether ``other`` is this user, or the caller of a request that this user sent."""
        if isinstance(other, Caller):
            return not other.is_service and other.user is not None and other.user.xuid == self._xuid
        return self is other

    def __hash__(self) -> int:
        return hash(self._xuid)  # as that of the equal caller

    def __str__(self) -> str:
        return self.xuid

    def __repr__(self) -> str:
        return f"<User {self._known.label}>"


def _token(user: KnownUser) -> str:
    return f"XBL3.0 x={user.user_hash};handlesfake.{user.xuid}.{user.issued}"


class TitleService(AttributeSuggestions):
    """A title's own service, which calls for its players (contract 17). Made by ``mpsd.service()``.

    Equal to the ``caller`` of the journal's entries that a service of this title sent.

    :param xuid_of: the xuid of a user, a role or a xuid, and the call that took it.
    :param world: the world of a server that the tokens are to lead to.
    """

    def __init__(
        self, fake: Fake, title_id: str, tokens: Tokens, xuid_of: Callable[[object, str], str], world: str = ""
    ) -> None:
        self._fake = fake
        self._title_id = title_id
        self._tokens = tokens
        self._xuid_of = xuid_of
        self._prefix = f"XBL3.0 x=-;{world and f'{world}.'}handlesfake.service.{title_id}"

    @property
    def title_id(self) -> str:
        """The title: decimal uint32, as text."""
        return self._title_id

    @property
    def authorization(self) -> str:
        """The newest ``Authorization``, ``XBL3.0 x=-;...``: no user stands where a user hash would."""
        return self._tokens.newest_of_service(self._title_id) or self._prefix

    def headers(self, *users: User | str) -> dict[str, str]:
        """The headers of a call for ``users``: authorization, contract version, title and acting users.

        :param users: users of the test, roles or xuids.
        :raises SettingsError: a text is neither a role nor a xuid.
        """
        headers = {
            "Authorization": self.authorization,
            "X-Xbl-Contract-Version": CONTRACT_VERSION,
            "X-Xbl-OnBehalfOf-Title": self.title_id,
        }
        one_by_one(users, "service.headers(*users)")
        if users:
            xuids = [self._xuid_of(user, "service.headers()") for user in users]
            headers["X-Xbl-OnBehalfOf-Users"] = ",".join(f"{xuid};priv=multiplayer" for xuid in xuids)
        return headers

    def renew(self) -> str:
        """Issue one more token of the service and return its ``Authorization``; earlier ones stay good."""
        known, number = self._fake.directory.services, 1
        while fingerprint(text := self._prefix + (f".{number}" if number > 1 else "")) in known:
            number += 1
        self._tokens.add_to_service(self._title_id, text)
        return text

    def expire(self) -> None:
        """From now on every token of this service so far is answered 401; :meth:`renew` gives a good one."""
        directory = self._fake.directory
        own = (token for token, title_id in directory.services.items() if title_id == self._title_id)
        self._fake.directory = replace(directory, services_expired=directory.services_expired.union(own))

    def _how_to_set(self, name: str, value: object) -> str:
        if name == "title_id":
            return f"Write: mpsd.service({value!r})"
        if name == "authorization":
            return "Write: mpsd.service(authorization=...)"
        return "It is what mpsd.service() made it."

    def __eq__(self, other: object) -> bool:
        """Whether ``other`` is this service, or the caller of a request that a service of this title sent."""
        if isinstance(other, Caller):
            return other.is_service and other.title_id == self._title_id
        return self is other

    def __hash__(self) -> int:
        return hash(self._title_id)  # as that of the equal caller

    def __repr__(self) -> str:
        return f"<TitleService {self.title_id}>"


def users_of(value: object, where: str) -> list[User | str]:
    """The users in ``value``, any iterable; a single one is no list, and a text is no row of xuids.

    :param where: the call and keyword that took it, ``mpsd.session(members=)``, for the message.
    :raises TypeError: it is no iterable of users.
    """
    if isinstance(value, (User, str, bytes)) or not isinstance(value, Iterable):
        one = value.role or "host" if isinstance(value, User) else repr(value) if isinstance(value, str) else "host"
        raise TypeError(f"{where}: expected a list of users, got {value!r}; write [{one}].")
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
