"""Population: the players, titles and services that a test names."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from itertools import permutations
from typing import TYPE_CHECKING, Any

from handlesfake.errors import SettingsError
from handlesfake.fake_service.stage import Fake
from handlesfake.json_diff import short_json
from handlesfake.mpsd import arrange
from handlesfake.mpsd.callers import identify, new_user
from handlesfake.mpsd.http.message import Request
from handlesfake.mpsd.refusals.catalogue import Refusal
from handlesfake.mpsd.settings import Settings
from handlesfake.mpsd.state.directory import Directory
from handlesfake.mpsd.state.identity import Caller, KnownUser, Title, is_xuid
from handlesfake.mpsd.state.maps import with_item
from handlesfake.timing.virtual_time import VirtualTime
from handlesfake.users.resolving import not_a_player, one_by_one, resolve_xuid, users_of, xuid_of
from handlesfake.users.tokens import Tokens
from handlesfake.users.user import User
from handlesfake.values.values import replace
from handlesfake.vocabulary import PYTHON, Vocabulary, spoken
from handlesfake.world.user_words import RELATIONS, check_role, check_words, checked_title_id, credential_of

if TYPE_CHECKING:
    from handlesfake.users.title_service import TitleService


class Population:
    """The people of one double, and the words that arrange them. Arranging is refused where the service would."""

    def __init__(self, fake: Fake, clock: VirtualTime, lock: AbstractContextManager[object]) -> None:
        self._fake = fake
        self._clock = clock
        self._lock = lock
        self._users: dict[str, User] = {}
        self._roles: dict[str, User] = {}
        self._services: dict[str, TitleService] = {}
        self._tokens = Tokens(fake)

    @property
    def settings(self) -> Settings:
        """What the double decides about its service."""
        return self._fake.settings

    @property
    def directory(self) -> Directory:
        """What the service knows now."""
        return self._fake.directory

    def change(self, arranged: Callable[..., Directory], *what: Any, **words: Any) -> None:
        """Replace the present state with ``arranged(directory, *what, **words, now=, new_id=, settings=)``.

        :raises SettingsError: the service could never be in that state; it says so in its own words.
        """
        with self._lock:
            fake = self._fake
            try:
                fake.directory = arranged(
                    fake.directory, *what, **words, now=self._clock.ticks, new_id=fake.ids, settings=fake.settings
                )
            except Refusal as refusal:
                raise SettingsError(
                    f"MPSD could never be in that state: {refusal.sentence or refusal.kind.name} "
                    f"({refusal.status} {refusal.kind.name}, {refusal.kind.evidence.words})"
                ) from None

    # ---- the users

    @property
    def roles(self) -> tuple[str, ...]:
        """What the test calls its users, in order of first use."""
        return tuple(self._roles)

    @property
    def service_titles(self) -> tuple[str, ...]:
        """The title ids of the services that the test has made, in order of first use."""
        return tuple(self._services)

    def named(self) -> dict[str, User]:
        """The users that the test has made, by xuid, in order of first use."""
        return dict(self._users)

    def names(self, xuid: str) -> tuple[str, ...]:
        """What ``xuid`` is called: itself, and its role if it has one."""
        user = self.directory.users.get(xuid)
        return (xuid, user.role) if user is not None and user.role else (xuid,)

    def caller(self, request: Request) -> Caller | None:
        """Who sends ``request``; None when the service would not know either."""
        try:
            return identify(self.directory, request, self._fake.settings, self._clock.ticks)[1]
        except Refusal:
            return None

    def xuid(self, player: object, where: str) -> str:
        """The xuid of ``player``: a user, a role or a xuid; see :func:`handlesfake.users.resolving.resolve_xuid`."""
        return resolve_xuid(player, self._users.values(), where)

    def player(self, player: object, where: str) -> str:
        """The same for a call that arranges: its error says how to make a user, too.

        :raises SettingsError: the text is neither a role nor a xuid.
        """
        try:
            return self.xuid(player, where)
        except SettingsError as error:
            raise SettingsError(f"{error}{_how_to_make(player, str(error))}") from None

    def not_a_player(self, text: str, words: Vocabulary = PYTHON) -> str:
        """What is wrong with ``text`` where a player is wanted, and how to make one; empty for a role or a xuid.

        :param words: what the text calls the call that makes one.
        """
        if is_xuid(text) or text in self._roles:
            return ""
        problem = not_a_player(text, self._users.values())
        return problem + _how_to_make(text, problem, words)

    def users(self, user: User | str, where: str = "mpsd") -> KnownUser:
        """What the service knows about ``user``: a user, a role or a xuid.

        :param where: the call that took it, for messages.
        :raises SettingsError: there is no such user.
        """
        xuid = self.player(user, where)
        known = self.directory.users.get(xuid)
        if known is None:
            raise SettingsError(
                f"{where}: no user has the xuid {xuid}; {spoken().call('user', 'xuid', xuid)} makes one."
            )
        return known

    # ---- to make them

    def user(self, role: str = "", **words: Any) -> User:
        """See :meth:`handlesfake.double.seeding_api.SeedingApi.user`."""
        check_role(role)
        with self._lock:
            if role in self._roles and not words:
                return self._roles[role]
            said = {word: value for word, value in words.items() if value is not None}
            known = self._said(role, dict(said))  # which takes words out
            signer = self.directory.signs_in
            if "signs_in" in said:
                signer = known.xuid if said["signs_in"] else "" if signer == known.xuid else signer
            self._fake.directory = replace(self.directory.with_user(known), users_named=True, signs_in=signer)
            user = self._users.get(known.xuid) or self._bearer(known.xuid)
            self._users[known.xuid] = user
            if role:
                self._roles[role] = user
            if words.get("authorization") is not None:
                self._tokens.add(known.xuid, words["authorization"])
            return user

    def _bearer(self, xuid: str) -> User:
        """What the test holds of the user with that xuid."""
        return User(self._fake, xuid, self._tokens)

    def _said(self, role: str, words: dict[str, Any]) -> KnownUser:
        """The user of that role or xuid, as ``words`` say."""
        check_words(words)
        known = self._known(role, words.pop("xuid", None))
        for word in RELATIONS:
            if word in words:
                where = spoken().call("user", word)
                words[word] = frozenset(self.player(other, where) for other in users_of(words[word], where))
        words |= self._hash(known, words.pop("authorization", None), words.get("user_hash"))
        if "title_id" in words:
            words["title_from"] = "said"
        words.pop("signs_in", None)  # one user's, of all: the directory has it
        return replace(known, role=role or known.role, assumed=False, **words)

    def _hash(self, user: KnownUser, authorization: object, said: str | None) -> dict[str, str]:
        """The user hash that the test says of ``user``, in a token or alone."""
        if authorization is not None:
            found = credential_of(authorization, spoken().call("user", "authorization"), service=False).user_hash
            if said not in (None, found):
                raise SettingsError(
                    spoken().either(
                        "mpsd.user(): the token of authorization= says another user hash than user_hash=.",
                        f"{spoken().call('user')}: the token of authorization says another hash than user_hash.",
                    )
                )
            said = found
        owner = self.directory.users.get(self.directory.hashes.get(said or "", ""))
        if owner is not None and owner.xuid != user.xuid:
            raise SettingsError(
                f"{spoken().call('user')}: that user hash is the one of {owner.label}; each user has another."
            )
        return {} if said is None else {"user_hash": said}

    def _known(self, role: str, xuid: object) -> KnownUser:
        bearer = self._roles.get(role)
        if xuid is None:
            return self.users(bearer) if bearer else new_user(self.directory, self._fake.settings)
        call = spoken().call
        text = xuid_of(xuid, call("user", "xuid"))
        if not is_xuid(text):
            raise SettingsError(
                f"{call('user', 'xuid', text)}: a xuid is a decimal text, such as '9000000000000001'."
            )
        if role and bearer is not None and bearer.xuid != text:
            raise SettingsError(f"{_of_both(role, text)}: {role} is {bearer.xuid} already.")
        known = self.directory.users.get(text)
        if role and known is not None and known.role not in ("", role):
            raise SettingsError(f"{_of_both(role, text)}: that xuid is {known.role}'s already.")
        return known or new_user(self.directory, self._fake.settings, xuid=text)

    def service(
        self, title_id: str | None = None, *, authorization: str | None = None, world: str = ""
    ) -> TitleService:
        """See :meth:`handlesfake.double.seeding_api.SeedingApi.service`.

        :param world: the world of a server that its tokens are to lead to.
        """
        from handlesfake.users.title_service import TitleService  # lazily: most tests have players alone

        title_id = (
            self._fake.settings.title_id if title_id is None else checked_title_id(title_id, spoken().call("service"))
        )
        if authorization is not None:
            credential_of(authorization, spoken().call("service", "authorization"), service=True)
        with self._lock:
            service = self._services.get(title_id)
            if service is None:
                service = TitleService(self._fake, title_id, self._tokens, self.player, world)
                service.renew()
                self._services[title_id] = service
            if authorization is not None:
                self._tokens.add_to_service(title_id, authorization)
        return service

    def title(self, title_id: str, name: str = "", pfn: str = "") -> None:
        """See :meth:`handlesfake.double.seeding_api.SeedingApi.title`."""
        checked_title_id(title_id, spoken().call("title"))
        for word, text in (("name", name), ("pfn", pfn)):
            if not isinstance(text, str):
                raise TypeError(
                    f"mpsd.title({word}=): expected a text, got {type(text).__name__} {short_json(text)}."
                )
        with self._lock:
            titles = with_item(self.directory.titles, title_id, Title(title_id, name, pfn))
            self._fake.directory = replace(self.directory, titles=titles)

    def friends(self, *users: User | str) -> None:
        """See :meth:`handlesfake.double.seeding_api.SeedingApi.friends`."""
        one_by_one(users, "mpsd.friends(*users)")
        with self._lock:
            where = spoken().either("mpsd.friends()", "friends")
            xuids = list(dict.fromkeys(self.users(user, where).xuid for user in users))
            if len(xuids) < 2:
                given = ", ".join(map(repr, users)) or "none"
                instead = spoken().either('mpsd.friends("host", "guest")', '"friends": [["host", "guest"]]')
                raise SettingsError(f"{where}: friends are two users or more, got {given}; write {instead}.")
            for xuid, other in permutations(xuids, 2):
                self._fake.directory = arrange.follow(self.directory, xuid, other)


def _how_to_make(player: object, problem: str, words: Vocabulary = PYTHON) -> str:
    """The call that makes the user ``player``, where that is a role."""
    is_role = str(player).strip(" 0123456789") and "gamertag" not in problem
    return f"; {words.user(player)} makes one" if is_role else ""


def _of_both(role: str, xuid: str) -> str:
    """The call that says both."""
    return spoken().either(f"mpsd.user({role!r}, xuid={xuid!r})", spoken().call("user", "xuid", xuid))
